"""Which cell each character stands in.

Here: assignment by position, and the decision for text that crosses a rule: cut there when the rule passes between two
characters of different pieces, kept whole when one piece of text merely overflows its cell. Not here: joining to strings.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.glyphs import Glyphs
from pipelines.read.pdf.lattice import Grid
from pipelines.read.pdf.pdfium import Page
from pipelines.read.pdf.spans import Spans

Ints = npt.NDArray[np.int64]

_SLACK: Final = 1.5  # points: how far outside the outer rules a character's middle may stand
_TOUCH: Final = 0.15  # em: the gap below which two characters are set solid
_BETWEEN: Final = 0.12  # em: how deep a rule may reach into a character and still count as passing beside it


def squares(grid: Grid, glyphs: Glyphs) -> tuple[Ints, Ints]:
    """Row and column of the grid square of each character, -1 outside the table."""
    column = np.searchsorted(grid.xs, glyphs.cx) - 1
    row = np.searchsorted(grid.ys, glyphs.cy) - 1
    column = np.where((column < 0) & (glyphs.cx >= grid.xs[0] - _SLACK), 0, column)
    column = np.where((column == grid.n_columns) & (glyphs.cx <= grid.xs[-1] + _SLACK), grid.n_columns - 1, column)
    row = np.where((row < 0) & (glyphs.cy >= grid.ys[0] - _SLACK), 0, row)
    row = np.where((row == grid.n_rows) & (glyphs.cy <= grid.ys[-1] + _SLACK), grid.n_rows - 1, row)
    outside = (column < 0) | (column >= grid.n_columns) | (row < 0) | (row >= grid.n_rows)
    return np.where(outside, -1, row), np.where(outside, -1, column)


def place(grid: Grid, spans: Spans, glyphs: Glyphs, page: Page) -> Ints:
    """The number of the cell of each character, -1 outside the table."""
    row, column = squares(grid, glyphs)
    owner = np.where(row < 0, -1, spans.owner[row, column]).astype(np.int64)
    inside = np.flatnonzero((owner >= 0) & (glyphs.turn == 0))
    if len(inside) < 2:
        return owner
    order = inside[np.lexsort((glyphs.x0[inside], np.round(glyphs.y[inside] * 2)))]
    here, there = order[:-1], order[1:]
    em = np.minimum(glyphs.em[here], glyphs.em[there])
    gap = glyphs.x0[there] - glyphs.x1[here]
    solid = (np.abs(glyphs.y[here] - glyphs.y[there]) < 0.1 * em) & (np.abs(gap) < _TOUCH * em)
    crossing = np.flatnonzero(solid & (owner[here] != owner[there]))
    if len(crossing):
        _mend(owner, grid, spans, glyphs, page, order, solid, crossing)
    return owner


def _mend(
    owner: Ints, grid: Grid, spans: Spans, glyphs: Glyphs, page: Page, order: Ints, solid: npt.NDArray[np.bool_], crossing: Ints,
) -> None:
    """Give overflowing pieces of text back to the cell that holds most of them."""
    cut = ~solid
    for n in crossing.tolist():
        if _cut_here(grid, spans, glyphs, page, int(order[n]), int(order[n + 1]), owner):
            cut[n] = True
    for n in crossing.tolist():
        if cut[n]:
            continue
        first = n
        while first > 0 and not cut[first - 1]:
            first -= 1
        last = n + 1
        while last < len(order) - 1 and not cut[last]:
            last += 1
        piece = order[first : last + 1]
        homes, inverse = np.unique(owner[piece], return_inverse=True)
        weight = np.bincount(inverse, weights=glyphs.x1[piece] - glyphs.x0[piece])
        owner[piece] = homes[int(weight.argmax())]


def _cut_here(grid: Grid, spans: Spans, glyphs: Glyphs, page: Page, left: int, right: int, owner: Ints) -> bool:
    """Whether two touching characters in neighbouring cells are the end of one text and the start of another."""
    _, column, _, width = spans.cells[int(owner[left])]
    edge = float(grid.xs[column + width])
    em = min(float(glyphs.em[left]), float(glyphs.em[right]))
    beside = float(glyphs.x1[left]) - _BETWEEN * em <= edge <= float(glyphs.x0[right]) + _BETWEEN * em
    if not beside:
        return False
    same = page.text_objects([int(glyphs.index[left]), int(glyphs.index[right])])
    exact = abs(float(glyphs.x0[right] - glyphs.x1[left])) < 0.02 * em
    return not (same[0] == same[1] and exact)

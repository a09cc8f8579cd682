"""Which cell each character stands in.

Here: assignment by position, and the decision for text that crosses a rule: cut where two texts meet, kept whole and given
to the cell that holds most of it where one text merely overflows (it may even be printed over the next cell's number).
Not here: joining to strings.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.glyphs import Glyphs
from pipelines.read.pdf.lattice import Grid
from pipelines.read.pdf.pdfium import Page
from pipelines.read.pdf.spans import Spans

Ints = npt.NDArray[np.int64]

_SLACK: Final = 1.5  # points: how far outside the outer rules a character's middle may stand
_LINKED: Final = 0.3  # em: the gap below which two characters that follow each other may be one text
_EVEN: Final = 0.08  # em: how much a gap may differ from its text's other gaps
_EXACT: Final = 0.04  # em: the gap below which two pieces of text were set without any space
_BESIDE: Final = 0.3  # em: how near a rule must pass to a meeting point to be the reason for it
_AMOUNT: Final = re.compile(r"[-−]?[\d,]+\.\d+%?")
_FIGURE_TAIL: Final = re.compile(r"[-−]?[\d,.]+%?$")
_FIGURE_HEAD: Final = re.compile(r"[-−]?[\d,.]+%?")
_BRACKETS: Final = "（〔【《“‘"  # drawn in the right half of their width: typesetters hang the left half over the margin


def squares(grid: Grid, glyphs: Glyphs) -> tuple[Ints, Ints]:
    """Row and column of the grid square of each character, -1 outside the table."""
    xs, ys = grid.xs.copy(), grid.ys.copy()
    for edges in (xs, ys):
        edges[0] -= _SLACK
        edges[-1] += _SLACK
    column = np.searchsorted(xs, glyphs.cx) - 1
    row = np.searchsorted(ys, glyphs.cy) - 1
    outside = (column < 0) | (column >= grid.n_columns) | (row < 0) | (row >= grid.n_rows)
    column[outside] = row[outside] = -1
    return row, column


def place(grid: Grid, spans: Spans, glyphs: Glyphs, page: Page) -> Ints:
    """The number of the cell of each character, -1 outside the table."""
    row, column = squares(grid, glyphs)
    owner = np.where(row < 0, -1, spans.owner[row, column]).astype(np.int64)
    if len(glyphs) < 2:
        return owner
    em = np.minimum(glyphs.em[:-1], glyphs.em[1:])
    gap = (glyphs.x0[1:] - glyphs.x1[:-1]) / em
    level = np.abs(glyphs.y[1:] - glyphs.y[:-1]) < 0.1 * em
    if glyphs.turn.any():
        level &= (glyphs.turn[:-1] == 0) & (glyphs.turn[1:] == 0)
    linked = level & (np.abs(gap) < _LINKED)  # in the order of the page's content, where a text's characters follow each other
    crossing = linked & (owner[:-1] != owner[1:])
    if crossing.any():
        ends = (~np.append(linked, False)).nonzero()[0]
        done = -1
        for n in crossing.nonzero()[0].tolist():
            if n <= done:
                continue
            last = int(ends[np.searchsorted(ends, n)])
            before = np.searchsorted(ends, n) - 1
            first = int(ends[before]) + 1 if before >= 0 else 0
            _mend(owner, grid, glyphs, page, gap, first, last)
            done = last
    return owner


def _mend(owner: Ints, grid: Grid, glyphs: Glyphs, page: Page, gap: npt.NDArray[np.float64], first: int, last: int) -> None:
    """Cut one chain of linked characters into texts, and give each text whole to the cell that holds most of it."""
    objects = page.text_objects(glyphs.index[first : last + 1].tolist())
    gaps = gap[first:last]
    string = "".join(map(chr, glyphs.codes[first : last + 1].tolist()))
    letters = Counter(objects)
    same = np.array([a == b for a, b in pairwise(objects)])
    usual = float(np.median(gaps[same])) if same.any() else 0.0
    start = 0
    for n in range(1, last - first + 2):
        if n <= last - first:
            whole = min(letters[objects[n - 1]], letters[objects[n]]) > 1
            if not _meet(grid, glyphs, first + n - 1, string, n, bool(same[n - 1]), float(gaps[n - 1]), usual, whole):
                continue
        piece = owner[first + start : first + n]
        homes, inverse = np.unique(piece, return_inverse=True)
        if len(homes) > 1:
            width = (glyphs.x1 - glyphs.x0)[first + start : first + n]
            owner[first + start : first + n] = homes[int(np.bincount(inverse, weights=width).argmax())]
        start = n


def _over_rule(grid: Grid, glyphs: Glyphs, bracket: int) -> bool:
    """Whether a rule runs through the empty left half of an opening bracket."""
    x0, x1 = float(glyphs.x0[bracket]), float(glyphs.x1[bracket])
    return bool(((grid.xs > x0) & (grid.xs < (x0 + x1) / 2)).any())


def _meet(grid: Grid, glyphs: Glyphs, left: int, string: str, n: int, same: bool, gap: float, usual: float, whole: bool) -> bool:
    """Whether one text ends with character `left` and another begins: `string[:n]` and `string[n:]`.

    `whole`: the two were set as texts of several characters each, not character by character.
    """
    figure_left, figure_right = string[n - 1].isdigit(), string[n].isdigit()
    if same:
        return abs(gap - usual) > _EVEN or (figure_left and string[n] in _BRACKETS and _over_rule(grid, glyphs, left + 1))
    if abs(gap) > _EXACT:
        return True
    if figure_left and figure_right:
        tail, head = _FIGURE_TAIL.search(string[:n]), _FIGURE_HEAD.match(string[n:])
        if tail and head and _AMOUNT.fullmatch(tail[0]) and _AMOUNT.fullmatch(head[0]):
            return True
    middle = (float(glyphs.x1[left]) + float(glyphs.x0[left + 1])) / 2
    at_rule = float(np.abs(grid.xs - middle).min()) <= _BESIDE * float(glyphs.em[left])
    return at_rule and (whole if figure_left and figure_right else figure_left != figure_right)

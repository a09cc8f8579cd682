"""Merged cells: which neighbours of a grid are one cell because no rule stands between them.

Here: the owner of every grid square, and dropping edge rows and columns that are no part of the table. Not here: text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.lattice import Grid

_OVERRUN: Final = 10.0  # points: how far a rule may run past the table's corner


@dataclass(frozen=True)
class Spans:
    """`owner[r, c]` is the number of the cell that holds a grid square; `cells[n]` is (row, column, row_span, column_span)."""

    owner: npt.NDArray[np.int32]
    cells: list[tuple[int, int, int, int]]


def spans_of(grid: Grid) -> Spans:
    """Cells of a grid in reading order. A cell is a rectangle without inner rules; an L-shaped gap is cut into rectangles."""
    rows, columns = grid.n_rows, grid.n_columns
    inner_vertical = grid.vertical[:, 1:-1]
    inner_horizontal = grid.horizontal[1:-1, :]
    if bool(inner_vertical.all()) and bool(inner_horizontal.all()):
        every = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
        return Spans(every, [(r, c, 1, 1) for r in range(rows) for c in range(columns)])
    right = np.ones((rows, columns), bool)
    right[:, :-1] = inner_vertical
    below = np.ones((rows, columns), bool)
    below[:-1, :] = inner_horizontal
    right_of, below_of = right.tolist(), below.tolist()
    owner = [[-1] * columns for _ in range(rows)]
    cells: list[tuple[int, int, int, int]] = []
    for r in range(rows):
        row = owner[r]
        for c in range(columns):
            if row[c] >= 0:
                continue
            last = c
            while not right_of[r][last] and last + 1 < columns and row[last + 1] < 0:
                last += 1
            bottom = r
            while bottom + 1 < rows and not below_of[bottom][c]:
                if not _open(below_of[bottom], right_of[bottom + 1], owner[bottom + 1], c, last):
                    break
                bottom += 1
            number = len(cells)
            if bottom == r and last == c:
                row[c] = number
                cells.append((r, c, 1, 1))
                continue
            for i in range(r, bottom + 1):
                owner[i][c : last + 1] = [number] * (last + 1 - c)
            cells.append((r, c, bottom - r + 1, last - c + 1))
    return Spans(np.array(owner, np.int32), cells)


def _open(below: list[bool], right: list[bool], taken: list[int], first: int, last: int) -> bool:
    """Whether the row underneath belongs to the same cell: no rule above it, none within it."""
    return not any(below[first : last + 1]) and not any(right[first:last]) and all(n < 0 for n in taken[first : last + 1])


def trimmed(grid: Grid, occupied: npt.NDArray[np.bool_]) -> Grid:
    """Without narrow outer rows and columns that have neither text (`occupied[r, c]`) nor a rule at their outer edge.

    They come from rules that run past the table's corner; an outer column that merely lacks its rule has text, or is wide.
    """
    top, bottom, left, right = 0, grid.n_rows, 0, grid.n_columns
    narrow, low = grid.xs[1:] - grid.xs[:-1] < _OVERRUN, grid.ys[1:] - grid.ys[:-1] < _OVERRUN
    while right - left > 1 and narrow[left] and not occupied[:, left].any() and not grid.vertical[:, left].any():
        left += 1
    while right - left > 1 and narrow[right - 1] and not occupied[:, right - 1].any() and not grid.vertical[:, right].any():
        right -= 1
    while bottom - top > 1 and low[top] and not occupied[top].any() and not grid.horizontal[top].any():
        top += 1
    while bottom - top > 1 and low[bottom - 1] and not occupied[bottom - 1].any() and not grid.horizontal[bottom].any():
        bottom -= 1
    if (top, bottom, left, right) == (0, grid.n_rows, 0, grid.n_columns):
        return grid
    xs, ys = slice(left, right + 1), slice(top, bottom + 1)
    return Grid(grid.xs[xs], grid.ys[ys], grid.vertical[top:bottom, xs], grid.horizontal[ys, left:right])

"""Rows that no rule parts: several lines of figures in one row of the grid are as many rows.

Here: finding them, by figures that stand beside each other in two columns or more, and cutting the grid there. Not here: grids
without vertical rules (`alignment`), figures broken over lines (`writing`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from pipelines.read.pdf.glyphs import Glyphs
from pipelines.read.pdf.lattice import Grid
from pipelines.read.pdf.spans import Spans
from pipelines.read.pdf.writing import Written, is_figure, joined_cell

NOTE: Final = "some rows are not ruled: parted where the figures are"
CONFIDENCE: Final = 0.85
_LEVEL: Final = 0.5  # em: how far lines of one row may stand from each other

Line = tuple[float, str]  # its middle, its text


def with_parted_rows(grid: Grid, spans: Spans, texts: list[Written], glyphs: Glyphs) -> Grid | None:
    """The grid with every stacked row cut into its rows, or None when there is none."""
    by_row: dict[int, list[list[Line]]] = {}
    for text in texts:
        if len(text.pieces) < 2 or not is_figure(text.pieces[0].text):
            continue
        row, column, height, width = spans.cells[text.owner]
        found = _lines(text, glyphs)
        if height > 1 or len(found) < 2 or not all(is_figure(string) for _, string in found):
            continue
        if not is_figure(joined_cell(text.pieces, float(grid.xs[column + width] - grid.xs[column]))):  # else one figure in pieces
            by_row.setdefault(row, []).append(found)
    if not by_row:
        return None
    em = float(np.median(glyphs.em))
    cuts: dict[int, list[float]] = {}
    for row, columns in by_row.items():
        most = max(columns, key=len)
        levels = [y for y, _ in most]
        beside = [column for column in columns if all(min(abs(y - level) for level in levels) < _LEVEL * em for y, _ in column)]
        if len(beside) >= 2:
            cuts[row] = levels
    return _cut(grid, spans, texts, glyphs, cuts, _LEVEL * em) if cuts else None


def _lines(text: Written, glyphs: Glyphs) -> list[Line]:
    out: list[Line] = []
    for piece in text.pieces:
        if piece.before in (0, 3):
            out.append((float(glyphs.cy[text.members[piece.first]]), piece.text))
        else:
            out[-1] = (out[-1][0], f"{out[-1][1]} {piece.text}")
    return out


def _cut(grid: Grid, spans: Spans, texts: list[Written], glyphs: Glyphs, cuts: dict[int, list[float]], near: float) -> Grid:
    """New row edges half way between the levels; a text that stands level with none of them keeps all the rows."""
    whole: set[tuple[int, int]] = set()
    for text in texts:
        row, column, height, width = spans.cells[text.owner]
        if row in cuts and (height > 1 or not any(min(abs(y - level) for level in cuts[row]) < near for y, _ in _lines(text, glyphs))):
            whole.update((row, c) for c in range(column, column + width))
    ys, vertical, horizontal = [float(grid.ys[0])], [], [grid.horizontal[0]]
    for row in range(grid.n_rows):
        levels = cuts.get(row, [])
        drawn = np.array([(row, c) not in whole for c in range(grid.n_columns)])
        for upper, lower in pairwise(levels):
            ys.append((upper + lower) / 2)
            vertical.append(grid.vertical[row])
            horizontal.append(drawn)
        ys.append(float(grid.ys[row + 1]))
        vertical.append(grid.vertical[row])
        horizontal.append(grid.horizontal[row + 1])
    return Grid(grid.xs, np.array(ys), np.array(vertical), np.array(horizontal))

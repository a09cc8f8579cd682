"""One ruled page: grids and characters → RawTables, and the characters that stand outside them.

Here: the sequence of small steps and the conservation count. Not here: each step's own logic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.document import Cell, RawTable
from pipelines.read.pdf import open_heads, stacked_rows
from pipelines.read.pdf.glyphs import Glyphs, turn_box
from pipelines.read.pdf.lattice import Grid, PdfiumLattice
from pipelines.read.pdf.open_sides import with_closed_sides
from pipelines.read.pdf.pdfium import Page
from pipelines.read.pdf.placing import place, squares
from pipelines.read.pdf.rules import Rules
from pipelines.read.pdf.spans import Spans, spans_of, trimmed
from pipelines.read.pdf.variants import normalised
from pipelines.read.pdf.writing import Ints, Written, is_figure, joined_cell, written

_MIN_WIDTH: Final = 36.0  # points: smaller grids are legend boxes and tick marks
_MOST_SQUARES: Final = 20_000  # of one grid: more are hatching, not a table (real tables stay below 1,000 a page)
_MIN_HEIGHT: Final = 6.0


@dataclass(frozen=True)
class RuledPage:
    """What the grids of a page hold. `rest`: numbers of the characters outside all tables; `grids`: where they are."""

    tables: list[RawTable]
    rest: Ints
    digits_seen: int
    digits_kept: int
    digits_extra: int
    grids: list[Grid]


def read_ruled(page: Page, glyphs: Glyphs, rules: Rules, parser: PdfiumLattice) -> RuledPage:
    """Read every table of one page. Grids of one column and grids without text are no tables; their text stays running text."""
    tables: list[RawTable] = []
    read: list[Grid] = []
    free = np.ones(len(glyphs), bool)
    seen = kept = extra = 0
    grids = parser.grids_of(with_closed_sides(rules), glyphs, page.number)
    for grid in sorted(grids, key=_area):  # a table within a cell of another comes first
        row, column = squares(grid, glyphs)
        inside = (row >= 0) & free
        if not inside.any() or grid.n_rows * grid.n_columns > _MOST_SQUARES:
            continue
        occupied = np.zeros((grid.n_rows, grid.n_columns), bool)
        occupied[row[inside], column[inside]] = True
        grid = trimmed(grid, occupied)
        if grid.n_columns < 2 or grid.xs[-1] - grid.xs[0] < _MIN_WIDTH or grid.ys[-1] - grid.ys[0] < _MIN_HEIGHT:
            continue
        table, members = _table(page, grid, glyphs, free)
        want, text = _digits(glyphs, members), "".join([cell.text for cell in table.cells])
        for digit, printed in zip("0123456789", want, strict=True):
            have = text.count(digit)
            seen, kept, extra = seen + printed, kept + min(printed, have), extra + max(0, have - printed)
        free[members] = False
        tables.append(table)
        read.append(grid)
    for n, table in enumerate(tables):
        if open_heads.begins_with_figures(table) and (headed := open_heads.with_head_above(table, read[n], glyphs, free)):
            tables[n] = headed[0]
            free[headed[1]] = False
    return RuledPage(tables, free.nonzero()[0], seen, kept, extra, read)


def _area(grid: Grid) -> float:
    return float((grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0]))


def _table(page: Page, grid: Grid, glyphs: Glyphs, free: npt.NDArray[np.bool_]) -> tuple[RawTable, Ints]:
    """The table of one grid, and the numbers of the characters in it."""
    spans, owner, texts = _placed(page, grid, glyphs, free)
    parted = stacked_rows.with_parted_rows(grid, spans, texts, glyphs)
    if parted is not None:
        grid = parted
        spans, owner, texts = _placed(page, grid, glyphs, free)
    xs, ys = grid.xs.tolist(), grid.ys.tolist()
    strings: dict[int, tuple[str, str | None]] = {}
    for text in texts:
        _, column, _, width = spans.cells[text.owner]
        strings[text.owner] = _string(text, xs[column + width] - xs[column], glyphs.plain)
    upright, shown = glyphs.frame, glyphs.shown
    turned = upright.rotation != shown.rotation
    rx, ry = [round(x, 2) for x in xs], [round(y, 2) for y in ys]
    cells: list[Cell] = []
    for n, (row, column, height, width) in enumerate(spans.cells):
        box = (rx[column], ry[row], rx[column + width], ry[row + height])
        string, original = strings.get(n, ("", None))
        cells.append(Cell(row, column, string, height, width, page.number, turn_box(box, upright, shown) if turned else box, original))
    whole = turn_box((xs[0], ys[0], xs[-1], ys[-1]), upright, shown)
    table = RawTable(
        n_rows=grid.n_rows, n_columns=grid.n_columns, cells=tuple(cells), method="lattice", page=page.number, box=whole,
        confidence=1.0 if parted is None else stacked_rows.CONFIDENCE, note=None if parted is None else stacked_rows.NOTE,
    )
    return table, (owner >= 0).nonzero()[0]


def _placed(page: Page, grid: Grid, glyphs: Glyphs, free: npt.NDArray[np.bool_]) -> tuple[Spans, Ints, list[Written]]:
    spans = spans_of(grid)
    owner = place(grid, spans, glyphs, page)
    owner[~free] = -1
    return spans, owner, list(written(glyphs, owner))


def _string(text: Written, width: float, as_printed: bool) -> tuple[str, str | None]:
    """A cell's text, and how it was printed where that differs: look-alike characters (none if `as_printed`), a figure in pieces."""
    joined = joined_cell(text.pieces, width)
    plain = joined if as_printed else normalised(joined)
    if plain is not joined and plain != joined:
        return plain, joined
    if len(text.pieces) > 1 and is_figure(plain):
        return plain, " ".join(piece.text for piece in text.pieces)
    return plain, None


def _digits(glyphs: Glyphs, members: Ints) -> list[int]:
    """How often each digit from 0 to 9 stands among the characters."""
    codes = glyphs.codes[members]
    counts: list[int] = np.bincount(codes[(codes >= 0x30) & (codes <= 0x39)] - 0x30, minlength=10).tolist()
    return counts

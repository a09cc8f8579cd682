"""The stacked grid of a logical table: fragments of several pages as one matrix, with spans known or inferred.

Here: geometry only. Formats without spans (tab-separated text), and tables of other formats whose merged cells were lost on the way to
the page, get the spans of their *header* rows inferred from blanks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from pipelines.read.document import Cell
from pipelines.understand.fragments import Fragment
from pipelines.understand.text import compact

SPANLESS = {"tsv", "cell_lines"}
DRAWN = {"lattice", "alignment", "ocr"}  # pages: what is not merged there was not drawn so
_HEAD_ROWS = 3  # rows at the top of a table that may hold a merged head
_AMOUNT = re.compile(r"[\d,，.%-]+")


@dataclass
class Grid:
    """`cells` as placed in the stacked grid; `owner[r][c]` is an index into them or -1; `text(r, c)` is "" where nothing is printed."""

    n_rows: int
    n_columns: int
    cells: list[Cell]
    owner: list[list[int]]
    spanless: bool
    texts: list[list[str]] = field(default_factory=list)

    def at(self, r: int, c: int) -> Cell | None:
        """The cell that covers a grid position."""
        n = self.owner[r][c]
        return self.cells[n] if n >= 0 else None

    def text(self, r: int, c: int) -> str:
        """Compact text of the cell that covers a position."""
        return self.texts[r][c]

    def own(self, r: int, c: int) -> str:
        """Compact text of the cell that *begins* at a position; "" elsewhere in a span."""
        n = self.owner[r][c]
        return self.texts[r][c] if n >= 0 and self.cells[n].row == r and self.cells[n].column == c else ""

    def row(self, r: int) -> list[str]:
        """The texts that begin in a row, or reach into it from above, each once, blanks left out."""
        seen: list[int] = []
        for n in self.owner[r]:
            if n >= 0 and n not in seen:
                seen.append(n)
        return [compact(self.cells[n].text) for n in seen if compact(self.cells[n].text)]


def stack(parts: list[tuple[Fragment, list[int]]], n_columns: int) -> Grid:
    """Stack fragments; each comes with the grid column that every one of its raw columns becomes."""
    cells: list[Cell] = []
    offset = 0
    spanless = all(f.table.method in SPANLESS for f, _ in parts)
    for fragment, columns in parts:
        for cell in fragment.table.cells:
            if not fragment.start <= cell.row < fragment.stop:
                continue
            last = columns[min(cell.column + cell.column_span, len(columns)) - 1]
            first = columns[cell.column]
            cells.append(
                msgspec.structs.replace(
                    cell,
                    row=cell.row - fragment.start + offset,
                    column=first,
                    column_span=last - first + 1,
                    row_span=min(cell.row_span, fragment.stop - cell.row),
                )
            )
        offset += fragment.stop - fragment.start
    owner = [[-1] * n_columns for _ in range(offset)]
    texts = [[""] * n_columns for _ in range(offset)]
    for n, cell in enumerate(cells):
        text = compact(cell.text)
        for r in range(cell.row, min(cell.row + cell.row_span, offset)):
            for c in range(cell.column, min(cell.column + cell.column_span, n_columns)):
                owner[r][c] = n
                texts[r][c] = text
    spanless = spanless or (not DRAWN & {f.table.method for f, _ in parts} and _merges_lost(cells, texts))
    return Grid(offset, n_columns, cells, owner, spanless, texts)


def _merges_lost(cells: list[Cell], texts: list[list[str]]) -> bool:
    """Whether no cell is merged, though a head at the top stands over two heads: 公务接待费 | (blank) over 预算数 | 决算数."""
    if any(cell.column_span > 1 or cell.row_span > 1 for cell in cells):
        return False
    for above, below in pairwise(texts[: _HEAD_ROWS + 1]):
        for (head, blank), pair in zip(pairwise(above), pairwise(below), strict=True):
            if head and not blank and all(pair) and not any(_AMOUNT.fullmatch(text) for text in (head, *pair)):
                return True
    return False


def header_texts(grid: Grid, header: list[int]) -> list[list[str]]:
    """The header rows as texts by column, with the spans of spanless formats inferred.

    A blank right of a printed header cell belongs to it as long as the row above does not begin a new cell there; a blank below one
    repeats it.
    """
    rows = [[grid.text(r, c) for c in range(grid.n_columns)] for r in header]
    if not grid.spanless:
        return rows
    for i, row in enumerate(rows):
        for c in range(1, grid.n_columns):
            if row[c] or not row[c - 1]:
                continue
            above_same = i == 0 or rows[i - 1][c] == rows[i - 1][c - 1]
            printed_below = any(grid.text(header[k], c) for k in range(i + 1, len(header)))
            child_of_left = any(grid.text(header[k], c - 1) for k in range(i + 1, len(header)))
            if above_same and (printed_below or child_of_left or i == 0) and (printed_below or i + 1 < len(header)):
                row[c] = row[c - 1]
    for i in range(1, len(rows)):
        for c in range(grid.n_columns):
            if not rows[i][c]:
                rows[i][c] = rows[i - 1][c]
    return rows

"""From a sheet's visible cells to lines and tables: where one table ends and the next begins.

Here: cutting a sheet at titles, repeated headers and wide gaps. Not here: reading any workbook format, captions inside a table (captions).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from pipelines.read.captions import is_label, is_title
from pipelines.read.document import Block, Cell
from pipelines.read.grid import grid_blocks

_WIDE_GAP: Final = 3  # blank rows: a single text after as many begins something else


def sheet_blocks(
    cells: Mapping[tuple[int, int], Cell], *, sheet: str | None, note: str | None, method: str = "xlsx",
) -> list[Block]:
    """Blocks of one sheet, from its cells by (row, column) with hidden rows and columns taken out."""
    blocks: list[Block] = []
    for number, region in enumerate(_regions(cells)):
        blocks.extend(_region_blocks(region, sheet=sheet, note=note, method=method, first=number == 0))
    return blocks


def _regions(cells: Mapping[tuple[int, int], Cell]) -> list[list[Cell]]:
    """The sheet's cells cut where a title begins a further table; wholly blank rows inside a table stay."""
    rows: dict[int, list[Cell]] = {}
    for cell in cells.values():
        if cell.text:
            rows.setdefault(cell.row, []).append(cell)
    starts: list[int] = []
    header: list[str] | None = None
    previous: int | None = None
    in_caption = False
    for r in sorted(rows):
        texts = [cell.text for cell in sorted(rows[r], key=lambda cell: cell.column)]
        caption = len(texts) <= 3 and all(is_title(text) or is_label(text) for text in texts) and any(_heads(cell) for cell in rows[r])
        gap = r - previous - 1 if previous is not None else 0
        again = header is not None and texts == header and len(texts) > 2
        apart = gap > 0 and len(texts) == 1 and is_title(texts[0])  # a title that is set off by a blank row, however long
        if previous is None or ((caption or apart) and not in_caption) or again or (gap >= _WIDE_GAP and len(texts) == 1):
            starts.append(r)
            header = None
        if not (caption or apart) and header is None and len(texts) > 1:
            header = texts
        in_caption = caption or apart
        previous = r
    return [
        [cell for cell in sorted(cells.values(), key=lambda c: (c.row, c.column)) if start <= cell.row and (end is None or cell.row < end)]
        for start, end in zip(starts, [*starts[1:], None], strict=True)
    ]


def _heads(cell: Cell) -> bool:
    """Whether a caption-like text can open a table in the middle of a sheet: not a row label that happens to end in 表."""
    return is_label(cell.text) or (is_title(cell.text) and (cell.column_span > 1 or len(cell.text) <= 12))


def _region_blocks(region: list[Cell], *, sheet: str | None, note: str | None, method: str, first: bool) -> list[Block]:
    """One region as its caption lines, table and trailing notes."""
    top = min(cell.row for cell in region)
    left = min((cell.column for cell in region if cell.text), default=0)
    placed = [_at(cell, top, left) for cell in region if cell.column >= left or cell.text]
    return grid_blocks(placed, method=method, sheet=sheet, note=note, free_title=first)


def _at(cell: Cell, top: int, left: int) -> Cell:
    return msgspec.structs.replace(cell, row=cell.row - top, column=max(cell.column - left, 0))


def sheet_place(row: int, column: int) -> str:
    """A cell's name as the sheet shows it, from its row and column counted from 0: C7."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"

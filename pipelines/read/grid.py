"""From rows of cells to a RawTable, and from layout tables back to lines; shared by the flowing formats.

Here: building RawTables with spans, trimming what is wholly blank, and the rule by which a table that only arranges text
(编制单位 left, 单位：万元 right) is no data table. Not here: reading any format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipelines.read.document import Cell, RawTable

_NUMBER: Final = re.compile(r"^[-－—+(（]?[¥￥]?\d[\d,，.\s]*%?[)）]?$")
_CAPTION: Final = re.compile(r"[:：]|单位|表$|^附[件表]|^（?\d{4}\s*年")


def table_of_rows(rows: Sequence[Sequence[str]], *, method: str, caption: str | None = None, note: str | None = None) -> RawTable:
    """A table of plain rows, blanks kept; rows may differ in width (the table is as wide as its widest row)."""
    cells = tuple(Cell(row=r, column=c, text=text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return RawTable(
        n_rows=len(rows), n_columns=max((len(row) for row in rows), default=0), cells=cells, method=method, caption=caption, note=note,
    )


def table_of_cells(
    cells: Sequence[Cell], *, method: str, caption: str | None = None, sheet: str | None = None, note: str | None = None,
) -> RawTable | None:
    """A table of placed cells, numbered anew without wholly blank trailing rows and columns; None when nothing is printed in it."""
    written = [cell for cell in cells if cell.text]
    if not written:
        return None
    n_rows = max(cell.row + 1 for cell in written)
    n_columns = max(cell.column + 1 for cell in written)
    kept = tuple(_clip(cell, n_rows, n_columns) for cell in cells if cell.row < n_rows and cell.column < n_columns)
    width = max(cell.column + cell.column_span for cell in kept)
    return RawTable(n_rows=n_rows, n_columns=width, cells=kept, method=method, caption=caption, sheet=sheet, note=note)


def _clip(cell: Cell, n_rows: int, n_columns: int) -> Cell:
    """A blank cell's span never makes the table larger than what is printed; a written one's column span may."""
    row_span = min(cell.row_span, n_rows - cell.row)
    column_span = cell.column_span if cell.text else min(cell.column_span, n_columns - cell.column)
    if (row_span, column_span) == (cell.row_span, cell.column_span):
        return cell
    return Cell(row=cell.row, column=cell.column, text=cell.text, row_span=row_span, column_span=column_span, original=cell.original)


def layout_lines(cells: Sequence[Cell]) -> list[str] | None:
    """The lines of a table that only arranges text, in reading order; None when it is a table of data.

    Layout is: a single cell; a single column without any number; one row of at most three texts of which none is a number and one
    reads like a caption (编制单位：…, 单位：万元, 附件1).
    """
    written = [cell for cell in cells if cell.text]
    if not written:
        return []
    numbers = sum(1 for cell in written if _NUMBER.match(cell.text))
    texts = [cell.text for cell in sorted(written, key=lambda c: (c.row, c.column))]
    if len(written) == 1 and len(cells) <= 2:
        return texts
    if len({cell.column for cell in cells}) == 1 and not numbers:
        return texts
    one_row = len({cell.row for cell in cells}) == 1
    if one_row and not numbers and len(written) <= 3 and any(_CAPTION.search(text) for text in texts):
        return texts
    return None

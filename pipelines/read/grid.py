"""From rows of cells to a RawTable, and from layout tables back to lines; shared by the flowing formats.

Here: building RawTables with spans, trimming what is wholly blank, and the rule by which a table that only arranges text
(编制单位 left, 单位：万元 right) is no data table. Not here: reading any format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from pipelines.read.captions import is_title, split_captions
from pipelines.read.characters import clean, indented
from pipelines.read.document import Block, Cell, RawTable, TextLine

_NUMBER: Final = re.compile(r"^[-－—+(（]?[¥￥]?\d[\d,，.\s]*%?[)）]?$")
_CAPTION: Final = re.compile(r"[:：]|单位|表$|^附[件表]|^（?\d{4}\s*年")

_NOTE: Final = re.compile(r"^[（(]?\s*(?:注|备注|说明|填表说明|填表人|制表人?|填报人|单位负责人|部门负责人)\s*\d*\s*[:：、.]")


def table_of_rows(rows: Sequence[Sequence[str]], *, method: str) -> RawTable:
    """A table of plain rows of texts as they stand in the source, blanks kept. Rows may differ in width: the widest gives the table's."""
    cells = tuple(
        Cell(row=r, column=c, text=clean(text), original=indented(text)) for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    return RawTable(n_rows=len(rows), n_columns=max((len(row) for row in rows), default=0), cells=cells, method=method)


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
    return msgspec.structs.replace(cell, row_span=row_span, column_span=column_span)


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


def grid_blocks(
    cells: Sequence[Cell], *, method: str, caption: str | None = None, sheet: str | None = None, note: str | None = None,
    free_title: bool = False,
) -> list[Block]:
    """One grid as the format gives it, as its leading caption lines, its table (or the lines of a layout table), and its trailing notes."""
    above, rest = split_captions(cells, free_title=free_title)
    rest, below = split_notes(rest)
    blocks: list[Block] = [TextLine(text=line, role="heading" if is_title(line) else "text") for line in above]
    lines = layout_lines(rest)
    if lines is None:
        table = table_of_cells(rest, method=method, caption=caption, sheet=sheet, note=note)
        blocks.extend([table] if table else [])
    else:
        lines = [caption, *lines] if caption else lines
        blocks.extend(TextLine(text=part) for text in lines for part in text.split("\n") if part)
    blocks.extend(TextLine(text=part) for text in below for part in text.split("\n") if part)
    return blocks


def split_notes(cells: Sequence[Cell]) -> tuple[list[Cell], list[str]]:
    """The cells without trailing rows of which each is one note over the width (注：…, 填表人：…), and these notes' texts."""
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    end = len(cells)
    notes: list[str] = []
    for r in sorted(rows, reverse=True):
        written = [cell for cell in rows[r] if cell.text]
        if len(written) != 1 or written[0].row_span > 1 or not _NOTE.match(written[0].text):
            break
        notes.insert(0, written[0].text)
        end = r
    if not notes or end == min(rows):
        return list(cells), []
    return [cell for cell in cells if cell.row < end], notes

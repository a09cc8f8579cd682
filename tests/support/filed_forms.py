"""The same form in several kinds of file, for tests: Word, Excel, web page and PDF made from one drawn grid.

A grid is a text as in `merged_forms` (`^` goes on with the cell above, `<` with the cell to the left). Not here: any expectation.
"""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import docx
import openpyxl
from drawn_tables import DrawnCell, DrawnTable, draw
from merged_forms import grid

from pipelines.normalise.normalise import normalise
from pipelines.read.document import Cell
from pipelines.read.reader import read_bytes
from pipelines.understand.understand import understand

COVER = "安宁县水务局2026年部门预算"
WIDTH, HEIGHT = 105.0, 20.0


def unmerged(text: str) -> str:
    """The same grid with blanks in place of merged cells, as many publishers type it."""
    return text.replace("^", "").replace("<", "")


def as_word(title: str, text: str) -> bytes:
    """A .docx with a cover, the title and the table."""
    table = grid(text)
    document = docx.Document()
    document.add_heading(COVER, 1)
    document.add_paragraph(title)
    word = document.add_table(rows=table.n_rows, cols=table.n_columns)
    for cell in table.cells:
        last = word.cell(cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
        word.cell(cell.row, cell.column).merge(last).text = cell.text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_workbook(title: str, text: str) -> bytes:
    """An .xlsx with the cover on a sheet of its own and the form, its title in its first row, on another."""
    table = grid(text)
    workbook = openpyxl.Workbook()
    cover = workbook.active
    cover.title = "封面"
    cover.cell(1, 1, COVER)
    sheet = workbook.create_sheet("附表")
    sheet.cell(1, 1, title)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=table.n_columns)
    for cell in table.cells:
        if cell.text:
            sheet.cell(cell.row + 2, cell.column + 1, _value(cell))
        if cell.row_span * cell.column_span > 1:
            sheet.merge_cells(start_row=cell.row + 2, start_column=cell.column + 1, end_row=cell.row + 1 + cell.row_span,
                              end_column=cell.column + cell.column_span)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _value(cell: Cell) -> Any:
    """A plain number is a number in a workbook, too."""
    try:
        return float(cell.text) if cell.text.replace(".", "", 1).isdigit() else cell.text
    except ValueError:
        return cell.text


def as_web(title: str, text: str) -> bytes:
    """A web page with the title and the table."""
    table = grid(text)
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(f'<td rowspan="{cell.row_span}" colspan="{cell.column_span}">{html.escape(cell.text)}</td>')
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f"<html><head><meta charset='utf-8'></head><body><h1>{COVER}</h1><p>{title}</p><table>{body}</table></body></html>".encode()


def as_pdf(title: str, text: str, cuts: Sequence[int] = ()) -> bytes:
    """A ruled PDF; the table goes on over the page before each row of `cuts`, cells that span a cut are drawn on both pages."""
    table = grid(text)
    edges = [0, *cuts, table.n_rows]
    pages = []
    for first, last in pairwise(edges):
        cells = tuple(piece for cell in table.cells if (piece := _piece(cell, first, last)) is not None)
        pages.append([DrawnTable((WIDTH,) * table.n_columns, (HEIGHT,) * (last - first), cells, size=8.0)])
    return draw(pages, above=f"{COVER} {title}")


def _piece(cell: Cell, first: int, last: int) -> DrawnCell | None:
    """What a page with rows first … last-1 shows of a cell; its words stand on the page where it begins."""
    top, bottom = max(cell.row, first), min(cell.row + cell.row_span, last)
    if top >= bottom:
        return None
    return DrawnCell(top - first, cell.column, cell.text if cell.row >= first else "", bottom - top, cell.column_span)


def records_of(data: bytes, name: str) -> dict[str, list[dict[str, Any]]]:
    """All relations of such a file."""
    return {relation: frame.to_dicts() for relation, frame in normalise(understand(read_bytes(data, name))).items()}

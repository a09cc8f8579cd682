"""Workbooks in Excel 2003's XML (SpreadsheetML 2003, often named .xls): sheets as lines and tables.

Here: the elements Worksheet, Table, Column, Row, Cell and Data with their index, merge and hidden attributes. Not here: where a sheet's
tables begin and end (sheet_regions). Entities are never resolved; a file that declares any is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from pipelines.read.characters import clean, indented
from pipelines.read.document import Block, Cell, PageReading, RawTable
from pipelines.read.failure import ReadFailure
from pipelines.read.number_text import NumberFormat, number_format, number_text
from pipelines.read.sheet_regions import sheet_blocks, sheet_place
from pipelines.read.xlsx import HIDDEN_SHEET

_SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_NAMED: Final = {"Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "General"}
_MOST: Final = 16_384  # columns of a sheet

Element = Any  # lxml publishes no types


def read_xml_workbook(data: bytes) -> tuple[list[Block], list[PageReading]]:
    """Blocks of all sheets in order, and one PageReading a sheet. Raises ReadFailure(corrupt)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(data, parser)
    if root is None or root.getroottree().docinfo.doctype:
        raise ReadFailure("corrupt", "The XML workbook is damaged or declares entities, which Excel's never do; save it anew in Excel.")
    styles = _styles(root)
    blocks: list[Block] = []
    pages: list[PageReading] = []
    for number, sheet in enumerate(root.iter(f"{_SS}Worksheet"), start=1):
        name = sheet.get(f"{_SS}Name") or f"Sheet{number}"
        visible = sheet.find("{*}WorksheetOptions/{*}Visible")
        hidden = visible is not None and visible.text in ("SheetHidden", "SheetVeryHidden")
        found: list[Block] = []
        for table in sheet.iterchildren(f"{_SS}Table"):
            found.extend(sheet_blocks(_cells(table, styles), sheet=name, note=HIDDEN_SHEET if hidden else None))
        blocks.extend(found)
        tables = sum(1 for block in found if isinstance(block, RawTable))
        note = f"sheet {name}" + (f" ({HIDDEN_SHEET})" if hidden else "")
        pages.append(PageReading(page=number, path="flow" if found else "empty", tables=tables, note=note))
    return blocks, pages


def _styles(root: Element) -> dict[str, NumberFormat | None]:
    """Number styles by the id that cells name."""
    styles: dict[str, NumberFormat | None] = {}
    for style in root.iter(f"{_SS}Style"):
        form = style.find(f"{_SS}NumberFormat")
        code = form.get(f"{_SS}Format", "General") if form is not None else "General"
        styles[style.get(f"{_SS}ID", "")] = number_format(_NAMED.get(code, code))
    return styles


def _number(element: Element, attribute: str, default: int) -> int:
    value = element.get(f"{_SS}{attribute}", "")
    return int(value) if value.isdigit() else default


def _cells(table: Element, styles: Mapping[str, NumberFormat | None]) -> dict[tuple[int, int], Cell]:
    """Visible cells by position; hidden rows and columns close up."""
    hidden = _hidden_columns(table)
    cells: dict[tuple[int, int], Cell] = {}
    row = shown_row = 0
    taken: set[tuple[int, int]] = set()
    for element in table.iterchildren(f"{_SS}Row"):
        index = _number(element, "Index", row + 1)
        shown_row += index - row - 1  # rows left out are blank
        row = index
        if element.get(f"{_SS}Hidden") == "1":
            continue
        column = 0
        for entry in element.iterchildren(f"{_SS}Cell"):
            column = _number(entry, "Index", column + 1)
            while (row, column) in taken:
                column += 1
            across, down = min(_number(entry, "MergeAcross", 0), _MOST), min(_number(entry, "MergeDown", 0), 10_000)
            taken.update((r, c) for r in range(row + 1, row + down + 1) for c in range(column, column + across + 1))
            span = sum(1 for c in range(column, column + across + 1) if c not in hidden)
            text, raw, others = _text(entry, styles)
            if span and (text or span > 1 or down):
                place = shown_row, column - 1 - sum(1 for c in hidden if c < column)
                cells[place] = Cell(
                    row=place[0], column=place[1], text=text, row_span=down + 1, column_span=span, original=indented(raw),
                    alternatives=others, place=sheet_place(row - 1, column - 1),
                )
            column += across
        shown_row += 1
    return cells


def _hidden_columns(table: Element) -> set[int]:
    """Hidden columns, counted from 1."""
    hidden: set[int] = set()
    column = 0
    for element in table.iterchildren(f"{_SS}Column"):
        column = _number(element, "Index", column + 1)
        last = column + min(_number(element, "Span", 0), _MOST)
        if element.get(f"{_SS}Hidden") == "1":
            hidden.update(range(column, last + 1))
        column = last
    return hidden


def _text(entry: Element, styles: Mapping[str, NumberFormat | None]) -> tuple[str, str, tuple[str, ...]]:
    """A cell's text as printed, as it stands in the file, and other readings of a number."""
    data = entry.find("{*}Data")
    if data is None:
        return "", "", ()
    raw = "".join(data.itertext())
    kind = data.get(f"{_SS}Type")
    if kind == "Number":
        try:
            text, others = number_text(float(raw), styles.get(entry.get(f"{_SS}StyleID", "")))
        except ValueError:
            return clean(raw), raw, ()
        return text, text, others
    if kind == "DateTime":
        return raw.removesuffix("T00:00:00.000"), raw, ()
    return clean(raw), raw, ()

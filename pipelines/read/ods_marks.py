"""What an .ods sheet prints, merges and hides: the parts of OpenDocument spreadsheets that the value reader leaves out.

Here: shown texts of number cells, merged ranges, hidden rows and columns, from content.xml (OpenDocument 1.3, part 3, 9.1). Not here:
values and sheet names (python-calamine reads those), the same for Excel files (`sheet_marks`).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from pipelines.read.sheet_marks import SheetMarks

CONTENT: Final = "content.xml"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_GROUPS: Final = tuple(
    f"{_TABLE}table-{kind}" for kind in ("columns", "header-columns", "column-group", "rows", "header-rows", "row-group")
)
_HIDDEN: Final = ("collapse", "filter")
_MOST_REPEATS: Final = 16_384  # blank rows and columns to a sheet's end are written as one that repeats
_PARSER_OPTIONS: Final = {"resolve_entities": False, "no_network": True, "huge_tree": True}

Element = Any  # lxml publishes no types


def is_ods(data: bytes) -> bool:
    """Whether a package is an OpenDocument one; raises zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return CONTENT in package.namelist()


def ods_marks(data: bytes) -> list[SheetMarks]:
    """Marks of every sheet, in the order of the workbook; raises zipfile.BadZipFile, KeyError or etree.XMLSyntaxError."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read(CONTENT), etree.XMLParser(**_PARSER_OPTIONS))
    return [_sheet(table) for book in root.iter(f"{_OFFICE}spreadsheet") for table in book.iterchildren(f"{_TABLE}table")]


def _sheet(table: Element) -> SheetMarks:
    marks = SheetMarks(merged=[])
    column = 0
    for part in _members(table, f"{_TABLE}table-column"):
        repeats = _number(part, "number-columns-repeated")
        if part.get(f"{_TABLE}visibility") in _HIDDEN:
            marks.hidden_columns |= set(range(column, column + min(repeats, _MOST_REPEATS)))
        column += repeats
    row = 0
    for part in _members(table, f"{_TABLE}table-row"):
        repeats = _number(part, "number-rows-repeated")
        if part.get(f"{_TABLE}visibility") in _HIDDEN:
            marks.hidden_rows |= set(range(row, row + min(repeats, _MOST_REPEATS)))
        for r in range(row, row + repeats if repeats < _MOST_REPEATS else row):
            _row(part, r, marks)
        row += repeats
    return marks


def _row(part: Element, row: int, marks: SheetMarks) -> None:
    column = 0
    for cell in part.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        repeats = _number(cell, "number-columns-repeated")
        down, across = _number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned")
        if down * across > 1 and marks.merged is not None:
            marks.merged.append(((row, column), (row + down - 1, column + across - 1)))
        text = "\n".join("".join(p.itertext()) for p in cell.iterchildren(f"{_TEXT}p")) if len(cell) else ""
        if text and repeats < _MOST_REPEATS:
            for c in range(column, column + repeats):
                marks.reach(row, c)
                if cell.get(f"{_OFFICE}value") is not None:
                    marks.shown[row, c] = text
        column += repeats


def _members(table: Element, tag: str) -> Iterator[Element]:
    """The rows or columns of a table, those in groups too, in order."""
    for child in table:
        if child.tag == tag:
            yield child
        elif child.tag in _GROUPS:
            yield from _members(child, tag)


def _number(element: Element, name: str) -> int:
    return max(1, int(element.get(f"{_TABLE}{name}", "1")))

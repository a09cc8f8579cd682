"""What a binary workbook (.xlsb) hides and merges: records of its sheet parts that the value reader leaves out.

Here: merged ranges, hidden rows and columns, the area that filled cells span ([MS-XLSB] 2.4: BrtMergeCell, BrtRowHdr, BrtColInfo, cells).
Not here: values and sheet names (python-calamine reads those), number formats, which are not known of this kind of file.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipelines.read.sheet_marks import SheetMarks

_BOOK: Final = "xl/workbook.bin"
_ROW, _COLUMNS, _SHEET, _MERGED = 0, 60, 156, 176  # record types
_CELLS: Final = range(2, 12)  # cells with a value; 1 is a blank one
_HIDDEN_ROW: Final = 0x10  # of the twelfth byte of a row's record
_HIDDEN_COLUMN: Final = 1


def xlsb_marks(data: bytes) -> list[SheetMarks]:
    """Marks of every sheet in the order of the workbook. Raises zipfile.BadZipFile, KeyError, IndexError, struct.error, XMLSyntaxError."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        options = {"resolve_entities": False, "no_network": True}
        relations = etree.fromstring(package.read("xl/_rels/workbook.bin.rels"), etree.XMLParser(**options))
        targets = {rel.get("Id"): rel.get("Target") or "" for rel in relations.iter("{*}Relationship")}
        parts = [posixpath.normpath(posixpath.join("/xl", targets[name])).lstrip("/") for name in _sheets(package.read(_BOOK))]
        return [_sheet_marks(package.read(part)) for part in parts]


def _sheets(book: bytes) -> Iterator[str]:
    """The relation of each sheet's part."""
    for kind, record in _records(book):
        if kind == _SHEET:
            (length,) = struct.unpack_from("<I", record, 8)
            yield record[12:12 + 2 * length].decode("utf-16-le")


def _sheet_marks(data: bytes) -> SheetMarks:
    marks = SheetMarks(merged=[], known=False)
    row = 0
    for kind, record in _records(data):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", record)
            if record[11] & _HIDDEN_ROW:
                marks.hidden_rows.add(row)
        elif kind in _CELLS:
            marks.reach(row, struct.unpack_from("<I", record)[0])
        elif kind == _COLUMNS:
            first, last, _, _, flags = struct.unpack_from("<IIIIH", record)
            if flags & _HIDDEN_COLUMN:
                marks.hidden_columns.update(range(first, min(last + 1, 16_384)))
        elif kind == _MERGED and marks.merged is not None:
            top, bottom, left, right = struct.unpack_from("<IIII", record)
            marks.merged.append(((top, left), (bottom, right)))
    return marks


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and content of each record: both its type and its length are written in groups of seven bits."""
    at = 0
    while at < len(data):
        kind, at = _number(data, at)
        length, at = _number(data, at)
        yield kind, data[at:at + length]
        at += length


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at

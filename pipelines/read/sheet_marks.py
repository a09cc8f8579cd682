"""What a sheet hides and how it prints its numbers: the parts of Excel files that value readers leave out.

Here: hidden rows, columns and zeros, formulas without result, and the number format of each number cell, from OOXML parts and from
BIFF8/BIFF5 streams ([MS-XLS] 2.4).
Not here: values, merged ranges, sheet names (python-calamine reads those).

Systems of record export Excel with hidden rows and columns full of keys and row numbers; they are not what was published.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import olefile
from lxml import etree

from pipelines.read.number_text import BUILT_IN, NumberFormat, number_format

_HIDDEN_ROW: Final = re.compile(rb"""<(?:\w+:)?row\s[^>]*?(?:hidden=["'](?:1|true)["']|\sht=["']0["'])[^>]*>""")
_ROW_NUMBER: Final = re.compile(rb"""\sr=["'](\d+)["']""")
_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_ATTRIBUTE: Final = re.compile(rb"""(\w+)=["']([^"']*)["']""")
_FILLED_CELL: Final = re.compile(rb"<(?:\w+:)?c\s[^>]*(?<!/)>")
_ERROR: Final = re.compile(rb"""\st=["']e["']""")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b([^>]*?)(?:/>|>([^<]*)<)")
_CELL_END: Final = re.compile(rb"</(?:\w+:)?c>")
_TEXT_RESULT: Final = re.compile(rb"""\st=["']str["']""")  # ="" leaves such a cell blank on purpose
_NO_ZEROS: Final = re.compile(rb"""<(?:\w+:)?sheetView\s[^>]*showZeros=["'](?:0|false)["']""")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_BIFF_ERRORS: Final = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_STYLE: Final = re.compile(rb"""\ss=["'](\d+)["']""")
_REFERENCE: Final = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d+)["']""")
_PARSER_OPTIONS: Final = {"resolve_entities": False, "no_network": True, "huge_tree": True}

Element = Any  # lxml publishes no types


@dataclass
class SheetMarks:
    """Positions count from 0 at A1."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    styles: dict[tuple[int, int], NumberFormat] = field(default_factory=dict)
    written: dict[tuple[int, int], str] = field(default_factory=dict)  # #REF! and formulas without result: blanks to the value reader
    uncalculated: int = 0  # formulas without a stored result
    shown: dict[tuple[int, int], str] = field(default_factory=dict)  # number cells whose printed text the file holds (.ods)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] | None = None  # None: the value reader knows the merged ranges
    known: bool = True  # False where the file's kind does not say these things in a way that is read (.xlsb)
    zeros_shown: bool = True  # else the sheet shows every zero as a blank
    n_rows: int = 0  # the area that filled cells span
    n_columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """Take a filled cell into the spanned area."""
        self.n_rows, self.n_columns = max(self.n_rows, row + 1), max(self.n_columns, column + 1)


def ooxml_marks(data: bytes) -> list[SheetMarks]:
    """Marks of every sheet of an .xlsx, in the order of the workbook; raises zipfile.BadZipFile, KeyError or etree.XMLSyntaxError."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        book = _workbook_part(package)
        folder = posixpath.dirname(book)
        # a target that begins with a stroke counts from the package's root; join gives just that
        targets = {
            rel.get("Id"): posixpath.normpath(posixpath.join("/", folder, rel.get("Target", ""))).lstrip("/")
            for rel in _relations(package, book)
        }
        styles = _ooxml_styles(package, targets.values())
        root = etree.fromstring(package.read(book), etree.XMLParser(**_PARSER_OPTIONS))
        marks = []
        for sheet in root.iter("{*}sheet"):
            part = targets.get(next((value for key, value in sheet.attrib.items() if key.endswith("}id")), ""))
            marks.append(_ooxml_sheet(package.read(part), styles) if part in package.namelist() else SheetMarks())
        return marks


def _workbook_part(package: zipfile.ZipFile) -> str:
    for rel in _relations(package, ""):
        if (rel.get("Type") or "").endswith("/officeDocument"):
            return rel.get("Target", "").lstrip("/")
    return "xl/workbook.xml"


def _relations(package: zipfile.ZipFile, part: str) -> Iterator[Element]:
    folder, name = posixpath.split(part)
    root = etree.fromstring(package.read(posixpath.join(folder, "_rels", f"{name}.rels")), etree.XMLParser(**_PARSER_OPTIONS))
    yield from root.iter("{*}Relationship")


def _ooxml_styles(package: zipfile.ZipFile, parts: Any) -> list[NumberFormat | None]:
    """The number style of each cell format (cellXfs) by index."""
    part = next((name for name in parts if name.endswith("styles.xml")), None)
    if part is None or part not in package.namelist():
        return []
    root = etree.fromstring(package.read(part), etree.XMLParser(**_PARSER_OPTIONS))
    codes = dict(BUILT_IN)
    for entry in root.iter("{*}numFmt"):
        if (entry.get("numFmtId") or "").isdigit():
            codes[int(entry.get("numFmtId"))] = entry.get("formatCode") or ""
    formats = root.find("{*}cellXfs")
    return [number_format(codes.get(int(xf.get("numFmtId") or 0), "General")) for xf in (formats if formats is not None else ())]


def _ooxml_sheet(data: bytes, styles: list[NumberFormat | None]) -> SheetMarks:
    """Marks of one sheet part. Searched, not parsed: sheets carry hundreds of thousands of empty formatted cells, and a parser's events
    for these cost sixteen times as much (15.6 s against 1 s on a book of 88 sheets). Rows and cells without references are passed over."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16").encode()
    marks = SheetMarks(zeros_shown=not _NO_ZEROS.search(data, 0, 10_000))
    for tag in _HIDDEN_ROW.finditer(data):
        if number := _ROW_NUMBER.search(tag.group()):
            marks.hidden_rows.add(int(number.group(1)) - 1)
    for tag in _COLUMN.finditer(data):
        attributes = dict(_ATTRIBUTE.findall(tag.group()))
        if attributes.get(b"hidden") in (b"1", b"true") or attributes.get(b"width") == b"0":
            marks.hidden_columns.update(range(int(attributes[b"min"]) - 1, min(int(attributes[b"max"]), 16_384)))
    for tag in _FILLED_CELL.finditer(data):
        text = tag.group()
        index, found = _STYLE.search(text), _REFERENCE.search(text)
        if found is None:
            continue
        place = int(found.group(2)) - 1, _column_number(found.group(1).decode())
        marks.reach(*place)
        if _ERROR.search(text) and (value := _VALUE.search(data, tag.end(), tag.end() + 4000)):
            marks.written[place] = value.group(1).decode("utf-8", "replace")
        elif (formula := _FORMULA.match(data, tag.end())) and not _TEXT_RESULT.search(text):
            end = _CELL_END.search(data, formula.end())
            result = _VALUE.search(data, formula.end(), end.start() if end else len(data))
            if result is None or not result.group(1):
                marks.written[place] = "=" + html.unescape((formula.group(2) or b"").decode("utf-8", "replace"))
                marks.uncalculated += 1
        if index and int(index.group(1)) < len(styles) and (style := styles[int(index.group(1))]) is not None:
            marks.styles[place] = style
    return marks


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def biff_marks(data: bytes) -> list[SheetMarks]:
    """Marks of every sheet of an .xls in the order of the workbook; raises OSError, struct.error or IndexError on damage."""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        stream = ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read()
    codes = dict(BUILT_IN)
    styles: list[NumberFormat | None] = []
    offsets: list[int] = []
    wide = True
    for kind, body in _records(stream, 0):
        if kind == 0x809:  # BOF
            wide = struct.unpack_from("<H", body)[0] >= 0x600
        elif kind == 0x41E:  # FORMAT
            number, text = _biff_format(body, wide)
            codes[number] = text
        elif kind == 0xE0:  # XF
            styles.append(number_format(codes.get(struct.unpack_from("<H", body, 2)[0], "General")))
        elif kind == 0x85:  # BOUNDSHEET
            offsets.append(struct.unpack_from("<I", body)[0])
    return [_biff_sheet(stream, offset, styles) for offset in offsets]


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """Records of one substream, from its BOF to its own EOF; those of charts inside it are passed over."""
    depth = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        if kind == 0x809:
            depth += 1
        if depth == 1:
            yield kind, stream[position + 4:position + 4 + size]
        if kind == 0x0A:
            depth -= 1
            if depth <= 0:
                return
        position += 4 + size


def _biff_format(body: bytes, wide: bool) -> tuple[int, str]:
    number = struct.unpack_from("<H", body)[0]
    if not wide:
        return number, body[3:3 + body[2]].decode("gb18030", "replace")
    length, flags = struct.unpack_from("<HB", body, 2)
    return number, body[5:5 + 2 * length].decode("utf-16-le", "replace") if flags & 1 else body[5:5 + length].decode("latin-1")


def _biff_sheet(stream: bytes, offset: int, styles: list[NumberFormat | None]) -> SheetMarks:
    marks = SheetMarks()

    def style(row: int, column: int, index: int) -> None:
        marks.reach(row, column)
        if index < len(styles) and (found := styles[index]) is not None:
            marks.styles[row, column] = found

    for kind, body in _records(stream, offset):
        if kind in (0x203, 0x27E, 0x06, 0xFD, 0x204):  # NUMBER, RK, FORMULA, LABELSST, LABEL
            style(*struct.unpack_from("<HHH", body))
            if kind == 0x06 and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff":  # a formula whose result is an error
                marks.written[struct.unpack_from("<HH", body)] = _BIFF_ERRORS.get(body[8], "#ERROR!")
        elif kind == 0x205 and body[7:8] == b"\x01":  # BOOLERR
            marks.written[struct.unpack_from("<HH", body)] = _BIFF_ERRORS.get(body[6], "#ERROR!")
        elif kind == 0xBD:  # MULRK
            row, first = struct.unpack_from("<HH", body)
            for n in range((len(body) - 6) // 6):
                style(row, first + n, struct.unpack_from("<H", body, 4 + 6 * n)[0])
        elif kind == 0x208 and len(body) >= 16:  # ROW: fDyZero
            if body[12] & 0x20:
                marks.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == 0x23E and len(body) >= 2 and not body[0] & 0x10:  # WINDOW2: fDspZeros
            marks.zeros_shown = False
        elif kind == 0x7D and len(body) >= 10:  # COLINFO: fHidden, or no width
            first, last, width, _, flags = struct.unpack_from("<HHHHH", body)
            if flags & 1 or width == 0:
                marks.hidden_columns.update(range(first, min(last, 16_383) + 1))
    return marks

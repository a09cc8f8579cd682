"""Binary workbooks: merged ranges, hidden rows and columns, from records written here by hand."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pipelines.read.document import RawTable
from pipelines.read.sniff import XLSB, sniff
from pipelines.read.xlsb_marks import xlsb_marks
from pipelines.read.xlsx import read_xlsx

ROWS = [["支出科目", "", "合计", "内部编号"], ["编码", "名称", "", ""], ["213", "农林水支出", 9.5, 1.0], ["21303", "水利", 9.5, 2.0]]
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" '
    'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
_RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" Target="{1}"/></Relationships>'
)


def number(value: int) -> bytes:
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def record(kind: int, content: bytes = b"") -> bytes:
    return number(kind) + number(len(content)) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def sheet(merged: list[tuple[int, int, int, int]], hidden_row: int, hidden_column: int) -> bytes:
    """BrtBeginSheet, BrtWsDim, BrtColInfo, rows with their cells, BrtMergeCell."""
    out = [record(129), record(148, struct.pack("<IIII", 0, len(ROWS) - 1, 0, 3)), record(390)]
    out += [record(60, struct.pack("<IIIIH", hidden_column, hidden_column, 2048, 0, 1)), record(391), record(145)]
    for r, row in enumerate(ROWS):
        out.append(record(0, struct.pack("<IIHBBB", r, 0, 300, 0, 0x10 if r == hidden_row else 0, 0) + struct.pack("<I", 0)))
        for c, value in enumerate(row):
            if value != "":
                head = struct.pack("<II", c, 0)
                out.append(record(5, head + struct.pack("<d", value)) if isinstance(value, float) else record(6, head + wide(value)))
    out += [record(146), record(177, struct.pack("<I", len(merged)))]
    return b"".join([*out, *(record(176, struct.pack("<IIII", *place)) for place in merged), record(178), record(130)])


@pytest.fixture(scope="module")
def workbook() -> bytes:
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("支出")) + record(144) + record(132)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATION.format("officeDocument", "xl/workbook.bin"))
        package.writestr("xl/workbook.bin", book)
        package.writestr("xl/_rels/workbook.bin.rels", _RELATION.format("worksheet", "worksheets/sheet1.bin"))
        package.writestr("xl/worksheets/sheet1.bin", sheet([(0, 0, 0, 1), (0, 1, 2, 2)], 3, 3))
    return out.getvalue()


def test_records_give_what_is_merged_and_hidden(workbook: bytes) -> None:
    assert sniff(workbook) == XLSB
    (marks,) = xlsb_marks(workbook)
    assert marks.merged == [((0, 0), (0, 1)), ((0, 2), (1, 2))]
    assert (marks.hidden_rows, marks.hidden_columns, marks.n_rows, marks.n_columns) == ({3}, {3}, 4, 4)


def test_the_table_has_its_merged_heads_and_no_hidden_cells(workbook: bytes) -> None:
    blocks, pages = read_xlsx(workbook)
    (table,) = [block for block in blocks if isinstance(block, RawTable)]
    cells = {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells if c.text}
    assert cells == {
        (0, 0, 1, 2, "支出科目"), (0, 2, 2, 1, "合计"), (1, 0, 1, 1, "编码"), (1, 1, 1, 1, "名称"),
        (2, 0, 1, 1, "213"), (2, 1, 1, 1, "农林水支出"), (2, 2, 1, 1, "9.5"),
    }
    assert "1 hidden rows and 1 hidden columns" in (pages[0].note or "")


def test_a_torn_file_is_no_error_of_the_marks(workbook: bytes) -> None:
    with pytest.raises((IndexError, KeyError, zipfile.BadZipFile)):
        xlsb_marks(workbook[:200])

"""OpenDocument spreadsheets: merged ranges, what is hidden, numbers as shown."""

import io
import zipfile

from pipelines.read.document import RawTable
from pipelines.read.xlsx import read_xlsx

NAMES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))


def text(value: str, spans: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {spans}><text:p>{value}</text:p></table:table-cell>'


def number(value: str, shown: str) -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{shown}</text:p></table:table-cell>'


def book(*rows: str, columns: str = "") -> bytes:
    sheet = f'<table:table table:name="收支总表">{columns}{"".join(rows)}</table:table>'
    content = f"<office:document-content {NAMES}><office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", content + "</office:document-content>")
    return buffer.getvalue()


def row(*cells: str, marks: str = "") -> str:
    return f"<table:table-row {marks}>{''.join(cells)}</table:table-row>"


COVERED = "<table:covered-table-cell/>"
HEAD = row(text("项目", 'table:number-rows-spanned="2"'), text("支出", 'table:number-columns-spanned="2"'), COVERED)
FAR = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'


def only(data: bytes) -> RawTable:
    (table,) = (block for block in read_xlsx(data)[0] if isinstance(block, RawTable))
    return table


def test_merged_cells_are_spans_and_blank_rows_to_the_end_cost_nothing() -> None:
    line = row(text("水利"), number("3.5", "3.50"), number("1200", "1,200.00"))
    table = only(book(HEAD, row(COVERED, text("基本"), text("专项")), line, FAR))
    spans = {c.text: (c.row_span, c.column_span) for c in table.cells}
    assert (spans["项目"], spans["支出"], spans["基本"]) == ((2, 1), (1, 2), (1, 1))
    assert [c.text for c in table.cells if c.row == 2] == ["水利", "3.50", "1,200.00"]


def test_hidden_rows_and_columns_are_left_out_and_said() -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    lines = [row(text("项目"), text("键"), text("金额")), row(text("水利"), text("k1"), number("3", "3.00"))]
    table = only(book(*lines, row(text("不公开"), text("k2"), number("4", "4.00"), marks='table:visibility="filter"'), columns=columns))
    assert {c.text for c in table.cells} == {"项目", "金额", "水利", "3.00"}
    assert table.note == "1 hidden rows and 1 hidden columns with 5 values left out"


def test_a_number_is_whole_where_the_sheet_shows_fewer_decimals() -> None:
    head = row(text("项目"), text("金额"), text("占比"))
    table = only(book(head, row(text("水利"), number("3.1412", "3.14"), number("0.1254", "12.54%"))))
    found = {c.text: c.alternatives for c in table.cells if c.row == 1}
    assert found == {"水利": (), "3.1412": ("3.14",), "12.54%": ()}

"""Workbooks in the XML of Excel 2003, under whatever name."""

from pipelines.read.document import RawTable, TextLine
from pipelines.read.reader import read_bytes

BOOK = """<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel"><Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>
<Worksheet ss:Name="表一"><Table><Column/><Column ss:Hidden="1"/>
<Row><Cell ss:MergeAcross="3"><Data ss:Type="String">收支总表</Data></Cell></Row>
<Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="String">科目</Data></Cell><Cell><Data ss:Type="String">KEY</Data></Cell>
<Cell ss:MergeAcross="1"><Data ss:Type="String">2026年预算</Data></Cell></Row>
<Row><Cell ss:Index="3"><Data ss:Type="String">金额</Data></Cell><Cell><Data ss:Type="String">占比</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="String">X#</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">  行政运行</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">1117.5</Data></Cell>
<Cell ss:StyleID="p"><Data ss:Type="Number">0.25</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="藏"><Table><Row><Cell><Data ss:Type="String">甲</Data></Cell><Cell><Data ss:Type="Number">1</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""


def test_cells_at_their_places() -> None:
    document = read_bytes(BOOK.format(encoding="UTF-8").encode(), "表.xls")
    title, table, secret = document.blocks
    assert title == TextLine(text="收支总表", role="heading")
    assert isinstance(table, RawTable)
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells] == [
        (0, 0, 2, 1, "科目"), (0, 1, 1, 2, "2026年预算"), (1, 1, 1, 1, "金额"), (1, 2, 1, 1, "占比"),
        (2, 0, 1, 1, "行政运行"), (2, 1, 1, 1, "1117.5"), (2, 2, 1, 1, "25.00%"),
    ]
    assert isinstance(secret, RawTable)
    assert secret.note == "hidden sheet"


def test_declared_entities_are_refused() -> None:
    book = BOOK.format(encoding="UTF-8").replace("<Workbook", '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><Workbook', 1)
    document = read_bytes(book.replace("收支总表", "&x;").encode(), "表.xls")
    assert (document.status, document.reason) == ("quarantined", "corrupt")


def test_chinese_encodings() -> None:
    assert len(read_bytes(BOOK.format(encoding="GB2312").encode("gbk"), "表.xls").tables) == 2

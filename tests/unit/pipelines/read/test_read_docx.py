"""Word documents: merged cells, nested tables, text boxes, tracked changes, unsafe packages."""

import io
import struct
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

from pipelines.read.document import RawTable, TextLine
from pipelines.read.docx import read_docx
from pipelines.read.failure import ReadFailure
from pipelines.read.limits import DEFAULT
from pipelines.read.reader import read_bytes

NAMES = nsdecls("w") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def with_body(*fragments: str) -> bytes:
    document = docx.Document()
    body = document.element.body
    for fragment in fragments:
        body.insert(len(body) - 1, parse_xml(fragment.replace(">", f" {NAMES}>", 1)))
    return saved(document)


def test_merged_cells_become_spans() -> None:
    document = docx.Document()
    document.add_heading("收支总表", 1)
    table = document.add_table(rows=3, cols=3)
    for cell, text in zip((c for row in table.rows for c in row.cells), "abcdefghi", strict=True):
        cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2)).text = "支出"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "科目"
    heading, found = read_docx(saved(document))
    assert heading == TextLine(text="收支总表", role="heading")
    assert isinstance(found, RawTable)
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in found.cells] == [
        (0, 0, 1, 1, "a"), (0, 1, 1, 2, "支出"), (1, 0, 2, 1, "科目"), (1, 1, 1, 1, "e"), (1, 2, 1, 1, "f"),
        (2, 1, 1, 1, "h"), (2, 2, 1, 1, "i"),
    ]


def test_nested_tables_follow_the_table_around_them() -> None:
    document = docx.Document()
    outer = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in outer.rows for c in row.cells), ("项目", "数", "合计", "1"), strict=True):
        cell.text = text
    inner = outer.cell(1, 1).add_table(rows=2, cols=2)
    for cell, text in zip((c for row in inner.rows for c in row.cells), ("甲", "2", "乙", "3"), strict=True):
        cell.text = text
    first, second = read_docx(saved(document))
    assert isinstance(first, RawTable)
    assert isinstance(second, RawTable)
    assert [cell.text for cell in first.cells] == ["项目", "数", "合计", "1"]
    assert [cell.text for cell in second.cells] == ["甲", "2", "乙", "3"]


def test_text_boxes_are_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>单位：万元</w:t></w:r></w:p></w:txbxContent>"
    data = with_body(
        f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>公开01表</w:t></w:r></w:p>"
    )
    assert [block.text for block in read_docx(data) if isinstance(block, TextLine)] == ["公开01表", "单位：万元"]


def test_deleted_and_hidden_text_is_left_out_and_inserted_text_kept() -> None:
    data = with_body(
        "<w:p><w:r><w:t>预算</w:t></w:r><w:del><w:r><w:delText>100</w:delText></w:r></w:del><w:ins><w:r><w:t>200</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r><w:r><w:t>万元</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>3</w:t></w:r></w:p>"
    )
    assert [block.text for block in read_docx(data) if isinstance(block, TextLine)] == ["预算200万元3"]


def test_deleted_rows_are_left_out() -> None:
    def row(mark: str, text: str) -> str:
        return f"<w:tr><w:trPr>{mark}</w:trPr>" + "".join(f"<w:tc><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>" for t in text) + "</w:tr>"

    (table,) = read_docx(with_body(f"<w:tbl><w:tblPr/>{row('', '甲1')}{row('<w:del/>', '乙2')}{row('<w:ins/>', '丙3')}</w:tbl>"))
    assert isinstance(table, RawTable)
    assert [cell.text for cell in table.cells] == ["甲", "1", "丙", "3"]


def test_running_headers_and_footers_have_their_role() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "某局2026年部门预算"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    document.add_paragraph("正文")
    assert [(block.role, block.text) for block in read_docx(saved(document)) if isinstance(block, TextLine)] == [
        ("header", "某局2026年部门预算"), ("text", "正文"), ("footer", "第1页"),
    ]


def test_documents_with_macros_read_the_same() -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    data = saved(document)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        types = package.read("[Content_Types].xml")
    plain, enabled = b"openxmlformats-officedocument.wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"
    assert plain in types
    assert read_docx(replaced(data, "[Content_Types].xml", types.replace(plain, enabled))) == [TextLine(text="正文")]


def test_pictures_without_text_are_scans() -> None:
    document = docx.Document()
    picture = io.BytesIO()
    Image.new("L", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture)
    with pytest.raises(ReadFailure) as failure:
        read_docx(saved(document))
    assert failure.value.reason == "scanned"


def replaced(data: bytes, part: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_external_entities_are_refused_not_resolved(encoding: str) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document>&x;</w:document>'
    with pytest.raises(ReadFailure) as failure:
        read_docx(replaced(saved(docx.Document()), "word/document.xml", bomb.encode(encoding)))
    assert failure.value.reason == "corrupt"
    assert "entities" in failure.value.detail


def test_damaged_parts_are_refused() -> None:
    with pytest.raises(ReadFailure) as failure:
        read_docx(replaced(saved(docx.Document()), "word/document.xml", b"<w:document><w:body>"))
    assert failure.value.reason == "corrupt"


def test_packages_that_unpack_beyond_the_limit_are_refused() -> None:
    data = replaced(saved(docx.Document()), "word/document.xml", b" " * 3_000_000)
    with pytest.raises(ReadFailure) as failure:
        read_docx(data, replace(DEFAULT, ratio_from=1_000_000, max_ratio=10))
    assert failure.value.reason == "too_large"


def test_struck_and_hidden_figures_are_not_read_with_the_one_beside_them() -> None:
    run = "<w:r><w:rPr><w:{0}/></w:rPr><w:t>{1}</w:t></w:r>"
    runs = run.format("strike", 999) + run.format("vanish", 888) + "<w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>123.45</w:t></w:r>"
    assert read_docx(with_body(f"<w:p>{runs}</w:p>"))[0] == TextLine(text="123.45")


def test_a_hidden_row_is_left_out() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{0}</w:t></w:r></w:p></w:tc>"
    rows = f"<w:tr>{cell.format(1)}{cell.format(2)}</w:tr><w:tr><w:trPr><w:hidden/></w:trPr>{cell.format(3)}{cell.format(4)}</w:tr>"
    (table,) = read_docx(with_body(f"<w:tbl><w:tblGrid/>{rows}</w:tbl>"))
    assert isinstance(table, RawTable)
    assert [found.text for found in table.cells] == ["1", "2"]


def test_a_table_in_a_text_box_of_a_cell_is_a_table_of_its_own() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{0}</w:t></w:r>{1}</w:p></w:tc>"
    inner = f"<w:tbl><w:tblGrid/><w:tr>{cell.format('项目', '')}{cell.format(77, '')}</w:tr></w:tbl>"
    box = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    rows = f"<w:tr>{cell.format(1, box)}{cell.format(2, '')}</w:tr><w:tr>{cell.format(3, '')}{cell.format(4, '')}</w:tr>"
    outer, boxed = read_docx(with_body(f"<w:tbl><w:tblGrid/>{rows}</w:tbl>"))
    assert isinstance(outer, RawTable)
    assert isinstance(boxed, RawTable)
    assert [[found.text for found in table.cells] for table in (outer, boxed)] == [["1", "2", "3", "4"], ["项目", "77"]]


def test_pictures_and_embedded_workbooks_are_told() -> None:
    document = docx.Document()
    document.add_paragraph("收支总表见图。")
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    document.add_picture(picture)
    data = io.BytesIO(saved(document))
    with zipfile.ZipFile(data, "a") as package:
        package.writestr("word/embeddings/Microsoft_Excel_Sheet1.xlsx", b"PK")
    assert read_bytes(data.getvalue(), "x.docx").pages[0].note == "pictures: 1, embedded objects: 1; not read"


def test_a_package_whose_directory_points_before_its_beginning_is_damaged() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<a/>")
        package.writestr("word/document.xml", "<a/>")
    data = bytearray(buffer.getvalue())
    end = data.index(b"PK\x05\x06")
    (directory,) = struct.unpack_from("<I", data, end + 16)
    struct.pack_into("<I", data, end + 16, directory + 40)
    document = read_bytes(bytes(data), "a.docx")
    assert (document.status, document.reason) == ("quarantined", "corrupt")

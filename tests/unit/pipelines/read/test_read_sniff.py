"""The type of a file comes from its bytes."""

import io
import zipfile

import pytest

from pipelines.read import sniff as types
from pipelines.read.failure import ReadFailure
from pipelines.read.sniff import sniff


def package(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n...", types.PDF),
        (b"\xef\xbb\xbf \n%PDF-1.4", types.PDF),
        (package("[Content_Types].xml", "word/document.xml"), types.DOCX),
        (package("[Content_Types].xml", "xl/workbook.xml"), types.XLSX),
        (package("部门预算.pdf", "说明.txt"), types.ZIP),
        (package(), types.ZIP),
        (package("OFD.xml", "Doc_0/Document.xml"), types.OFD),
        ("<!DOCTYPE html><html><body>预算</body></html>".encode(), types.HTML),
        ("\ufeff<html><head><meta charset=utf-8></head></html>".encode(), types.HTML),
        ("<html><head><meta charset=gbk></head><body>收支总表</body></html>".encode("gbk"), types.HTML),
        ("<table><tr><td>合计</td><td>1</td></tr></table>".encode("gb18030"), types.HTML),
        (b"<?xml version='1.0' encoding='UTF-8'?><html xmlns='http://www.w3.org/1999/xhtml'/>", types.HTML),
        ("<!-- 发布 --><div>预算公开</div>".encode(), types.HTML),
        ("收支总表\n项目\t预算数\n<b>合计</b>\t1\n".encode(), types.TEXT),
        ("收支总表\n项目\t预算数\n".encode("gb18030"), types.TEXT),
        ("收支总表\n项目\t预算数\n".encode("utf-16"), types.TEXT),
        ("a\tb\n1\t2\n".encode("utf-16-le"), types.TEXT),
        (b"{\\rtf1\\ansi text}", types.RTF),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), types.PNG),
        (b"\xff\xd8\xff\xe0" + bytes(20), types.JPEG),
        (b"II*\x00" + bytes(20), types.TIFF),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, types.UNKNOWN),
        (bytes(range(128, 256)) * 30, types.UNKNOWN),
        (b"<?xml version='1.0'?><root><a/></root>", "application/xml"),
        ('{"项目": ["合计", 1.5]}\n'.encode(), types.JSON),
        (b"[" * 100_000, types.TEXT),
        ("[表一] 收支总表\n项目\t预算数\n".encode(), types.TEXT),
    ],
)
def test_type_by_content(data: bytes, expected: str) -> None:
    assert sniff(data) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \r\n\0\0", "empty"), (package("[Content_Types].xml", "word/document.xml")[:-30], "corrupt"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 600, "corrupt")],
)
def test_bytes_that_end_the_matter(data: bytes, reason: str) -> None:
    with pytest.raises(ReadFailure) as failure:
        sniff(data)
    assert failure.value.reason == reason

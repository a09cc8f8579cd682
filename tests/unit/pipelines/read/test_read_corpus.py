"""The flowing renderings of real documents against their truth, where the corpus is at hand."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import olefile
import pytest

from pipelines.read.document import RawTable
from pipelines.read.reader import read_bytes, read_document

CORPUS = Path(__file__).resolve().parents[4].parent / "shared" / "corpus"
RENDERED = sorted(CORPUS.glob("rendered/*/doc.*"))

pytestmark = pytest.mark.skipif(not RENDERED, reason="the corpus is not beside the project")

Placed = Counter[tuple[int, int, int, int, str]]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def of_reading(table: RawTable) -> Placed:
    return Counter((c.row, c.column, c.row_span, c.column_span, plain(c.text)) for c in table.cells)


@pytest.mark.parametrize("path", RENDERED, ids=lambda path: f"{path.parent.name[:3]}-{path.suffix[1:]}")
def test_every_cell_of_word_and_html_renderings(path: Path) -> None:
    truth = json.loads((path.parent / "truth.json").read_text(encoding="utf-8"))["tables"]
    document = read_document(path)
    wanted: list[Placed] = [
        Counter((r, c["col"], c["rowspan"], c["colspan"], plain(c["text"])) for r, row in enumerate(table["rows"]) for c in row)
        for table in truth
    ]
    assert [of_reading(table) for table in document.tables] == wanted


def test_an_old_workbook_with_hidden_keys() -> None:
    document = read_document(CORPUS / "odd" / "debt_tables.xls")
    assert [line.text for line in document.lines] == [
        "表1-1", "54 西藏自治区2020年地方政府一般债务余额情况表", "单位：亿元",
        "表1-2", "54 西藏自治区2020年地方政府专项债务余额情况表", "单位：亿元",
    ]
    first = document.tables[0]
    assert [cell.text for cell in first.cells if cell.row < 3] == [
        "项 目", "预算数", "执行数", "一、2019年末地方政府一般债务余额实际数", "216.150934",
        "二、2020年末地方政府一般债务余额限额", "345.31",
    ]
    assert "3 hidden columns" in (first.note or "")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("really_xlsx.xls", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ("html_named.pdf", "text/html")],
)
def test_names_that_lie(name: str, media_type: str) -> None:
    document = read_document(CORPUS / "odd" / name)
    assert (document.status, document.media_type) == ("read", media_type)


def test_a_workbook_of_many_sheets_whole() -> None:
    document = read_document(CORPUS / "odd" / "government_budget_88_sheets.xlsx")
    assert len(document.pages) == 88
    assert sum(page.tables for page in document.pages) == len(document.tables) > 80


def patched(name: str, stream: str, change: Callable[[bytearray], None]) -> bytes:
    """A file of the corpus with the beginning of one of its streams changed in place."""
    data = bytearray((CORPUS / "odd" / name).read_bytes())
    with olefile.OleFileIO(bytes(data)) as ole:
        head = ole.openstream(stream).read(64)
    start = data.index(head)
    part = bytearray(head)
    change(part)
    data[start:start + len(part)] = part
    return bytes(data)


def encrypt_word(head: bytearray) -> None:
    head[11] |= 1  # fEncrypted of the file information block


def encrypt_excel(head: bytearray) -> None:
    second = 4 + int.from_bytes(head[2:4], "little")
    head[second:second + 2] = b"\x2f\x00"  # the record after BOF becomes FILEPASS


@pytest.mark.parametrize(
    ("name", "stream", "change"), [("narrative.doc", "WordDocument", encrypt_word), ("debt_tables.xls", "Workbook", encrypt_excel)],
)
def test_old_encrypted_files_are_told_by_their_flags(name: str, stream: str, change: Callable[[bytearray], None]) -> None:
    document = read_bytes(patched(name, stream, change), name)
    assert (document.status, document.reason) == ("quarantined", "encrypted")

"""A folder of everything that goes wrong, through the real workers: each file ends with its reason, and its neighbours are read."""

import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bad_input_readers
import docx
import openpyxl
import pikepdf
import pytest

from pipelines.read.document import Document
from pipelines.read.inputs import expand
from pipelines.read.limits import DEFAULT, Limits
from pipelines.read.office import find_libreoffice
from pipelines.read.workers import Outcome, Task, run_supervised

LIMITS = replace(DEFAULT, seconds=60.0, memory_mb=900, ratio_from=4 * 2**20)
TABLE = "收支总表\n单位：万元\n项目\t预算数\n合计\t1,117.50\n"


def good_docx() -> bytes:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("项目", "预算数", "合计", "5.00"), strict=True):
        cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def good_pdf(**saving: object) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.contents_add(b"BT /F1 12 Tf 72 700 Td (Department budget of 2026, amounts in yuan) Tj ET")
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
        )))
        pdf.save(buffer, **saving)
    return buffer.getvalue()


def no_pages() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(buffer)
    return buffer.getvalue()


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    return buffer.getvalue()


def bomb_xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    buffer = io.BytesIO()
    workbook.save(buffer)
    return with_part(buffer.getvalue(), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + b" " * 60_000_000)


def entities_docx() -> bytes:
    xml = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><w:document>&x;</w:document>'
    return with_part(good_docx(), "word/document.xml", xml)


def ole(*streams: str) -> bytes:
    """A compound file ([MS-CFB]) of version 3 with empty streams of these names: as much of one as an encrypted file shows."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(10)
    for number in (1, 1, 0, 4096, end, 0, end, 0, 0):  # FAT sectors, directory's first, transaction, cutoff, mini FAT, DIFAT
        header += number.to_bytes(4, "little")
    header += free.to_bytes(4, "little") * ((sector - len(header)) // 4)
    fat = b"\xfd\xff\xff\xff" + end.to_bytes(4, "little") + free.to_bytes(4, "little") * 126

    def entry(name: str, kind: int, right: int, child: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        links = b"".join(link.to_bytes(4, "little") for link in (free, right, child))
        head = text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes([kind, 1])
        return head + links + bytes(36) + end.to_bytes(4, "little") + bytes(8)

    entries = [entry("Root Entry", 5, free, 1)]
    entries += [entry(name, 2, n + 1 if n < len(streams) else free, free) for n, name in enumerate(streams, start=1)]
    return header + fat + b"".join(entries).ljust(sector, b"\0")


def jumble() -> bytes:
    return random.Random(20261121).randbytes(20_000)


BAD: dict[str, tuple[bytes, str]] = {
    "empty.pdf": (b"", "empty"),
    "blank.txt": (b" \r\n\t\n", "empty"),
    "truncated.pdf": (good_pdf()[:300], "corrupt"),
    "no_pages.pdf": (no_pages(), "corrupt"),
    "encrypted.pdf": (good_pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "encrypted"),
    "encrypted.docx": (ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    "damaged.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(700), "corrupt"),
    "torn.docx": (good_docx()[:-200], "corrupt"),
    "entities.docx": (entities_docx(), "corrupt"),
    "bomb.xlsx": (bomb_xlsx(), "too_large"),
    "program.xls": (jumble(), "not_a_document"),
    "picture.pdf": (b"\x89PNG\r\n\x1a\n" + bytes(100), "scanned"),
    "slides.ppt": (b"%!PS-Adobe-3.0\nshowpage\n", "unsupported"),
    "hungry.pdf": (bad_input_readers.HUNGRY, "memory"),
    "deadly.pdf": (bad_input_readers.DEADLY, "crashed"),
}
GOOD: dict[str, bytes] = {
    "a.txt": TABLE.encode(),
    "gb18030.txt": TABLE.encode("gb18030"),
    "utf16.txt": TABLE.encode("utf-16"),
    "html_named.pdf": "<html><meta charset=gbk><table><tr><td>项目<td>数</tr><tr><td>合计<td>5</tr></table>".encode("gbk"),
    "word_named.xls": good_docx(),
    "quote'\"[bold]&.docx": good_docx() + b"\0",
    "ordinary.pdf": good_pdf(),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder = tmp_path_factory.mktemp("inbox")
    for name, data in {**{name: data for name, (data, _) in BAD.items()}, **GOOD}.items():
        (folder / name).write_bytes(data)
    return {outcome.key: outcome for outcome in read_all(folder, LIMITS)}


def read_all(folder: Path, limits: Limits) -> Iterator[Outcome]:
    tasks = [Task(ref.name, (ref, limits)) for ref in expand(folder, limits)]
    return run_supervised(f"{bad_input_readers.__name__}:read", tasks, workers=2, limits=limits)


def ending(outcome: Outcome) -> tuple[str, str | None, str | None]:
    """Status, reason and detail of an outcome, whether the reader or the supervisor decided it."""
    if outcome.status == "done":
        assert isinstance(outcome.result, Document)
        return outcome.result.status, outcome.result.reason, outcome.result.detail
    return outcome.status, outcome.reason, outcome.detail


def test_nothing_is_lost(outcomes: dict[str, Outcome]) -> None:
    assert set(outcomes) == {*BAD, *GOOD}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_with_its_reason_and_a_sentence(name: str, outcomes: dict[str, Outcome]) -> None:
    status, reason, detail = ending(outcomes[name])
    assert (status, reason) == ("quarantined", BAD[name][1])
    assert detail
    assert detail.endswith(".") or ";" in detail


@pytest.mark.parametrize("name", GOOD)
def test_its_neighbours_are_read(name: str, outcomes: dict[str, Outcome]) -> None:
    document = outcomes[name].result
    assert ending(outcomes[name])[0] == "read"
    assert document.lines or document.tables
    if name != "ordinary.pdf":
        assert [cell.text for table in document.tables for cell in table.cells][:1] == ["项目"]


def test_a_file_that_takes_forever_ends_at_its_deadline_and_its_neighbours_are_read(tmp_path: Path) -> None:
    (tmp_path / "forever.pdf").write_bytes(bad_input_readers.FOREVER)
    (tmp_path / "a.txt").write_bytes(GOOD["a.txt"])
    found = {outcome.key: ending(outcome)[:2] for outcome in read_all(tmp_path, replace(LIMITS, seconds=2.0))}
    assert found == {"forever.pdf": ("quarantined", "timeout"), "a.txt": ("read", None)}


def test_old_word_files_are_converted_or_say_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "old.rtf").write_bytes(rb"{\rtf1\ansi\ansicpg936 Budget of 2026\par Total 5.00}")
    ((_, outcome),) = [(o.key, o) for o in read_all(tmp_path, replace(LIMITS, seconds=100.0))]
    if find_libreoffice() is None:
        assert ending(outcome)[1] == "needs_libreoffice"
    else:
        assert [line.text for line in outcome.result.lines] == ["Budget of 2026", "Total 5.00"]

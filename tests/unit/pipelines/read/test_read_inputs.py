"""What there is to read below a path, archives and links included."""

import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.read.failure import ReadFailure
from pipelines.read.inputs import displayable, expand, load
from pipelines.read.limits import DEFAULT
from pipelines.read.reader import read_document, read_input

TEXT = "收支总表\n项目\t数\n合计\t1\n".encode()


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def reasons(path: Path, limits: object = DEFAULT) -> dict[str, str | None]:
    return {ref.name: ref.failure.reason if ref.failure else None for ref in expand(path, limits)}  # type: ignore[arg-type]


def test_every_file_of_a_folder_is_an_input_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "市级" / "甲").mkdir(parents=True)
    for name in ("市级/甲/a.txt", ".hidden", "~$tmp.docx", "b.pdf.crdownload", "Thumbs.db"):
        (tmp_path / name).write_bytes(TEXT)
    assert set(reasons(tmp_path)) == {"市级/甲/a.txt", ".hidden", "~$tmp.docx", "b.pdf.crdownload", "Thumbs.db"}


def test_a_single_file_has_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "预算.txt").write_bytes(TEXT)
    (ref,) = expand(tmp_path / "预算.txt")
    assert (ref.name, load(ref)) == ("预算.txt", TEXT)


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_bytes(TEXT)
    (inside / "own.txt").write_bytes(TEXT)
    (inside / "away.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "near.txt").symlink_to(inside / "own.txt")
    assert reasons(inside) == {
        "own.txt": None, "near.txt": None, "away.txt": "unsupported", "folder": "unsupported", "loop": "not_a_document",
    }


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone.pdf").symlink_to("nowhere.pdf")
    (ref,) = expand(tmp_path)
    assert ref.failure is not None
    assert (ref.failure.reason, ref.failure.detail[:9]) == ("unreadable", "A link to")


def test_names_that_cannot_be_shown_are_made_visible(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xb2\xc6\xd5\xfe\n[bold]\x1b'\".txt")
    (tmp_path / name).write_bytes(TEXT)
    (ref,) = expand(tmp_path)
    assert ref.name == "\\xb2\\xc6\\xd5\\xfe\\n[bold]\\x1b'\".txt"
    assert read_input(ref).status == "read"
    assert displayable("财政　局.pdf") == "财政　局.pdf"


def test_members_of_archives_and_of_archives_inside(tmp_path: Path) -> None:
    inner = packed({"c.txt": TEXT})
    (tmp_path / "a.dat").write_bytes(packed({"目录/b.txt": TEXT, "inner.zip": inner, "../../etc/d.txt": TEXT, "__MACOSX/._b": b"x"}))
    refs = list(expand(tmp_path))
    assert [ref.name for ref in refs] == ["a.dat!目录/b.txt", "a.dat!inner.zip!c.txt", "a.dat!etc/d.txt"]
    assert [load(ref) for ref in refs] == [TEXT] * 3


def test_member_names_in_gbk(tmp_path: Path) -> None:
    data = packed({"AAAAAA.txt": TEXT}).replace(b"AAAAAA", "决算表".encode("gbk"))
    (tmp_path / "a.zip").write_bytes(data)
    assert [ref.name for ref in expand(tmp_path / "a.zip")] == ["a.zip!决算表.txt"]


def test_links_in_archives_are_passed_over(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("b.txt", TEXT)
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    assert reasons(tmp_path) == {"a.zip!b.txt": None}


def test_an_office_file_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    assert reasons(tmp_path) == {"a.zip": None}


def test_archives_beyond_the_limits_are_one_input_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "many.zip").write_bytes(packed({f"{n}.txt": TEXT for n in range(9)}))
    (tmp_path / "empty.zip").write_bytes(packed({}))
    (tmp_path / "torn.zip").write_bytes(packed({"a.txt": os.urandom(3000)}, zipfile.ZIP_STORED)[:1500])
    deep = packed({"x.txt": TEXT})
    for level in range(4):
        deep = packed({f"level{level}.zip": deep})
    (tmp_path / "deep.zip").write_bytes(deep)
    found = reasons(tmp_path, replace(DEFAULT, max_members=5))
    assert found == {
        "many.zip": "archive", "empty.zip": "archive", "torn.zip": "corrupt", "deep.zip!level3.zip!level2.zip!level1.zip": "archive",
    }


def test_a_bomb_as_member_is_put_aside_and_its_neighbours_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"good.txt": TEXT, "bomb.txt": bytes(30_000_000)}))
    limits = replace(DEFAULT, ratio_from=1_000_000)
    outcome = {ref.name: read_input(ref, limits) for ref in expand(tmp_path, limits)}
    assert (outcome["a.zip!bomb.txt"].status, outcome["a.zip!bomb.txt"].reason) == ("quarantined", "too_large")
    assert outcome["a.zip!good.txt"].status == "read"


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    data = packed({"a.txt": os.urandom(2000), "b.txt": os.urandom(2000)}, zipfile.ZIP_STORED)
    directory = data.index(b"PK\x01\x02")
    forged = bytearray(data[:directory] + data[directory:].replace((2000).to_bytes(4, "little"), (9000).to_bytes(4, "little")))
    (tmp_path / "a.zip").write_bytes(bytes(forged))
    assert reasons(tmp_path) == {"a.zip": "archive"}


def test_files_over_the_limit_are_not_loaded_but_hashed(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(TEXT * 100)
    document = read_document(tmp_path / "big.txt", replace(DEFAULT, max_bytes=1000))
    assert (document.status, document.reason, document.bytes) == ("quarantined", "too_large", len(TEXT) * 100)
    assert len(document.sha256) == 64


def test_what_is_not_there_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(expand(tmp_path / "nothing"))


def test_a_pipe_is_no_document(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (ref,) = expand(tmp_path)
    document = read_input(ref)
    assert (document.reason, document.sha256) == ("not_a_document", "")
    with pytest.raises(ReadFailure):
        load(ref)

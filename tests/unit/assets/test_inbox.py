"""The inbox takes finished files of its own and leaves everything else alone."""

import os
from pathlib import Path

import pytest

from assets.inbox import digest, is_temporary, listing, settled


def put(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_files_of_all_folders_are_listed_by_relative_name(tmp_path: Path) -> None:
    put(tmp_path / "预算.pdf")
    put(tmp_path / "2026" / "财政局" / "表 1.xlsx")
    assert list(listing(tmp_path)) == ["预算.pdf", "2026/财政局/表 1.xlsx"]


TEMPORARY = (".DS_Store", ".hidden/a.pdf", "~$预算.docx", "a.pdf.part", "a.CRDOWNLOAD", "a.tmp", "a.pdf~", ".~lock.a.xls#")


@pytest.mark.parametrize("name", TEMPORARY)
def test_hidden_and_temporary_files_are_left_alone(tmp_path: Path, name: str) -> None:
    put(tmp_path / name)
    put(tmp_path / "kept.pdf")
    assert list(listing(tmp_path)) == ["kept.pdf"]


def test_a_link_out_of_the_folder_is_left_alone_and_one_inside_is_taken(tmp_path: Path) -> None:
    secret = put(tmp_path / "elsewhere" / "secret.pdf")
    inbox = tmp_path / "inbox"
    kept = put(inbox / "kept.pdf")
    (inbox / "out.pdf").symlink_to(secret)
    (inbox / "folder").symlink_to(secret.parent)
    (inbox / "broken.pdf").symlink_to(inbox / "nothing.pdf")
    (inbox / "loop.pdf").symlink_to(inbox / "loop.pdf")
    (inbox / "same.pdf").symlink_to(kept)
    assert list(listing(inbox)) == ["kept.pdf", "same.pdf"]


def test_a_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    assert listing(tmp_path) == {}


def test_no_folder_no_files(tmp_path: Path) -> None:
    assert listing(tmp_path / "nothing") == {}


def test_a_file_has_settled_when_two_looks_agree(tmp_path: Path) -> None:
    growing, done = put(tmp_path / "growing.pdf"), put(tmp_path / "done.pdf")
    first = listing(tmp_path)
    assert settled({}, first) == {}
    growing.write_text("xx", encoding="utf-8")
    second = listing(tmp_path)
    assert list(settled(first, second)) == [done.name]
    assert set(settled(second, listing(tmp_path))) == {growing.name, done.name}


def test_the_digest_names_the_set_and_its_state(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    put(tmp_path / "b.pdf")
    now = listing(tmp_path)
    assert digest(now) == digest(dict(reversed(now.items())))
    assert digest(now) != digest({"a.pdf": now["a.pdf"]})
    size, modified = now["a.pdf"]
    assert digest(now) != digest({**now, "a.pdf": (size + 1, modified)})
    assert digest({"bad-\udcff.pdf": (1, 1)}) != digest({"bad-\udcfe.pdf": (1, 1)})


def test_an_ordinary_name_is_not_temporary() -> None:
    assert not is_temporary("2026年部门预算.pdf")

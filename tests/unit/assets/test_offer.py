"""Offering: every path gets a row under a name of its own; contents are told apart; force marks what is to be done again."""

import os
import zipfile
from pathlib import Path

import pytest

from assets.stages import offer as stage
from assets.stages.locations import Locations
from assets.stages.session import Session, Wanted
from pipelines.publish.paths import warehouse_paths
from pipelines.publish.state import State


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def offer(warehouse: Path, *paths: Path, **wanted: object) -> dict[str, str | None]:
    """Offer paths; returns document ids by the names they got in this warehouse."""
    stage.offer(Session.of(warehouse, wanted=Wanted(paths=paths, **wanted)))  # type: ignore[arg-type]
    with State(warehouse_paths(warehouse)) as state:
        return {row.source_name: row.document_id for row in state.inputs()}


def test_names_are_relative_to_the_folder_given_and_the_files_own_name_for_a_file(tmp_path: Path) -> None:
    put(tmp_path / "in" / "2026" / "a.txt", "1")
    alone = put(tmp_path / "b.txt", "2")
    assert list(offer(tmp_path / "w.duckdb", tmp_path / "in", alone)) == ["2026/a.txt", "b.txt"]


def test_two_files_of_one_name_keep_a_row_each(tmp_path: Path) -> None:
    one, two, three = (put(tmp_path / folder / "song.pdf", folder) for folder in ("a", "b", "x/b"))
    found = offer(tmp_path / "w.duckdb", one.parent, two.parent)
    assert sorted(found) == ["b/song.pdf", "song.pdf"]
    found = offer(tmp_path / "w.duckdb", three.parent)
    assert sorted(found) == ["b/song.pdf", "song.pdf", "x/b/song.pdf"]
    assert len(set(found.values())) == 3
    assert offer(tmp_path / "w.duckdb", one.parent, two.parent, three.parent) == found


def test_a_path_offered_again_keeps_its_row_and_has_its_new_content(tmp_path: Path) -> None:
    file = put(tmp_path / "in" / "a.txt", "1")
    before = offer(tmp_path / "w.duckdb", file.parent)
    put(file, "22")
    after = offer(tmp_path / "w.duckdb", file.parent)
    assert list(before) == list(after) == ["a.txt"]
    assert before != after


def test_a_change_that_leaves_size_and_time_alone_is_seen(tmp_path: Path) -> None:
    file = put(tmp_path / "in" / "a.txt", "1")
    stamp = file.stat().st_mtime_ns
    before = offer(tmp_path / "w.duckdb", file.parent)
    put(file, "2")
    os.utime(file, ns=(stamp, stamp))
    assert offer(tmp_path / "w.duckdb", file.parent) != before


def test_archive_members_are_inputs(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "a.zip", "w") as archive:
        archive.writestr("预算/b.txt", "1")
        archive.writestr("c.txt", "2")
    found = offer(tmp_path / "w.duckdb", tmp_path / "in")
    assert sorted(found) == ["a.zip!c.txt", "a.zip!预算/b.txt"]
    with Locations(warehouse_paths(tmp_path / "w.duckdb")) as locations:
        places = [locations.of_document(document or "")[0] for document in found.values()]
    assert {place.path for place in places} == {tmp_path / "in" / "a.zip"}
    assert len({place.member for place in places}) == 2


STRANGE = [b"[red]x[bold].txt", b"a'b\"c.txt", b"tab\tnew\nline.txt", b"\xff\xfe.txt", b"--help", "回车\r.txt".encode()]


@pytest.mark.parametrize("name", STRANGE)
def test_any_name_gets_a_row_that_can_be_stored_and_its_bytes_are_found_again(tmp_path: Path, name: bytes) -> None:
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(b"1")
    ((shown, document),) = offer(tmp_path / "w.duckdb", tmp_path / "in").items()
    assert shown.isprintable()
    shown.encode("utf-8")
    with Locations(warehouse_paths(tmp_path / "w.duckdb")) as locations:
        (place,) = locations.of_document(document or "")
    assert place.path.read_bytes() == b"1"


def test_force_marks_what_was_offered_and_nothing_else(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    one, two = put(tmp_path / "a.txt", "1"), put(tmp_path / "b.txt", "2")
    known = offer(warehouse, one, two)
    with State(warehouse_paths(warehouse)) as state, state.change() as connection:
        connection.executemany(
            "INSERT INTO records VALUES (?, 'read', 'v1', 'done', NULL, NULL, NULL, '[]', 0, '')", [(known["a.txt"],), (known["b.txt"],)])
    offer(warehouse, one, force=True)
    with State(warehouse_paths(warehouse)) as state:
        assert [entry.source_name for entry in state.pending("read", "v1")] == ["a.txt"]


def test_a_withdrawn_document_comes_back_when_a_person_offers_it_and_not_from_the_inbox(tmp_path: Path) -> None:
    warehouse, file = tmp_path / "w.duckdb", put(tmp_path / "inbox" / "a.txt", "1")
    os.utime(file, (1_600_000_000, 1_600_000_000))
    known = offer(warehouse, file)
    with State(warehouse_paths(warehouse)) as state:
        state.remove([known["a.txt"] or ""])
    stage.offer(Session.of(warehouse, inbox=file.parent, wanted=Wanted(inbox=True), revive=False))
    with State(warehouse_paths(warehouse)) as state:
        assert state.inputs() == []
    assert offer(warehouse, file) == known


def test_a_growing_file_of_the_inbox_waits_unless_it_is_named(tmp_path: Path) -> None:
    warehouse, file = tmp_path / "w.duckdb", put(tmp_path / "inbox" / "a.txt", "1")
    assert stage.offer(Session.of(warehouse, inbox=file.parent, wanted=Wanted(inbox=True))).counts == {}
    assert stage.offer(Session.of(warehouse, inbox=file.parent, wanted=Wanted(inbox=True, files=("a.txt",)))).counts == {"offered": 1}

"""The sensor on the inbox: asks for a run once files have settled, once for each state of what is pending."""

import json
from pathlib import Path

import dagster as dg
import pytest

from assets.automation import JOB_NAME
from assets.definitions import defs
from assets.resources import Place
from assets.stages.offer import offer
from assets.stages.session import Session, Wanted


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A warehouse to be, and an empty inbox."""
    (tmp_path / "inbox").mkdir()
    return Place(warehouse=str(tmp_path / "w" / "w.duckdb"), inbox=str(tmp_path / "inbox"))


def look(place: Place, cursor: str | None) -> dg.SensorResult:
    """One tick."""
    sensor = defs.resolve_sensor_def("inbox")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"place": place})
        result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return result


def test_an_empty_inbox_asks_for_nothing(place: Place) -> None:
    result = look(place, None)
    assert not result.run_requests
    assert result.skip_reason is not None


def test_a_file_is_asked_for_at_the_second_look_and_only_when_it_has_stopped_growing(place: Place) -> None:
    growing, done = place.folder / "growing.txt", place.folder / "2026" / "done [red].txt"
    done.parent.mkdir()
    growing.write_text("1", encoding="utf-8")
    done.write_text("2", encoding="utf-8")
    first = look(place, None)
    assert not first.run_requests
    growing.write_text("11", encoding="utf-8")
    second = look(place, first.cursor)
    (request,) = second.run_requests or ()
    assert request.run_config["files"] == ["2026/done [red].txt"]
    assert request.run_config["inbox"] is True
    third = look(place, second.cursor)
    (request,) = third.run_requests or ()
    assert request.run_config["files"] == ["2026/done [red].txt", "growing.txt"]


def test_the_run_key_names_what_is_pending(place: Place) -> None:
    (place.folder / "a.txt").write_text("1", encoding="utf-8")
    seen = look(place, None).cursor
    keys = [look(place, seen).run_requests[0].run_key for _ in range(2)]  # type: ignore[index]
    assert keys[0] == keys[1]
    (place.folder / "b.txt").write_text("1", encoding="utf-8")
    more = look(place, look(place, seen).cursor).run_requests[0].run_key  # type: ignore[index]
    assert more != keys[0]


def test_what_the_warehouse_has_been_offered_is_not_pending_until_it_changes(place: Place) -> None:
    file = place.folder / "2026" / "a.txt"
    file.parent.mkdir()
    file.write_text("1", encoding="utf-8")
    report = offer(Session.of(place.file, inbox=place.folder, wanted=Wanted(inbox=True, files=("2026/a.txt",))))
    assert report.counts == {"offered": 1}
    assert report.preview[0][0] == "2026/a.txt"
    result = look(place, look(place, None).cursor)
    assert not result.run_requests
    assert json.loads(result.cursor or "") == {}
    file.write_text("another", encoding="utf-8")
    assert look(place, look(place, None).cursor).run_requests


def test_a_cursor_that_cannot_be_read_costs_one_look(place: Place) -> None:
    (place.folder / "a.txt").write_text("1", encoding="utf-8")
    result = look(place, "no cursor {")
    assert not result.run_requests
    assert look(place, result.cursor).run_requests


def test_it_asks_for_the_job_that_the_command_line_runs() -> None:
    assert defs.resolve_sensor_def("inbox").job_name == JOB_NAME

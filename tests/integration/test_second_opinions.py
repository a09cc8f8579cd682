"""Second opinions in runs: at least one page a kind of document, the same whatever the order and the runs, and never a failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drawn_tables import draw, simple_table
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

from assets.cli.app import app
from assets.metadata import metadata
from assets.stages import offer
from assets.stages import read as stage
from assets.stages.draw import Draw
from assets.stages.readings import reading_path
from assets.stages.report import Report
from assets.stages.session import Session, Wanted
from assets.tasks import comparing, second_opinions
from pipelines.publish.paths import warehouse_paths
from pipelines.publish.state import State
from pipelines.read.document import Document, decode

SMALL = 1e-12  # of the pages: nothing is drawn, so that every kind elects


def made(folder: Path, name: str, *, hidden: str = "") -> Path:
    """A budget of one page. `hidden` digits are set invisibly beside an amount: only stock camelot reads them."""

    def invisible(canvas: Canvas) -> None:
        if hidden:
            line = canvas.beginText(205, 60)
            line.setTextRenderMode(3)
            line.setFont("Helvetica", 9)
            line.textOut(hidden)
            canvas.drawText(line)

    rows = [["科目编码", "科目名称", "合计"], ["201", "一般公共服务支出", "12.50"], ["20103", name, "999.99"]]
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.pdf"
    path.write_bytes(draw([[simple_table(rows)]], above=f"某市{name}2026年部门预算", extra=invisible))
    return path


def run(warehouse: Path, *files: Path, share: float = SMALL) -> Report:
    session = Session.of(warehouse, wanted=Wanted(paths=files), workers=1, second_opinion=share)
    offer.offer(session)
    return stage.read(session)


def readings(warehouse: Path) -> dict[str, Document]:
    paths = warehouse_paths(warehouse)
    with State(paths) as state:
        return {row["source_name"]: decode(reading_path(paths, row["document_id"]).read_bytes()) for row in state.documents()}


def told(warehouse: Path) -> dict[str, tuple[str | None, float]]:
    return {name: (one.pages[0].second_opinion, one.tables[0].confidence) for name, one in readings(warehouse).items()}


def test_a_kind_elects_one_page_whatever_the_order_and_the_runs(tmp_path: Path) -> None:
    files = [made(tmp_path / "in", name, hidden="7") for name in ("财政局", "审计局", "统计局")]
    whole = run(tmp_path / "whole.duckdb", *files)
    assert (whole.more["second_opinion_pages"], whole.more["second_opinion_kinds"]) == (1, "department_budget 1")
    expected = told(tmp_path / "whole.duckdb")
    assert sorted(said for said, _ in expected.values() if said) == ["differs"]
    assert sorted(sure for _, sure in expected.values())[0] < 1
    assert sum(sure == 1 for _, sure in expected.values()) == 2
    by_hash = sorted(files, key=lambda file: expected[file.name][0] is not None)  # the one elected in the end comes last
    for file in by_hash:
        run(tmp_path / "one by one.duckdb", file)
        with State(warehouse_paths(tmp_path / "one by one.duckdb")) as state:
            assert not state.pending("read", stage.version())
    assert told(tmp_path / "one by one.duckdb") == expected


def test_a_share_of_nothing_switches_it_off_and_the_whole_asks_for_every_page(tmp_path: Path) -> None:
    files = [made(tmp_path / "in", name) for name in ("财政局", "审计局")]
    assert not [name for name in run(tmp_path / "off.duckdb", *files, share=0).more if name.startswith("second")]
    assert {said for said, _ in told(tmp_path / "off.duckdb").values()} == {None}
    report = run(tmp_path / "all.duckdb", *files, share=1)
    shown = {name: value.value for name, value in metadata(report).items() if name.startswith("second")}
    assert shown == {
        "second_opinion_pages": 2, "second_opinion_pages_not_answered": 0, "second_opinion_cells": 18, "second_opinion_agreed": 1.0,
        "second_opinion_pages_that_differ": 0, "second_opinion_tables_not_loaded": 0, "second_opinion_kinds": "department_budget 2",
    }


@pytest.mark.parametrize(("name", "value", "why"), [
    ("COMPARE", "bad_input_readers:die", "crashed"), ("COMPARE", "assets.tasks.no_such_module:compare", "unavailable"),
    ("LIMITS", comparing.LIMITS.__class__(seconds=0.0, memory_mb=2_000), "timeout"),
])
def test_a_second_opinion_that_fails_is_recorded_and_fails_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object, why: str,
) -> None:
    monkeypatch.setattr(second_opinions, name, value)
    report = run(tmp_path / "w.duckdb", made(tmp_path / "in", "财政局"), share=1)
    assert report.counts == {"done": 1}
    assert report.more["second_opinion_pages_not_answered"] == 1
    assert report.more["second_opinion_failures"] == f"{why}: 1"
    (one,) = readings(tmp_path / "w.duckdb").values()
    assert (one.pages[0].second_opinion, one.tables[0].confidence) == ("no answer", 1.0)


def test_inspect_shows_how_far_the_second_reading_agrees(tmp_path: Path) -> None:
    file = made(tmp_path / "in", "财政局", hidden="7")
    shown = CliRunner().invoke(app, ["inspect", str(file), "--json", "--second-opinion", "0.01"])
    (page,) = json.loads(shown.stdout)[0]["pages"]
    assert (page["second_opinion"], page["cells_compared"], page["cells_agreed"], page["digits_hidden"]) == ("differs", 9, 8, 1)


def test_the_election_by_kind(tmp_path: Path) -> None:
    with Draw(warehouse_paths(tmp_path / "w.duckdb")) as draw_register:
        draw_register.note("b", "unit_budget", 2**63, 4)
        draw_register.note("a", "unit_budget", 2**62, 7)
        draw_register.note("c", "other", 5, 1)
        assert draw_register.election(0.1) == ({"a": 7}, [])  # c is in the sample anyway
        draw_register.elect(["a"], elected=True)
        assert draw_register.election(0.1) == ({}, [])
        draw_register.note("d", "unit_budget", 1, 2)  # drawn: nobody has to stand in
        assert draw_register.election(0.1) == ({}, ["a"])
        draw_register.keep(["a", "b"])
        draw_register.elect(["a"], elected=False)
        assert draw_register.election(0.1) == ({"a": 7}, [])
        draw_register.forget("a")
        assert draw_register.election(0.1) == ({"b": 4}, [])
        assert draw_register.kinds(["b", "b", "x"]) == {"unit_budget": 2}

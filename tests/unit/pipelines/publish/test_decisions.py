"""A decision is kept with its reason, over re-runs (same id) and over new editions (same saying in the same publication)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.publish.decisions import decide, decisions, with_decisions

FINDING: dict[str, Any] = {
    "finding_id": "a" * 16, "document_id": "d1", "publication_id": "p1", "rule": "hierarchy_sum", "subject_code": "2010301",
    "printed": "12.60万元", "expected": "16.20万元",
}


def test_a_later_decision_replaces_an_earlier_one(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    assert decisions(warehouse) == []
    decide(warehouse, FINDING, "accepted", "已电话核实")
    decide(warehouse, FINDING, "false_alarm")
    assert [(d.decision, d.reason) for d in decisions(warehouse)] == [("false_alarm", None)]


def test_the_same_saying_in_a_new_edition_keeps_the_decision(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    decide(warehouse, FINDING, "corrected", "更正公告")
    edition = FINDING | {"finding_id": "b" * 16, "document_id": "d2"}
    elsewhere = edition | {"finding_id": "c" * 16, "document_id": "d3", "publication_id": "p2"}
    other = edition | {"finding_id": "d" * 16, "printed": "9.00万元"}
    found = with_decisions([FINDING, edition, elsewhere, other], decisions(warehouse))
    assert [(f["decision"], f["reason"]) for f in found] == [
        ("corrected", "更正公告"), ("corrected", "更正公告"), (None, None), (None, None)]


def test_findings_of_one_document_that_say_the_same_are_decided_one_by_one(tmp_path: Path) -> None:
    """Ten projects print 1000% for 100%: one false alarm hides that one, and tells none of the next edition's apart."""
    warehouse = tmp_path / "w.duckdb"
    decide(warehouse, FINDING, "false_alarm")
    namesake = FINDING | {"finding_id": "b" * 16}
    editions = [FINDING | {"finding_id": letter * 16, "document_id": "d2"} for letter in "cd"]
    found = with_decisions([FINDING, namesake, *editions], decisions(warehouse))
    assert [f["decision"] for f in found] == ["false_alarm", None, None, None]


def test_only_known_words_are_decisions(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="accepted, false_alarm, corrected"):
        decide(tmp_path / "w.duckdb", FINDING, "perhaps")

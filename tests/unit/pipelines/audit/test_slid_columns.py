"""A stretch of a column that stands one row too low or too high is one finding, and no cell of it is corrected on its own."""

from __future__ import annotations

import pytest
from audited_forms import CODES, Cells, audited, budget, document, fact, findings

ROWS = [*CODES, "合计"]


def slid(cells: Cells, column: str, first: str, last: str, way: int) -> Cells:
    """The stretch from one row to another moved on by `way`; the place that it leaves is blank, what it runs into is lost."""
    stretch = ROWS[ROWS.index(first):ROWS.index(last) + 1]
    old = [cells[code, column] for code in stretch]
    new = ["", *old[:-1]] if way > 0 else [*old[1:], ""]
    return cells | {(code, column): text for code, text in zip(stretch, new, strict=True)}


@pytest.mark.parametrize(("first", "last"), [("201", "合计"), ("20103", "合计"), ("2010302", "合计")])
@pytest.mark.parametrize(("way", "said"), [(1, "整体下移了一行"), (-1, "整体上移了一行")])
def test_a_column_that_slid_is_one_finding_without_suggestions(first: str, last: str, way: int, said: str) -> None:
    right = budget()
    frames = audited(document(slid(right, "基本支出", first, last, way), right))
    (found,) = findings(frames)
    assert said in found["message_zh"]
    assert (found["severity"], found["verdict"]) == ("warning", "undecided")
    assert not frames["facts"]["suggested_yuan"].drop_nulls().len()


def test_the_cells_that_slid_are_disputed_and_their_neighbours_are_not() -> None:
    right = budget()
    frames = audited(document(slid(right, "基本支出", "20103", "合计", 1), right))
    assert fact(frames, "2080505", "基本支出")["trust"] == "disputed"
    assert fact(frames, "2080505", "合计")["trust"] == "verified"
    assert fact(frames, "201", "基本支出")["trust"] == "verified"


def test_one_wrong_amount_is_no_slide() -> None:
    right = budget()
    (found,) = findings(audited(document(right | {("20805", "基本支出"): "96.30"}, right)))
    assert "移了一行" not in found["message_zh"]
    assert found["expected"] == "144.45万元"

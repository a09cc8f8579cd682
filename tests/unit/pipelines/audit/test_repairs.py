"""Another reading of a cell is taken where it balances, and only there."""

from __future__ import annotations

from decimal import Decimal

from audited_forms import audited, budget, document, fact, findings


def test_the_reading_that_balances_is_taken_and_the_first_is_kept() -> None:
    right = budget()
    frames = audited(document(right | {("201", "合计"): "1862.23"}, right), {"1862.23": ("1002.23", "1062.23")})
    repaired = fact(frames, "201", "合计")
    assert repaired["trust"] == "repaired"
    assert repaired["amount_yuan"] == Decimal("1062.23") * 10_000
    assert (repaired["raw_text"], repaired["first_reading_text"]) == ("1062.23", "1862.23")
    assert repaired["suggested_yuan"] is None
    (found,) = findings(frames)
    assert (found["verdict"], found["severity"]) == ("extraction", "note")
    assert "fail" not in set(frames["checks"]["outcome"])


def test_another_reading_that_does_not_balance_is_not_taken() -> None:
    right = budget()
    frames = audited(document(right | {("201", "合计"): "1602.23"}, right), {"1602.23": ("1682.23",)})
    assert fact(frames, "201", "合计")["raw_text"] == "1602.23"
    assert fact(frames, "201", "合计")["trust"] == "disputed"


def test_other_readings_of_right_figures_change_nothing() -> None:
    right = budget()
    frames = audited(document(right, right), {"1062.23": ("1862.23",)})
    assert fact(frames, "201", "合计")["trust"] == "verified"
    assert findings(frames) == []


def test_digits_printed_over_the_rule_go_back_to_their_cell() -> None:
    right = budget()
    spilt = right | {("201", "合计"): "1062.238", ("201", "基本支出"): "12.45"}
    frames = audited(document(spilt, right))
    assert fact(frames, "201", "基本支出")["amount_yuan"] == Decimal("812.45") * 10_000
    assert fact(frames, "201", "合计")["raw_text"] == "1062.23"
    assert fact(frames, "201", "基本支出")["trust"] == "repaired"


def test_of_two_readings_that_balance_the_exact_one_is_taken() -> None:
    right = budget()
    frames = audited(document(right | {("2080505", "基本支出"): "98.30"}, right), {"98.30": ("96.31", "96.30")})
    repaired = fact(frames, "2080505", "基本支出")
    assert (repaired["raw_text"], repaired["trust"]) == ("96.30", "repaired")


def test_a_cell_that_can_be_read_in_two_ways_accuses_nobody() -> None:
    right = budget()
    frames = audited(document(right | {("201", "合计"): "1602.23"}, right), {"1602.23": ("1682.23",)})
    assert {f["verdict"] for f in findings(frames)} == {"undecided"}

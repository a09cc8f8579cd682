"""Identities hold, hold by rounding or fail on intervals of half a last digit, in whatever unit the figures are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.audit.identity import Identity
from pipelines.audit.sheet import SCALE, Figure


def figure(no: int, text: str, unit: int = 10_000, table: int = 0) -> Figure:
    """A figure as printed in a table whose unit is so many yuan."""
    step = Decimal(1).scaleb(Decimal(text).as_tuple().exponent)  # type: ignore[arg-type]
    return Figure(no, int(Decimal(text) * unit * SCALE), int(step * unit * SCALE), table, no, 0, {"fact_id": str(no)})


def identity(whole: str, *parts: str, unit: int = 10_000, bound: bool = False) -> Identity:
    return Identity("tree_subject", "hierarchy_sum", (figure(0, whole, unit),),
                    tuple(figure(n, p, unit) for n, p in enumerate(parts, start=1)), bound=bound)


@pytest.mark.parametrize(("whole", "parts", "outcome"), [
    ("3.00", ("1.00", "2.00"), "pass"),
    ("3.01", ("1.00", "2.00"), "pass_by_rounding"),
    ("3.02", ("1.00", "2.00"), "fail"),
    ("1191", ("1193",), "fail"),
    ("1191", ("400", "393", "200", "200"), "pass_by_rounding"),
    ("1191", ("400", "394", "200", "200"), "fail"),
])
def test_a_sum_may_miss_by_half_a_last_digit_of_each_term(whole: str, parts: tuple[str, ...], outcome: str) -> None:
    assert identity(whole, *parts).outcome == outcome


def test_the_same_figures_have_the_same_outcome_in_every_unit() -> None:
    for unit in (1, 10_000, 100_000_000):
        assert identity("3.01", "1.00", "2.00", unit=unit).outcome == "pass_by_rounding"
        assert identity("3.02", "1.00", "2.00", unit=unit).outcome == "fail"


def test_a_bound_fails_on_one_side_only() -> None:
    assert identity("1.00", "2.00", bound=True).outcome == "pass"
    assert identity("2.02", "2.00", bound=True).outcome == "fail"


def test_one_term_or_none_but_zeros_say_nothing() -> None:
    assert identity("5.00", "5.00", "0.00").trivial
    assert identity("0.00", "0.00").trivial
    assert not identity("5.00", "2.00", "3.00").trivial


def test_the_same_amount_in_another_table_says_something() -> None:
    ours, theirs = figure(0, "5.00"), figure(1, "5.00", table=1)
    assert not Identity("same_cell", "cross_table", (ours,), (theirs,)).trivial


def test_bounds_never_verify() -> None:
    assert identity("1.00", "2.00", bound=True).trivial

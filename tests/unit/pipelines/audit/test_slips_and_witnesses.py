"""What counts as a slip of the pen, who counts as a witness, and when a value is sure to its last digit."""

from __future__ import annotations

import pytest

from pipelines.audit.identity import Identity
from pipelines.audit.sheet import SCALE, Figure
from pipelines.audit.slips import is_slip, slipped
from pipelines.audit.witness import Rounding, independent, settle, sign_of

CENT = SCALE // 100
NEVER, DOES = Rounding(frozenset(), frozenset({0, 1})), Rounding(frozenset({0, 1}), frozenset())


def figure(no: int, yuan: str, table: int = 0) -> Figure:
    return Figure(no, round(float(yuan) * 100) * CENT, CENT, table, no, 0, fact={"fact_id": str(no)})


def total(whole: Figure, *parts: Figure, group: str = "down") -> Identity:
    return Identity("total_rows", "total_sum", (whole,), parts, 1.0, group=(group, whole.no))


@pytest.mark.parametrize(("printed", "wanted"), [
    (123456, 123465), (123456, 123956), (123456, 12346), (12346, 123456), (12345, 123450), (50, 0), (260010, 260071),
])
def test_slips(printed: int, wanted: int) -> None:
    assert is_slip(printed, wanted, 1)


@pytest.mark.parametrize(("printed", "wanted"), [(123456, 123456), (123456, 124466), (34402, 43902), (123456, -123456)])
def test_no_slips(printed: int, wanted: int) -> None:
    assert not is_slip(printed, wanted, 1)


def test_a_gap_that_is_another_amount_is_a_row_left_out_and_no_slip() -> None:
    identity = total(figure(0, "1700.00"), figure(1, "1234.56"), figure(2, "345.44"))
    gap = 120 * SCALE
    assert not slipped(identity, {gap})
    assert not slipped(identity)  # 1700 is no slip of 1580, nor any part of another


def test_a_gap_of_one_digit_in_long_numbers_is_a_slip() -> None:
    assert slipped(total(figure(0, "1580.00"), figure(1, "1234.56"), figure(2, "345.64")))


def test_short_numbers_tell_nothing() -> None:
    assert not slipped(total(figure(0, "0.05"), figure(1, "0.03"), figure(2, "0.01")))


def test_two_sums_over_the_same_amounts_are_one_witness() -> None:
    cell, a, b, copy = figure(0, "30.00"), figure(1, "10.00"), figure(2, "20.00"), figure(3, "30.00", table=1)
    same, other = total(cell, a, b), total(cell, a, b, figure(4, "0.00"))
    assert independent(cell.no, [same, other]) == 1
    assert independent(cell.no, [same, other, total(cell, copy, group="same")]) == 2


def settled(cell: Figure, identities: list[Identity], rounds: Rounding) -> tuple[str, bool]:
    delta = -identities[0].residual * sign_of(identities[0], cell.no)
    value = settle(cell, delta, [(i, sign_of(i, cell.no)) for i in identities], rounds)
    return f"{(cell.value + value.delta) / SCALE:.2f}", value.sure


def test_sums_that_never_round_settle_the_last_digit() -> None:
    cell = figure(0, "77.77")
    identities = [total(cell, figure(1, "10.11"), figure(2, "20.12"))]
    assert settled(cell, identities, NEVER) == ("30.23", True)
    assert settled(cell, identities, DOES) == ("30.23", False)


def test_of_values_within_rounding_the_slip_is_the_right_one() -> None:
    cell = figure(0, "81.35")  # one digit from 31.35; the rounded parts say 31.34
    identities = [total(cell, figure(1, "10.11"), figure(2, "21.23"))]
    assert settled(cell, identities, DOES) == ("31.35", True)


def test_a_copy_settles_what_rounded_sums_leave_open() -> None:
    cell = figure(0, "77.77")
    rounded = total(cell, figure(1, "10.11"), figure(2, "20.13"))
    copy = total(cell, figure(3, "30.23", table=1), group="same")
    assert settled(cell, [rounded, copy], DOES)[0] in ("30.23", "30.24")
    assert settled(cell, [total(cell, figure(1, "10.11"), figure(2, "20.12")), copy], DOES) == ("30.23", True)


def test_a_neighbour_wrong_within_rounding_vouches_for_nothing() -> None:
    """Both printed 98.00; now 58.00 beside 98.01, which the sum of its own column still allows."""
    cell, beside = figure(0, "58.00"), figure(1, "98.01")
    row = total(cell, beside, group="row")
    column = total(figure(2, "148.00"), cell, figure(3, "30.00"), figure(4, "20.01"))
    assert not settled(cell, [row, column], DOES)[1]


def test_a_neighbour_vouches_for_an_amount_that_one_slip_explains() -> None:
    cell, beside = figure(0, "58.00"), figure(1, "98.00")
    column = total(figure(2, "148.00"), cell, figure(3, "30.00"), figure(4, "20.01"))
    assert settled(cell, [total(cell, beside, group="row"), column], DOES) == ("98.00", True)

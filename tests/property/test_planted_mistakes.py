"""Generated budgets: right ones give no finding, and one altered cell never brings an error upon another."""

from __future__ import annotations

from decimal import Decimal

from audited_forms import BASIC, CODES, COLUMNS, audited, budget, document, fact, findings
from hypothesis import given, settings
from hypothesis import strategies as st

scale = st.integers(min_value=1, max_value=99_999)


def scaled(factor: int) -> dict[tuple[str, str], str]:
    """The usual budget with all amounts so many hundredths as large: sums stay sums."""
    return {key: f"{Decimal(text) * factor / 100:.4f}" for key, text in budget().items()}


@settings(max_examples=20, deadline=None)
@given(scale)
def test_right_budgets_of_any_size_are_right(factor: int) -> None:
    frames = audited(document(scaled(factor), scaled(factor)))
    assert findings(frames) == []
    assert "fail" not in set(frames["checks"]["outcome"])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([*CODES, "合计"]), st.sampled_from(COLUMNS), st.integers(min_value=100, max_value=9_999_999))
def test_one_altered_cell_is_blamed_alone(code: str, column: str, cents: int) -> None:
    right = budget()
    wrong = f"{Decimal(cents) / 100:.2f}"
    frames = audited(document(right | {(code, column): wrong}, right))
    guilty = fact(frames, None if code == "合计" else code, column)
    errors = [f for f in findings(frames) if f["severity"] == "error"]
    assert {f["fact_id"] for f in errors} <= {guilty["fact_id"]}
    if abs(Decimal(wrong) - Decimal(right[code, column])) > Decimal("0.1"):
        assert guilty["trust"] != "verified"
        assert errors
        meant = Decimal(right[code, column]) * 10_000
        assert guilty["suggested_yuan"] == meant or (not meant and guilty["suggested_yuan"] is None)  # 200.01 for 0.00, or for 0.01?


def test_the_figures_used_here_are_uneven() -> None:
    assert len(set(BASIC.values())) == len(BASIC)

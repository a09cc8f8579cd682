"""Printed amounts parse to the exact decimal, or are refused."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.understand.amounts import is_filler, number_tokens, parse_amount, unit_factor
from schemas import reference


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("1,234.56", "1234.56", 2),
        ("1，234.56", "1234.56", 2),
        ("6 6 , 3 0 7 . 9 8", "66307.98", 2),
        ("１２３.４", "123.4", 1),
        ("32,365.090089", "32365.090089", 6),
        ("-27.07", "-27.07", 2),
        ("－27.07", "-27.07", 2),
        ("(12.5)", "-12.5", 1),
        ("（12.5）", "-12.5", 1),
        ("0", "0", 0),
        (".5", "0.5", 1),
        ("￥100", "100", 0),
    ],
)
def test_every_style_of_printing_gives_the_exact_number(text: str, value: str, decimals: int) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert (amount.value, amount.decimals) == (Decimal(value), decimals)


@pytest.mark.parametrize(
    "text", ["", "-", "——", "12.5%", "1,23.4", "12 345,6", "2026年", "1.2.3", "1-2", "(-5)", "abc", "１2,34", "--5", "12万"]
)
def test_what_is_not_entirely_an_amount_is_refused(text: str) -> None:
    assert parse_amount(text) is None


def test_a_unit_written_with_the_number_is_told() -> None:
    amount = parse_amount("642万元")
    assert amount is not None
    assert (amount.value, amount.unit, unit_factor(amount.unit or "")) == (Decimal(642), "万元", Decimal(10_000))


def test_the_increment_is_one_unit_of_the_last_digit() -> None:
    assert [parse_amount(t).increment for t in ("5", "5.0", "5.25")] == [Decimal(1), Decimal("0.1"), Decimal("0.01")]  # type: ignore[union-attr]


def test_fillers_stand_for_nothing() -> None:
    assert all(is_filler(t) for t in ("-", "——", "**", "/"))
    assert not any(is_filler(t) for t in ("0", "", "合计"))


def test_number_tokens_are_runs_of_digits() -> None:
    assert number_tokens("2026年预算1,234.50万元") == ("2026", "1,234.50")


def test_every_unit_of_the_list_is_read_behind_an_amount() -> None:
    for row in reference.rows("units.csv"):
        amount = parse_amount(f"1,234.5{row['phrase']}")
        assert amount is not None
        assert (amount.value, amount.unit, unit_factor(row["phrase"])) == (Decimal("1234.5"), row["phrase"], Decimal(row["yuan"]))


def test_a_unit_that_a_line_adds_is_read(tmp_path: Path) -> None:
    packaged = reference.reference_bytes("units.csv").decode()
    (tmp_path / "units.csv").write_text(packaged + "十万元,100000\n", encoding="utf-8")
    code = "from pipelines.understand.amounts import *; a = parse_amount('3.5十万元'); print(a.value * unit_factor(a.unit))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, reference.OVERRIDE_VARIABLE: str(tmp_path)}, capture_output=True, text=True,
        check=True,
    )
    assert done.stdout.strip() == "350000.0"

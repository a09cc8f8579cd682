"""What ties the tables of a budget to one another: for each rule a table that adds up in itself, and does not fit the others."""

from __future__ import annotations

import polars as pl
import pytest
from audited_forms import audited, findings
from whole_budget import COVER, whole_budget

PLANTED = [
    # table, leaf, other amount, rules of which at least one must fail
    ("summary", "service", "39.40", {"form_income", "form_expenditure"}),
    ("income", "service", "39.40", {"form_income"}),
    ("expenditure", "service", "39.40", {"form_expenditure"}),
    ("summary", "river", "144.55", {"form_fiscal_income", "form_income"}),
    ("summary", "fund", "46.60", {"form_fund_income", "form_income"}),
    ("fiscal", "river", "144.55", {"form_general", "form_fiscal_income"}),
    ("general", "river", "144.55", {"form_general", "form_general_projects"}),
    ("fund", "fund", "46.60", {"form_fund"}),
    ("general", "staff", "521.34", {"form_basic", "form_personnel"}),
    ("basic", "staff", "521.34", {"form_basic", "form_personnel"}),
    ("basic", "office", "62.27", {"form_operating", "form_basic"}),
    ("projects", "service", "39.40", {"form_projects"}),
    ("projects", "river", "144.55", {"form_general_projects", "form_projects"}),
    ("items", "reception", "1.15", {"bound_reception"}),
    ("items", "vehicles", "5.45", {"bound_running"}),
]


def failed(frames: dict[str, pl.DataFrame]) -> set[str]:
    """Rules with a failed check."""
    return set(frames["checks"].filter(pl.col("outcome") == "fail")["rule"])


def test_a_right_budget_passes_every_rule_between_its_tables() -> None:
    frames = audited(whole_budget(), cover=COVER)
    passed = set(frames["checks"].filter(pl.col("outcome") == "pass")["rule"])
    assert passed >= {rule for _, _, _, rules in PLANTED for rule in rules} | {"balance_general", "balance_fund", "two_sided"}
    assert failed(frames) == set()
    assert findings(frames) == []
    nonzero = frames["facts"].filter(pl.col("amount_yuan") != 0)
    assert nonzero.filter(pl.col("trust") == "verified").height >= 0.9 * nonzero.height


@pytest.mark.parametrize(("table", "leaf", "amount", "rules"), PLANTED, ids=lambda v: v if isinstance(v, str) else "")
def test_a_table_that_does_not_fit_the_others_is_found(table: str, leaf: str, amount: str, rules: set[str]) -> None:
    frames = audited(whole_budget(**{table: {leaf: amount}}), cover=COVER)
    assert failed(frames) & rules
    assert findings(frames)
    assert {f["severity"] for f in findings(frames)} <= {"error", "warning"}


def test_a_source_that_does_not_balance_is_found() -> None:
    text = whole_budget()
    at = text.index("财政拨款收支总表")
    head, tail = text[:at], text[at:]
    moved = tail.replace("一、一般公共预算拨款|797.35", "一、一般公共预算拨款|790.35", 1)
    moved = moved.replace("二、政府性基金预算拨款|45.60", "二、政府性基金预算拨款|52.60", 1)
    assert moved != tail
    frames = audited(head + moved, cover=COVER)
    assert failed(frames) & {"balance_general", "balance_fund", "form_fiscal_income", "form_fund_income"}
    assert findings(frames)


def test_carry_over_in_one_table_only_is_no_failure() -> None:
    text = whole_budget()
    carried = text.replace("三、事业收入|38.40|三、城乡社区支出|45.60\n收入总计|881.35|支出总计|881.35",
                           "三、事业收入|38.40|三、城乡社区支出|45.60\n上年结转结余|20.00|结转下年|20.00\n收入总计|901.35|支出总计|901.35")
    assert carried != text
    frames = audited(carried, cover=COVER)
    assert failed(frames) == set()
    assert findings(frames) == []


def _with_carry_over(duty: str) -> str:
    rest = [("208", "社会保障和就业支出", "8.00"), ("210", "卫生健康支出", "6.00"), ("221", "住房保障支出", "4.00")]
    left = ("一、本年收入|48.00", "二、上年结转|10.00", "|", "|")
    lines = [f"（一）农林水支出|{duty}|{duty}|0.00", *(f"（）{name}|{v}|{v}|0.00" for _, name, v in rest)]
    summed = "\n".join(f"{a}|{b}" for a, b in zip(left, lines, strict=True))
    rows = "\n".join(f"{code}|{name}|{v}" for code, name, v in [("213", "农林水支出", "30.00"), *rest])
    return (
        "财政拨款收支总表\n单位：万元\n\n收入|预算数|支出|合计|一般公共预算|政府性基金预算\n"
        f"{summed}\n收入总计|58.00|支出总计|58.00|58.00|0.00\n\n"
        f"一般公共预算支出表\n单位：万元\n\n科目编码|科目名称|合计\n{rows}\n合计||48.00\n"
    )


def test_carry_over_of_one_subject_is_no_failure_and_more_than_it_is() -> None:
    assert findings(audited(_with_carry_over("40.00"), cover=COVER)) == []
    assert findings(audited(_with_carry_over("41.00"), cover=COVER))

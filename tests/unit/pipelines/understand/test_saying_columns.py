"""Columns of words that say, row by row, which kind of spending or which source the row's amounts are."""

from pathlib import Path

import pytest
from printed_forms import meanings

from pipelines.understand.vocabulary import vocabulary
from schemas import reference

SAID = ("row_label", "funding", "expenditure_type", "budget_period")


def said(table: str, title: str = "项目支出表") -> list[tuple[object, ...]]:
    return meanings(f"{title}\n\n单位：万元\n\n{table}\n", *SAID)


def test_kind_and_source_are_taken_from_the_words_of_the_row() -> None:
    table = (
        "项目类别|项目名称|资金性质|合计\n||合计|9.00\n人员类|工资|一般公共预算|1.00\n公用类|办公费|单位资金|2.00\n"
        "311 专项业务类|防汛演练|政府性基金|3.00\n其他运转类项目|普查|一般公共预算拨款（上年结转）|3.00"
    )
    assert said(table) == [
        ("合计", "total", "project", "total"),
        ("工资", "general_public_budget", "basic_personnel", "total"),
        ("办公费", "unit_funds", "basic_operating", "total"),
        ("防汛演练", "government_fund_budget", "project", "total"),
        ("普查", "general_public_budget", "project", "carried_over"),
    ]


def test_sources_of_procurement() -> None:
    table = "采购项目|资金来源|采购目录|金额\n合计|||9.00\n台式机|一般公共预算资金|A02|5.00\n物业服务|单位自有资金|C21|4.00"
    assert [r[1] for r in said(table, "政府采购预算表")] == ["total", "general_public_budget", "unit_funds"]


def test_what_the_column_says_comes_before_what_the_row_says() -> None:
    table = "项目名称|资金性质|合计|政府性基金\n水库加固|一般公共预算|5.00|1.00"
    assert [r[1] for r in said(table)] == ["general_public_budget", "government_fund_budget"]


def test_the_only_column_of_words_names_the_rows() -> None:
    assert [r[:2] for r in said("资金来源|金额\n财政拨款|9.00\n其他资金|1.00")] == [("财政拨款", "total"), ("其他资金", "total")]


def test_two_sources_in_one_cell_are_neither() -> None:
    assert said("项目名称|资金来源|金额\n普查|一般公共预算、政府性基金|9.00")[0][1] == "total"


def test_a_word_that_is_not_known_makes_the_row_doubtful_until_a_line_of_the_vocabulary_explains_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "项目支出表\n\n单位：万元\n\n项目名称|资金来源|金额\n普查|甲乙丙丁款|9.00\n防汛演练|一般公共预算|8.00"
    confident = [c for _, c in meanings(table, "row_label", "meaning_confidence")]
    assert confident[0] < confident[1]
    assert meanings(table, "funding")[0] == ("total",)
    line = "甲乙丙丁款,funding,superior_subsidy\n".encode()
    (tmp_path / "column_phrases.csv").write_bytes(reference.reference_bytes("column_phrases.csv") + line)
    monkeypatch.setenv(reference.OVERRIDE_VARIABLE, str(tmp_path))
    assert meanings(table, "funding")[0] == ("superior_subsidy",)
    assert vocabulary().said("甲乙丙丁款") is not None

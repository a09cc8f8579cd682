"""Claims that other words lead to their fact, and figures held against what the tables print beside it."""

from __future__ import annotations

from typing import Any

import pytest
from audited_forms import budget, document
from printed_forms import ACCOUNTS_COVER, understood

from pipelines.audit.claims import Claims, read_claims
from pipelines.audit.claims_meaning import form_of_label, meaning_of, names_of
from pipelines.audit.claims_text import form
from pipelines.normalise.normalise import normalise

BUDGET = document(budget(), budget())  # 1,206.68 in all, 956.90 basic, 249.78 projects
ACCOUNTS = """财政拨款“三公”经费支出决算表
单位：万元

预算数|||决算数||
合计|因公出国（境）费|公务接待费|合计|因公出国（境）费|公务接待费
15.00|8.00|7.00|14.50|8.00|6.50

支出决算表
单位：万元

科目编码|科目名称|本年支出合计|基本支出|项目支出
201|一般公共服务支出|2060.00|1464.40|595.60
合计||2060.00|1464.40|595.60

一般公共预算财政拨款支出决算表
单位：万元

科目编码|科目名称|本年支出合计|基本支出|项目支出
201|一般公共服务支出|1856.40|1416.40|440.00
合计||1856.40|1416.40|440.00

"""


def book(text: str, tables: str = BUDGET, cover: str | None = None) -> Claims:
    """The claims of a text below tables that are right."""
    read = understood(f"{tables}\n\n{text}\n", cover) if cover else understood(f"{tables}\n\n{text}\n")
    return read_claims(normalise(read), read)


def outcomes(found: Claims) -> list[tuple[str, str | None]]:
    return [(m.outcome, m.fact["row_label"] if m.fact else None) for c, m in zip(found.claims, found.matches, strict=True) if c.amount]


def said(found: Claims) -> list[tuple[str, str, str]]:
    return [(f["rule"], f["printed"], f["expected"]) for f in found.findings()]


@pytest.mark.parametrize("text", [
    "所有项目支出预算纳入绩效管理，涉及预算资金249.78万元。",
    "本部门整体支出纳入绩效目标管理，涉及财政性资金1206.68万元。",
    "纳入2026年部门整体支出绩效目标的金额为1206.68万元。",
])
def test_what_performance_management_covers_agrees_with_a_total_and_never_accuses(text: str) -> None:
    assert [o for o, _ in outcomes(book(text))] == ["agrees"]
    wrong = book(text.replace("8万元", "1万元"))
    assert ([o for o, _ in outcomes(wrong)], wrong.findings()) == (["not_compared"], [])


def test_where_no_total_is_printed_the_body_s_own_line_is_what_it_spends() -> None:
    table = ("安宁县水务局2026年部门预算\n\n部门支出总表\n单位：万元\n\n单位名称|支出合计|基本支出|项目支出\n"
             "安宁县水务局|50.00|30.00|20.00\n安宁县水务局|31.00|20.00|11.00\n安宁县水务站|19.00|10.00|9.00\n")
    text = "所有项目支出预算纳入绩效管理，涉及一级项目3个，预算资金20.00万元。"
    assert outcomes(book(text, table)) == [("agrees", "安宁县水务局")]


@pytest.mark.parametrize(("text", "row"), [
    ("会议费预算支出2.50万元。", "会议费"),
    ("公务接待费支出6.50万元。", "公务接待费"),
])
def test_items_that_stand_beside_three_public_expenses(text: str, row: str) -> None:
    rows = "合计|17.00\n“三公”经费|14.50\n因公出国（境）费|8.00\n公务接待费|6.50\n会议费|2.50\n\n"
    table = f"“三公”经费、会议费支出预算表\n单位：万元\n\n项目|预算数\n{rows}"
    assert outcomes(book(text, BUDGET + table)) == [("agrees", row)]


def test_a_heading_that_runs_into_its_text_says_nothing_of_the_amount() -> None:
    names = names_of(["安宁县水务局"], 2026, set())
    told = meaning_of(form("第五部分财政拨款“三公”经费预算情况2026年财政拨款“三公”经费预算"), names)
    assert (told.item, told.unknown, told.year) == ("three_public", "", 2026)


def test_a_unit_named_without_its_place_and_names_with_a_year_or_words_behind() -> None:
    names = names_of(["安宁市水务局"], 2026, set(), ["安宁市水务局东湖水库管理处"])
    assert meaning_of("市水务局东湖水库管理处预算", names).unit == "安宁市水务局东湖水库管理处"
    assert form_of_label("2026年水文测报经费项目") == form_of_label("水文测报经费") == "水文测报"
    assert form_of_label("备用金预算数为") == "备用金"


def test_names_of_a_chain_in_quotation_marks_and_with_their_parent() -> None:
    names = names_of(["安宁县水务局"], 2026, {("function", "2010301")})
    assert meaning_of(form("“一般公共服务支出”（类）2026年度决算"), names).subject == "201"
    assert meaning_of("人大事务行政运行（项）支出", names).codes == (("function", "2010101"),)


def test_a_budget_of_expenditure_is_a_budget_in_final_accounts_too() -> None:
    names = names_of(["安宁县水务局"], 2024, set())
    assert meaning_of(form("“三公”经费财政拨款支出预算为"), names).stage == "budget"
    assert meaning_of("政府性基金预算支出", names).stage is None


@pytest.mark.parametrize(("text", "findings"), [
    ("2024年度公务接待费支出决算为6.50万元，完成预算的92.86%。", []),
    ("2024年度公务接待费支出决算为6.50万元，完成预算的82.86%。", [("narrative_arithmetic", "82.86%", "92.86%")]),
    ("2024年度公务接待费支出决算为6.50万元，比预算减少0.50万元。", []),
    ("2024年度公务接待费支出决算为6.50万元，比预算减少1.50万元。", [("narrative_arithmetic", "-1.50万元", "-0.5万元")]),
    ("2024年度“三公”经费财政拨款支出预算为15.00万元，支出决算为14.50万元，完成预算的96.67%。", []),
    ("2024年度“三公”经费财政拨款支出预算为15.00万元，支出决算为14.50万元，完成预算的86.67%。",
     [("narrative_arithmetic", "86.67%", "96.67%")]),
    ("一般公共预算财政拨款支出1856.40万元，占本年支出合计的90.12%。", []),
    ("一般公共预算财政拨款支出1856.40万元，占本年支出合计的80.12%。", [("narrative_arithmetic", "80.12%", "90.12%")]),
    ("本年支出合计2080.00万元，其中：基本支出1464.40万元，项目支出595.60万元。", [("narrative_amount", "2080.00万元", "2,060.00万元")]),
])
def test_figures_are_held_against_what_the_tables_print_beside_them(text: str, findings: list[Any]) -> None:
    found = [f for f in said(book(text, ACCOUNTS, ACCOUNTS_COVER)) if f[0].startswith("narrative")]
    assert [f for f in found if f in findings] == findings
    assert bool(found) == bool(findings)


def test_a_rate_is_not_excused_by_an_amount_too_small_to_have_been_the_base() -> None:
    right = "支出预算1206.68万元，比上年增加20.00万元，增长1.69%，其中其他零星支出15.00万元。"
    assert said(book(right)) == []
    assert said(book(right.replace("20.00", "90.00"))) == [("narrative_arithmetic", "1.69%", "8.06%")]


@pytest.mark.parametrize("text", [
    "公务接待费支出6.50万元，完成年初预算7.00万元的92.86%，完成调整预算6.80万元的95.59%。",
    "公务接待费支出6.50万元，比预算7.00万元少支0.50万元，完成预算的92.86%；比2023年决算9.00万元减少2.50万元，下降27.78%。",
    "公务接待40批次、380人次，支出6.50万元，人均171元，占“三公”经费的44.83%。",
    "公务接待费支出决算为6.50万元，预计明年节约2.00万元。",
])
def test_second_bases_and_amounts_per_head_contradict_nothing(text: str) -> None:
    assert [f for f in said(book(text, ACCOUNTS, ACCOUNTS_COVER)) if f[0].startswith("narrative")] == []


@pytest.mark.parametrize(("text", "printed", "expected"), [
    ("公务接待费支出6.50万元，比预算7.00万元少支1.50万元。", "1.50万元", "-0.5万元"),
    ("行政运行（2010301）支出决算为980.30万元，年初预算为961.08万元，完成年初预算的112.00%。", "112.00%", "102.00%"),
    ("本年支出合计与上年相比，增加60.00万元，增长5.00%。", "5.00%", "3.00%"),
])
def test_turned_and_spoken_statements_are_recomputed(text: str, printed: str, expected: str) -> None:
    found = said(book(text, ACCOUNTS, ACCOUNTS_COVER))
    assert ("narrative_arithmetic", printed, expected) in found


def test_an_item_of_another_budget_is_not_the_same_thing_said_again() -> None:
    general = "一般公共预算安排“三公”经费预算22.40万元，其中，公务用车购置费预算20.40万元；公务接待费预算2.00万元。"
    fund = "政府性基金安排“三公”经费预算9.20万元，其中，公务用车购置费预算7.20万元；公务接待费预算2.00万元。"
    assert said(book(f"{general}\n{fund}", "")) == []
    (again,) = book(f"{general}\n公务接待费预算3.00万元。", "").findings()
    assert (again["printed"], again["expected"]) == ("3.00万元", "2.00万元")
    assert "前文为2.00万元，此处为3.00万元" in again["message_zh"]
    assert "2.00万元 there, 3.00万元 here" in again["message_en"]

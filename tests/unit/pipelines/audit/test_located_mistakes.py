"""One wrong cell is named with what it should read; where no cell can be named, nothing is called an error."""

from __future__ import annotations

from decimal import Decimal

import pytest
from audited_forms import audited, budget, document, fact, findings, table

from pipelines.audit.identity import Identity
from pipelines.audit.locate import MAX_COMPONENTS, locate
from pipelines.audit.sheet import SCALE, Figure


def test_right_figures_give_no_finding_and_are_verified() -> None:
    frames = audited(document(budget(), budget()))
    assert findings(frames) == []
    assert set(frames["facts"].filter(frames["facts"]["amount_yuan"] != 0)["trust"]) == {"verified"}
    assert "fail" not in set(frames["checks"]["outcome"])


@pytest.mark.parametrize(("code", "column", "wrong"), [
    ("2010301", "合计", "852.05"), ("2080505", "基本支出", "93.60"), ("201", "合计", "1602.23"), ("20805", "基本支出", "1444.50"),
    ("2010302", "项目支出", "23.718"),
])
def test_a_wrong_cell_is_named_and_corrected(code: str, column: str, wrong: str) -> None:
    right = budget()
    frames = audited(document(right | {(code, column): wrong}, right))
    (found,) = findings(frames)
    guilty = fact(frames, code, column)
    assert (found["severity"], found["verdict"], found["fact_id"]) == ("error", "publisher", guilty["fact_id"])
    assert found["subject_code"] == code
    assert guilty["trust"] == "disputed"
    assert guilty["suggested_yuan"] == Decimal(right[code, column]) * 10_000
    assert found["proofs"]
    assert right[code, column].lstrip("0") in found["expected"].replace(",", "")


def test_the_other_terms_of_a_broken_identity_are_innocent() -> None:
    right = budget()
    frames = audited(document(right | {("201", "合计"): "1602.23"}, right))
    disputed = frames["facts"].filter(frames["facts"]["trust"] == "disputed")
    assert disputed["subject_code"].to_list() == ["201"]
    assert fact(frames, "20103", "合计")["trust"] == "verified"


def test_one_mistake_copied_into_two_tables_is_found_in_both() -> None:
    wrong = budget() | {("208", "合计"): "414.45"}
    frames = audited(document(wrong, wrong))
    assert {(f["subject_code"], f["expected"]) for f in findings(frames)} == {("208", "144.45万元")}
    assert len(findings(frames)) == 2


def test_a_row_that_is_missing_is_no_wrong_cell() -> None:
    right = budget()
    without = {key: text for key, text in right.items() if key[0] != "2010302"}
    found = findings(audited(document(without)))
    assert found
    assert {(f["severity"], f["verdict"]) for f in found} == {("warning", "undecided")}


def test_two_equal_explanations_name_no_cell() -> None:
    """One sum of three numbers in a table that nothing else confirms: any of them may be wrong."""
    text = "部门支出总表\n单位：万元\n\n科目编码|科目名称|金额\n201|一般公共服务支出|10.00\n208|社会保障和就业支出|20.00\n合计||31.00\n"
    frames = audited(text)
    assert not [f for f in findings(frames) if f["severity"] == "error"]
    assert not frames["facts"]["suggested_yuan"].drop_nulls().len()


def test_finding_ids_are_the_same_on_every_run() -> None:
    wrong = document(budget() | {("201", "合计"): "1602.23"}, budget())
    assert [f["finding_id"] for f in findings(audited(wrong))] == [f["finding_id"] for f in findings(audited(wrong))]


def test_a_finding_says_where_what_and_why_in_both_languages() -> None:
    (found,) = findings(audited(document(budget() | {("201", "合计"): "1602.23"}, budget())))
    for sentence in (found["message_zh"], found["message_en"]):
        assert "部门支出总表" in sentence
        assert "1602.23" in sentence
        assert "1,062.23" in sentence


def test_many_mistakes_are_told_apart() -> None:
    right = budget()
    wrong = {("2010301", "合计"): "852.05", ("20805", "基本支出"): "414.45", ("合计", "项目支出"): "294.78"}
    frames = audited(document(right | wrong, right))
    assert {fact(frames, None if c == "合计" else c, column)["suggested_yuan"] for c, column in wrong} == {
        Decimal(right[key]) * 10_000 for key in wrong
    }
    assert len(findings(frames)) == len(wrong)


def test_an_amount_in_the_wrong_column_is_sent_to_the_right_one() -> None:
    right = budget()
    for column in ("基本支出", "项目支出"):  # what is nought is left blank, as most forms do
        right = {key: ("" if key[1] == column and text == "0.00" else text) for key, text in right.items()}
    wrong = right | {("2080506", "基本支出"): "", ("2080506", "项目支出"): "48.15"}
    frames = audited(document(wrong, right))
    (found,) = findings(frames)
    assert (found["severity"], found["verdict"], found["printed"]) == ("warning", "undecided", "48.15万元")
    assert "该金额应在“基本支出”栏" in found["message_zh"]
    assert fact(frames, "2080506", "项目支出")["trust"] == "disputed"


SUMMARY = "部门收支总表\n单位：万元\n\n收入|预算数|支出|预算数\n" \
    "一、一般公共预算拨款|{whole}|一、一般公共服务支出|{part}\n||二、社会保障和就业支出|144.45\n||三、住房保障支出|88.17\n" \
    "本年收入合计|1294.85|本年支出合计|1294.85\n收入总计|1294.85|支出总计|1294.85\n"


def test_the_only_sum_of_its_kind_applies_when_it_misses_by_a_slip() -> None:
    assert findings(audited(SUMMARY.format(whole="1294.85", part="1062.23"))) == []
    found = findings(audited(SUMMARY.format(whole="1294.85", part="1602.23")))
    assert found
    assert all(f["severity"] == "warning" or "一般公共服务支出" in f["message_zh"] for f in found)


def test_the_only_sum_of_its_kind_that_leaves_a_row_out_is_no_mistake() -> None:
    """What is not 本年 may be left out of a total: the gap is then some other amount, no slip."""
    assert findings(audited(SUMMARY.format(whole="1294.85", part="917.78"))) == []


def test_a_column_full_of_mistakes_suggests_nothing() -> None:
    right = budget()
    wrong = {(code, "基本支出"): "7.77" for code in ("2010301", "20805", "2080505", "208", "201")}
    frames = audited(document(right | wrong, right))
    assert not frames["facts"]["suggested_yuan"].drop_nulls().len()


def test_a_table_in_another_unit_is_one_finding_and_lends_no_values() -> None:
    right = budget()
    frames = audited(table("部门支出总表", right) + table("一般公共预算支出表", right, unit="元") + table("财政拨款支出表", right))
    (finding,) = findings(frames)
    assert "倍" in finding["message_zh"]
    assert frames["facts"]["suggested_yuan"].null_count() == len(frames["facts"])


def test_failures_beyond_those_that_are_searched_are_said_all_the_same() -> None:
    figures: list[Figure] = []
    identities = []
    for table_no in range(MAX_COMPONENTS + 3):
        first = len(figures)
        own = [
            Figure(first + n, yuan * SCALE, SCALE, table_no, n, 0, fact={"fact_id": f"{table_no}-{n}"})
            for n, yuan in enumerate((100 + table_no, 20, 30))
        ]
        figures.extend(own)
        identities.append(Identity("total_rows", "total_sum", (own[0],), tuple(own[1:]), table=table_no, group=("down", table_no)))
    causes = locate(figures, identities)
    assert {id(i) for cause in causes for i in cause.broken} == {id(i) for i in identities}

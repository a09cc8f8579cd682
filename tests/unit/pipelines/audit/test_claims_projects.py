"""Projects named in the running text, totals that their only source equals, carry-over that stands in columns."""

from __future__ import annotations

from typing import Any

from audited_forms import audited
from printed_forms import ACCOUNTS_COVER

TABLES = """收支预算总表
单位：万元

收入||支出|
项目|预算数|项目|预算数
一、财政拨款|60.00|一、基本支出|28.00
二、事业收入||二、项目支出|32.00
收入总计|60.00|支出总计|60.00

项目支出表
单位：万元

项目名称|项目支出合计
河道清淤|16.56
水务局巡河人员经费|15.44
合计|32.00

"""


def claims(text: str) -> list[dict[str, Any]]:
    frames = audited(f"{TABLES}\n{text}\n")
    labels = {f["fact_id"]: f["row_label"] for f in frames["facts"].iter_rows(named=True)}
    return [c | {"label": labels.get(c["fact_id"])} for c in frames["claims"].iter_rows(named=True)]


def test_a_project_is_found_though_its_name_begins_with_the_bodys() -> None:
    (claim,) = claims("水务局巡河人员经费15.44万元。")
    assert (claim["outcome"], claim["label"], claim["expenditure_type"]) == ("agrees", "水务局巡河人员经费", None)


def test_a_digit_wrong_in_a_projects_amount_is_told() -> None:
    frames = audited(f"{TABLES}\n2026年河道清淤15.56万元。\n")
    (finding,) = (f for f in frames["findings"].iter_rows(named=True) if f["rule"] == "narrative_amount")
    assert (finding["severity"], finding["expected"]) == ("warning", "16.56万元")
    assert [c["outcome"] for c in claims("2026年河道清淤9.20万元。")] == ["not_compared"]  # it may speak of a part


def test_all_income_is_compared_with_the_total_not_with_its_only_source() -> None:
    (claim,) = claims("2026年收入预算60.00万元。")
    assert (claim["outcome"], claim["label"]) == ("agrees", "收入总计")


def test_what_is_mainly_spent_on_a_thing_is_compared_as_that_thing() -> None:
    (first, second) = claims("2026年支出预算60.00万元，其中主要支出为项目支出32.00万元。")
    assert (first["label"], second["outcome"], second["expenditure_type"]) == ("支出总计", "agrees", "project")


FUND = """政府性基金预算财政拨款收入支出决算表
单位：万元

科目编码|科目名称|年初结转和结余|本年收入|本年支出|年末结转和结余
212|城乡社区支出|8.00|52.00|55.00|5.00
合计||8.00|52.00|55.00|5.00

"""


def test_carry_over_of_a_source_is_found_in_the_columns_of_its_table() -> None:
    text = "2024年度政府性基金预算财政拨款年初结转和结余8.00万元，收入决算52.00万元，支出决算55.00万元，年末结转和结余5.00万元。"
    frames = audited(f"{FUND}\n{text}\n", cover=ACCOUNTS_COVER)
    paths = {f["fact_id"]: f["column_path"] for f in frames["facts"].iter_rows(named=True)}
    found = {c["subject_text"]: (c["outcome"], paths.get(c["fact_id"])) for c in frames["claims"].iter_rows(named=True)}
    assert found["政府性基金预算财政拨款年初结转和结余"] == ("agrees", "年初结转和结余")
    other = audited(f"{FUND}\n{text.replace('8.00', '7.00')}\n", cover=ACCOUNTS_COVER)
    assert "narrative_amount" not in other["findings"]["rule"].to_list()  # part of it may stand elsewhere

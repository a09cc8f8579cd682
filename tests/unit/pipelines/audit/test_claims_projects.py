"""Projects named in the running text, and totals that their only source equals."""

from __future__ import annotations

from typing import Any

from audited_forms import audited

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

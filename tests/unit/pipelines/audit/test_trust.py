"""Trust follows from identities that say something, and from unit and year said twice."""

from __future__ import annotations

from audited_forms import audited, budget, document, fact, findings, table


def test_a_single_line_under_its_total_proves_nothing() -> None:
    frames = audited("部门支出总表\n单位：万元\n\n科目编码|科目名称|金额\n201|一般公共服务支出|10.00\n合计||10.00\n")
    assert set(frames["facts"]["trust"]) == {"plausible"}


def test_the_same_amount_in_a_second_table_proves_it() -> None:
    line = (
        "单位：万元\n\n科目编码|科目名称|合计|基本支出\n201|一般公共服务支出|1012.37|1012.37\n208|社会保障和就业支出|33.18|33.18\n"
        "221|住房保障支出|51.70|51.70\n"
    )
    frames = audited(f"部门支出总表\n{line}\n\n一般公共预算支出表\n{line}")
    assert set(frames["facts"]["trust"]) == {"verified"}


def test_zeros_are_verified_only_where_row_and_column_are() -> None:
    frames = audited(document(budget(), budget()))
    assert fact(frames, "2080505", "项目支出")["trust"] == "verified"
    alone = audited("部门支出总表\n单位：万元\n\n科目编码|科目名称|合计|基本支出\n201|一般公共服务支出|0.00|0.00\n合计||0.00|0.00\n")
    assert set(alone["facts"]["trust"]) == {"plausible"}


def test_a_unit_that_is_said_once_and_confirmed_nowhere_is_not_enough() -> None:
    frames = audited(document(budget()))
    once = {f["trust"] for f in frames["facts"].iter_rows(named=True) if f["amount_yuan"]}
    assert once == {"plausible"}


def test_a_year_that_is_said_once_is_not_enough() -> None:
    frames = audited(document(budget(), budget()), cover="安宁县水务局2026年部门预算\n\n")
    assert "verified" not in set(frames["facts"]["trust"])


def test_two_tables_that_print_one_amount_differently_prove_neither() -> None:
    right = budget()
    frames = audited(document(right | {("201", "合计"): "1062.24"}, right))
    assert fact(frames, "201", "合计")["trust"] == "plausible"
    assert findings(frames) == []


def test_a_table_in_the_wrong_unit_is_found_and_not_trusted() -> None:
    right = budget()
    text = table("部门支出总表", right) + table("一般公共预算支出表", right, unit="元") + table("财政拨款支出表", right)
    frames = audited(text)
    found = [f for f in findings(frames) if "单位" in f["message_zh"]]
    assert [f["rule"] for f in found] == ["cross_table"]
    odd = frames["facts"].filter(frames["facts"]["table_kind"] == "general_public_expenditure")
    assert "verified" not in set(odd["trust"])


def test_checks_name_their_facts_and_an_unchecked_table_is_said_to_be_so() -> None:
    empty = "政府性基金预算支出表\n单位：万元\n\n科目编码|科目名称|合计|基本支出|项目支出\n本部门没有政府性基金预算支出||||\n"
    frames = audited(document(budget(), budget()) + empty)
    known = set(frames["facts"]["fact_id"])
    assert all(set(ids) <= known for ids in frames["checks"]["fact_ids"].drop_nulls().to_list())
    assert frames["checks"]["check_id"].is_unique().all()
    unchecked = frames["checks"].filter(frames["checks"]["rule"] == "table")
    assert unchecked["outcome"].to_list() == ["not_applicable"]


def test_amounts_that_no_identity_reaches_are_accounted_for() -> None:
    frames = audited("部门支出总表\n单位：万元\n\n科目编码|科目名称|金额\n201|一般公共服务支出|10.00\n合计||10.00\n")
    (row,) = frames["checks"].filter(frames["checks"]["rule"] == "not_covered").to_dicts()
    assert (row["outcome"], len(row["fact_ids"])) == ("not_applicable", 2)
    assert row["detail"].startswith("2 of 2 amounts")

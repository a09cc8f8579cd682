"""Documents are compared with one another at every publication: last year's column, the budget in the accounts, a unit's own document."""

from __future__ import annotations

from pathlib import Path

from text_documents import product_of, publish_texts, rows

TABLE = """{cover}

{title}
单位：万元

科目编码|科目名称|{columns}
201|一般公共服务支出|{a}
20103|政府办公厅（室）及相关机构事务|{a}
2010301|行政运行|{b}
2010302|一般行政管理事务|{c}
208|社会保障和就业支出|{d}
20805|行政事业单位养老支出|{d}
2080505|机关事业单位基本养老保险缴费支出|{d}
合计||{total}
"""


def year_before(**changed: str) -> str:
    """The budget of 2025."""
    figures = {"a": "1049.85", "b": "812.45", "c": "237.40", "d": "96.31", "total": "1146.16"} | changed
    cover = "安宁县水务局2025年部门预算\n\n安宁县水务局2025年部门预算情况说明"
    return TABLE.format(cover=cover, title="2025年一般公共预算支出表", columns="2025年预算数", **figures)


def this_year(**changed: str) -> str:
    """The budget of 2026, with last year's column."""
    figures = {
        "a": "1049.85|1100.15", "b": "812.45|850.10", "c": "237.40|250.05", "d": "96.31|99.20", "total": "1146.16|1199.35",
    } | changed
    return TABLE.format(cover="安宁县水务局2026年部门预算\n\n安宁县水务局2026年部门预算情况说明", title="2026年一般公共预算支出表",
                        columns="2025年预算数|2026年预算数", **figures)


def checks(warehouse: Path, rule: str) -> list[str]:
    """Outcomes of the checks of one rule that have terms."""
    return [r[0] for r in rows(warehouse, f"SELECT outcome FROM checks WHERE rule = '{rule}' AND len(fact_ids) > 0")]


def accounts(warehouse: Path, rule: str) -> list[tuple[str, str]]:
    """Outcome and reason of what was not compared."""
    return [r[:2] for r in rows(warehouse, f"SELECT outcome, detail FROM checks WHERE rule = '{rule}' AND len(fact_ids) = 0 ORDER BY 2")]


def findings(warehouse: Path) -> list[tuple[str, str, str, str]]:
    """Findings between documents."""
    return rows(warehouse, "SELECT severity, verdict, printed, expected FROM findings WHERE rule = 'cross_document' ORDER BY 3")


def test_last_years_column_equals_last_years_document(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    publish_texts(warehouse, [year_before(), this_year()])
    assert set(checks(warehouse, "last_year")) == {"pass"}
    assert len(checks(warehouse, "last_year")) == 8
    assert findings(warehouse) == []


def test_an_amount_that_differs_is_one_warning_and_its_sums_are_none(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    publish_texts(warehouse, [year_before(), this_year(d="99.31|99.20", total="1149.16|1199.35")])
    assert checks(warehouse, "last_year").count("fail") == 4
    assert findings(warehouse) == [("warning", "undecided", "99.31万元", "96.31万元")]


def test_a_column_of_another_scope_is_not_compared(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    whole = this_year(a="1079.85|1100.15", b="822.45|850.10", c="257.40|250.05", d="106.31|99.20", total="1186.16|1199.35")
    publish_texts(warehouse, [year_before(), whole])
    assert checks(warehouse, "last_year") == []
    assert any(outcome == "not_applicable" and "口径不同" in detail for outcome, detail in accounts(warehouse, "last_year"))
    assert findings(warehouse) == []


def test_a_unit_is_not_compared_with_its_department(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    unit = year_before(d="96.31").replace("部门预算", "单位预算")
    publish_texts(warehouse, [unit, this_year()])
    assert checks(warehouse, "last_year") == []
    assert findings(warehouse) == []


def test_another_document_is_a_witness(tmp_path: Path) -> None:
    alone, both = tmp_path / "alone.duckdb", tmp_path / "both.duckdb"
    publish_texts(alone, [this_year()])
    publish_texts(both, [year_before(), this_year()])
    count = "SELECT count(*) FROM facts WHERE trust = 'verified' AND fiscal_year = 2025 AND document_id = '{}'"
    own = product_of(this_year()).document_id
    assert rows(both, count.format(own))[0][0] >= rows(alone, count.format(own))[0][0]
    assert rows(both, "SELECT count(*) FROM facts WHERE trust <> 'verified' AND fiscal_year = 2025") == [(0,)]


def test_the_order_of_ingestion_does_not_matter_and_a_withdrawn_document_leaves_nothing(tmp_path: Path) -> None:
    texts = [year_before(), this_year(d="99.31|99.20", total="1149.16|1199.35")]
    one = publish_texts(tmp_path / "one.duckdb", texts)
    assert publish_texts(tmp_path / "other.duckdb", texts[::-1]) == one
    publish_texts(tmp_path / "less.duckdb", texts, withdrawn=texts[:1])
    assert findings(tmp_path / "less.duckdb") == []
    assert checks(tmp_path / "less.duckdb", "last_year") == []


def test_every_document_says_that_there_was_nothing_to_compare_with(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    publish_texts(warehouse, [this_year()])
    for rule in ("accounts_budget", "last_year", "unit_document"):
        ((outcome, detail),) = accounts(warehouse, rule)
        assert outcome == "not_applicable"
        assert "没有可比的文档" in detail


def test_the_budget_beside_the_final_accounts_is_the_budget(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    figures = {"a": "1049.85|1047.11", "b": "812.45|811.00", "c": "237.40|236.11", "d": "96.31|95.00", "total": "1146.16|1142.11"}
    cover = "安宁县水务局2025年度部门决算\n\n安宁县水务局2025年度部门决算情况说明"
    final = TABLE.format(cover=cover, title="一般公共预算财政拨款支出决算表", columns="年初预算数|决算数", **figures)
    publish_texts(warehouse, [year_before(), final])
    assert set(checks(warehouse, "accounts_budget")) == {"pass"}
    publish_texts(tmp_path / "v.duckdb", [year_before(), final.replace("237.40", "273.40")])
    assert ("warning", "undecided", "273.40万元", "237.40万元") in findings(tmp_path / "v.duckdb")


def test_a_unit_in_its_departments_document_is_as_in_its_own(tmp_path: Path) -> None:
    department = """安宁县水务局2026年部门预算

安宁县水务局2026年部门预算情况说明

部门收入总表
单位：万元

单位名称|合计|一般公共预算|事业收入
安宁县水务局本级|31.25|20.15|11.10
安宁县水务站|19.36|10.24|9.12
安宁县水文站|44.80|40.55|4.25
合计|95.41|70.94|24.47
"""
    unit = """安宁县水务站2026年单位预算

安宁县水务站2026年单位预算情况说明

单位收入总表
单位：万元

单位名称|合计|一般公共预算|事业收入
安宁县水务站|{}|10.24|9.12
合计|{}|10.24|9.12
"""
    publish_texts(tmp_path / "w.duckdb", [department, unit.format("19.36", "19.36")])
    assert set(checks(tmp_path / "w.duckdb", "unit_document")) == {"pass"}
    assert findings(tmp_path / "w.duckdb") == []


def test_the_account_of_a_document_is_in_its_quality(tmp_path: Path) -> None:
    publish_texts(tmp_path / "w.duckdb", [this_year()])
    ((checked, insufficient, not_applicable, rules),) = rows(
        tmp_path / "w.duckdb",
        "SELECT n_rules_checked, n_rules_insufficient, n_rules_not_applicable, (SELECT count(DISTINCT rule) FROM checks "
        "WHERE rule NOT IN ('table', 'not_covered')) FROM v_quality")
    assert checked >= 2
    assert insufficient == 0
    assert checked + insufficient + not_applicable == rules

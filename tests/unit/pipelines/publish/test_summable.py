"""The views that may be summed: every amount of money once, the finest columns that add up, no unit beside its department.

All cases are documents of one warehouse, each under a body of its own, so that it is published only once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from made_products import BASIC, EXPENDITURE, FUND, GENERAL, INCOME, PROJECT, PROJECTS, THREE_PUBLIC, TOTAL, USUAL, Made, Row, Table, ingest

from pipelines.publish.state import State
from pipelines.publish.warehouse import publish
from schemas.columns import ColumnParts
from schemas.registry import VIEW_RELATIONS

WAGES, SALARY, GOODS = (ColumnParts(column_subject_code=code) for code in ("301", "30101", "302"))
PERSONNEL, OFFICE = ColumnParts(expenditure_type="basic_personnel"), ColumnParts(expenditure_type="basic_operating")
PROJECT_GENERAL = replace(PROJECT, funding="general_public_budget")
CARRY, CARRY_PART = ColumnParts(funding="carryover"), ColumnParts(funding="carryover.general_public_budget")
YEAR, OTHER = ColumnParts(budget_period="current_year"), ColumnParts(funding="other_income")
SPENT = ColumnParts(stage="final_accounts")


def spending(columns: tuple[ColumnParts, ...], *rows: Row, kind: str = "expenditure_summary") -> Table:
    return Table(kind, columns, rows)


def of_unit(table: Table, unit: str) -> Table:
    return replace(table, rows=tuple(replace(row, entity=unit) for row in table.rows))


CASES: dict[str, list[Made]] = {
    "usual": [Made("a", tables=USUAL)],
    "a row that does not add up": [Made("a", tables=[spending(
        (TOTAL, BASIC, PROJECT), Row("甲", (10, 6, 3), code="201"), Row("乙", (100, 60, 30), code="208"))])],
    "two splits": [Made("a", tables=[spending((TOTAL, GENERAL, FUND, BASIC, PROJECT), Row("甲", (10, 7, 3, 4, 6), code="201"))])],
    "two splits, no total": [Made("a", tables=[spending((GENERAL, FUND, BASIC, PROJECT), Row("甲", (7, 3, 4, 6), code="201"))])],
    "parts of parts": [Made("a", tables=[spending(
        (TOTAL, BASIC, PERSONNEL, OFFICE, PROJECT, PROJECT_GENERAL), Row("甲", (10, 7, 5, 2, 3, 3), code="201"))])],
    "subjects as columns": [Made("a", tables=[spending((TOTAL, WAGES, SALARY, GOODS), Row("甲", (10, 6, 6, 4), code="201"))])],
    "carry-over": [Made("a", tables=[Table(
        "income_summary", (TOTAL, GENERAL, CARRY, CARRY_PART), (Row("某单位", (10, 6, 4, 4)),), "income")])],
    "below this year": [Made("a", tables=[Table(
        "income_summary", (YEAR, GENERAL, OTHER),
        (Row("合计", (100, 80, 20), role="total"), Row("某科目", (100, 80, 20), code="205")), "income")])],
    "other columns": [Made("a", tables=[spending(
        (TOTAL, SPENT, ColumnParts(stage="change"), ColumnParts(measure="procurement")), Row("甲", (10, 9, -1, 5), code="201"))])],
    "final accounts": [Made("a", kind="department_final_accounts", tables=[spending((TOTAL, SPENT), Row("甲", (10, 9), code="201"))])],
    "off": [Made("a", tables=[spending((TOTAL,), Row("合计", (100,), role="total"), Row("甲", (60,), code="201"))])],
    "side by side": [Made("a", tables=[spending(
        (TOTAL,), Row("一般公共服务支出", (60,), code="201"), Row("教育支出", (40,), code="205"),
        Row("工资福利支出", (70,), code="301", scheme="economic_department"),
        Row("商品和服务支出", (30,), code="302", scheme="economic_department"),
        Row("基本支出", (80,)), Row("项目支出", (20,)), Row("支出总计", (100,), role="total"), kind="income_expenditure_summary")])],
    "carried forward": [Made("a", tables=[spending(
        (TOTAL,), Row("一般公共服务支出", (60,), code="201"), Row("本年支出合计", (60,), role="total"), Row("结转下年", (40,)),
        Row("支出总计", (100,), role="total"), kind="income_expenditure_summary")])],
    "only totals": [Made("a", tables=[Table(
        "income_summary", (TOTAL,), (Row("合计", (10,), role="total"), Row("总计", (10,), role="total")), "income")])],
    "whole said again": [Made("a", tables=[Table("income_summary", (TOTAL,), (
        Row("合计", (100,), role="total"), Row("某局", (100,)), Row("某局本级", (60,)), Row("中心", (25,)), Row("站", (15,))), "income")])],
    "whole that is one of two": [Made("a", tables=[Table("income_summary", (TOTAL,), (
        Row("合计", (100,), role="total"), Row("某局", (100,)), Row("中心", (0,))), "income")])],
    "a part that equals a subtotal": [Made("a", tables=[Table("income_summary", (TOTAL,), (
        Row("财政拨款收入", (50,)), Row("本年收入合计", (50,), role="total"), Row("上年结转", (30,)), Row("其他收入", (20,)),
        Row("收入总计", (100,), role="total")), "income")])],
    "one row": [Made("a", tables=[Table("income_summary", (TOTAL, GENERAL, FUND), (Row("某局", (100, 80, 20)),), "income")])],
    "items as columns": [Made("a", tables=[spending(
        (GENERAL,), Row("“三公”经费合计", (9,), role="total"), Row("因公出国（境）费", (2,)), Row("公务接待费", (7,)),
        Row("“三公”经费合计", (4,), entity="下属中心"), Row("因公出国（境）费", (1,), entity="下属中心"),
        Row("公务接待费", (3,), entity="下属中心"), kind="three_public")])],
    "items of units": [Made("a", tables=[spending(
        (GENERAL,), *(Row("公务接待费", (n,), entity=f"{n}所") for n in (1, 2)), kind="three_public")])],
    "items not split": [Made("a", tables=[spending((GENERAL,), Row("合计", (5,), role="total"), kind="three_public")])],
    "with meetings": [Made("a", tables=[spending(
        (GENERAL,), Row("合计", (10,), role="total"), Row("公务接待费", (7,)), Row("会议费", (3,)), kind="three_public")])],
    "two kinds": [Made("a", tables=[
        spending((TOTAL,), Row("甲", (99,), code="201"), Row("支出总计", (99,), role="total"), kind="income_expenditure_summary"),
        EXPENDITURE])],
    "several tables": [Made("a", tables=[of_unit(EXPENDITURE, "中心"), EXPENDITURE, of_unit(EXPENDITURE, "中心")])],
    "units only": [Made("a", tables=[of_unit(EXPENDITURE, f"{n}所") for n in range(3)])],
    "editions": [Made("a", tables=USUAL), Made("b", tables=USUAL[:2])],
    "unit and department": [
        Made("unit", entity="甲中心", kind="unit_budget", parent="unit and department", tables=[EXPENDITURE, PROJECTS]),
        Made("department", tables=[EXPENDITURE, INCOME, THREE_PUBLIC])],
    "unit of another year": [
        Made("unit", entity="乙中心", kind="unit_budget", parent="unit of another year", tables=[EXPENDITURE]),
        Made("department", year=2025, tables=[EXPENDITURE])],
    "listed unit": [
        Made("unit", entity="丙中心", kind="unit_budget", tables=[EXPENDITURE]),
        Made("department", tables=[replace(EXPENDITURE, rows=(*EXPENDITURE.rows[:5], replace(EXPENDITURE.rows[5], entity="丙中心")))])],
}


def documents(case: str) -> list[Made]:
    """The case's documents under names of their own."""
    return [
        replace(made, seed=f"{case}/{made.seed}", entity=case if made.entity == Made("").entity else made.entity) for made in CASES[case]
    ]


Rows = Callable[[str, str, str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    warehouse = tmp_path_factory.mktemp("summable") / "w.duckdb"
    with State.open(warehouse) as state:
        ingest(state, [made for case in CASES for made in documents(case)])
        publish(state, code_version="test", parquet=False)
    with duckdb.connect(str(warehouse), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def rows(connection: duckdb.DuckDBPyConnection) -> Rows:
    def found(case: str, view: str, columns: str) -> list[tuple[Any, ...]]:
        """Sorted rows of the case's documents, amounts in 万元."""
        ids = [made.document_id for made in documents(case)]
        raw = connection.execute(f"select {columns} from {view} where list_contains(?, document_id)", [ids]).fetchall()
        return sorted(tuple(int(value / 10000) if isinstance(value, Decimal) else value for value in row) for row in raw)

    return found


def test_usual_sums_are_the_printed_totals(rows: Rows) -> None:
    assert rows("usual", "summable_totals", "summable_view, sum_yuan, printed_yuan, difference_yuan") == [
        ("v_expenditure", 100, 100, 0), ("v_income", 100, 100, 0), ("v_projects", 40, 40, 0), ("v_three_public", 9, 9, 0),
    ]
    quality = "expenditure_sum_yuan, income_difference_yuan, three_public_balanced, projects_printed_yuan, expenditure_balanced"
    assert rows("usual", "v_quality", quality) == [(100, 0, True, 40, True)]


def test_expenditure_is_split_by_subject_and_type(rows: Rows) -> None:
    assert rows("usual", "v_expenditure", "subject_code, basic_or_project, amount_yuan") == [
        ("2010301", "basic", 40), ("2010302", "project", 30), ("208", "basic", 20), ("208", "project", 10),
    ]


def test_income_names_its_sources_and_leaves_out_what_is_of_which(rows: Rows) -> None:
    assert rows("usual", "v_income", "source, amount_yuan") == [("business_income", 10), ("fiscal_appropriation", 90)]


def test_three_public_has_its_items_and_no_meetings(rows: Rows) -> None:
    assert rows("usual", "v_three_public", "item, amount_yuan") == [
        ("abroad", 2), ("reception", 3), ("vehicle_purchase", 0), ("vehicle_running", 4),
    ]


def test_projects_are_counted_below_their_groups(rows: Rows) -> None:
    assert rows("usual", "v_projects", "project_name, funding, amount_yuan") == [
        ("信息化", "general_public_budget", 30), ("培训", "general_public_budget", 10),
    ]


def test_amounts_in_wan_yuan_are_exact(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.sql("select bool_and(amount_wan_yuan * 10000 = amount_yuan) from v_expenditure").fetchone() == (True,)


def test_no_fact_is_counted_twice(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.sql("select count(*) - count(distinct fact_id) from summable").fetchone() == (0,)


class TestColumns:
    def test_a_row_whose_parts_do_not_add_up_is_counted_whole(self, rows: Rows) -> None:
        """6 + 3 is 10 within rounding, 60 + 30 is not 100."""
        found = rows("a row that does not add up", "v_expenditure", "subject_code, expenditure_type, amount_yuan")
        assert found == [("201", "basic", 6), ("201", "project", 3), ("208", "total", 100)]

    def test_columns_of_two_splits_of_one_total_are_not_added(self, rows: Rows) -> None:
        assert rows("two splits", "v_expenditure", "expenditure_type, funding, amount_yuan") == [
            ("basic", "total", 4), ("project", "total", 6),
        ]

    def test_without_a_total_column_overlapping_splits_are_still_counted_once(self, rows: Rows) -> None:
        assert sum(row[0] for row in rows("two splits, no total", "v_expenditure", "amount_yuan")) == 10

    def test_parts_of_parts_are_followed_down(self, rows: Rows) -> None:
        assert rows("parts of parts", "v_expenditure", "expenditure_type, funding, amount_yuan") == [
            ("basic_operating", "total", 2), ("basic_personnel", "total", 5), ("project", "general_public_budget", 3),
        ]

    def test_subjects_as_columns_are_parts_of_their_row(self, rows: Rows) -> None:
        found = rows("subjects as columns", "v_expenditure", "subject_code, column_subject_code, amount_yuan")
        assert found == [("201", "30101", 6), ("201", "302", 4)]

    def test_parts_of_the_carry_over_belong_to_it(self, rows: Rows) -> None:
        assert rows("carry-over", "v_income", "source, amount_yuan") == [
            ("carryover.general_public_budget", 4), ("general_public_budget", 6),
        ]

    def test_sources_below_this_years_income_are_its_parts(self, rows: Rows) -> None:
        assert rows("below this year", "v_income", "source, amount_yuan") == [("general_public_budget", 80), ("other_income", 20)]
        assert rows("below this year", "summable_totals", "sum_yuan, printed_yuan") == [(100, 100)]

    def test_other_years_stages_and_procurement_do_not_count(self, rows: Rows) -> None:
        assert rows("other columns", "v_expenditure", "stage, amount_yuan") == [("budget", 10)]

    def test_final_accounts_count_what_was_spent(self, rows: Rows) -> None:
        assert rows("final accounts", "v_expenditure", "stage, amount_yuan") == [("final_accounts", 9)]


class TestRows:
    def test_a_table_that_misses_its_total_says_by_how_much(self, rows: Rows) -> None:
        assert rows("off", "summable_totals", "sum_yuan, printed_yuan, difference_yuan") == [(60, 100, -40)]
        assert rows("off", "v_quality", "expenditure_balanced, expenditure_difference_yuan") == [(False, -40)]

    def test_classifications_side_by_side_are_not_added(self, rows: Rows) -> None:
        assert rows("side by side", "v_expenditure", "subject_code, amount_yuan") == [("201", 60), ("205", 40)]

    def test_what_is_carried_to_next_year_is_said(self, rows: Rows) -> None:
        assert rows("carried forward", "v_expenditure", "basic_or_project, amount_yuan") == [("carried_forward", 40), ("not_split", 60)]

    def test_a_table_of_totals_only_counts_its_first(self, rows: Rows) -> None:
        assert rows("only totals", "v_income", "amount_yuan") == [(10,)]

    def test_a_row_that_says_the_whole_again_is_not_added_to_its_parts(self, rows: Rows) -> None:
        assert rows("whole said again", "v_income", "source_label, amount_yuan") == [("中心", 25), ("某局本级", 60), ("站", 15)]
        assert rows("whole that is one of two", "v_income", "source_label, amount_yuan") == [("中心", 0), ("某局", 100)]

    def test_a_part_that_equals_a_total_on_the_way_is_counted(self, rows: Rows) -> None:
        assert rows("a part that equals a subtotal", "summable_totals", "sum_yuan, printed_yuan, n_leaves") == [(100, 100, 3)]

    def test_the_total_of_a_table_of_one_row_is_its_own_column(self, rows: Rows) -> None:
        assert rows("one row", "v_income", "source, amount_yuan") == [("general_public_budget", 80), ("government_fund_budget", 20)]
        assert rows("one row", "summable_totals", "sum_yuan, printed_yuan") == [(100, 100)]

    def test_three_public_items_as_columns_of_units(self, rows: Rows) -> None:
        found = rows("items as columns", "v_three_public", "entity_name, item, amount_yuan")
        assert found == [("items as columns", "abroad", 2), ("items as columns", "reception", 7)]

    def test_three_public_of_units_alone_and_of_a_total_alone(self, rows: Rows) -> None:
        assert rows("items of units", "v_three_public", "entity_name, amount_yuan") == [("1所", 1), ("2所", 2)]
        assert rows("items not split", "v_three_public", "item, amount_yuan") == [("total", 5)]

    def test_a_total_that_holds_meetings_is_understood(self, rows: Rows) -> None:
        assert rows("with meetings", "summable_totals", "sum_yuan, printed_yuan") == [(7, 7)]


class TestSources:
    def test_the_preferred_kind_is_the_only_source(self, rows: Rows) -> None:
        assert set(rows("two kinds", "v_expenditure", "table_kind")) == {("expenditure_summary",)}
        assert rows("two kinds", "summable_totals", "sum_yuan, printed_yuan") == [(100, 100)]

    def test_of_several_tables_the_departments_is_taken(self, rows: Rows) -> None:
        assert set(rows("several tables", "v_expenditure", "entity_name")) == {("several tables",)}
        assert rows("several tables", "summable_totals", "sum_yuan, printed_yuan") == [(100, 100)]

    def test_tables_of_units_only_are_taken_together(self, rows: Rows) -> None:
        assert rows("units only", "summable_totals", "sum_yuan, printed_yuan, len(source_tables)") == [(300, 300, 3)]

    def test_only_the_current_edition_counts(self, rows: Rows) -> None:
        assert rows("editions", "v_expenditure", "sum(amount_yuan)") == [(100,)]
        assert rows("editions", "v_coverage", "source_name, is_current") == [("editions/a.pdf", True), ("editions/b.pdf", False)]

    def test_a_unit_does_not_count_beside_its_department(self, rows: Rows) -> None:
        assert rows("unit and department", "v_expenditure", "sum(amount_yuan)") == [(100,)]
        assert rows("unit and department", "v_projects", "sum(amount_yuan)") == [(40,)]  # the department shows none
        assert rows("unit of another year", "v_expenditure", "sum(amount_yuan)") == [(200,)]

    def test_a_unit_that_its_department_lists_does_not_count(self, rows: Rows) -> None:
        assert rows("listed unit", "v_expenditure", "sum(amount_yuan)") == [(100,)]


class TestOtherViews:
    def test_every_view_has_the_columns_that_are_declared(self, connection: duckdb.DuckDBPyConnection) -> None:
        for view in VIEW_RELATIONS.values():
            assert connection.table(view.name).pl().schema == view.polars_schema, view.name
        assert connection.sql("select count(*) from duckdb_columns() where comment is null and not internal").fetchone() == (0,)

    def test_coverage_says_which_usual_tables_there_are(self, rows: Rows) -> None:
        columns = "document_kind, status, has_expenditure_summary, has_three_public, has_performance, len(table_kinds)"
        assert rows("usual", "v_coverage", columns) == [("department_budget", "loaded", True, True, False, 4)]
        assert rows("units only", "v_coverage", columns) == [("department_budget", "loaded", True, False, False, 1)]

    def test_every_fact_has_its_provenance(self, connection: duckdb.DuckDBPyConnection) -> None:
        counted = connection.sql("select count(*), count(source_name), count(table_title) from v_provenance").fetchone()
        assert counted == (connection.table("facts").shape[0],) * 3

    def test_trusted_facts_fail_closed(self, connection: duckdb.DuckDBPyConnection) -> None:
        assert connection.table("v_trusted_facts").shape[0] == 0  # nothing here was verified

    def test_understanding_accounts_for_every_table(self, rows: Rows) -> None:
        assert rows("usual", "v_understanding", "status, understood_share, n_facts_without_column") == [("understood", 1.0, 0)] * 4

"""`v_edition_differences`: where an earlier edition of a publication says another amount than the current one."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from made_products import TOTAL, Made, Row, Table, ingest

from pipelines.publish.state import State
from pipelines.publish.warehouse import publish


def listed(*rows: Row) -> Table:
    return Table("expenditure_summary", (TOTAL,), rows)


# The current edition is the one with more amounts; the earlier one has no income table, so nothing is said of that;
# brackets of another width are the same label
CURRENT = Made("current", tables=[
    listed(
        Row("合计", (100,), role="total"), Row("甲(本级)", (60,), code="201"), Row("乙", (30,), code="208"),
        Row("丁", (10,), code="210")),
    Table("income_summary", (TOTAL,), (Row("合计", (100,), role="total"),), "income")])
EARLIER = Made("earlier", tables=[
    listed(
        Row("合计", (99,), role="total"), Row("甲（本级）", (60,), code="201"), Row("乙", (30,), code="208"),
        Row("丙", (9,), code="205"))])
OTHER_YEAR = Made("other year", year=2025, tables=[listed(Row("合计", (1,), role="total"))])


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    warehouse = tmp_path_factory.mktemp("differences") / "w.duckdb"
    with State.open(warehouse) as state:
        ingest(state, [CURRENT, EARLIER, OTHER_YEAR])
        publish(state, code_version="test", parquet=False)
    with duckdb.connect(str(warehouse), read_only=True) as opened:
        yield opened


def test_what_differs_is_listed_and_nothing_else(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "select document_id, row_label, difference, (earlier_yuan / 10000)::int, (current_yuan / 10000)::int,"
        " (difference_yuan / 10000)::int from v_edition_differences order by row_label").fetchall()
    earlier = EARLIER.document_id
    assert found == [
        (earlier, "丁", "only_current", None, 10, None),
        (earlier, "丙", "only_earlier", 9, None, None),
        (earlier, "合计", "changed", 99, 100, 1),
    ]


def test_each_difference_leads_to_both_facts(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "select e.amount_yuan = v.earlier_yuan, c.amount_yuan = v.current_yuan, e.document_id = v.document_id, c.document_id"
        " from v_edition_differences v join facts e on e.fact_id = earlier_fact_id join facts c on c.fact_id = current_fact_id").fetchall()
    assert found == [(True, True, True, CURRENT.document_id)]

"""Unknown header phrases are counted, with the nearest known ones; what is known is not listed."""

from collections.abc import Iterator

import duckdb
import pytest

from assets.phrases import unknown


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Facts under known and unknown headers, of two documents."""
    with duckdb.connect() as made:
        made.execute("create table documents (document_id varchar, source_name varchar)")
        fields = "document_id varchar, table_id varchar, row_no int, column_path varchar, column_code varchar, page int"
        made.execute(f"create table facts ({fields})")
        made.execute("create table tables (table_id varchar, document_id varchar)")
        made.execute("create table cells (table_id varchar, row_no int, column_no int, text varchar, page int)")
        made.execute("insert into documents values ('a', 'a.pdf'), ('b', 'b.pdf')")
        made.execute("""insert into facts (document_id, column_path, column_code, page) values
            ('a', '本年收入 / 财政拨付资金来源款', null, 3), ('a', '本年收入 / 财政拨付资金来源款', null, 3),
            ('b', '财政拨付资金来源款', null, 1), ('b', '合计', 'total', 1), ('b', '从未见过甲乙丙丁', null, 2)""")
        yield made


def test_unknown_levels_come_by_frequency_with_where_they_stand(connection: duckdb.DuckDBPyConnection) -> None:
    found = unknown(connection)
    counted = [(row["phrase"], row["numbers"], row["documents"]) for row in found]
    assert counted == [("财政拨付资金来源款", 3, 2), ("从未见过甲乙丙丁", 1, 1)]
    assert found[0]["example"] == "a.pdf, p. 3: 本年收入 / 财政拨付资金来源款"


def test_a_known_phrase_of_a_table_that_nothing_names_is_not_listed_and_a_page_is_only_said_where_there_is_one(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("delete from facts")
    connection.execute("""insert into facts (document_id, column_path, column_code) values
        ('a', '执行数', null), ('a', '预算数（扣除甲乙）', null), ('b', '从未见过甲乙丙丁', null)""")
    assert {row["phrase"]: row["example"] for row in unknown(connection)} == {
        "预算数（扣除甲乙）": "a.pdf: 预算数（扣除甲乙）", "从未见过甲乙丙丁": "b.pdf: 从未见过甲乙丙丁",
    }


def test_the_nearest_known_phrase_is_proposed_and_nothing_where_none_is_near(connection: duckdb.DuckDBPyConnection) -> None:
    near, far = unknown(connection)
    assert "财政" in near["nearest"]
    assert near["facet"] == "funding"
    assert (far["nearest"], far["facet"]) == (None, None)


def test_words_that_rows_print_below_a_header_of_kinds_or_sources_are_listed_where_they_say_nothing_known(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("delete from facts")
    connection.execute("insert into tables values ('t', 'a')")
    connection.execute("insert into facts values ('a', 't', 1, '合计', 'total', 2), ('a', 't', 2, '合计', 'total', 2)")
    connection.execute("""insert into cells values
        ('t', 0, 0, '资金\n来源', 2), ('t', 0, 1, '项目名称', 2), ('t', 1, 0, '一般公共预算', 2), ('t', 2, 0, '甲乙丙丁款', 2),
        ('t', 2, 1, '普查', 2)""")
    assert [(row["phrase"], row["numbers"], row["example"]) for row in unknown(connection)] == [
        ("甲乙丙丁款", 1, "a.pdf, p. 2: 资金来源: 甲乙丙丁款"),
    ]

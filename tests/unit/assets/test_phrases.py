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
        made.execute("create table facts (document_id varchar, column_path varchar, column_code varchar, page int)")
        made.execute("insert into documents values ('a', 'a.pdf'), ('b', 'b.pdf')")
        made.execute("""insert into facts values
            ('a', '本年收入 / 财政拨付资金来源款', null, 3), ('a', '本年收入 / 财政拨付资金来源款', null, 3),
            ('b', '财政拨付资金来源款', null, 1), ('b', '合计', 'total', 1), ('b', '从未见过甲乙丙丁', null, 2)""")
        yield made


def test_unknown_levels_come_by_frequency_with_where_they_stand(connection: duckdb.DuckDBPyConnection) -> None:
    found = unknown(connection)
    counted = [(row["phrase"], row["numbers"], row["documents"]) for row in found]
    assert counted == [("财政拨付资金来源款", 3, 2), ("从未见过甲乙丙丁", 1, 1)]
    assert found[0]["example"] == "a.pdf, p. 3: 本年收入 / 财政拨付资金来源款"


def test_the_nearest_known_phrase_is_proposed_and_nothing_where_none_is_near(connection: duckdb.DuckDBPyConnection) -> None:
    near, far = unknown(connection)
    assert "财政" in near["nearest"]
    assert near["facet"] == "funding"
    assert (far["nearest"], far["facet"]) == (None, None)

"""The declarations make a DuckDB schema that says what everything is; the data dictionary is what they make now."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from schemas.ddl import comments, create_table, identifier, literal, sql_type
from schemas.dictionary import dictionary
from schemas.registry import EVERY_RELATION, RELATIONS, empty_frame

ROOT = Path(__file__).resolve().parents[3]


def test_tables_have_the_declared_columns_types_and_comments() -> None:
    with duckdb.connect() as connection:
        for relation in RELATIONS.values():
            connection.execute(create_table(relation))
            for comment in comments(relation):
                connection.execute(comment)
            assert connection.table(relation.name).pl().schema == relation.polars_schema
        missing = connection.sql("select table_name, column_name from duckdb_columns() where comment is null and not internal").fetchall()
        assert missing == []
        assert connection.sql("select count(*) from duckdb_tables() where comment like '%/%'").fetchone() == (len(RELATIONS),)
        constraints = connection.sql("select distinct constraint_type from duckdb_constraints()").fetchall()
        assert constraints == [("NOT NULL",)]  # a primary key's index would make loading seven times slower


def test_frames_go_in_by_name_whatever_their_order() -> None:
    with duckdb.connect() as connection:
        relation = RELATIONS["dim_entity_alias"]
        connection.execute(create_table(relation))
        connection.register("_rows", pl.DataFrame({"alias": ["某局"], "entity_id": ["a" * 16]}).to_arrow())
        connection.execute("insert into dim_entity_alias by name select * from _rows")
        assert connection.table("dim_entity_alias").fetchall() == [("a" * 16, "某局")]


@pytest.mark.parametrize("name", ['plain', 'with "quotes"', "select"])
def test_names_and_texts_are_quoted(name: str) -> None:
    with duckdb.connect() as connection:
        row = connection.execute(f"select {literal(name + chr(39))} as {identifier(name)}").pl()
        assert row.columns == [name]
        assert row.item() == name + "'"


def test_a_type_without_a_counterpart_is_refused() -> None:
    with pytest.raises(KeyError):
        sql_type(pl.Categorical())
    assert sql_type(pl.List(pl.String())) == "VARCHAR[]"


def test_the_data_dictionary_is_up_to_date() -> None:
    """When this fails: `python -m schemas.dictionary docs/data-dictionary.md`."""
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == dictionary()


def test_the_data_dictionary_names_everything() -> None:
    text = dictionary()
    for relation in EVERY_RELATION.values():
        assert f"\n## {relation.name}\n" in text
        assert all(f"| `{column.name}` |" in text for column in relation.columns)
    assert empty_frame("facts").width == text.split("\n## facts\n")[1].split("\n## ")[0].count("\n| `")

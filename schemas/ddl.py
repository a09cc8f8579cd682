"""SQL generated from the declarations: CREATE TABLE and COMMENT ON, in the dialect of DuckDB.

Here: text of statements. Not here: a connection. Names and texts come from the declarations only and are quoted all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from schemas.registry import Column, Relation

_TYPES: dict[type[pl.DataType], str] = {
    pl.String: "VARCHAR", pl.Int32: "INTEGER", pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN", pl.Datetime: "TIMESTAMP",
}


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted SQL string."""
    return "'" + text.replace("'", "''") + "'"


def sql_type(dtype: pl.DataType) -> str:
    """The DuckDB type of a declared polars type. Raises `KeyError` for a type no relation uses yet."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision},{dtype.scale})"
    if isinstance(dtype, pl.List):
        return f"{sql_type(_instance(dtype.inner))}[]"
    return _TYPES[type(dtype)]


def _instance(dtype: object) -> pl.DataType:
    return dtype() if isinstance(dtype, type) else dtype  # type: ignore[return-value]


def create_table(relation: Relation) -> str:
    """CREATE TABLE without a primary key: an index makes a load seven times slower, and keys are checked a batch."""
    columns = ",\n".join(f"    {identifier(column.name)} {sql_type(column.dtype)}{_nullable(column)}" for column in relation.columns)
    return f"CREATE TABLE {identifier(relation.name)} (\n{columns}\n)"


def _nullable(column: Column) -> str:
    return "" if column.nullable else " NOT NULL"


def comments(relation: Relation) -> Iterator[str]:
    """COMMENT ON statements for a table or view and each of its columns, in Chinese and English."""
    about = relation.about
    text = f"{about.title_zh}：{about.description_zh} / {about.title_en}: {about.description_en}"
    yield f"COMMENT ON {about.kind.upper()} {identifier(relation.name)} IS {literal(text)}"
    for column in relation.columns:
        yield f"COMMENT ON COLUMN {identifier(relation.name)}.{identifier(column.name)} IS {literal(comment(column))}"


def comment(column: Column) -> str:
    """A column's comment: Chinese title and description, then English."""
    return f"{_titled(column.title_zh, column.description_zh, '：')} / {_titled(column.title_en, column.description_en, ': ')}"


def _titled(title: str, description: str, between: str) -> str:
    return title if title == description else f"{title}{between}{description}"

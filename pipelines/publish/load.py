"""Filling a new warehouse: all current batches, the dimensions, the editions, and the leaves that the views may sum.

Here: rows into an empty DuckDB file that has the declared tables. Not here: creating, verifying or renaming that file.
Everything is loaded by name, in the order of ingestion, so that the same state gives the same file; what is content does not depend on
that order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import duckdb
import polars as pl

from pipelines.publish.batches import BATCH, OWNER, PLACE, batch_files, current
from pipelines.publish.compared import compare_documents
from pipelines.publish.editions import Edition, place_editions
from pipelines.publish.state import QUARANTINED, State
from pipelines.publish.views import sql
from schemas import reference
from schemas import vocabularies as words
from schemas.columns import ancestors, column_label
from schemas.ddl import identifier, literal, sql_type
from schemas.registry import RELATIONS, polars_schema

_FACTS_PER_DOCUMENT = 1_000_000  # room for fact numbers between one document and the next
_PLAIN = ("tables", "cells", "facts", "rejects", "checks", "findings", "claims", "indicators", "statistics")

Progress = Callable[[str], None]


def load(connection: duckdb.DuckDBPyConnection, state: State, progress: Progress = lambda _: None) -> dict[str, int]:
    """Load everything but `publication`; returns the number of rows by relation."""
    batches = current(state)
    _documents(connection, state, batches["documents"])
    for relation in _PLAIN:
        progress(relation)
        _relation(connection, state, relation, batches[relation])
    _editions(connection)
    progress("documents")
    compare_documents(connection)
    _inputs(connection, state)
    _entities(connection, state, batches)
    _dimensions(connection)
    progress("views")
    _summable(connection)
    return {name: _count(connection, name) for name in RELATIONS}


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {identifier(relation)}").fetchone()  # a declared name, quoted
    return row[0] if row else 0


def _insert(connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[dict[str, object]] | pl.DataFrame) -> None:
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows), schema=polars_schema(relation))
    connection.register("_rows", frame.to_arrow())
    connection.execute(f"INSERT INTO {identifier(relation)} BY NAME SELECT * FROM _rows")
    connection.unregister("_rows")


def _owned(connection: duckdb.DuckDBPyConnection, state: State, relation: str, pairs: list[tuple[str, str]]) -> bool:
    """Make the temporary view `_batch`: the current rows of a relation with document number and place. False when there are none."""
    files = batch_files(state.paths, relation, pairs)
    if not files:
        return False
    chosen = pl.DataFrame(pairs, schema={OWNER: pl.String, BATCH: pl.String}, orient="row")
    connection.register("_chosen_batch", chosen.to_arrow())
    listed = ", ".join(literal(str(file)) for file in files)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW _batch_rows AS FROM read_parquet([{listed}], union_by_name = true)")
    stored = connection.table("_batch_rows").columns
    columns = [column for column in RELATIONS[relation].columns if column.name in stored]
    typed = ", ".join(f"b.{identifier(column.name)}::{sql_type(column.dtype)} AS {identifier(column.name)}" for column in columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW _batch AS SELECT {typed}, {OWNER} AS _owner, n.document_no AS _document_no, "
        f"{PLACE} AS _place "
        f"FROM _batch_rows b JOIN _chosen_batch USING ({OWNER}, {BATCH}) JOIN _numbers n ON n.document_id = {OWNER}"
    )
    return True


def _relation(connection: duckdb.DuckDBPyConnection, state: State, relation: str, pairs: list[tuple[str, str]]) -> None:
    if not _owned(connection, state, relation, pairs):
        return
    number = f", _document_no * {_FACTS_PER_DOCUMENT} + _place AS fact_no" if relation == "facts" else ""
    left_out = "_owner, _document_no, _place" + (", fact_no" if number else "")
    connection.execute(
        f"INSERT INTO {identifier(relation)} BY NAME SELECT * EXCLUDE ({left_out}){number} FROM _batch ORDER BY _document_no, _place"
    )


def _documents(connection: duckdb.DuckDBPyConnection, state: State, pairs: list[tuple[str, str]]) -> None:
    """Documents with a final status: what understanding said of them, or their quarantine."""
    known = pl.DataFrame([dict(row) for row in state.documents()], schema={
        "document_no": pl.Int64, "document_id": pl.String, "sha256": pl.String, "bytes": pl.Int64, "media_type": pl.String,
        "source_name": pl.String, "first_seen": pl.String,
    }).with_columns(pl.col("first_seen").str.to_datetime(time_unit="us").alias("ingested_at")).drop("first_seen")
    connection.register("_known", known.to_arrow())
    connection.execute("CREATE TEMP TABLE _numbers AS SELECT document_id, document_no FROM _known")
    quarantined = {record.document_id: record.reason for record in state.records() if record.status == QUARANTINED}
    schema = polars_schema("documents")
    made = pl.DataFrame(schema=schema)
    if _owned(connection, state, "documents", pairs):
        made = connection.sql("SELECT * EXCLUDE (_owner, _document_no, _place) FROM _batch ORDER BY _document_no").pl()
    reasons = pl.DataFrame(list(quarantined.items()), schema={"document_id": pl.String, "reason": pl.String}, orient="row")
    refused = (
        known.join(made, on="document_id", how="anti").join(reasons, on="document_id", how="inner")
        .with_columns(pl.lit(QUARANTINED).alias("status"))
    )
    stated = known.select("document_id", "document_no", "source_name", "ingested_at", pl.col("media_type").alias("_media_type"))
    both = pl.concat([made, refused.drop("document_no", "source_name", "ingested_at")], how="diagonal_relaxed")
    frame = (
        both.drop("document_no", "source_name", "ingested_at").join(stated, on="document_id", how="left")
        .with_columns(pl.coalesce("media_type", "_media_type").alias("media_type"))
        .sort("document_no").select(list(schema)).cast(schema)
    )
    _insert(connection, "documents", frame)


def _editions(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(
        "SELECT d.document_id, d.status, d.entity_id, d.fiscal_year, d.document_kind, coalesce(d.numbers_facts, 0), "
        "coalesce(d.numbers_total, 0), coalesce(f.confidence, 0), coalesce(f.kinds, []) FROM documents d "
        "LEFT JOIN (SELECT document_id, min(confidence) AS confidence, list(DISTINCT table_kind) AS kinds "
        "FROM tables WHERE n_facts > 0 GROUP BY document_id) f USING (document_id)"
    ).fetchall()
    placed = place_editions(Edition(*row) for row in rows)
    names = ("document_id", "publication_id", "edition_no", "is_current", "superseded_by")
    schema = {name: polars_schema("documents")[name] for name in names}
    frame = pl.DataFrame([(document_id, *vars(place).values()) for document_id, place in placed.items()], schema=schema, orient="row")
    connection.register("_placed", frame.to_arrow())
    connection.execute(
        "UPDATE documents SET publication_id = p.publication_id, edition_no = p.edition_no, is_current = p.is_current, "
        "superseded_by = p.superseded_by FROM _placed p WHERE p.document_id = documents.document_id"
    )


def _inputs(connection: duckdb.DuckDBPyConnection, state: State) -> None:
    """Inputs with a final status; those whose document is still being worked on come with a later version."""
    documents = {row[0]: row[1:] for row in connection.execute("SELECT document_id, status, reason, source_name FROM documents").fetchall()}
    details = {record.document_id: record.detail for record in state.records() if record.detail}
    rows: list[dict[str, object]] = []
    for each in state.inputs():
        status, reason, detail = each.status, each.reason, each.detail
        document = documents.get(each.document_id or "")
        if document is not None and status is None:
            status, reason, detail = document[0], document[1], detail or details.get(each.document_id or "")
            if not each.is_first:
                status, reason, detail = "duplicate", None, f"same content as {document[2]}"
        if status is not None:
            input_id = hashlib.sha256(each.source_name.encode()).hexdigest()[:16]
            rows.append({
                "input_id": input_id, "source_name": each.source_name, "document_id": each.document_id, "status": status, "reason": reason,
                "first_seen": each.first_seen, "last_seen": each.last_seen, "detail": detail,
            })
    _insert(connection, "inputs", rows)


def _entities(connection: duckdb.DuckDBPyConnection, state: State, batches: dict[str, list[tuple[str, str]]]) -> None:
    """Bodies as all documents together describe them: the most frequent name, region, parent; of equals the first in order of text."""
    if _owned(connection, state, "dim_entity", batches["dim_entity"]):
        seen = connection.sql("SELECT * EXCLUDE (_owner, _document_no, _place) FROM _batch").pl()
        whole = seen.select("entity_id").unique()
        for name in ("name", "region_code", "parent_entity_id", "level"):
            counts = seen.filter(pl.col(name).is_not_null() & (pl.col(name) != pl.col("entity_id"))).group_by("entity_id", name).len()
            ranked = counts.sort(["entity_id", "len", name], descending=[False, True, False])
            best = ranked.unique("entity_id", keep="first", maintain_order=True).drop("len")
            whole = whole.join(best, on="entity_id", how="left")
        years = seen.group_by("entity_id").agg(pl.col("valid_from").min(), pl.col("valid_to").max())
        _insert(connection, "dim_entity", whole.join(years, on="entity_id").sort("entity_id").select(list(polars_schema("dim_entity"))))
    if _owned(connection, state, "dim_entity_alias", batches["dim_entity_alias"]):
        connection.execute("INSERT INTO dim_entity_alias BY NAME SELECT DISTINCT entity_id, alias FROM _batch ORDER BY entity_id, alias")


def _dimensions(connection: duckdb.DuckDBPyConnection) -> None:
    _insert(connection, "dim_subject", [
        {
            "scheme": each.scheme, "code": each.code, "name": each.name, "level": each.level, "parent_code": each.parent_code,
            "valid_from": each.valid_from, "valid_to": each.valid_to, "confidence": each.confidence,
        }
        for each in reference.subjects()
    ])
    _insert(connection, "dim_region", [
        {
            "code": each.code, "name": each.name, "level": each.level, "parent_code": each.parent_code, "valid_from": each.valid_from,
            "valid_to": each.valid_to, "full_name": each.full_name, "successor_code": each.successor_code,
        }
        for each in reference.regions()
    ])
    _insert(connection, "dim_table_kind", [
        {"table_kind": row["table_kind"], "name_zh": row["name_zh"], "name_en": row["name_en"], "priority": int(row["priority"])}
        for row in reference.table_kinds()
    ])
    codes = connection.execute("SELECT DISTINCT column_code FROM facts WHERE column_code IS NOT NULL ORDER BY 1").fetchall()
    labels = ((code, column_label(code)) for (code,) in codes)
    _insert(connection, "dim_column", [{"column_code": code, "label_zh": zh, "label_en": en} for code, (zh, en) in labels])


def _summable(connection: duckdb.DuckDBPyConnection) -> None:
    """Choose the leaves (sql/summable.sql) by the reviewed lists of sources and items."""
    priority = {row["table_kind"]: int(row["priority"]) for row in reference.table_kinds()}
    tables: dict[str, tuple[list[str], list[tuple[object, ...]]]] = {
        "_sources": (["view VARCHAR", "table_kind VARCHAR", "side VARCHAR", "priority INTEGER"], [
            (row["view"], row["table_kind"], row["side"], priority[row["table_kind"]]) for row in reference.rows("summable_sources.csv")
        ]),
        "_above": (["dim VARCHAR", "child VARCHAR", "parent VARCHAR", "distance INTEGER"], [
            (dimension, *above)
            for dimension, vocabulary in (("f", words.FUNDING), ("e", words.EXPENDITURE_TYPE), ("p", words.BUDGET_PERIOD))
            for above in ancestors(vocabulary)
        ]),
        "_items": (["item_order INTEGER", "pattern VARCHAR", "item VARCHAR"], [
            (number, row["pattern"], row["item"]) for number, row in enumerate(reference.rows("three_public_items.csv"))
        ]),
        "_phrases": (["phrase VARCHAR", "source VARCHAR"], sorted({
            (row["phrase"], row["value"]) for row in reference.rows("column_phrases.csv") if row["facet"] in ("funding", "carry")
        })),
    }
    for name, (columns, rows) in tables.items():
        connection.execute(f"CREATE TEMP TABLE {name} ({', '.join(columns)})")
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
    connection.execute(sql("summable.sql"))

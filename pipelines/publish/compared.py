"""Documents compared with one another, once all of them are in the new file: checks, findings, and what that does to trust.

Here: which documents speak of one another, in portions, and the rows into relations. Not here: the comparison (pipelines.audit.documents).
It is done anew for every version, from the documents that this version holds: a document more or less needs no bookkeeping.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl

from pipelines.audit.documents import Compared, Pair, Record, compare_all, not_compared
from pipelines.audit.rules import rules
from pipelines.publish.views import sql
from schemas.ddl import identifier
from schemas.registry import polars_schema

_PORTION = 500_000  # amounts compared at a time


def compare_documents(connection: duckdb.DuckDBPyConnection) -> int:
    """Add the checks and findings between documents; facts that another document bears witness to become `verified`.

    Returns how many pairs of documents were compared. Only a `plausible` amount gains by it: an agreement elsewhere mends no failure here.
    """
    connection.execute(sql("documents.sql"))
    total = 0
    for number, of in _portions(connection):
        pairs = [
            Pair(*row) for row in connection.execute(
                "SELECT later_id, home_id, rule, same_scope, entity_id, fiscal_year, stage, coalesce(home_entity, ''), home_kind "
                "FROM _document_pairs WHERE hash(entity_id) % ? = ? ORDER BY ALL", [of, number]).fetchall()
        ]
        facts = connection.execute("SELECT * FROM _compared_facts WHERE hash(entity_id) % ? = ?", [of, number]).pl()
        amounts: dict[tuple[str, str, int, str], list[Record]] = {}
        for row in facts.iter_rows(named=True):
            amounts.setdefault((row["document_id"], row["entity_id"], row["fiscal_year"], row["stage"]), []).append(row)
        _store(connection, compare_all(pairs, amounts))
        total += len(pairs)
    _account(connection)
    return total


def _portions(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    row = connection.execute("SELECT count(*) FROM _compared_facts").fetchone()
    of = 1 + (row[0] if row else 0) // _PORTION
    return ((number, of) for number in range(of))


def _store(connection: duckdb.DuckDBPyConnection, made: Iterator[Compared]) -> None:
    whole = Compared()
    for one in made:
        whole.checks.extend(one.checks)
        whole.findings.extend(one.findings)
        whole.witnessed |= one.witnessed
    _insert(connection, "checks", "check_id", whole.checks)
    _insert(connection, "findings", "finding_id", whole.findings)
    if whole.witnessed:
        connection.register("_witnessed", pl.DataFrame({"fact_id": sorted(whole.witnessed)}).to_arrow())
        connection.execute("UPDATE facts SET trust = 'verified' FROM _witnessed w WHERE facts.fact_id = w.fact_id AND trust = 'plausible'")
        connection.unregister("_witnessed")


def _insert(connection: duckdb.DuckDBPyConnection, relation: str, key: str, rows: list[Record]) -> None:
    schema = polars_schema(relation)
    once = {row[key]: {name: row.get(name) for name in schema} for row in rows}
    if once:
        connection.register("_rows", pl.DataFrame(list(once.values()), schema=schema).to_arrow())
        connection.execute(f"INSERT INTO {identifier(relation)} BY NAME SELECT * FROM _rows")
        connection.unregister("_rows")


def _account(connection: duckdb.DuckDBPyConnection) -> None:
    """For each document and each rule between documents: a row that says so when nothing was compared."""
    documents = [row[0] for row in connection.execute("SELECT document_id FROM documents WHERE status = 'loaded' ORDER BY 1").fetchall()]
    names = sorted(rule.rule for rule in rules().values() if rule.kind == "documents")
    done = set(connection.execute("SELECT DISTINCT document_id, rule FROM checks WHERE list_contains(?, rule)", [names]).fetchall())
    _insert(connection, "checks", "check_id", [
        not_compared(document, rule) for document in documents for rule in names if (document, rule) not in done])

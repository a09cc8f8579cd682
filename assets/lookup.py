"""Questions that the command line asks a published warehouse; read-only, without Dagster, polars or pandera, so that answers come at once.

Here: opening the file and the queries. Not here: printing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
COUNTED = ("documents", "tables", "facts", "indicators", "statistics", "findings")
NEIGHBOURS = 3  # rows above and below a fact that its picture shows, where there is no page to cut from


class LookupFailed(LookupError):
    """What was asked for is not there, or is ambiguous: the call is wrong. The message says what to do."""


@contextmanager
def opened(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, read-only. Raises LookupFailed when there is none."""
    if not warehouse.is_file():
        raise LookupFailed(f"there is no warehouse {warehouse}: `yusuan ingest PATH` makes one, --warehouse names another")
    import duckdb  # here, so that `--help` does not wait for it

    try:
        connection = duckdb.connect(str(warehouse), read_only=True)
    except duckdb.Error as error:
        raise LookupFailed(f"{warehouse} cannot be opened as a DuckDB file: {str(error).splitlines()[0]}") from error
    with connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[Row]:
    """All rows of a query, as dictionaries."""
    cursor = connection.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def fact(connection: duckdb.DuckDBPyConnection, text: str) -> Row:
    """One fact by its id or the beginning of it. Raises LookupFailed when none or several are meant."""
    found = rows(connection, "select * from facts where starts_with(fact_id, ?) order by fact_id limit 2", text) if text else []
    if not found:
        raise LookupFailed(f"no fact has the id {text!r}; ids stand in facts.fact_id")
    if len(found) > 1 and found[0]["fact_id"] != text:
        raise LookupFailed(f"several facts begin with {text!r}: give more of the id")
    return found[0]


def whole_way(connection: duckdb.DuckDBPyConnection, text: str) -> Row:
    """A fact with its document, inputs, table, cell, the rows around it, its checks, its findings and what the text says of it."""
    found = fact(connection, text)
    document = rows(connection, "select * from documents where document_id = ?", found["document_id"])
    table = rows(connection, "select * from tables where table_id = ?", found["table_id"])
    cell = rows(connection, "select * from cells where table_id = ? and row_no = ? and column_no = ?", *place(found))
    return {
        "fact": found,
        "document": document[0] if document else None,
        "inputs": [row["source_name"] for row in rows(
            connection, "select source_name from inputs where document_id = ? order by 1", found["document_id"])],
        "table": table[0] if table else None,
        "cell": cell[0] if cell else None,
        "column": next(iter(rows(connection, "select * from dim_column where column_code = ?", found["column_code"])), None),
        "parent": next(iter(rows(
            connection, "select row_no, row_label, subject_code from facts where table_id = ? and row_no = ? limit 1",
            found["table_id"], found["parent_row_no"])), None),
        "checks": rows(
            connection, "select * from checks where list_contains(fact_ids, ?) order by outcome, rule, check_id", found["fact_id"]),
        "findings": rows(connection, "select * from findings where fact_id = ? order by finding_id", found["fact_id"]),
        "claims": rows(connection, "select * from claims where fact_id = ? order by page nulls last, claim_id", found["fact_id"]),
    }


def place(found: Row) -> tuple[object, object, object]:
    """Table, row and column of a fact."""
    return found["table_id"], found["row_no"], found["column_no"]


def surroundings(connection: duckdb.DuckDBPyConnection, found: Row) -> list[Row]:
    """The cells of a fact's header and of the rows around it."""
    table_id, row, _ = place(found)
    return rows(
        connection,
        "select c.* from cells c join tables t using (table_id) where table_id = ? and"
        " (c.row_no < coalesce(t.header_rows, 1) or c.row_no between ? and ?) order by c.row_no, c.column_no",
        table_id, int(str(row)) - NEIGHBOURS, int(str(row)) + NEIGHBOURS)


def findings(connection: duckdb.DuckDBPyConnection, document: str | None) -> list[Row]:
    """All findings, or those of one document, by document, page and severity, with whether its edition `is_current`.

    Raises LookupFailed for a document that is not there.
    """
    ids = documents(connection, document) if document else None
    return rows(
        connection,
        "select f.* exclude (x0, top, x1, bottom), coalesce(f.x0, x.x0) as x0, coalesce(f.top, x.top) as top, coalesce(f.x1, x.x1) as x1,"
        " coalesce(f.bottom, x.bottom) as bottom, coalesce(d.entity_name, d.source_name) as document, d.source_name, d.fiscal_year,"
        " d.publication_id, d.is_current, d.media_type, x.row_label, x.column_path, t.title as table_title, c.sentence, c.subject_text"
        " from findings f join documents d using (document_id) left join facts x on x.fact_id = f.fact_id"
        " left join tables t on t.table_id = x.table_id left join claims c on c.claim_id = f.claim_id"
        " where ? or list_contains(?, f.document_id)"
        " order by d.document_no nulls last, f.document_id, f.page nulls last, f.severity, f.finding_id",
        ids is None, ids or [])


def finding(connection: duckdb.DuckDBPyConnection, text: str) -> Row:
    """One finding, with its publication, by its id or the beginning of it. Raises LookupFailed when none or several are meant."""
    sql = "select f.*, d.publication_id from findings f join documents d using (document_id) where starts_with(finding_id, ?) limit 2"
    found = rows(connection, sql, text) if text else []
    if not found:
        raise LookupFailed(f"no finding has the id {text!r}; ids stand in findings.finding_id")
    if len(found) > 1:
        raise LookupFailed(f"several findings begin with {text!r}: give more of the id")
    return found[0]


def documents(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """Ids of the documents meant by an id, the beginning of one (six characters or more) or a source name. Raises LookupFailed."""
    found = [row["document_id"] for row in rows(
        connection,
        "select distinct document_id from (select document_id, source_name from documents union all"
        " select document_id, source_name from inputs) where document_id is not null and (source_name = ? or ends_with(source_name, ?)"
        " or (length(?) >= 6 and starts_with(document_id, ?))) order by 1",
        text, "/" + text, text, text)]
    if not found:
        raise LookupFailed(f"no document {text!r}: give its id, the beginning of it, or its source name as in `documents`")
    return found


def overview(connection: duckdb.DuckDBPyConnection) -> Row:
    """What a warehouse holds: its version, inputs by status, quarantined ones by reason, rows of the main relations."""
    return {
        "publication": rows(connection, "select * from publication")[0],
        "inputs": {row["status"]: row["n"] for row in rows(connection, "select status, count(*) as n from inputs group by 1 order by 1")},
        "quarantined": {row["reason"]: row["n"] for row in rows(
            connection, "select reason, count(*) as n from inputs where status = 'quarantined' group by 1 order by 2 desc, 1")},
        "rows": {name: connection.table(name).shape[0] for name in COUNTED},
        "trust": {row["trust"]: row["n"] for row in rows(connection, "select trust, count(*) as n from facts group by 1 order by 1")},
    }

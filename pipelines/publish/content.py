"""The content hash: the same for the same content, whatever the times and the order of ingestion.

Here: one hash over all relations. Not here: how it is published. Left out are times, the numbers that grow with ingestion, the name a
document first came under, and which of several equal inputs came first. Rows are hashed by DuckDB (fast, and the same on every machine):
hashes are to be compared between warehouses made with one release of it.
"""

from __future__ import annotations

import hashlib

import duckdb

from schemas.ddl import identifier
from schemas.registry import RELATIONS

_LEFT_OUT = {
    "documents": ("source_name", "ingested_at", "document_no"),
    "facts": ("fact_no",),
}
_INPUTS = """
SELECT i.source_name, i.document_id, coalesce(d.status, i.status) AS status, coalesce(d.reason, i.reason) AS reason
FROM inputs i LEFT JOIN documents d USING (document_id)
"""


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 over the relations' names, numbers of rows, and order-free sums of their rows' hashes."""
    digest = hashlib.sha256()
    for relation in sorted(RELATIONS):
        if relation == "publication":
            continue
        row = connection.execute(
            f"SELECT count(*), sum(hash(r)) FROM (SELECT r FROM ({_rows(relation)}) r)"
        ).fetchone()
        digest.update(f"{relation}:{row}\n".encode())
    return digest.hexdigest()


def _rows(relation: str) -> str:
    if relation == "inputs":
        return _INPUTS
    excluded = f" EXCLUDE ({', '.join(_LEFT_OUT[relation])})" if relation in _LEFT_OUT else ""
    return f"SELECT *{excluded} FROM {identifier(relation)}"

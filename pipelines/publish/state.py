"""What has been offered to one warehouse, what has been done with it by document and stage, and where the results lie.

Here: the SQLite file beside the warehouse and the transactions on it. Not here: the Parquet batches themselves (batches.py), how a
stage works, how a warehouse is built. A writer holds the lock (lock.py) while he changes anything; anybody may read.

A document passes the stages in the order of `STAGES`. A record says which version of a stage (code and reference data) has seen it. A
stage done again leaves the records of later stages stale: they are due again, but what they made stays until it is replaced. A
document that a stage quarantined loses what later stages made.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec

from pipelines.publish.paths import WarehousePaths, warehouse_paths
from schemas import reference

STAGES: tuple[str, ...] = ("read", "understand", "audit")
DONE, QUARANTINED = "done", "quarantined"
STALE = ""  # the version of a record that has to be made again

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    document_no INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    media_type TEXT, source_name TEXT NOT NULL, first_seen TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS inputs (
    input_no INTEGER PRIMARY KEY AUTOINCREMENT, source_name TEXT NOT NULL UNIQUE, document_id TEXT, status TEXT, reason TEXT, detail TEXT,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS inputs_document ON inputs (document_id);
CREATE TABLE IF NOT EXISTS batches (batch_id TEXT PRIMARY KEY, stage TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS records (
    document_id TEXT NOT NULL, stage TEXT NOT NULL, version TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, detail TEXT,
    batch_id TEXT, relations TEXT NOT NULL, seconds REAL, recorded_at TEXT NOT NULL, PRIMARY KEY (document_id, stage));
CREATE INDEX IF NOT EXISTS records_batch ON records (batch_id);
CREATE TABLE IF NOT EXISTS withdrawn (document_id TEXT PRIMARY KEY, withdrawn_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS versions (
    version INTEGER PRIMARY KEY, published_at TEXT NOT NULL, content_hash TEXT NOT NULL, sha256 TEXT NOT NULL,
    n_documents INTEGER NOT NULL);
"""


class Offer(msgspec.Struct, frozen=True):
    """One path offered. `sha256` is null where there is no content to work on; such an input brings its own final `status`."""

    source_name: str
    sha256: str | None
    bytes: int = 0
    media_type: str | None = None
    status: str | None = None
    reason: str | None = None
    detail: str | None = None


class Pending(msgspec.Struct, frozen=True):
    """One document that a stage has to work on."""

    document_id: str
    document_no: int
    sha256: str
    bytes: int
    media_type: str | None
    source_name: str


class Record(msgspec.Struct, frozen=True):
    """What one stage made of one document. `relations` are those the stage's product speaks for, rows or none."""

    document_id: str
    stage: str
    version: str
    status: str
    reason: str | None = None
    detail: str | None = None
    batch_id: str | None = None
    relations: tuple[str, ...] = ()
    seconds: float | None = None


class InputRow(msgspec.Struct, frozen=True):
    """One input as the warehouse shows it, but for the status, which follows from its document."""

    source_name: str
    document_id: str | None
    status: str | None
    reason: str | None
    detail: str | None
    first_seen: datetime
    last_seen: datetime
    is_first: bool  # the first input of its document


def stage_version(code_version: str, reference_files: Iterable[str] = (), upstream: str = "") -> str:
    """A stage's version: it changes with the code, with the reference files the stage reads, and with the stage before it."""
    return "+".join(filter(None, (code_version, reference.reference_hash(reference_files), upstream)))


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


class State:
    """The state of one warehouse. Use as a context manager; every method that changes something is one transaction."""

    def __init__(self, paths: WarehousePaths) -> None:
        self.paths = paths
        paths.state.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(paths.database, isolation_level=None, timeout=30)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.executescript(_SCHEMA)

    @classmethod
    def open(cls, warehouse: Path | str) -> Self:
        """Open or begin the state of a warehouse file."""
        return cls(warehouse_paths(warehouse))

    def close(self) -> None:
        """Let go of the SQLite file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which also marks that the published warehouse is behind."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._connection.execute(
                "INSERT INTO meta VALUES ('changes', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"
            )
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Rows of a reading statement, for status displays and tests."""
        return self._connection.execute(sql, parameters).fetchall()

    # what is offered

    def offer(self, offers: Iterable[Offer], *, revive: bool = True) -> list[str]:
        """Note paths and their contents; returns the ids of documents not known before, in the order offered.

        A path offered again keeps its row and may have other content now. A withdrawn document comes back when `revive` is true (a
        person asked for it) and stays away otherwise (a schedule found it lying in a folder).
        """
        fresh: list[str] = []
        with self.change() as connection:
            for offer in offers:
                now = _now()
                name = offer.source_name.encode("utf-8", "backslashreplace").decode()  # names of bytes that are no text
                document_id = offer.sha256[:16] if offer.sha256 else None
                if document_id is not None:
                    if not revive and connection.execute("SELECT 1 FROM withdrawn WHERE document_id = ?", (document_id,)).fetchone():
                        continue
                    connection.execute("DELETE FROM withdrawn WHERE document_id = ?", (document_id,))
                    added = connection.execute(
                        "INSERT INTO documents (document_id, sha256, bytes, media_type, source_name, first_seen) VALUES (?, ?, ?, ?, ?, ?) "
                        "ON CONFLICT (document_id) DO NOTHING",
                        (document_id, offer.sha256, offer.bytes, offer.media_type, name, now),
                    ).rowcount
                    if added:
                        fresh.append(document_id)
                connection.execute(
                    "INSERT INTO inputs (source_name, document_id, status, reason, detail, first_seen, last_seen) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (source_name) DO UPDATE SET document_id = excluded.document_id, status = excluded.status, "
                    "reason = excluded.reason, detail = excluded.detail, last_seen = excluded.last_seen",
                    (name, document_id, offer.status, offer.reason, offer.detail, now, now),
                )
        return fresh

    def inputs(self) -> list[InputRow]:
        """All inputs in the order they were first offered."""
        rows = self.query(
            "SELECT i.*, i.input_no = min(i.input_no) OVER (PARTITION BY coalesce(i.document_id, i.source_name)) AS is_first "
            "FROM inputs i ORDER BY i.input_no"
        )
        return [
            InputRow(
                row["source_name"], row["document_id"], row["status"], row["reason"], row["detail"],
                datetime.fromisoformat(row["first_seen"]), datetime.fromisoformat(row["last_seen"]), bool(row["is_first"]),
            )
            for row in rows
        ]

    def documents(self) -> list[sqlite3.Row]:
        """All documents in the order of ingestion: document_no, document_id, sha256, bytes, media_type, source_name, first_seen."""
        return self.query("SELECT * FROM documents ORDER BY document_no")

    def find(self, text: str) -> list[str]:
        """Ids of the documents meant by a text: an id or its beginning (six digits or more), a source name, or a source name's end."""
        rows = self.query(
            "SELECT DISTINCT d.document_id FROM documents d LEFT JOIN inputs i USING (document_id) "
            "WHERE i.source_name = ?1 OR d.source_name = ?1 OR substr(i.source_name, -length(?1) - 1) = '/' || ?1 "
            "OR (length(?1) >= 6 AND substr(d.document_id, 1, length(?1)) = ?1) "
            "ORDER BY d.document_no",
            (text,),
        )
        return [row["document_id"] for row in rows]

    # what is to be done

    def pending(
        self, stage: str, version: str, *, documents: Iterable[str] | None = None, since: datetime | None = None, force: bool = False
    ) -> list[Pending]:
        """Documents that this version of a stage has not seen, in the order of ingestion, of those that the stage before has done.

        `documents` narrows to these ids, `since` to what was first offered at or after a time (UTC); `force` takes the seen ones too.
        """
        position = STAGES.index(stage)
        rows = self.query(
            "SELECT d.* FROM documents d LEFT JOIN records r ON r.document_id = d.document_id AND r.stage = ?1 "
            "LEFT JOIN records b ON b.document_id = d.document_id AND b.stage = ?2 "
            "WHERE (?3 OR r.version IS NULL OR r.version <> ?4) AND (?2 = '' OR b.status = 'done') AND d.first_seen >= ?5 "
            "ORDER BY d.document_no",
            (stage, STAGES[position - 1] if position else "", force, version, since.isoformat(timespec="microseconds") if since else ""),
        )
        wanted = None if documents is None else set(documents)
        return [
            Pending(row["document_id"], row["document_no"], row["sha256"], row["bytes"], row["media_type"], row["source_name"])
            for row in rows
            if wanted is None or row["document_id"] in wanted
        ]

    def records(self, stage: str | None = None) -> list[Record]:
        """What stages made of documents, by document in the order of ingestion and by stage."""
        rows = self.query(
            "SELECT r.* FROM records r JOIN documents d USING (document_id) WHERE ?1 IS NULL OR r.stage = ?1 ORDER BY d.document_no",
            (stage,),
        )
        return sorted(
            (
                Record(
                    row["document_id"], row["stage"], row["version"], row["status"], row["reason"], row["detail"], row["batch_id"],
                    tuple(json.loads(row["relations"])), row["seconds"],
                )
                for row in rows
            ),
            key=lambda record: STAGES.index(record.stage),
        )

    def record(self, connection: sqlite3.Connection, records: Iterable[Record]) -> None:
        """Write records within a transaction of the caller; see the module for what becomes of later stages."""
        for record in records:
            connection.execute(
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    record.document_id, record.stage, record.version, record.status, record.reason, record.detail, record.batch_id,
                    json.dumps(record.relations), record.seconds, _now(),
                ),
            )
            for later in STAGES[STAGES.index(record.stage) + 1 :]:
                place = (record.document_id, later)
                if record.status == DONE:
                    connection.execute("UPDATE records SET version = '' WHERE document_id = ? AND stage = ?", place)
                else:
                    connection.execute("DELETE FROM records WHERE document_id = ? AND stage = ?", place)

    def retry(self, documents: Iterable[str] | None = None, *, reasons: Iterable[str] | None = None) -> list[str]:
        """Make quarantined documents due again (all, or these ids, or these reasons); returns their ids."""
        wanted = None if documents is None else set(documents)
        known = None if reasons is None else set(reasons)
        with self.change() as connection:
            rows = connection.execute("SELECT document_id, stage, reason FROM records WHERE status = ?", (QUARANTINED,)).fetchall()
            chosen = [
                row for row in rows if (wanted is None or row["document_id"] in wanted) and (known is None or row["reason"] in known)
            ]
            for row in chosen:
                connection.execute(
                    "UPDATE records SET version = ? WHERE document_id = ? AND stage = ?", (STALE, row["document_id"], row["stage"])
                )
        return [row["document_id"] for row in chosen]

    def remove(self, documents: Iterable[str]) -> int:
        """Withdraw documents: their inputs, records and results are gone from the next version on. Returns how many there were."""
        removed = 0
        with self.change() as connection:
            for document_id in documents:
                removed += connection.execute("DELETE FROM documents WHERE document_id = ?", (document_id,)).rowcount
                connection.execute("DELETE FROM inputs WHERE document_id = ?", (document_id,))
                connection.execute("DELETE FROM records WHERE document_id = ?", (document_id,))
                connection.execute("INSERT OR REPLACE INTO withdrawn VALUES (?, ?)", (document_id, _now()))
        return removed

    # what has been published

    def unpublished(self) -> bool:
        """Whether anything has changed since the last version was put into place, or the published file is gone."""
        return self._meta("changes") != self._meta("published_changes") or not self.paths.current.exists()

    def add_version(self, version: int, published_at: datetime, content_hash: str, sha256: str, n_documents: int) -> None:
        """Note a finished version: its content's hash and its file's SHA-256, by which going back to it can be trusted."""
        with self.change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?)",
                (version, published_at.isoformat(), content_hash, sha256, n_documents),
            )

    def mark_published(self) -> None:
        """Note that the published file holds everything: to be called once it is in place, so that a run killed before is made good."""
        self._connection.execute("INSERT OR REPLACE INTO meta SELECT 'published_changes', value FROM meta WHERE key = 'changes'")

    def versions(self) -> list[dict[str, Any]]:
        """All versions ever finished, oldest first."""
        return [dict(row) for row in self.query("SELECT * FROM versions ORDER BY version")]

    def _meta(self, key: str) -> str | None:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else None

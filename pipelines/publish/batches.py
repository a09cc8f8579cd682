"""Results of a stage as Parquet batches: validated, written aside, renamed into place, then recorded in one transaction.

Here: writing, finding, merging and clearing batches. Not here: what stages make, or how a warehouse is built from it. A process that is
killed at any instant leaves either no batch, or a folder that no record names and the next writer clears, or a whole batch.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipelines.publish.paths import WarehousePaths
from pipelines.publish.state import DONE, QUARANTINED, STAGES, STALE, Record, State
from schemas.registry import PRODUCT_RELATIONS, empty_frame
from schemas.validation import examine

OWNER, BATCH, PLACE = "_document_id", "_batch_id", "_place"  # what a batch holds beside the relation's columns


@dataclass(frozen=True)
class Product:
    """What one stage made of one document: frames by relation (a relation with no rows is spoken for all the same).

    `status` is `done` or `quarantined`, the latter with a `reason` of the vocabulary and one sentence of `detail`.
    """

    document_id: str
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    status: str = DONE
    reason: str | None = None
    detail: str | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Written:
    """What `write_batch` did: the batch (null when there was nothing to store), rows by relation, and how many were refused."""

    batch_id: str | None
    rows: Mapping[str, int]
    refused: int


def write_batch(state: State, stage: str, version: str, products: Sequence[Product]) -> Written:
    """Validate and store the products of some documents, and record that this version of the stage has seen them.

    Refused rows go to `rejects`. Raises `SchemaMismatch` when a frame does not fit its relation, `ValueError` for an unknown relation or
    status; then nothing is stored.
    """
    for product in products:
        unknown = sorted(set(product.frames) - set(PRODUCT_RELATIONS))
        if unknown or product.status not in (DONE, QUARANTINED):
            raise ValueError(f"document {product.document_id}: unknown relations {unknown} or status {product.status!r}")
    frames, refused = _validated(products)
    batch_id = f"{stage}-{uuid.uuid4().hex[:16]}" if frames else None
    if batch_id is not None:
        _store(state.paths, batch_id, frames)
    with state.change() as connection:
        if batch_id is not None:
            connection.execute("INSERT INTO batches VALUES (?, ?, ?)", (batch_id, stage, datetime.now(UTC).isoformat()))
        state.record(connection, [
            Record(
                product.document_id, stage, version, product.status, product.reason, product.detail,
                batch_id if product.frames else None, _spoken_for(product), product.seconds,
            )
            for product in products
            if connection.execute("SELECT 1 FROM documents WHERE document_id = ?", (product.document_id,)).fetchone()  # not withdrawn
        ])
    return Written(batch_id, {name: frame.height for name, frame in frames.items()}, refused)


def _spoken_for(product: Product) -> tuple[str, ...]:
    return tuple(sorted({*product.frames, "rejects"})) if product.frames else ()


def _validated(products: Sequence[Product]) -> tuple[dict[str, pl.DataFrame], int]:
    """Good rows of all products by relation, each with its owner; refused rows among the rejects, and the counts put right."""
    gathered: dict[str, list[pl.DataFrame]] = defaultdict(list)
    refusals: list[pl.DataFrame] = []
    for relation in PRODUCT_RELATIONS:
        given = [(product.document_id, product.frames[relation]) for product in products if relation in product.frames]
        if not given:
            continue
        owners = pl.concat([pl.repeat(owner, frame.height, dtype=pl.String, eager=True) for owner, frame in given])
        examined = examine(relation, pl.concat([frame for _, frame in given], how="diagonal_relaxed"))
        owned = examined.fitted.with_columns(owners.alias(OWNER))
        gathered[relation].append(owned.filter(examined.kept))
        if examined.refused.height:
            refusals.append(examined.refused.with_columns(owners.filter(~examined.kept).alias(OWNER)))
    if refusals:
        refused = pl.concat(refusals).with_columns(pl.coalesce("document_id", OWNER).alias("document_id"))
        gathered["rejects"].append(refused)
        _recount(gathered, refused)
    frames = {relation: pl.concat(parts, how="diagonal_relaxed") for relation, parts in gathered.items()}
    return frames, sum(frame.height for frame in refusals)


def _recount(gathered: dict[str, list[pl.DataFrame]], refused: pl.DataFrame) -> None:
    """A fact refused here was counted as a fact by who made it: move it to the rejected, in its document and its table."""
    facts = refused.filter(pl.col("relation") == "facts")
    for relation, key, lost, gained in (
        ("documents", OWNER, "numbers_facts", "numbers_rejected"), ("tables", "table_id", "n_facts", "n_rejected"),
    ):
        if facts.is_empty() or not gathered[relation]:
            continue
        counts = facts.group_by(key).agg(pl.len().cast(pl.Int32).alias("_n"))
        moved = pl.col("_n").fill_null(0)
        gathered[relation] = [
            part.join(counts, on=key, how="left", maintain_order="left")
            .with_columns(pl.col(lost) - moved, (pl.col(gained).fill_null(0) + moved).alias(gained)).drop("_n")
            for part in gathered[relation]
        ]


def _store(paths: WarehousePaths, batch_id: str, frames: Mapping[str, pl.DataFrame]) -> None:
    aside = paths.batches / f".{batch_id}"
    aside.mkdir(parents=True)
    for relation, frame in frames.items():
        path = aside / f"{relation}.parquet"
        place = pl.int_range(pl.len(), dtype=pl.Int64).over(OWNER)
        frame.with_columns(pl.lit(batch_id).alias(BATCH), place.alias(PLACE)).write_parquet(path, compression="zstd", compression_level=1)
        sync(path)
    sync(aside)
    aside.rename(paths.batches / batch_id)
    sync(paths.batches)


def sync(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def current(state: State) -> dict[str, list[tuple[str, str]]]:
    """For each relation, the (document, batch) pairs whose rows count: of each document the latest stage that speaks for the relation.

    A stale record gives way to an earlier stage that has been done again since.
    """
    chosen: dict[tuple[str, str], str] = {}
    renewed: set[str] = set()
    for record in state.records():  # ordered by stage, so that later stages replace earlier ones
        if record.status != DONE or record.batch_id is None or (record.version == STALE and record.document_id in renewed):
            continue
        if record.version != STALE:
            renewed.add(record.document_id)
        for relation in record.relations:
            chosen[relation, record.document_id] = record.batch_id
    found: dict[str, list[tuple[str, str]]] = {relation: [] for relation in PRODUCT_RELATIONS}
    for (relation, document_id), batch_id in chosen.items():
        found[relation].append((document_id, batch_id))
    return found


def batch_files(paths: WarehousePaths, relation: str, pairs: Iterable[tuple[str, str]]) -> list[Path]:
    """The Parquet files that hold a relation's rows for these (document, batch) pairs."""
    files = (paths.batches / batch_id / f"{relation}.parquet" for batch_id in sorted({batch_id for _, batch_id in pairs}))
    return [file for file in files if file.exists()]


def clear(state: State) -> int:
    """Remove batches that no record names, and what killed writers left aside; returns how many folders went. Needs the lock."""
    with state.change() as connection:
        connection.execute("DELETE FROM batches WHERE batch_id NOT IN (SELECT batch_id FROM records WHERE batch_id IS NOT NULL)")
        named = {row["batch_id"] for row in connection.execute("SELECT batch_id FROM batches")}
    gone = [folder for folder in state.paths.batches.glob("*") if folder.name not in named] if state.paths.batches.exists() else []
    for folder in gone:
        shutil.rmtree(folder)
    return len(gone)


def compact(state: State, *, above: int = 64) -> int:
    """Merge the batches of each stage that has more than `above` of them into one; returns how many went. Needs the lock."""
    merged = 0
    for stage in STAGES:
        records = [record for record in state.records(stage) if record.batch_id is not None]
        old = {record.batch_id for record in records if record.batch_id is not None}
        if len(old) <= above:
            continue
        frames = _merged(state.paths, [(record.document_id, record.batch_id) for record in records if record.batch_id is not None])
        batch_id = f"{stage}-{uuid.uuid4().hex[:16]}"
        _store(state.paths, batch_id, frames)
        with state.change() as connection:
            connection.execute("INSERT INTO batches VALUES (?, ?, ?)", (batch_id, stage, datetime.now(UTC).isoformat()))
            connection.execute("UPDATE records SET batch_id = ? WHERE stage = ? AND batch_id IS NOT NULL", (batch_id, stage))
        merged += len(old)
    if merged:
        clear(state)
    return merged


def _merged(paths: WarehousePaths, pairs: list[tuple[str, str]]) -> dict[str, pl.DataFrame]:
    live = pl.DataFrame(pairs, schema={OWNER: pl.String, BATCH: pl.String}, orient="row")
    frames = {}
    for relation in PRODUCT_RELATIONS:
        files = batch_files(paths, relation, pairs)
        if files:
            rows = pl.concat([pl.read_parquet(file) for file in files], how="diagonal_relaxed")
            kept = rows.join(live, on=[OWNER, BATCH], how="semi", maintain_order="left").drop(BATCH, PLACE)
            frames[relation] = pl.concat([empty_frame(relation), kept], how="diagonal_relaxed")
    return frames

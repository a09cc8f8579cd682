"""Publishing: a new DuckDB file is built aside, checked, made read-only and renamed into place; going back is the same last step.

Here: the steps from a state to the file readers open, and back to an earlier version. Not here: which rows go in (load.py). The caller
holds the writer's lock (lock.py). A process that is killed at any instant leaves the current file whole, old or new; what it left aside
is cleared by the next one. A published file is never opened for writing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.publish.batches import clear, compact, sync
from pipelines.publish.content import content_hash
from pipelines.publish.guard import refusal
from pipelines.publish.load import Progress, load
from pipelines.publish.parquet import drop_parquet, point_parquet, write_parquet
from pipelines.publish.paths import WarehousePaths, warehouse_paths
from pipelines.publish.state import State
from pipelines.publish.views import create_views
from schemas.ddl import comments, create_table, identifier
from schemas.registry import EVERY_RELATION, RELATIONS, VIEW_RELATIONS

KEEP_VERSIONS = 10


class PublishError(RuntimeError):
    """A version could not be made or found; the current file is as it was."""


@dataclass(frozen=True)
class Published:
    """A version that readers now see. `rows` by relation; `warnings` are sentences for the operator."""

    version: int
    path: Path
    current: Path
    content_hash: str
    n_documents: int
    rows: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


def publish(
    state: State, *, code_version: str, keep: int = KEEP_VERSIONS, parquet: bool = True, progress: Progress = lambda _: None
) -> Published:
    """Build, verify and put into place the next version of the warehouse from everything the state holds.

    `keep` is the number of versions that stay, the new one included. Raises `PublishError` when the built file is not what was loaded, or
    when a fault of the program has emptied it (guard.py).
    """
    begun = time.monotonic()
    paths = state.paths
    recover(state)
    compact(state)
    version = max([*_numbers(paths), *(row["version"] for row in state.versions())], default=0) + 1
    built = paths.building / f"{paths.stem}-{version}.duckdb"
    published_at = datetime.now(UTC).replace(tzinfo=None)
    rows, digest = _build(built, state, version, published_at, code_version, progress)
    verify(built, rows)
    if refused := refusal(built, paths.current):
        raise PublishError(refused)
    twin = write_parquet(built, paths.building / f"{version}.parquet") if parquet else None
    built.chmod(0o444)
    sync(built)
    file_hash = _file_hash(built)
    paths.versions.mkdir(exist_ok=True)
    built.rename(paths.version(version))
    if twin is not None:
        twin.rename(paths.version_parquet(version))
    sync(paths.versions)
    state.add_version(version, published_at, digest, file_hash, rows["documents"])
    warnings = _put_into_place(paths, version)
    state.mark_published()
    _prune(paths, keep, version)
    return Published(version, paths.version(version), paths.current, digest, rows["documents"], rows, warnings, time.monotonic() - begun)


def rollback(state: State, version: int | None = None) -> Published:
    """Put an earlier version into place again: the one given, or the one before the current.

    The state keeps what it has: the next publish makes a new version of all of it. Raises `PublishError` when there is no such version
    or its file is no longer what was published.
    """
    paths = state.paths
    recover(state)
    kept = _numbers(paths)
    chosen = version if version is not None else max((n for n in kept if n < (current_version(paths) or 0)), default=None)
    if chosen is None or chosen not in kept:
        raise PublishError(f"no version {version or 'before the current one'} of {paths.current}; kept are {kept}")
    noted = {row["version"]: row for row in state.versions()}.get(chosen)
    if noted is None or _file_hash(paths.version(chosen)) != noted["sha256"]:
        raise PublishError(f"{paths.version(chosen)} is not the file that was published as version {chosen}: it has been changed since")
    warnings = _put_into_place(paths, chosen)
    return Published(chosen, paths.version(chosen), paths.current, noted["content_hash"], noted["n_documents"], {}, warnings)


def recover(state: State) -> None:
    """Clear what killed writers left aside. Needs the writer's lock."""
    if state.paths.building.exists():
        shutil.rmtree(state.paths.building)
    state.paths.building.mkdir()
    clear(state)


def current_version(paths: WarehousePaths) -> int | None:
    """The version readers see; `None` before the first."""
    if not paths.current.exists():
        return None
    for number in _numbers(paths):
        if paths.version(number).samefile(paths.current):
            return number
    with duckdb.connect(str(paths.current), read_only=True) as connection:
        row = connection.execute("SELECT version FROM publication").fetchone()
    return row[0] if row else None


def kept_versions(warehouse: Path | str) -> list[int]:
    """The versions one can go back to, oldest first."""
    return _numbers(warehouse_paths(warehouse))


def foreign_logs(paths: WarehousePaths) -> list[Path]:
    """Write-ahead logs that other programs left beside the current file or a version: no published file has one of its own."""
    beside = [paths.current.with_name(paths.current.name + ".wal"), *paths.versions.glob(f"{paths.stem}-*.wal")]
    return [path for path in beside if path.exists()]


def verify(path: Path, rows: Mapping[str, int]) -> None:
    """Reopen a finished file read-only: no log beside it, all rows there, every view answers, nothing else. Raises `PublishError`."""
    if path.with_name(path.name + ".wal").exists():
        raise PublishError(f"{path} was closed with a write-ahead log beside it: not everything is in the file")
    with duckdb.connect(str(path), read_only=True) as connection:
        for relation, expected in rows.items():
            found = connection.execute(f"SELECT count(*) FROM {identifier(relation)}").fetchone()
            if found is None or found[0] != expected:
                raise PublishError(f"{path}: {relation} holds {found} rows instead of {expected}")
        for relation in VIEW_RELATIONS:
            connection.execute(f"SELECT * FROM {identifier(relation)} LIMIT 0")
        names = {name for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    if names != EVERY_RELATION.keys():
        raise PublishError(f"{path}: relations that are not declared, or missing: {sorted(names ^ EVERY_RELATION.keys())}")


def _build(
    path: Path, state: State, version: int, published_at: datetime, code_version: str, progress: Progress
) -> tuple[dict[str, int], str]:
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET temp_directory = ?", [str(state.paths.building / "spill")])
        for relation in RELATIONS.values():
            connection.execute(create_table(relation))
        connection.execute("BEGIN")
        rows = load(connection, state, progress)
        create_views(connection)
        connection.execute(";\n".join(comment for relation in EVERY_RELATION.values() for comment in comments(relation)))
        digest = content_hash(connection)
        publication = [version, published_at, code_version, rows["documents"], digest]
        connection.execute("INSERT INTO publication VALUES (?, ?, ?, ?, ?)", publication)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    return rows | {"publication": 1}, digest


def _put_into_place(paths: WarehousePaths, version: int) -> tuple[str, ...]:
    """Make a finished version the current file; a log that a stranger left is moved aside, or it would be replayed into the new file."""
    finished = paths.version(version)
    if paths.current.exists() and paths.current.samefile(finished):
        return _move_foreign_logs(paths)
    aside = paths.building / f"current-{version}"
    try:
        os.link(finished, aside)
    except OSError:  # a file system without hard links
        shutil.copy2(finished, aside)
    moved = _move_foreign_logs(paths)
    os.replace(aside, paths.current)
    sync(paths.folder)
    point_parquet(paths, version)
    return moved + _move_foreign_logs(paths)


def _move_foreign_logs(paths: WarehousePaths) -> tuple[str, ...]:
    sentences = []
    for log in foreign_logs(paths):
        paths.foreign.mkdir(exist_ok=True)
        target = paths.foreign / f"{log.name}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        log.rename(target)
        sentences.append(
            f"{log.name} ({target.stat().st_size} bytes) was left by a program that opened the warehouse for writing; it was not replayed "
            f"but moved to {target}. Open the warehouse read-only."
        )
    return tuple(sentences)


def _numbers(paths: WarehousePaths) -> list[int]:
    pattern = re.compile(re.escape(paths.stem) + r"-(\d+)" + re.escape(paths.version(0).suffix))
    names = (path.name for path in paths.versions.glob(f"{paths.stem}-*")) if paths.versions.exists() else ()
    return sorted(int(match[1]) for name in names if (match := pattern.fullmatch(name)))


def _prune(paths: WarehousePaths, keep: int, current: int) -> None:
    for number in _numbers(paths)[: -max(keep, 1)]:
        if number != current:
            paths.version(number).unlink()
    drop_parquet(paths, current)


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

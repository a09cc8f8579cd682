"""One run's dealings with one warehouse: where it is, what is selected, who is told, and the state while a stage works.

Here: what all stages share. Not here: any stage.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from assets.progress import Progress, Silent
from pipelines.publish.paths import WarehousePaths, warehouse_paths
from pipelines.publish.state import QUARANTINED, Pending, State
from pipelines.read.pdf.sample import SAMPLE_SHARE


class SelectionError(ValueError):
    """The run was asked for documents in a way that cannot be meant: the call is wrong."""


@dataclass(frozen=True)
class Wanted:
    """Which documents a run works on; the defaults are all that are not up to date. See assets.resources.Selection for the fields."""

    paths: tuple[Path, ...] = ()
    inbox: bool = False
    files: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    status: str = ""
    region: str = ""
    since: str = ""
    force: bool = False

    @property
    def narrow(self) -> bool:
        """Whether documents are selected at all, other than by being offered."""
        return bool(self.documents or self.status or self.region)

    def since_time(self) -> datetime | None:
        """`since` as a time, or None. Raises SelectionError when it is no ISO date."""
        try:
            return datetime.fromisoformat(self.since).replace(tzinfo=None) if self.since else None
        except ValueError as error:
            raise SelectionError(f"since={self.since!r} is not a date such as 2026-03-01") from error


@dataclass(frozen=True)
class Session:
    """A run's context. Stages are called one after another, each opens the state for itself."""

    paths: WarehousePaths
    wanted: Wanted = Wanted()
    inbox: Path = Path("data/inbox")
    workers: int = 1
    progress: Progress = field(default_factory=Silent)
    second_opinion: float = SAMPLE_SHARE  # of the pages with tables; 0 for none
    revive: bool = True  # a person asked: withdrawn documents that are offered come back

    @classmethod
    def of(cls, warehouse: Path, **more: Any) -> Session:
        """A session on a warehouse file."""
        return cls(warehouse_paths(warehouse), **more)

    @contextmanager
    def state(self) -> Iterator[State]:
        """The state, open as long as a stage needs it."""
        with State(self.paths) as state:
            yield state

    def pending(self, state: State, stage: str, version: str) -> list[Pending]:
        """What a stage has to do: what is due, of the selected."""
        return state.pending(stage, version, documents=selected(state, self.paths, self.wanted), since=self.wanted.since_time())


def selected(state: State, paths: WarehousePaths, wanted: Wanted) -> set[str] | None:
    """Ids of the documents that documents, status and region select together; None when nothing narrows the choice."""
    if not wanted.narrow:
        return None
    chosen = {row["document_id"] for row in state.documents()}
    if wanted.documents:
        chosen &= _named(state, wanted.documents)
    if wanted.status:
        chosen &= _of_status(state, paths, wanted.status)
    if wanted.region:
        chosen &= _published(paths, "starts_with(region_code, ?)", wanted.region)
    return chosen


def _named(state: State, names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        if any(sign in name for sign in "*?["):
            found |= {
                row.document_id for row in state.inputs() if row.document_id and fnmatch.fnmatchcase(row.source_name, name)
            }
        else:
            found |= set(state.find(name))
    return found


def _of_status(state: State, paths: WarehousePaths, status: str) -> set[str]:
    if status == QUARANTINED:
        return {record.document_id for record in state.records() if record.status == QUARANTINED}
    return _published(paths, "status = ?", status)


def _published(paths: WarehousePaths, condition: str, value: str) -> set[str]:
    """Documents of the published version that fulfil a condition; none before the first publication."""
    if not paths.current.exists():
        return set()
    with duckdb.connect(str(paths.current), read_only=True) as connection:
        rows = connection.execute(f"select document_id from documents where {condition}", [value]).fetchall()
    return {row[0] for row in rows}

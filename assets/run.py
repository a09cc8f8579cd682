"""One run from the command line: the same job that Dagster runs, in this process, on an instance that leaves nothing behind.

Here: taking the lock, running the job quietly, summing up. Not here: arguments and printing (assets.cli), the work (stages).
"""

from __future__ import annotations

import sqlite3
import time
import traceback
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
from dagster._core.errors import DagsterExecutionInterruptedError  # what dagster makes of SIGINT and SIGTERM; not exported

from assets.automation import JOB_NAME
from assets.definitions import build_definitions
from assets.progress import Progress
from assets.resources import Place, Selection, progress_resource
from assets.stages.session import SelectionError
from pipelines.publish.lock import writer
from pipelines.publish.paths import warehouse_paths
from pipelines.publish.state import State
from pipelines.publish.warehouse import PublishError
from pipelines.read.workers import WorkerError
from schemas.validation import SchemaMismatch

MAX_FAILURES = 50  # named in a summary; the rest is counted, and stands in `inputs`


QUIET = {"python_logs": {"python_log_level": "CRITICAL"}}  # the event log belongs to Dagster's UI, the terminal to the summary
# their messages quote no document: the place is full, may not be written to, or another program holds it
STORAGE = (OSError, duckdb.IOException, duckdb.TransactionException, duckdb.FatalException, sqlite3.OperationalError)
TOLD = (PublishError, WorkerError, SelectionError, SchemaMismatch, *STORAGE)
ENGINES = (duckdb.Error, sqlite3.Error, pl.exceptions.PolarsError)


PREFIX = "second_opinion_"
NOT_STAGES = ("_checks", "_rate", "_freshness", "_findings")


class Interrupted(RuntimeError):
    """Somebody stopped the run."""


class RunFailed(RuntimeError):
    """The job itself failed: not a document, but the program or the machine."""


@dataclass(frozen=True)
class Request:
    """What a run shall do. `status` and `documents` select among the known ones; `workers` None means as many as processors."""

    paths: tuple[Path, ...]
    warehouse: Path
    documents: tuple[str, ...] = ()
    status: str = ""
    region: str = ""
    since: str = ""
    force: bool = False
    wait: bool = False
    workers: int | None = None
    second_opinion: float | None = None  # share of the pages with tables; None: the environment's, or the default


@dataclass(frozen=True)
class Failure:
    """One input that did not become data."""

    source_name: str
    status: str
    reason: str | None
    detail: str | None


@dataclass(frozen=True)
class Summary:
    """What came of a run: its inputs by status, and what the warehouse now holds."""

    inputs: dict[str, int]
    unfinished: int  # inputs of this run without a final status: none, unless something is wrong
    documents: int
    facts: int
    warehouse: str
    version: int
    seconds: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)  # seconds by stage
    failures: tuple[Failure, ...] = ()
    failures_more: int = 0  # beyond those that are named
    checks_failed: tuple[str, ...] = ()
    second_opinion: dict[str, Any] = field(default_factory=dict)  # of the reading: pages, cells, agreed share …

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def run(request: Request, progress: Progress) -> Summary:
    """Run the job. Raises `pipelines.publish.lock.WriterBusy` when another writer holds the warehouse, RunFailed when the job fails."""
    place = Place(warehouse=str(request.warehouse), workers=request.workers or 0, second_opinion=request.second_opinion)
    selection = Selection(
        paths=[str(path) for path in request.paths], documents=list(request.documents), status=request.status, region=request.region,
        since=request.since, force=request.force)
    with writer(request.warehouse, wait=None if request.wait else 0.0, task="ingest") as holder:
        begun, started = time.monotonic(), datetime.now(UTC).replace(tzinfo=None)  # only now: others may have been offering meanwhile
        held = dg.ResourceDefinition.hardcoded_resource(holder)
        definitions = build_definitions(place=place, progress=progress_resource(progress), writer=held)
        with dg.DagsterInstance.ephemeral(settings=QUIET) as instance:
            try:
                done = definitions.resolve_job_def(JOB_NAME).execute_in_process(instance=instance, run_config=selection.model_dump())
            except (dg.DagsterError, *ENGINES, *TOLD) as error:
                raise _failure(error) from error
            except (KeyboardInterrupt, DagsterExecutionInterruptedError) as error:
                raise Interrupted("interrupted; what was done so far is kept, and the next ingest goes on from there") from error
        stages = {
            event.step_key: round(event.step_success_data.duration_ms / 1000, 2)
            for event in done.all_events if event.is_step_success and event.step_key and not event.step_key.endswith(NOT_STAGES)
        }
        failed = tuple(sorted(check.check_name for check in done.get_asset_check_evaluations() if not check.passed))
        return replace(
            _summary(request, started), seconds=round(time.monotonic() - begun, 2), stages=stages, checks_failed=failed,
            second_opinion=_second_opinion(done))


def _second_opinion(done: dg.ExecuteInProcessResult) -> dict[str, Any]:
    """What the reading's metadata say of second opinions."""
    told = {name: value.value for made in done.asset_materializations_for_node("raw_tables") for name, value in made.metadata.items()}
    return {name.removeprefix(PREFIX): value for name, value in told.items() if name.startswith(PREFIX)}


def _summary(request: Request, started: datetime) -> Summary:
    paths = warehouse_paths(request.warehouse)
    with State(paths) as state:
        touched = _touched(state, started, offered=bool(request.paths))
    with duckdb.connect(str(paths.current), read_only=True) as connection:
        rows = connection.sql("select source_name, status, reason, detail from inputs order by 1").fetchall()
        version, documents = connection.sql("select version, n_documents from publication").fetchall()[0]
        (facts,) = connection.sql("select count(*) from facts").fetchall()[0]
    mine = [Failure(*row) for row in rows if row[0] in touched]
    failures = [entry for entry in mine if entry.status not in ("loaded", "duplicate")]
    return Summary(
        inputs=dict(sorted(Counter(entry.status for entry in mine).items())), unfinished=len(touched) - len(mine), documents=documents,
        facts=facts, warehouse=str(request.warehouse), version=version, failures=tuple(failures[:MAX_FAILURES]),
        failures_more=max(0, len(failures) - MAX_FAILURES))


def _touched(state: State, started: datetime, *, offered: bool) -> set[str]:
    """Names of the inputs that this run was about: those offered in it, or, where none was, those of the documents it worked on."""
    if offered:
        return {row.source_name for row in state.inputs() if row.last_seen >= started}
    since = started.isoformat(timespec="microseconds")
    rows = state.query(
        "SELECT source_name FROM inputs WHERE document_id IN (SELECT document_id FROM records WHERE recorded_at >= ?)", (since,))
    return {row["source_name"] for row in rows}


def _failure(error: BaseException) -> RunFailed:
    """The failure of a step in one sentence. An unforeseen error's message may quote a document: only its kind and place are told."""
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, TOLD):
        return RunFailed(f"the run failed: {cause}; what was done so far is kept, and the next ingest goes on from there")
    frame = traceback.extract_tb(cause.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
    return RunFailed(f"the run failed with {type(cause).__name__} at {where}: a fault of the program; what was done so far is kept")

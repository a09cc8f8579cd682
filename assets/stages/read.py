"""From contents to readings: every pending document read in a supervised worker, pictures recognised in one process after that.

Here: what is read again, how the work is handed out, and its recording. Not here: reading (pipelines.read).
A reading is a file named by its content, so it is made once, whichever run began it; a new reader version makes it again.
"""

from __future__ import annotations

from collections.abc import Iterator

from assets.stages.locations import Locations
from assets.stages.readings import clear_unfinished, reading_path
from assets.stages.recorder import Recorder
from assets.stages.report import Report, Tally, digest
from assets.stages.session import Session
from assets.tasks.reading import READ, RECOGNISE, Read
from assets.tasks.single import recognition_limits
from pipelines.publish.batches import Product
from pipelines.publish.state import DONE, QUARANTINED, stage_version
from pipelines.read.limits import DEFAULT, Limits
from pipelines.read.reader import READER_VERSION, REFERENCE_FILES
from pipelines.read.workers import Outcome, Task, run_supervised

STAGE, BAR = "read", "reading"
GONE = "The file was offered, but had gone before it was read; offer it again."


def version() -> str:
    """The stage's version."""
    return stage_version(f"read{READER_VERSION}", REFERENCE_FILES)


def read(session: Session) -> Report:
    """Read all pending documents.

    A document whose file has gone keeps what an earlier version read; one that was never read is quarantined, `unreadable`.
    """
    tally = Tally(STAGE)
    with session.state() as state, Locations(session.paths) as locations:
        pending = session.pending(state, STAGE, version())
        known = {record.document_id for record in state.records(STAGE)}
        clear_unfinished(reading_path(session.paths, "--"))
        session.progress.start(BAR, len(pending))
        recorder = Recorder(state, STAGE, version(), tally, pending)
        jobs: dict[str, Task] = {}
        for entry in pending:
            place = next(iter(locations.of_document(entry.document_id)), None)
            if place is not None:
                target = str(reading_path(session.paths, entry.document_id))
                jobs[entry.document_id] = Task(entry.document_id, (str(place.path), place.member, entry.sha256, target))
            elif entry.document_id in known:
                tally.add("source_gone", entry.source_name)
                session.progress.advance(BAR, f"{entry.source_name}: its file has gone; offer it again to have it read anew")
            else:
                recorder.add(Product(entry.document_id, status=QUARANTINED, reason="unreadable", detail=GONE))
                session.progress.advance(BAR)
        pictures: dict[str, int] = {}
        for outcome in _supervised(READ, list(jobs.values()), session.workers, DEFAULT):
            if outcome.status == DONE and outcome.result.unread_pages:
                pictures[outcome.key] = outcome.result.unread_pages
            else:
                _record(recorder, outcome)
            session.progress.advance(BAR)
        session.progress.finish(BAR)
        if pictures:
            _recognise(session, recorder, [jobs[key] for key in pictures], pictures)
        recorder.flush()
        records = state.records(STAGE)
        return tally.report(len(records), digest(f"{record.document_id} {record.version}" for record in records))


def _recognise(session: Session, recorder: Recorder, jobs: list[Task], pages: dict[str, int]) -> None:
    """The second pass, in one process: it takes a gigabyte. Its time limit follows the longest document."""
    tally, bar = recorder.tally, "recognising"
    session.progress.start(bar, len(jobs))
    for outcome in _supervised(RECOGNISE, jobs, 1, recognition_limits(max(pages.values()))):
        tally.more["pages_recognised"] = int(tally.more.get("pages_recognised", 0)) + pages[outcome.key]
        _record(recorder, outcome)
        session.progress.advance(bar)
    session.progress.finish(bar)


def _supervised(function: str, jobs: list[Task], workers: int, limits: Limits) -> Iterator[Outcome]:
    return run_supervised(function, jobs, workers=workers, limits=limits) if jobs else iter(())


def _record(recorder: Recorder, outcome: Outcome) -> None:
    if outcome.status != DONE:
        recorder.fail(outcome)
        return
    result: Read = outcome.result
    if result.status == QUARANTINED:
        recorder.add(Product(outcome.key, status=QUARANTINED, reason=result.reason, detail=result.detail, seconds=outcome.seconds))
    else:
        recorder.add(Product(outcome.key, seconds=outcome.seconds))

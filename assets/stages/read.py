"""From contents to readings: every pending document read in a supervised worker, pictures recognised in one process after that, and
second opinions on some pages at last.

Here: what is read again, how the work is handed out, and its recording. Not here: reading (pipelines.read), which pages get a second
opinion (tasks.second_opinions).
A reading is a file named by its content, so it is made once, whichever run began it; a new reader version makes it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assets.stages.draw import Draw
from assets.stages.locations import Locations
from assets.stages.readings import clear_unfinished, reading_path
from assets.stages.recorder import Recorder
from assets.stages.report import Report, Tally, digest
from assets.stages.session import Session
from assets.tasks.reading import READ, RECOGNISE, Read
from assets.tasks.second_opinions import ask
from assets.tasks.single import recognition_limits
from pipelines.publish.batches import Product
from pipelines.publish.state import DONE, QUARANTINED, stage_version
from pipelines.read.limits import DEFAULT, Limits
from pipelines.read.pdf.sample import Candidates, lowest_page, page_hash, pages_to_check
from pipelines.read.reader import READER_VERSION, REFERENCE_FILES
from pipelines.read.workers import Outcome, Task, run_supervised

STAGE, BAR = "read", "reading"
GONE = "The file was offered, but had gone before it was read; offer it again."


def version() -> str:
    """The stage's version."""
    return stage_version(f"read{READER_VERSION}", REFERENCE_FILES)


def read(session: Session) -> Report:
    """Read all pending documents, and get second opinions on some of their pages.

    A document whose file has gone keeps what an earlier version read; one that was never read is quarantined, `unreadable`.
    """
    tally = Tally(STAGE)
    with session.state() as state, Locations(session.paths) as locations, Draw(session.paths) as draw:
        pending = session.pending(state, STAGE, version())
        known = {record.document_id for record in state.records(STAGE)}
        clear_unfinished(reading_path(session.paths, "--"))
        session.progress.start(BAR, len(pending))
        recorder = Recorder(state, STAGE, version(), tally, pending)
        jobs: dict[str, Task] = {}
        for entry in pending:
            job = _job(session, locations, entry.document_id)
            if job is not None:
                jobs[entry.document_id] = job
            elif entry.document_id in known:
                tally.add("source_gone", entry.source_name)
                session.progress.advance(BAR, f"{entry.source_name}: its file has gone; offer it again to have it read anew")
            else:
                recorder.add(Product(entry.document_id, status=QUARANTINED, reason="unreadable", detail=GONE))
                session.progress.advance(BAR)
        reading = _Reading(session, recorder, draw)
        waiting = reading.read(jobs)
        session.progress.finish(BAR)
        if session.second_opinion:
            draw.keep(row["document_id"] for row in state.documents())
            _second_opinions(reading, locations, waiting)
        for outcome in waiting:
            _record(recorder, outcome)
        recorder.flush()
        records = state.records(STAGE)
        return tally.report(len(records), digest(f"{record.document_id} {record.version}" for record in records))


def _job(session: Session, locations: Locations, document_id: str) -> Task | None:
    """What a worker needs to read a document; None when its file has gone."""
    place = next(iter(locations.of_document(document_id)), None)
    if place is None or place.sha256 is None:
        return None
    return Task(document_id, (str(place.path), place.member, place.sha256, str(reading_path(session.paths, document_id))))


@dataclass(frozen=True)
class _Reading:
    """One run's reading: both passes over some documents, entered in the draw, recorded or kept back for a second opinion."""

    session: Session
    recorder: Recorder
    draw: Draw

    def read(self, jobs: dict[str, Task]) -> list[Outcome]:
        """Read and record documents; returns those that are to be recorded after they have got a second opinion."""
        pictures: dict[str, int] = {}
        waiting: list[Outcome] = []
        for outcome in _supervised(READ, list(jobs.values()), self.session.workers, DEFAULT):
            if outcome.status == DONE and outcome.result.unread_pages:
                pictures[outcome.key] = outcome.result.unread_pages
            else:
                waiting.extend(self._done(outcome))
            self.session.progress.advance(BAR)
        if pictures:
            for outcome in self._recognised([jobs[key] for key in pictures], pictures):
                waiting.extend(self._done(outcome))
        return waiting

    def _recognised(self, jobs: list[Task], pages: dict[str, int]) -> Iterator[Outcome]:
        """The second pass, in one process: it takes a gigabyte. Its time limit follows the longest document."""
        more, bar, progress = self.recorder.tally.more, "recognising", self.session.progress
        progress.start(bar, len(jobs))
        for outcome in _supervised(RECOGNISE, jobs, 1, recognition_limits(max(pages.values()))):
            more["pages_recognised"] = int(more.get("pages_recognised", 0)) + pages[outcome.key]
            yield outcome
            progress.advance(bar)
        progress.finish(bar)

    def _done(self, outcome: Outcome) -> list[Outcome]:
        second: Candidates | None = outcome.result.second if outcome.status == DONE else None
        page = lowest_page(second) if second else None
        if second and page is not None:
            self.draw.note(outcome.key, outcome.result.kind or "", page_hash(outcome.key, page), page)
        else:
            self.draw.forget(outcome.key)
        if self.pages(outcome):
            return [outcome]
        _record(self.recorder, outcome)
        return []

    def pages(self, outcome: Outcome) -> list[int]:
        """The pages of a document just read that get a second opinion on their own account."""
        if outcome.status != DONE or outcome.result.status == QUARANTINED or not outcome.result.second:
            return []
        return pages_to_check(outcome.result.second, self.session.second_opinion)


def _second_opinions(reading: _Reading, locations: Locations, waiting: list[Outcome]) -> None:
    """Get them for the documents that wait for them and for those that their kinds elect, which are recorded again.

    A document that is displaced is read again first, and waits if it has other pages to be looked at.
    """
    session, draw, more = reading.session, reading.draw, reading.recorder.tally.more
    elected, displaced = draw.election(session.second_opinion)
    again = {key: job for key in displaced if (job := _job(session, locations, key)) is not None}
    waiting.extend(reading.read(again))
    pages = {outcome.key: reading.pages(outcome) for outcome in waiting}
    for key, page in elected.items():
        pages[key] = sorted({*pages.get(key, []), page})
    jobs = {key: job for key in pages if (job := _job(session, locations, key)) is not None}
    account = ask([(job, pages[key]) for key, job in jobs.items()], session.workers, session.progress)
    draw.elect(displaced, elected=False)
    draw.elect(set(elected) & set(jobs), elected=True)
    for key in sorted(set(elected) & set(jobs) - {outcome.key for outcome in waiting}):
        reading.recorder.renew(key)
    kinds = draw.kinds(key for key in jobs for _ in pages[key])
    more.update(account.figures())
    more["second_opinion_kinds"] = ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items()))


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

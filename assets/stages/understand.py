"""From readings to logical tables: every pending document understood in a worker.

Here: handing out the work and recording it. Not here: understanding (pipelines.understand).
"""

from __future__ import annotations

from collections import Counter

from assets.stages.readings import clear_unfinished, reading_path, understood_path
from assets.stages.recorder import Recorder
from assets.stages.report import Report, Tally, digest
from assets.stages.session import Session
from assets.stages.supervised import done
from assets.tasks.understanding import UNDERSTAND, Meaning
from pipelines.publish.batches import Product
from pipelines.publish.state import stage_version
from pipelines.read.workers import Task
from pipelines.understand.understand import version as understanding_version

STAGE, BAR = "understand", "understanding"


def version() -> str:
    """The stage's version: of the code and of the vocabularies. Not of the reading: a document read anew is due anyway."""
    return stage_version(f"understand{understanding_version()}")


def understand(session: Session) -> Report:
    """Understand all pending documents that have been read."""
    tally = Tally(STAGE)
    kinds: Counter[str] = Counter()
    preview: list[tuple[object, ...]] = []
    with session.state() as state:
        pending = session.pending(state, STAGE, version())
        clear_unfinished(understood_path(session.paths, "--"))
        recorder = Recorder(state, STAGE, version(), tally, pending)
        jobs = [
            Task(entry.document_id, (
                str(reading_path(session.paths, entry.document_id)), str(understood_path(session.paths, entry.document_id))))
            for entry in pending
        ]
        for outcome in done(session, recorder, UNDERSTAND, jobs, BAR):
            found: Meaning = outcome.result
            kinds[found.document_kind or "unknown"] += 1
            preview.append((recorder.names[outcome.key], found.entity_name, found.fiscal_year, found.document_kind, found.tables))
            recorder.add(Product(outcome.key, seconds=outcome.seconds))
        records = state.records(STAGE)
    tally.more.update({f"kind_{kind}": n for kind, n in sorted(kinds.items())})
    return tally.report(
        len(records), digest(f"{record.document_id} {record.version}" for record in records),
        ("file", "publisher", "year", "kind", "tables"), preview)


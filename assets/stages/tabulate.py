"""From logical tables to frames: every pending document normalised and audited in a worker, stored in validated batches.

Here: handing out the work and storing it. Not here: normalising and auditing (pipelines), validation and batches (pipelines.publish).
"""

from __future__ import annotations

from collections import Counter

from assets.stages.readings import understood_path
from assets.stages.recorder import Recorder
from assets.stages.report import Report, Tally, digest
from assets.stages.session import Session
from assets.stages.supervised import done
from assets.tasks.tabulating import TABULATE
from pipelines.audit.audit import REFERENCE_FILES as AUDIT_FILES
from pipelines.audit.audit import VERSION as AUDIT_VERSION
from pipelines.normalise.normalise import REFERENCE_FILES as NORMALISE_FILES
from pipelines.normalise.normalise import VERSION as NORMALISE_VERSION
from pipelines.publish.batches import Product
from pipelines.publish.state import stage_version
from pipelines.read.workers import Task
from pipelines.understand.understand import version as understanding_version

STAGE, BAR = "audit", "checking"


def version() -> str:
    """The stage's version: normalising names subjects and columns by the same vocabularies as understanding."""
    return stage_version(f"normalise{NORMALISE_VERSION}+audit{AUDIT_VERSION}+{understanding_version()}", {*NORMALISE_FILES, *AUDIT_FILES})


def tabulate(session: Session) -> Report:
    """Normalise and audit all pending documents that have been understood. `more` counts the rows by relation, and the refused ones."""
    tally = Tally(STAGE)
    rows: Counter[str] = Counter()
    preview: list[tuple[object, ...]] = []
    with session.state() as state:
        pending = session.pending(state, STAGE, version())
        recorder = Recorder(state, STAGE, version(), tally, pending)
        jobs = [Task(entry.document_id, (str(understood_path(session.paths, entry.document_id)),)) for entry in pending]
        for outcome in done(session, recorder, TABULATE, jobs, BAR):
            frames = outcome.result
            rows.update({relation: frame.height for relation, frame in frames.items()})
            counts = (frames[relation].height for relation in ("facts", "indicators", "statistics"))
            preview.append((recorder.names[outcome.key], *counts))
            recorder.add(Product(outcome.key, frames, seconds=outcome.seconds))
        records = state.records(STAGE)
    tally.more.update({f"rows_{relation}": n for relation, n in sorted(rows.items())})
    tally.more["rows_refused"] = recorder.refused
    return tally.report(
        len(records), digest(f"{record.document_id} {record.version}" for record in records),
        ("file", "facts", "indicators", "statistics"), preview)

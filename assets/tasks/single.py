"""One input read outside a run, with the same workers and limits.

Here: the two passes for one input, and second opinions on its pages. Not here: the same for many (stages.read).
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from pathlib import Path

from assets.tasks.reading import READ, RECOGNISE, Read
from assets.tasks.second_opinions import ask
from pipelines.read.document import Document, decode
from pipelines.read.failure import ReadFailure
from pipelines.read.inputs import InputRef, load
from pipelines.read.limits import DEFAULT, Limits
from pipelines.read.pdf.sample import lowest_page, pages_to_check
from pipelines.read.workers import Outcome, Task, run_supervised

RECOGNITION_SECONDS = 20.0  # a page
RECOGNITION_MEMORY_MB = 1_800


def recognition_limits(pages: int) -> Limits:
    """Limits of the second pass over a document with so many pictures of pages."""
    return replace(DEFAULT, memory_mb=RECOGNITION_MEMORY_MB, seconds=60 + RECOGNITION_SECONDS * pages)


def read_single(
    ref: InputRef, target: Path, *, ocr: bool, second_opinion: float = 0.0,
) -> tuple[Document | None, str | None, str | None, float]:
    """The document (None when its worker gave up), the reason and detail if it is quarantined, and the seconds it took.

    `second_opinion` is the share of its pages with tables that get one; if it is not 0, at least one page does.
    """
    try:
        sha256 = hashlib.sha256(load(ref)).hexdigest()
    except ReadFailure as failure:
        return None, failure.reason, failure.detail, 0.0
    task = Task(ref.name, (str(ref.path.absolute()), ref.member, sha256, str(target)))
    outcome = _one(READ, task, DEFAULT)
    seconds = outcome.seconds
    unread = outcome.result.unread_pages if isinstance(outcome.result, Read) else 0
    if ocr and unread:
        outcome = _one(RECOGNISE, task, recognition_limits(unread))
        seconds += outcome.seconds
    if not isinstance(outcome.result, Read):
        return None, outcome.reason, outcome.detail, seconds
    if second_opinion and outcome.result.second:
        started = time.monotonic()
        lowest = lowest_page(outcome.result.second)
        pages = pages_to_check(outcome.result.second, second_opinion)
        ask([(task, sorted({*pages, *([lowest] if lowest else [])}))], 1)
        seconds += time.monotonic() - started
    return decode(target.read_bytes()), outcome.result.reason, outcome.result.detail, seconds


def _one(function: str, task: Task, limits: Limits) -> Outcome:
    (outcome,) = run_supervised(function, [task], workers=1, limits=limits)
    return outcome

"""Second opinions on some pages of what was read: handing them out, and laying down what came of them.

Here: the work and its account. Not here: which pages (stages.draw, pipelines.read.pdf.sample), reading and comparing (pipelines.read.pdf).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assets.progress import Progress, Silent
from assets.tasks.comparing import COMPARE, LIMITS
from assets.tasks.files import write_whole
from pipelines.read.document import decode, encode
from pipelines.read.pdf.agreement import Agreement
from pipelines.read.pdf.second_opinion import differs, with_agreement
from pipelines.read.workers import Task, WorkerError, run_supervised

BAR = "second opinion"
@dataclass
class Account:
    """What came of a run's second opinions, for its metadata."""

    asked: int = 0
    answered: int = 0
    cells: int = 0
    agreed: int = 0
    differing: int = 0  # pages
    only_there: int = 0  # tables that only the second reading found
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, found: Agreement) -> None:
        """One page more."""
        self.asked += 1
        self.answered += found.answered
        self.cells += found.cells
        self.agreed += found.confirmed
        self.differing += differs(found)
        self.only_there += found.only_there
        if found.failure:
            self.failures[found.failure] += 1

    def figures(self) -> dict[str, int | float | str]:
        """For metadata: names and values."""
        out: dict[str, int | float | str] = {
            "second_opinion_pages": self.asked, "second_opinion_pages_not_answered": self.asked - self.answered,
            "second_opinion_cells": self.cells, "second_opinion_agreed": round(self.agreed / self.cells, 5) if self.cells else 1.0,
            "second_opinion_pages_that_differ": self.differing, "second_opinion_tables_not_loaded": self.only_there,
        }
        if self.failures:
            out["second_opinion_failures"] = ", ".join(f"{why}: {n}" for why, n in sorted(self.failures.items()))
        return out


def ask(jobs: Sequence[tuple[Task, Sequence[int]]], workers: int, progress: Progress | None = None) -> Account:
    """Second opinions on pages of documents: a reading task (path, member, sha256, reading) and its pages each. The agreements are laid
    down in the readings. A page that fails, or takes too long, is recorded as not answered; nothing here fails a document."""
    pages = {f"{task.key}/{page}": (task, page) for task, numbers in jobs for page in numbers}
    progress = progress or Silent()
    account, found = Account(), defaultdict[str, list[Agreement]](list)
    progress.start(BAR, len(pages))
    for key, result in _answers(pages, workers):
        account.add(result)
        found[pages[key][0].key].append(result)
        progress.advance(BAR)
    for task, _ in jobs:
        reading = Path(task.args[3])
        if found[task.key]:
            write_whole(reading, encode(with_agreement(decode(reading.read_bytes()), found[task.key])))
    progress.finish(BAR)
    return account


def _answers(pages: dict[str, tuple[Task, int]], workers: int) -> Iterable[tuple[str, Agreement]]:
    tasks = [Task(key, (*task.args, page)) for key, (task, page) in pages.items()]
    waiting = dict.fromkeys(pages)
    try:
        for outcome in run_supervised(COMPARE, tasks, workers=workers, limits=LIMITS) if tasks else ():
            del waiting[outcome.key]
            failed = outcome.result is None
            yield outcome.key, Agreement(pages[outcome.key][1], failure=outcome.reason) if failed else outcome.result
    except WorkerError:  # camelot cannot be started at all: the first reading stands by itself
        for key in waiting:
            yield key, Agreement(pages[key][1], failure="unavailable")

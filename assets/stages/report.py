"""What a stage says of its work: counts, the slowest, a preview. Dagster shows it as metadata, the command line sums it up.

Here: the record and its making. Not here: how it is shown.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

SLOWEST = 10
PREVIEW_ROWS = 10


@dataclass(frozen=True)
class Report:
    """One stage of one run.

    `counts` by status of the documents (or inputs) it worked on in this run; `total` of all it has ever seen; `slowest` as (name,
    seconds); `preview` rows under `columns`; `data_version` names the state that all of them together are in.
    """

    stage: str
    counts: dict[str, int] = field(default_factory=dict)
    total: int = 0
    slowest: tuple[tuple[str, float], ...] = ()
    columns: tuple[str, ...] = ()
    preview: tuple[tuple[object, ...], ...] = ()
    data_version: str = ""
    more: dict[str, int | float | str] = field(default_factory=dict)


class Tally:
    """Gathers a stage's report while it works."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.counts: Counter[str] = Counter()
        self.seconds: list[tuple[str, float]] = []
        self.more: dict[str, int | float | str] = {}

    def add(self, status: str, name: str, seconds: float = 0.0) -> None:
        """One piece of work done."""
        self.counts[status] += 1
        self.seconds.append((name, seconds))

    def report(
        self, total: int, data_version: str, columns: tuple[str, ...] = (), preview: Iterable[tuple[object, ...]] = (),
    ) -> Report:
        """The finished report."""
        slowest = sorted(self.seconds, key=lambda entry: -entry[1])[:SLOWEST]
        return Report(self.stage, dict(self.counts), total, tuple(slowest), columns, tuple(preview)[:PREVIEW_ROWS], data_version, self.more)


def digest(lines: Iterable[str]) -> str:
    """A data version: 16 hex digits that name these lines, whatever their order."""
    total = hashlib.sha256()
    for line in sorted(lines):
        total.update(line.encode("utf-8", "backslashreplace") + b"\n")
    return total.hexdigest()[:16]

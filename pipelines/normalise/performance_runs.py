"""Indicators numbered anew within each level (指标1：… 指标2：…): what the numbers tell where rules or blank cells hide it.

Here: a name that a rule tore in two, and the second level of rows whose own cell of that column is blank: numbers that go on are of one
level, a number that begins anew opens another one. Not here: levels that are printed or merged (performance_fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.normalise.facts import Record
from pipelines.normalise.performance_fields import Fields
from pipelines.normalise.performance_state import Numbered
from pipelines.read.document import Cell
from pipelines.understand.grid import Grid
from pipelines.understand.performance_words import level_name
from pipelines.understand.performance_zones import Head
from pipelines.understand.text import compact

_NUMBERED = re.compile(r"指标(\d{1,2})[：:、.．]?(?=\D)")


def number_of(name: str) -> int | None:
    """The number that an indicator's name begins with, 指标3：… → 3."""
    found = _NUMBERED.match(compact(name))
    return int(found[1]) if found else None


def is_torn(last: Record, fields: Fields, text: str, r: int) -> bool:
    """Whether a row goes on with the last indicator's name: its target is merged down, and only the name above has a number."""
    return (
        bool(fields.target) and all(c.row < r for c in fields.target)
        and not (fields.actual or fields.points or fields.score) and number_of(str(last["indicator"])) is not None
        and number_of(text) is None
    )


def numbered(made: Record, fields: Fields, grid: Grid, heads: Iterable[Head], r: int) -> Numbered | None:
    """What the runs need to know of one indicator; None where its name has no number or the list has no column of second levels."""
    number = number_of(str(made["indicator"]))
    cells = [grid.at(r, h.column) for h in heads if h.role == "level2"]
    if number is None or not cells:
        return None
    printed = level_name(fields.level2[-1].text) if fields.level2 else None
    return Numbered(made, number, printed, all(_is_blank(c, r) for c in cells))


def _is_blank(cell: Cell | None, r: int) -> bool:
    return cell is not None and cell.row <= r and not compact(cell.text)


def settle_levels(rows: Iterable[Numbered]) -> None:
    """Give the rows of each run of numbers the one second level printed in it; a run without any has none that is printed."""
    before: list[Numbered] = []
    for run in _runs(rows):
        names = {n.printed for n in run} - {None}
        opens = run[0].number == 1 and len(before) > 1  # not where every name is 指标1
        if len(names) == 1 or (not names and opens):
            for n in run:
                if n.blank:
                    n.record["level2"] = next(iter(names), None)
        before = run


def _runs(rows: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    run: list[Numbered] = []
    for n in rows:
        if run and n.number != run[-1].number + 1:
            yield run
            run = []
        run.append(n)
    if run:
        yield run

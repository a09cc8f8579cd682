"""Columns of which a stretch stands one row too low or too high: many cells are wrong, but the mistake is one.

The amounts of the stretch, moved back together, mend the sums of at least three rows and break none; the place that they left is blank,
and what stood at the other end is lost. Seen where a blank cell is swallowed or doubled on the way from a form to a page.
Here: finding and applying such moves. Not here: single amounts in the wrong place (`shifted`), wrong amounts (`peel`, `search`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.audit.identity import Identity
from pipelines.audit.sheet import Figure
from pipelines.audit.witness import sign_of

_ROWS = 3  # whose changed amounts mend something
_AMOUNTS = 3  # different ones, none of them zero
_COLUMNS = 12  # of a document that are looked at
_LEFT = 3  # identities mended for each that stays broken
_PROMISED = 0.7  # strength
_STARTS = 24


@dataclass(frozen=True)
class Slide:
    """Cells (by number) with what should stand there in steps; `way` is 1 where they stand a row too low, -1 where too high."""

    cells: dict[int, int]
    mended: tuple[int, ...]
    way: int


def slid(live: Sequence[Identity], touching: dict[int, list[int]], figures: Sequence[Figure]) -> list[Slide]:
    """At most one slide a column, worst columns first; the residuals of `live` are adjusted as for `peel`."""
    broken = Counter((f.table, f.column) for i in live if not i.holds for f in {g.no: g for g in i.figures}.values())
    worst = [at for at, n in broken.most_common() if n >= _ROWS][:_COLUMNS]
    columns: dict[tuple[int, int], list[Figure]] = defaultdict(list)
    for figure in figures if worst else ():
        columns[(figure.table, figure.column)].append(figure)
    out = []
    for at in worst:
        cells = sorted(columns[at], key=lambda f: f.row)
        numbers = {n for f in cells for n in touching[f.no]}
        if sum(not live[n].holds for n in numbers) < _ROWS:
            continue
        found = [s for way in (1, -1) for s in _slides(cells[::way], way, live, touching, numbers)]
        best = max(found, key=lambda s: (len(s.mended), -len(s.cells)), default=None)
        if best is not None:
            _apply(best, live, touching, figures)
            out.append(best)
    return out


def _slides(
    cells: Sequence[Figure], way: int, live: Sequence[Identity], touching: dict[int, list[int]], numbers: set[int],
) -> Iterator[Slide]:
    """Slides of a column whose cells are given against the way they slid: each should hold what the next one prints."""
    starts = [k for k in range(len(cells) - 1) if not cells[k].value and cells[k + 1].value][:_STARTS]
    wrong = [k for k, f in enumerate(cells) if any(not live[n].holds and live[n].group[:1] != ("down",) for n in touching[f.no])]
    ends = {len(cells) - 1, len(cells) - 2, *wrong[-1:]}
    for start in starts:
        for end in sorted(ends):
            if end - start >= _ROWS - 1:
                slide = _slide(cells[start:end + 1], way, live, touching, numbers)
                if slide is not None:
                    yield slide


def _slide(
    stretch: Sequence[Figure], way: int, live: Sequence[Identity], touching: dict[int, list[int]], numbers: set[int],
) -> Slide | None:
    last = stretch[-1]
    wanted = {f.no: after.value for f, after in pairwise(stretch) if f.value != after.value}
    if len({v for v in wanted.values() if v}) < _AMOUNTS:
        return None
    changes: Counter[int] = Counter()
    for figure in stretch[:-1]:
        if figure.no in wanted:
            for n in set(touching[figure.no]):
                changes[n] += sign_of(live[n], figure.no) * (wanted[figure.no] - figure.value)
    ending = _lost_amount(last, changes, live, touching)
    if ending is not None and ending != last.value:
        wanted[last.no] = ending
        for n in set(touching[last.no]):
            changes[n] += sign_of(live[n], last.no) * (ending - last.value)
    mended, left = [], 0
    open_ones = set(touching[last.no]) if ending is None else set()
    for n in numbers - open_ones:
        holds = 2 * abs(live[n].residual + changes[n]) <= live[n].tolerance2
        if live[n].holds and not holds:
            return None
        if not live[n].holds:
            mended += [n] if holds else []
            left += not holds and live[n].strength >= _PROMISED
    rows = sum(any(n in mended for n in touching[no]) for no in wanted)
    if rows < _ROWS or len(mended) < max(_ROWS, _LEFT * left):
        return None
    return Slide(wanted, tuple(sorted(mended)), way)


def _lost_amount(last: Figure, changes: Counter[int], live: Sequence[Identity], touching: dict[int, list[int]]) -> int | None:
    """What the last cell of the stretch lost, if all its identities can be had with one amount."""
    own = [(n, sign) for n in touching[last.no] if abs(sign := sign_of(live[n], last.no)) == 1]
    for n, sign in own:
        delta = -(live[n].residual + changes[n]) * sign
        if all(2 * abs(live[m].residual + changes[m] + s * delta) <= live[m].tolerance2 for m, s in own):
            return last.value + delta
    return None


def _apply(slide: Slide, live: Sequence[Identity], touching: dict[int, list[int]], figures: Sequence[Figure]) -> None:
    for no, value in slide.cells.items():
        for n in set(touching[no]):
            live[n].residual += sign_of(live[n], no) * (value - figures[no].value)

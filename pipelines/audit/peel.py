"""Mistakes that stand out: a cell whose one change mends several independent identities at once and breaks none.

Two identities that share nothing but a cell and ask for the same change of it leave no doubt; taking such cells away first keeps what
remains small enough for the exact search, however many mistakes a document has.
Here: finding and applying such changes, one after the other. Not here: mistakes that need a search (`search`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.audit.identity import Identity
from pipelines.audit.sheet import Figure
from pipelines.audit.witness import Rounding, independent, settle, sign_of

_WITNESSES = 2  # independent identities that must ask for the same change,
_SURE = 0.6  # one of which must apply for sure
_MOST = 60  # changes of a document; one with more is beyond repair


@dataclass(frozen=True)
class Change:
    """One cell's change (in steps) and the broken identities that it mends."""

    cell: int
    delta: int
    mended: tuple[int, ...]
    sure: bool  # no other value within rounding is as good


def peel(
    live: Sequence[Identity], touching: dict[int, list[int]], figures: Sequence[Figure], rounds: Rounding,
) -> list[Change]:
    """All changes that stand out; the residuals of `live` are adjusted as each is applied (call `evaluate` to restore them)."""
    out: list[Change] = []
    while len(out) < _MOST:
        broken = {n for n, i in enumerate(live) if not i.holds}
        found = [c for cell in _cells(live, broken) if (c := _change(figures[cell], live, touching, broken, rounds)) is not None]
        best = _unrivalled(found, live)
        if best is None:
            break
        for n in touching[best.cell]:
            live[n].residual += sign_of(live[n], best.cell) * best.delta
        out.append(best)
    return out


def _cells(live: Sequence[Identity], broken: set[int]) -> list[int]:
    return sorted({f.no for n in broken for f in live[n].figures})


def _change(
    figure: Figure, live: Sequence[Identity], touching: dict[int, list[int]], broken: set[int], rounds: Rounding,
) -> Change | None:
    """The change of a cell that most independent identities ask for, if it breaks none that holds."""
    cell = figure.no
    wanted = [(n, sign) for n in touching[cell] if n in broken and (sign := sign_of(live[n], cell))]
    best: Change | None = None
    for n, sign in sorted(wanted, key=lambda w: live[w[0]].tolerance2):
        delta = -live[n].residual // sign
        mended = tuple(m for m, s in wanted if 2 * abs(live[m].residual + s * delta) <= live[m].tolerance2)
        if best is not None and len(mended) <= len(best.mended):
            continue
        if independent(cell, (live[m] for m in mended)) < _WITNESSES or max(live[m].strength for m in mended) < _SURE:
            continue
        if any(2 * abs(live[m].residual + sign_of(live[m], cell) * delta) > live[m].tolerance2 for m in touching[cell] if m not in broken):
            continue
        if len(wanted) - len(mended) <= len(mended):
            must = [(live[m], s) for m in touching[cell] if (m in mended or m not in broken) and (s := sign_of(live[m], cell))]
            value = settle(figure, delta, must, rounds)
            best = Change(cell, value.delta, mended, value.sure)
    return best


def _unrivalled(found: list[Change], live: Sequence[Identity]) -> Change | None:
    """The change with most witnesses of which no other cell could mend two: else it is not clear which cell is wrong."""
    by_identity: dict[int, list[Change]] = defaultdict(list)
    for change in found:
        for n in change.mended:
            by_identity[n].append(change)
    for change in sorted(found, key=lambda c: (-len({live[n].group for n in c.mended}), c.cell)):
        others = (r for n in change.mended for r in by_identity[n] if r.cell != change.cell)
        if not any(len(set(r.mended) & set(change.mended)) > 1 for r in others):
            return change
    return None

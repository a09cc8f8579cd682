"""Amounts that stand in the wrong column: an amount and an empty cell of the same row that, changed for one another, mend everything.

Here: finding and applying such moves. Not here: wrong amounts (`peel`, `search`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.audit.identity import Identity
from pipelines.audit.sheet import Figure
from pipelines.audit.witness import sign_of

_WITNESSES = 2  # identities that the move must mend: at least one in each of the two columns
_SURE = 0.7  # strength from which an identity may not be left broken


@dataclass(frozen=True)
class Move:
    """The amount of cell `source` belongs into the empty (or zero) cell `target`; the broken identities that this mends."""

    source: int
    target: int
    mended: tuple[int, ...]


def shifted(live: Sequence[Identity], touching: dict[int, list[int]], figures: Sequence[Figure]) -> list[Move]:
    """All moves that mend identities of both columns, break none and have no rival; residuals are adjusted as for `peel`."""
    broken = {n for n, i in enumerate(live) if not i.holds}
    cells = {f.no for n in broken for f in live[n].figures}
    by_row: dict[tuple[int, int], list[Figure]] = {}
    for no in sorted(cells):
        by_row.setdefault((figures[no].table, figures[no].row), []).append(figures[no])
    found = [
        move for row in by_row.values() for source in row if source.value and source.fact is not None for target in row if not target.value
        if (move := _move(source, target, live, touching)) is not None
    ]
    out = [move for move in found if not any(_rivals(move, other) for other in found if other is not move)]
    for move in out:
        _apply(move, figures[move.source].value, live, touching)
    return out


def _rivals(move: Move, other: Move) -> bool:
    """Whether another move explains as much of the same: of a sole row and its total, either may stand in the wrong column."""
    return not set(move.mended).isdisjoint(other.mended) and not set(other.mended) < set(move.mended)


def _changed(move: Move, value: int, identity: Identity) -> int:
    return identity.residual - sign_of(identity, move.source) * value + sign_of(identity, move.target) * value


def _move(source: Figure, target: Figure, live: Sequence[Identity], touching: dict[int, list[int]]) -> Move | None:
    concerned = sorted({*touching[source.no], *touching[target.no]})
    move = Move(source.no, target.no, ())
    mended = []
    for n in concerned:
        residual = _changed(move, source.value, live[n])
        holds = 2 * abs(residual) <= live[n].tolerance2
        if not holds and (live[n].holds or live[n].strength >= _SURE):
            return None
        if holds and not live[n].holds:
            mended.append(n)
    both = all(any(sign_of(live[n], cell) for n in mended) for cell in (source.no, target.no))
    return Move(source.no, target.no, tuple(mended)) if both and len(mended) >= _WITNESSES else None


def _apply(move: Move, value: int, live: Sequence[Identity], touching: dict[int, list[int]]) -> None:
    for n in {*touching[move.source], *touching[move.target]}:
        live[n].residual = _changed(move, value, live[n])

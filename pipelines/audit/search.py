"""The smallest weighted set of changes that makes all identities hold: an exact branch and bound over one component of failures.

A change is a cell that gets another value, or a group of identities that is given up because it may not apply. Costs say how unlikely each
is. The search picks a broken identity, tries each of its cells with the one value that mends it, and goes on with what that breaks;
a lower bound (broken identities that share no cell need a change each) cuts nearly everything else.
Here: the search. Not here: what the solutions mean (`locate`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.audit.identity import Identity
from pipelines.audit.sheet import Figure

MARGIN = 0.45  # a second solution that is dearer than the best by no more than this makes the best doubtful
_MAX_CHANGES = 16


@dataclass(frozen=True)
class Solution:
    """Cells (by number) with the change of each in steps, and the groups of identities given up."""

    changes: dict[int, int]
    dropped: frozenset[object]
    cost: float


@dataclass(slots=True)
class Search:
    """One component's search. `touching` lists all identities of each figure, broken or not."""

    identities: Sequence[Identity]
    touching: Mapping[int, Sequence[int]]  # figure no → indexes into identities
    cost_of: Mapping[int, float]  # figure no → cost of changing it
    max_nodes: int
    nodes: int = 0
    complete: bool = True
    solutions: list[Solution] = field(default_factory=list)
    best: float = 1e9
    _figures: dict[int, Figure] = field(default_factory=dict)
    _signs: dict[int, dict[int, int]] = field(default_factory=dict)

    def run(self, broken: Sequence[int], limit: float) -> list[Solution]:
        """Solutions no dearer than the best plus MARGIN, cheapest first; `complete` is false when the search was cut short."""
        self.best = limit
        residuals: dict[int, int] = {}
        self._descend(frozenset(broken), {}, residuals, frozenset(), frozenset(), 0.0)
        kept = sorted((s for s in self.solutions if s.cost <= self.best + MARGIN), key=lambda s: s.cost)
        unique: dict[tuple[object, ...], Solution] = {}
        for s in kept:
            unique.setdefault((frozenset(s.changes.items()), s.dropped), s)
        return list(unique.values())

    def signs(self, n: int) -> dict[int, int]:
        """Coefficient of each figure in an identity."""
        found = self._signs.get(n)
        if found is None:
            found = {}
            for figure in self.identities[n].left:
                found[figure.no] = found.get(figure.no, 0) + 1
                self._figures[figure.no] = figure
            for figure in self.identities[n].right:
                found[figure.no] = found.get(figure.no, 0) - 1
                self._figures[figure.no] = figure
            self._signs[n] = found
        return found

    def _residual(self, n: int, residuals: Mapping[int, int]) -> int:
        return residuals.get(n, self.identities[n].residual)

    def _holds(self, n: int, residual: int) -> bool:
        return 2 * abs(residual) <= self.identities[n].tolerance2

    def _drop_cost(self, n: int) -> float:
        return drop_cost(self.identities[n])

    def _bound(self, broken: frozenset[int], closed: frozenset[int]) -> float:
        used: set[int] = set()
        groups: set[object] = set()
        total = 0.0
        for n in sorted(broken, key=lambda n: len(self.signs(n))):
            cells = [c for c in self.signs(n) if c not in closed]
            group = self.identities[n].group
            if group in groups or not used.isdisjoint(cells):
                continue
            cheapest = min((self.cost_of[c] for c in cells), default=1e9)
            dropped = self._drop_cost(n)
            total += min(cheapest, dropped)
            used.update(cells)
            groups.add(group)
        return total

    def _descend(
        self, broken: frozenset[int], changes: dict[int, int], residuals: dict[int, int], dropped: frozenset[object],
        closed: frozenset[int], cost: float,
    ) -> None:
        self.nodes += 1
        if self.nodes > self.max_nodes:
            self.complete = False
            return
        if not broken:
            self.solutions.append(Solution(dict(changes), dropped, cost))
            self.best = min(self.best, cost)
            return
        if len(changes) >= _MAX_CHANGES or cost + self._bound(broken, closed) > self.best + MARGIN:
            return
        pivot = min(broken, key=lambda n: (sum(c not in closed for c in self.signs(n)), n))
        moves = []
        for cell, sign in self.signs(pivot).items():
            if cell in closed or sign == 0:
                continue
            delta = self._delta(cell, pivot, broken, residuals)
            after, now_broken = self._after(cell, delta, residuals, broken, dropped)
            if pivot in now_broken:
                continue
            moves.append((len(now_broken), self.cost_of[cell], cell, delta, after, now_broken))
        moves.sort(key=lambda m: (m[0] + m[1], m[2]))
        shut = closed
        for _, price, cell, delta, after, now_broken in moves:
            self._descend(now_broken, {**changes, cell: delta}, after, dropped, shut | {cell}, cost + price)
            shut = shut | {cell}  # from here on this cell keeps its value: no solution is met twice
        group = self.identities[pivot].group
        if group:
            rest = frozenset(n for n in broken if self.identities[n].group != group)
            price = max(self._drop_cost(n) for n in broken if self.identities[n].group == group)
            # closed as it was: giving up the identity leaves its cells free to mend others
            self._descend(rest, changes, residuals, dropped | {group}, closed, cost + price)

    def _delta(self, cell: int, pivot: int, broken: frozenset[int], residuals: Mapping[int, int]) -> int:
        """The change of a cell that mends the pivot; where a finer broken identity of the cell asks for much the same, that one's."""
        sign = self.signs(pivot)[cell]
        own = -self._residual(pivot, residuals) // sign
        best, finest = own, self.identities[pivot].tolerance2
        for n in self.touching[cell]:
            if n in broken and n != pivot and self.identities[n].tolerance2 < finest and (s := self.signs(n).get(cell)):
                other = -self._residual(n, residuals) // s
                if self._holds(pivot, self._residual(pivot, residuals) + sign * other):
                    best, finest = other, self.identities[n].tolerance2
        return best

    def _after(
        self, cell: int, delta: int, residuals: Mapping[int, int], broken: frozenset[int], dropped: frozenset[object],
    ) -> tuple[dict[int, int], frozenset[int]]:
        after = dict(residuals)
        now = set(broken)
        for n in self.touching[cell]:
            residual = self._residual(n, residuals) + self.signs(n).get(cell, 0) * delta
            after[n] = residual
            if self._holds(n, residual):
                now.discard(n)
            elif self.identities[n].group not in dropped:
                now.add(n)
        return after, frozenset(now)


def drop_cost(identity: Identity) -> float:
    """How unlikely it is that an identity does not apply."""
    return 0.4 + 2.1 * identity.strength

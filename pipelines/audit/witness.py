"""Witnesses of a change: identities that share nothing but the cell, and what value exactly they ask for.

Sums of rounded numbers leave several values open. Of these that one is sure which is the only one; or the only one that a slip of the pen
turns into what is printed; or the one that several identities make exact where the table does not round.
Here: counting witnesses and settling on a value. Not here: which cell is guilty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.audit.identity import Identity
from pipelines.audit.sheet import Figure, Reading
from pipelines.audit.slips import is_slip

_MOST_VALUES = 400  # open values beyond which nothing is sure
_ALWAYS = 8  # sums of a table that must all be exact to say that it does not round
_SUM = 3  # non-zero terms
_AGREE = 2  # identities that ask for the same value to the last digit
_PROMISED = 0.7  # strength


@dataclass(frozen=True)
class Value:
    """A change in steps; `sure` when no other one within rounding is as good."""

    delta: int
    sure: bool


def sign_of(identity: Identity, cell: int) -> int:
    """How often a cell counts on the left of an identity, less how often on its right."""
    return sum(f.no == cell for f in identity.left) - sum(f.no == cell for f in identity.right)


def independent(cell: int, identities: Iterable[Identity]) -> int:
    """How many of the identities share no other amount, zeros where nothing else stands (taken from the shortest on)."""
    used: set[int] = set()
    count = 0
    for identity in sorted(identities, key=lambda i: len(i.figures)):
        others = {f.no for f in identity.figures if f.value} - {cell} or {f.no for f in identity.figures if f.fact} - {cell}
        if others and used.isdisjoint(others):
            used |= others
            count += 1
    return count


@dataclass(frozen=True)
class Rounding:
    """Tables of which some sums hold within rounding only (`does`), and those of which all do to the last digit (`never`)."""

    does: frozenset[int]
    never: frozenset[int]


def rounding(identities: Iterable[Identity]) -> Rounding:
    """Which tables round."""
    exact: Counter[int] = Counter()
    inexact: set[int] = set()
    for identity in identities:
        if identity.holds and sum(bool(f.value) for f in identity.figures) >= _SUM:
            tables = {f.table for f in identity.figures}
            exact.update(tables)
            if not identity.exact:
                inexact |= tables
    return Rounding(frozenset(inexact), frozenset(t for t in exact if t not in inexact and exact[t] >= _ALWAYS))


def settle(cell: Figure, delta: int, terms: Sequence[tuple[Identity, int]], rounds: Rounding) -> Value:
    """The change of a cell (about `delta`) that its identities ask for. `terms` are those that must hold, with the cell's sign in each."""
    value = _settled(cell, delta, terms, rounds)
    return Value(value.delta, sure=value.sure and not _slip_nearby(cell, value.delta, terms))


def _slip_nearby(cell: Figure, delta: int, terms: Sequence[tuple[Identity, int]]) -> bool:
    """Whether the value is no slip of the pen, while a witness on its own leaves one open: another witness may then be wrong itself.

    A neighbour that is wrong within the rounding of its own sums vouches for its own amount: 97.99 beside 58.00 in a row where both were
    98.00. Taken by itself the column allows 98.00 as well, from which one digit makes 58.00.
    """
    grid = _grid(cell, terms)
    form = min(grid, cell.increment or grid)
    if is_slip(cell.value, cell.value + delta, form):
        return False
    for identity, sign in terms:
        low, high = _open_ends(identity, sign)
        if abs(sign) != 1 or (high - low) // grid > _MOST_VALUES:
            continue
        first = -((-(cell.value + low)) // grid) * grid
        if any(is_slip(cell.value, v, form) for v in range(first, cell.value + high + 1, grid) if v != cell.value):
            return True
    return False


def _open_ends(identity: Identity, sign: int) -> tuple[int, int]:
    """The least and greatest change of a cell (with its sign) that an identity allows."""
    return -(identity.tolerance2 // 2) - sign * identity.residual, identity.tolerance2 // 2 - sign * identity.residual


def _settled(cell: Figure, delta: int, terms: Sequence[tuple[Identity, int]], rounds: Rounding) -> Value:
    open_ends = [_open_ends(i, s) for i, s in terms if abs(s) == 1]
    low, high = max((e[0] for e in open_ends), default=0), min((e[1] for e in open_ends), default=0)
    grid = _grid(cell, terms)
    first = -((-(cell.value + low)) // grid) * grid
    open_values = [v - cell.value for v in range(first, cell.value + high + 1, grid)] if (high - low) // grid <= _MOST_VALUES else []
    if not open_values:
        return Value(delta, sure=False)
    if len(open_values) == 1:
        return Value(open_values[0], sure=True)

    asked: dict[int, list[Identity]] = {c: [] for c in open_values}
    for identity, sign in terms:
        if (change := -identity.residual * sign) in asked:
            asked[change].append(identity)
    exact = {c: independent(cell.no, found) for c, found in asked.items()}
    most = max(exact.values())
    best = [c for c in open_values if exact[c] == most]
    slips = [c for c in open_values if is_slip(cell.value, cell.value + c, min(grid, cell.increment or grid))]
    copies = {-i.residual * s for i, s in terms if _is_copy(i, cell.no)}
    torn = len(slips) == 1 and len(best) == 1 and slips != best and most < _AGREE  # the sums ask for one value, the pen for another
    if len(best) == 1 and most and cell.table in rounds.never:
        return Value(best[0], sure=not torn and copies <= set(best))
    if len(slips) == 1 and (most < _AGREE or slips == best):
        return Value(slips[0], sure=copies <= set(slips))
    if len(best) == 1:
        agreed = most >= _AGREE and cell.table not in rounds.does
        return Value(best[0], sure=copies <= set(best) and (agreed or bool(copies)))
    return Value(min(best, key=lambda c: abs(c - delta)), sure=False)


def _is_copy(identity: Identity, cell: int) -> bool:
    """Whether the cell must be what one other cell prints, to the same digit."""
    others = [f for f in identity.figures if f.value and f.no != cell]
    return len(others) == 1 and identity.strength >= _PROMISED and len({f.increment for f in identity.figures if f.increment}) == 1


def _grid(cell: Figure, terms: Sequence[tuple[Identity, int]]) -> int:
    """What the cell's last digit is worth in its table's usual form."""
    others = (f for i, _ in terms for f in i.figures if f.table == cell.table and f.no != cell.no)
    usual = Counter(f.increment for f in others if f.value and f.increment)
    return usual.most_common(1)[0][0] if usual else cell.increment or 1


def best_reading(figure: Figure, expected: int, proofs: Iterable[Identity]) -> Reading | None:
    """The other reading of a cell that balances its identities: of several the one that makes most of them exact; None when two do."""
    terms = [(i, s) for i in proofs if (s := sign_of(i, figure.no))]
    slack = max((i.tolerance2 for i, _ in terms), default=0)

    def exact(reading: Reading) -> int:
        return sum(i.residual + s * (reading.value - figure.value) == 0 for i, s in terms)

    balanced = {r.value: r for r in figure.readings if 2 * abs(r.value - expected) <= slack + figure.increment}
    if not balanced:
        return None
    most = max(map(exact, balanced.values()))
    best = [r for r in balanced.values() if exact(r) == most]
    return best[0] if len(best) == 1 else None

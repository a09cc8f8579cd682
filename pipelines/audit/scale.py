"""Tables whose amounts are another table's times ten thousand: one of the two units is wrong.

Here: finding such pairs and naming the table that stands alone. Not here: equal amounts (`between`, `echoes`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from pipelines.audit.echoes import digits
from pipelines.audit.sheet import Book, Figure

_FACTORS = (10_000, 100, 1_000, 100_000_000)
_ENOUGH = 3  # subjects whose amounts stand in the same odd proportion


@dataclass(frozen=True)
class OddUnit:
    """A table whose amounts are `factor` times (or, if negative, a `factor`-th of) what other tables say; sure when most others agree."""

    table: int
    factor: int
    others: tuple[int, ...]
    witness: Figure
    sure: bool


def odd_units(book: Book) -> list[OddUnit]:
    """Tables that disagree with others by the same factor in several subjects and agree with none."""
    named: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in book.figures:
        fact = figure.fact
        if fact is None or not figure.value or fact["measure"] != "amount" or fact["column_code"] is None or digits(figure) < _ENOUGH:
            continue
        name = fact["subject_code"] or ("合计" if fact["row_role"] == "total" else None)
        if name:
            named[(name, fact["fiscal_year"], fact["stage"], fact["expenditure_type"])].append(figure)
    odd: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    agree: Counter[tuple[int, int]] = Counter()
    witness: dict[tuple[int, int], Figure] = {}
    for figures in named.values():
        seen: set[tuple[int, int]] = set()
        for a in figures:
            for b in figures:
                pair = (a.table, b.table)
                if a.table == b.table or pair in seen:
                    continue
                if abs(a.value - b.value) * 2 <= a.increment + b.increment:
                    agree[pair] += 1
                    seen.add(pair)
                elif (factor := _factor(a, b)) is not None:
                    odd[pair][factor] += 1
                    witness.setdefault(pair, a)
                    seen.add(pair)
    against: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (one, other), factors in odd.items():
        factor, n = factors.most_common(1)[0]
        if n >= _ENOUGH and agree[(one, other)] < n:
            against[one].append((other, factor))
    return _alone(book, against, agree, witness)


def _factor(a: Figure, b: Figure) -> int | None:
    """The factor when a is exactly (to its rounding) a power of ten of b; negative when it is the smaller one."""
    big, small = (a, b) if abs(a.value) > abs(b.value) else (b, a)
    for factor in _FACTORS:
        if abs(big.value - small.value * factor) * 2 <= big.increment + small.increment * factor:
            return factor if big is a else -factor
    return None


def _alone(
    book: Book, against: dict[int, list[tuple[int, int]]], agree: Counter[tuple[int, int]], witness: dict[tuple[int, int], Figure],
) -> list[OddUnit]:
    friends = Counter(a for (a, _), n in agree.items() if n >= _ENOUGH)
    out: list[OddUnit] = []
    for table, foes in sorted(against.items(), key=lambda item: (-len(item[1]), friends[item[0]])):
        others = [(b, f) for b, f in foes if not any(o.table == b for o in out)]
        if not others:
            continue
        weaker = all(friends[table] <= friends[b] and len(foes) >= len(against[b]) for b, _ in others)
        if weaker:
            factor = others[0][1]
            out.append(OddUnit(table, factor, tuple(b for b, _ in others), witness[(table, others[0][0])],
                               friends[table] == 0 and (len(others) >= 2 or friends[others[0][0]] >= 1)))
    return out

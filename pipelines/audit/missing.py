"""A row that is not there: what a whole prints beyond its parts makes a row of its own, with sums that hold like those of every other row.

A mistake in one cell leaves a gap in one column. Where the parts of one whole fall short in several columns, and the shortfalls add up
across the columns as the table's rows do, a row was left out, and its amounts are known.
Here: recognising such gaps. Not here: single wrong cells (`locate`), rows in the wrong place of the hierarchy (`mend`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.audit.identity import Identity

_ESTABLISHED = 0.7  # strength of a row's sum
Pattern = tuple[frozenset[int], frozenset[int]]  # columns left and right


def missing_row(broken: Sequence[Identity], live: Iterable[Identity]) -> dict[int, int]:
    """The amounts (in steps) by column of the row that failed sums look like; empty when they do not."""
    wholes = {i.group for i in broken}
    if len(wholes) != 1 or len(broken) < 2 or broken[0].group[:1] != ("down",):
        return {}
    gaps = {i.left[0].column: i.residual for i in broken if len(i.left) == 1}
    if len(gaps) != len(broken) or min(gaps.values()) <= 0:
        return {}
    slack = sum(i.tolerance2 for i in broken)
    telling = [(sum(gaps.get(c, 0) for c in left), sum(gaps.get(c, 0) for c in right)) for left, right in _patterns(broken[0].table, live)]
    said = [(left, right) for left, right in telling if left or right]
    if said:
        return gaps if all(2 * abs(left - right) <= slack for left, right in said) else {}
    sizes = sorted(gaps.values(), reverse=True)
    return gaps if 2 * abs(sizes[0] - sizes[1]) <= slack or 2 * abs(sizes[0] - sum(sizes[1:])) <= slack else {}


def _patterns(table: int | None, live: Iterable[Identity]) -> set[Pattern]:
    """The sums across columns that all rows of a table keep."""
    held: set[Pattern] = set()
    broken: set[Pattern] = set()
    for identity in live:
        if identity.table == table and identity.group[:1] == ("row",) and identity.strength >= _ESTABLISHED and not identity.empty:
            pattern = frozenset(f.column for f in identity.left), frozenset(f.column for f in identity.right)
            (held if identity.holds else broken).add(pattern)
    return held - broken

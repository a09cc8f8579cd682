"""Columns left open at a page break: merged cells that run over the page's end have rules at their sides and none across.

Where such a cell is the outermost, no rule ties it to its table, and its column would be lost. A vertical rule beside a table that
begins and ends with it is the table's own; it is tied by drawing the table's first and last rules on to it.

Here: which rules are drawn on. Not here: what the grid then is (`lattice`), columns without text (`spans`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pipelines.read.pdf.lattice import MEET, NEAR, joints
from pipelines.read.pdf.rules import Rules, Segment

_FURTHEST: Final = 1.0  # of the table's width: a rule further off is no side of it
_SHORTEST: Final = 36.0  # points: below this, equal ends mean little


def with_closed_sides(rules: Rules) -> Rules:
    """The rules, with the first and last of each table drawn on to lone vertical rules beside it that are as high as it is."""
    lone = _lone(rules)
    if not lone:
        return rules
    added: list[Segment] = []
    for (left, _, right, _), points in joints(rules.horizontal, rules.vertical):
        ys = [y for _, y in points]
        top, bottom, reach = min(ys), max(ys), _FURTHEST * (right - left)
        if bottom - top < _SHORTEST:
            continue
        sides = [x for x, lo, _, hi in lone if abs(lo - top) <= NEAR and abs(hi - bottom) <= NEAR]
        before, after = [x for x in sides if left - reach <= x < left], [x for x in sides if right < x <= right + reach]
        for x0, x1 in ([(min(before), left)] if before else []) + ([(right, max(after))] if after else []):
            added += [(x0, top, x1, top), (x0, bottom, x1, bottom)]
    return Rules(rules.horizontal + added, rules.vertical) if added else rules


def _lone(rules: Rules) -> list[Segment]:
    """Vertical rules high enough to be a table's side that meet no horizontal rule."""
    tall = [v for v in rules.vertical if v[3] - v[1] >= _SHORTEST]
    if not tall or not rules.horizontal:
        return []
    h, v = np.array(rules.horizontal), np.array(tall)
    meets = (v[:, None, 0] >= h[:, 0] - MEET) & (v[:, None, 0] <= h[:, 2] + MEET)
    meets &= (h[:, 1] >= v[:, None, 1] - MEET) & (h[:, 1] <= v[:, None, 3] + MEET)
    return [tall[n] for n in np.flatnonzero(~meets.any(axis=1)).tolist()]

"""Cells drawn as boxes of their own, some points apart, as browsers set tables whose borders are not collapsed.

Here: moving the sides that face each other on to one rule between them. Not here: double rules, which are closer (`rules`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pipelines.read.pdf.pdfium import Floats
from pipelines.read.pdf.rules import Rules, Segment, rules_of

_APART: Final = 7.0  # points: sides that face each other are no further apart; rows of text are higher


def without_gaps(rules: Rules) -> Rules:
    """The rules with those a few points apart put on one line, and everything that ended there ending on it.

    None where lines would still be as close as that: hatching, not cells.
    """
    xs, ys = _lines([v[0] for v in rules.vertical]), _lines([h[1] for h in rules.horizontal])
    if any((lines[1:, 0] - lines[:-1, 1] <= _APART).any() for lines in (xs, ys)):
        return Rules([], [])
    moved = np.array([_moved(segment, xs, ys) for segment in (*rules.horizontal, *rules.vertical)]).reshape(-1, 4)
    return rules_of(moved)


def _lines(places: list[float]) -> Floats:
    """One place for all that are near it, (n, 3): from, to, middle."""
    out: list[list[float]] = []
    for place in sorted(places):
        if out and place - out[-1][0] <= _APART:
            out[-1].append(place)
        else:
            out.append([place])
    return np.array([(group[0], group[-1], (group[0] + group[-1]) / 2) for group in out]).reshape(-1, 3)


def _moved(segment: Segment, xs: Floats, ys: Floats) -> Segment:
    x0, y0, x1, y1 = segment
    return _on(x0, xs), _on(y0, ys), _on(x1, xs), _on(y1, ys)


def _on(place: float, lines: Floats) -> float:
    """The line that a place belongs to, or the place itself when it is near none."""
    if not len(lines):
        return place
    away = np.maximum(lines[:, 0] - place, place - lines[:, 1])
    nearest = int(away.argmin())
    return float(lines[nearest, 2]) if away[nearest] <= _APART / 2 else place

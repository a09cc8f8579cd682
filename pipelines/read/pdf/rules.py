"""Ruling lines: thin marks joined to whole horizontal and vertical rules.

Here: which marks are rules, joining broken and dashed ones, folding double ones into one. Not here: grids and cells.
Coordinates are upright, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.read.pdf.objects import THIN
from pipelines.read.pdf.pdfium import Floats

Segment = tuple[float, float, float, float]  # x0, y0, x1, y1

_SAME: Final = 1.0  # points across: marks this close are one rule
_GAP: Final = 3.3  # points along: a break this short is closed; no less than `_DOUBLE`, or cells drawn as boxes so far apart fall to pieces
_DASH: Final = 14.0  # points: a mark shorter than this may be a dash
_DASH_GAP: Final = 7.0  # points: the longest break between dashes
_SHORTEST: Final = 4.5  # points: a lone mark shorter than this is no rule
_MOST: Final = 50_000  # marks in one direction: beyond this the page is a drawing
_DOUBLE: Final = 3.3  # points: parallel rules this close are one double rule
_DOUBLES: Final = 5.0  # points: the same of two double rules, of cells with borders of their own
_NEXT: Final = 1.7  # points: how close their lines then are to each other


@dataclass(frozen=True)
class Rules:
    """Whole rules: horizontal (x0, y, x1, y), vertical (x, top, x, bottom)."""

    horizontal: list[Segment]
    vertical: list[Segment]

    def __bool__(self) -> bool:
        """Whether there are enough for a table, be it one whose outer rules are missing."""
        return min(len(self.horizontal), len(self.vertical)) >= 1 and len(self.horizontal) + len(self.vertical) >= 3


def rules_of(marks: Floats) -> Rules:
    """Join thin marks (n, 4) into rules."""
    if not len(marks):
        return Rules([], [])
    width, height = marks[:, 2] - marks[:, 0], marks[:, 3] - marks[:, 1]
    dot = (width <= THIN) & (height <= THIN) & (width < 2 * height) & (height < 2 * width)  # corner squares, dotted rules
    flat = (height <= width) | dot
    tall = (height > width) | dot
    if not flat.any() or not tall.any():
        return Rules([], [])
    y = (marks[:, 1] + marks[:, 3]) / 2
    x = (marks[:, 0] + marks[:, 2]) / 2
    if np.count_nonzero(flat) > _MOST or np.count_nonzero(tall) > _MOST:
        return Rules([], [])
    horizontal = np.stack([y, marks[:, 0], marks[:, 2]], axis=1)[flat]
    vertical = np.stack([x, marks[:, 1], marks[:, 3]], axis=1)[tall]
    return Rules(
        [(lo, at, hi, at) for at, lo, hi in _fold(_join(horizontal))],
        [(at, lo, at, hi) for at, lo, hi in _fold(_join(vertical))],
    )


def _join(marks: Floats) -> list[tuple[float, float, float]]:
    """(position, from, to) marks → whole rules: same position within `_SAME`, ends within a break's length."""
    marks = marks[np.argsort(marks[:, 0], kind="stable")]
    group = np.zeros(len(marks), np.int64)
    group[1:] = np.cumsum(marks[1:, 0] - marks[:-1, 0] > _SAME)
    order = np.lexsort((marks[:, 1], group))
    marks, group = marks[order], group[order]
    # within a group, a new rule starts where the next mark begins beyond the furthest end so far
    reach = np.maximum.accumulate(marks[:, 2] + group * 1e6) - group * 1e6
    gap = marks[1:, 1] - reach[:-1]
    length = marks[:, 2] - marks[:, 1]
    dashes = (length[1:] < _DASH) & (length[:-1] < _DASH)
    new = (group[1:] != group[:-1]) | (gap > np.where(dashes, _DASH_GAP, _GAP))
    first = np.append(0, new.nonzero()[0] + 1)
    position = np.add.reduceat(marks[:, 0] * np.maximum(length, 0.1), first) / np.add.reduceat(np.maximum(length, 0.1), first)
    start = np.minimum.reduceat(marks[:, 1], first)
    end = np.maximum.reduceat(marks[:, 2], first)
    keep = end - start >= _SHORTEST
    return list(zip(position[keep].tolist(), start[keep].tolist(), end[keep].tolist(), strict=True))


def _fold(rules: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Two parallel rules a hair apart, one beside the other along most of their length, are one double rule; so are two double ones."""
    out: list[tuple[float, float, float]] = []
    ends: list[float] = []  # where the last line of each of them is
    for at, lo, hi in sorted(rules):
        near = range(len(out) - 1, -1, -1) if out and at - out[-1][0] <= _DOUBLES else range(0)
        twin = next((n for n in near if _beside(out[n], (at, lo, hi)) and (at - out[n][0] <= _DOUBLE or at - ends[n] <= _NEXT)), None)
        if twin is None:
            out.append((at, lo, hi))
            ends.append(at)
            continue
        other, lo2, hi2 = out[twin]
        out[twin] = (other if hi2 - lo2 >= hi - lo else at, min(lo, lo2), max(hi, hi2))
        ends[twin] = at
    return out


def _beside(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    shared = min(one[2], other[2]) - max(one[1], other[1])
    return abs(one[0] - other[0]) <= _DOUBLES and shared > 0.5 * min(one[2] - one[1], other[2] - other[1])

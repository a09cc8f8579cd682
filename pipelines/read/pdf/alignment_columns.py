"""Where the columns of an unruled table part: the fewest vertical lines that pass through every gap between neighbours.

Here: boundaries from gaps, their positions, which columns a text covers, how texts that stand over several columns share them.
Not here: rows and header levels (`alignment_rows`), whether it is a table at all (`alignment`).

Each pair of neighbours on a line proves that at least one boundary lies in the gap between them. The smallest set of boundaries
that explains all gaps is the grid; blanks only widen gaps, so they never mislead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from pipelines.read.pdf.alignment_words import Line

_AMOUNT: Final = re.compile(r"[-−(（]?\d[\d,，]*(?:[.．]\d+|[,，]\d{3})[)）]?")  # codes are set left
_BESIDE: Final = 0.35  # em: a figure ends so near the next column's head where heads are set left
_BEFORE: Final = 0.2  # points: how far before a head its column begins
_FEWEST: Final = 4  # figures that show it
_HALF_LINE: Final = 1.0  # em: lines nearer than this cannot stand in one column
_OVERLAP: Final = 0.25  # em: a text must reach this deep into a column to stand in it
_AMBIGUOUS: Final = 2.0  # how many times worse the second-best sharing of columns must be
_MAX_SHARINGS: Final = 20_000


@dataclass(frozen=True)
class Gap:
    """The space between two neighbours on one line."""

    x0: float
    x1: float
    in_header: bool


def gaps_of(lines: list[Line], header_end: float) -> list[Gap]:
    """All gaps between neighbours on one line; in the body also between texts set half a line higher or lower, as beside wrapped ones."""
    out = [Gap(a.x1, b.x0, line.y < header_end) for line in lines for a, b in pairwise(line.atoms) if b.x0 > a.x1]
    for upper, lower in pairwise(line for line in lines if line.y >= header_end):
        if lower.y - upper.y <= _HALF_LINE * min(upper.em, lower.em):
            both = sorted((*upper.atoms, *lower.atoms), key=lambda atom: atom.x0)
            out.extend(Gap(a.x1, b.x0, False) for a, b in pairwise(both) if b.x0 > a.x1)
    return out


def boundaries(lines: list[Line], header_end: float, left: float, right: float, leaves: list[tuple[float, float]]) -> list[float]:
    """Column boundaries from `left` to `right`, both included.

    `leaves`: the extents of the header texts with nothing below them: each stands in columns of its own.
    """
    gaps = gaps_of(lines, header_end)
    apart = sorted(leaves)
    gaps.extend(Gap(a[1], b[0], True) for a, b in pairwise(apart) if b[0] > a[1])
    gaps = _untouched(gaps, [line for line in lines if line.y >= header_end])
    while True:
        inner = _placed(_stabs(gaps), gaps, lines)
        weak = _weakest(inner, gaps, lines, header_end)
        if weak is None:
            return [left, *inner, right]
        gaps = [gap for gap in gaps if not (gap.x0 <= weak <= gap.x1 and sum(gap.x0 <= x <= gap.x1 for x in inner) == 1)]


def begun_by_heads(leaves: list[tuple[float, float]], body: list[Line], left: float, right: float) -> list[float] | None:
    """Edges where heads begin, when heads are set left and figures right: these end where the next column's head begins.

    None unless figures of two columns or more do so, nearly all of them, and no text runs over such an edge. `leaves` as for `boundaries`.
    """
    starts = sorted(x0 for x0, _ in leaves)
    if len(starts) < 3:
        return None
    figures = [atom for line in body for atom in line.atoms if _AMOUNT.fullmatch(atom.text) and atom.x1 < starts[-1] + _OVERLAP * atom.em]
    ended = [next((s for s in starts[1:] if abs(s - atom.x1) <= _BESIDE * atom.em), None) for atom in figures]
    hit = [s for s in ended if s is not None]
    if len(hit) < 0.8 * len(figures) or len(set(hit)) < 2 or len(hit) < _FEWEST:
        return None
    for line in body:
        for atom in line.atoms:
            if any(atom.x0 < s - _OVERLAP * atom.em and atom.x1 > s + _BESIDE * atom.em for s in starts):
                return None
    return [left, *(s - _BEFORE for s in starts[1:]), right]


def unmixed(edges: list[float], lines: list[Line], header_end: float) -> list[float]:
    """Boundaries moved where a column's figures stand in two places and its neighbour has none: those nearer to it are the neighbour's.

    Codes printed a level a line (201, below it 3, below it 1) have no line that shows the space between two of their columns.
    """
    out = list(edges)
    body = [a for line in lines if line.y >= header_end for a in line.atoms]
    for n in range(1, len(edges) - 1):  # the boundary between columns n - 1 and n
        left, right = ([a for a in body if out[c] <= a.centre <= out[c + 1]] for c in (n - 1, n))
        if bool(left) == bool(right):
            continue
        atoms = sorted(left or right, key=lambda a: a.x0)
        reach, cut = atoms[0].x1, None
        for k, atom in enumerate(atoms[1:], 1):
            if atom.x0 - reach > max(atom.em, 1.0) and k >= 2 and len(atoms) - k >= 2:
                cut = (reach, atom.x0)
            reach = max(reach, atom.x1)
        if cut is None or not all(atom.is_number for atom in atoms):
            continue
        heads = [a for line in lines if line.y < header_end for a in line.atoms if cut[0] < a.x0 and a.x1 < cut[1]]
        low = max([cut[0], *(a.x1 for a in heads if a.centre < out[n])])
        high = min([cut[1], *(a.x0 for a in heads if a.centre >= out[n])])
        if low < high:
            out[n] = (low + high) / 2
    return out


def _untouched(gaps: list[Gap], body: list[Line]) -> list[Gap]:
    """Gaps of the body narrowed to where the fewest texts of the body run across: a boundary should not cut what it can avoid.

    Two sections of one table may then have boundaries of their own where a common one would run through a text.
    """
    atoms = np.array([(atom.x0, atom.x1) for line in body for atom in line.atoms])
    if not len(atoms):
        return gaps
    points = _stabs(gaps)
    out = []
    for gap in gaps:
        if gap.in_header or sum(gap.x0 <= x <= gap.x1 for x in points) > 1:
            out.append(gap)  # a blank column may lie in it
            continue
        inner = atoms[(atoms > gap.x0) & (atoms < gap.x1)]
        edges = np.unique(np.concatenate([[gap.x0, gap.x1], inner]))
        middles = (edges[1:] + edges[:-1]) / 2
        crossed = ((atoms[:, 0] < middles[:, None]) & (atoms[:, 1] > middles[:, None])).sum(axis=1)
        clear = np.flatnonzero(crossed == crossed.min())
        out.append(Gap(float(edges[clear[0]]), float(edges[clear[-1] + 1]), False))
    return out


def _stabs(gaps: list[Gap]) -> list[float]:
    """The fewest points such that each gap holds one: always the nearest right end not yet served."""
    points: list[float] = []
    for gap in sorted(gaps, key=lambda g: g.x1):
        if not points or points[-1] < gap.x0:
            points.append(gap.x1)
    return points


def _placed(points: list[float], gaps: list[Gap], lines: list[Line]) -> list[float]:
    """Each boundary in the middle of the space that its own gaps share, where the fewest texts cross it."""
    out: list[float] = []
    for n, point in enumerate(points):
        own = [gap for gap in gaps if gap.x0 <= point <= gap.x1 and sum(gap.x0 <= x <= gap.x1 for x in points) == 1]
        low, high = max(gap.x0 for gap in own), min(gap.x1 for gap in own)
        if n:
            low = max(low, (out[-1] + low) / 2)
        out.append(_clearest(low, high, lines))
    return out


def _clearest(low: float, high: float, lines: list[Line]) -> float:
    """Middle of the widest stretch between `low` and `high` that the fewest atoms cross."""
    edges = sorted({low, high, *(x for line in lines for atom in line.atoms for x in (atom.x0, atom.x1) if low < x < high)})
    best = (len(lines) + 1, 0.0, (low + high) / 2)
    for a, b in pairwise(edges):
        middle = (a + b) / 2
        crossed = sum(atom.x0 < middle < atom.x1 for line in lines for atom in line.atoms)
        best = min(best, (crossed, a - b, middle))
    return best[2]


def _weakest(inner: list[float], gaps: list[Gap], lines: list[Line], header_end: float) -> float | None:
    """A boundary that a single gap in the body suggests and two or more texts of the body cross: a blank inside a sentence."""
    for x in inner:
        own = [gap for gap in gaps if gap.x0 <= x <= gap.x1 and sum(gap.x0 <= other <= gap.x1 for other in inner) == 1]
        if len(own) != 1 or own[0].in_header:
            continue
        crossed = sum(atom.x0 < x < atom.x1 for line in lines if line.y >= header_end for atom in line.atoms)
        if crossed >= 2:
            return x
    return None


def covered(x0: float, x1: float, em: float, edges: list[float]) -> tuple[int, int]:
    """First and last column (inclusive) that a text from x0 to x1 stands in."""
    reach = _OVERLAP * em
    hit = [n for n, (a, b) in enumerate(pairwise(edges)) if min(x1, b) - max(x0, a) > min(reach, 0.5 * (b - a))]
    if not hit:
        middle = (x0 + x1) / 2
        nearest = min(range(len(edges) - 1), key=lambda n: abs((edges[n] + edges[n + 1]) / 2 - middle))
        return nearest, nearest
    return hit[0], hit[-1]


def columns_of_amounts(body: list[Line], edges: list[float]) -> frozenset[int]:
    """The columns in which amounts stand: figures with decimals or groups of three digits; codes and numbers of rows are none."""
    found = (covered(a.x0, a.x1, a.em, edges) for line in body for a in line.atoms if _AMOUNT.fullmatch(a.text))
    return frozenset(first for first, last in found if first == last)


def refined(edges: list[float], centred: list[tuple[int, int, float]], lines: list[Line]) -> list[float]:
    """Boundaries moved so that texts known to be centred over columns (first, last, centre) are, without cutting any text.

    Least squares, each boundary held near its gap's middle; the outer edges stay.
    """
    n = len(edges)
    if n <= 2 or not centred:
        return edges
    rows, right = [], []
    for i in range(1, n - 1):
        row = np.zeros(n)
        row[i] = 0.2
        rows.append(row)
        right.append(0.2 * edges[i])
    for first, last, centre in centred:
        row = np.zeros(n)
        row[first] += 0.5
        row[last + 1] += 0.5
        rows.append(row)
        right.append(centre)
    for i in (0, n - 1):
        row = np.zeros(n)
        row[i] = 100.0
        rows.append(row)
        right.append(100.0 * edges[i])
    solved = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    out = [edges[0]]
    for i in range(1, n - 1):
        low, high = _room(edges[i], lines)
        out.append(float(min(max(solved[i], low, out[-1] + 1.0), max(high, out[-1] + 1.0))))
    return [*out, edges[-1]]


def _room(x: float, lines: list[Line]) -> tuple[float, float]:
    """How far a boundary may move before it cuts a text that it does not cut now."""
    low, high = -1e9, 1e9
    for line in lines:
        for atom in line.atoms:
            if atom.x1 <= x:
                low = max(low, atom.x1)
            elif atom.x0 >= x:
                high = min(high, atom.x0)
    return low, high


def shared(centres: list[float], first: int, last: int, edges: list[float], least: list[tuple[int, int]]) -> list[tuple[int, int]] | None:
    """Share columns first…last among texts centred over contiguous groups of them, in order; None when it is not clear how.

    `least`: the columns that each text certainly covers.
    """
    k, count = len(centres), last - first + 1
    if k == 1:
        return [(first, last)] if least[0][0] >= first and least[0][1] <= last else None
    if k > count:
        return None
    scored: list[tuple[float, list[tuple[int, int]]]] = []
    for tried, cuts in enumerate(combinations(range(first + 1, last + 1), k - 1)):
        if tried > _MAX_SHARINGS:
            return None
        starts = [first, *cuts]
        groups = [(a, b - 1) for a, b in zip(starts, [*cuts, last + 1], strict=True)]
        if any(low < a or high > b for (a, b), (low, high) in zip(groups, least, strict=True)):
            continue
        error = sum(((edges[a] + edges[b + 1]) / 2 - c) ** 2 for (a, b), c in zip(groups, centres, strict=True))
        scored.append((error / k, groups))
    if not scored:
        return None
    scored.sort(key=lambda s: s[0])
    best = scored[0][0] ** 0.5
    narrowest = min(b - a for a, b in pairwise(edges[first:last + 2]))
    if best > 0.4 * narrowest:
        return None
    if len(scored) > 1 and scored[1][0] ** 0.5 < max(_AMBIGUOUS * best, 0.25 * narrowest):
        return None
    return scored[0][1]

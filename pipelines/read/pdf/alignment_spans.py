"""Fields of an unruled table's body: which rows and columns each text covers.

Here: rows from lines, texts centred beside several rows, texts centred over several columns. Not here: the header's levels
(`alignment_rows`), where columns part (`alignment_columns`).

A text that stands between two rows, in a column that is blank in both, covers both: cells are set in the middle of their height.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.read.pdf.alignment_rows import Block, body_rows
from pipelines.read.pdf.alignment_words import Atom

_MISS: Final = 0.45  # em: how far a text may stand from the middle of what it covers
_ROOM: Final = 1.1  # em: a row's text needs at least this much between the texts above and below
_FILLED: Final = 0.5  # of its rows: a column with more texts has a text a row


@dataclass
class Field:
    """One cell of the body."""

    row: int
    column: int
    tall: int
    wide: int
    atoms: list[Atom]

    @property
    def y(self) -> float:
        """Middle height of its text."""
        ys = [atom.y for atom in self.atoms]
        return (min(ys) + max(ys)) / 2

    @property
    def em(self) -> float:
        """Size of its text."""
        return max(atom.em for atom in self.atoms)

    @property
    def centre(self) -> float:
        """Middle of its text across the page."""
        return (min(atom.x0 for atom in self.atoms) + max(atom.x1 for atom in self.atoms)) / 2


def spanned(
    blocks: list[Block], edges: list[float], top: float, bottom: float,
) -> tuple[list[Field], list[float]]:
    """The body's fields, and the lower edges of its rows; `top` and `bottom` are the body's ends."""
    rows, by_middle = body_rows(blocks)
    fields = [
        Field(n, block.first, 1, block.last - block.first + 1, list(block.atoms)) for n, row in enumerate(rows) for block in row
    ]
    between = _between_rows(rows) if by_middle else set()
    kept = [n for n in range(len(rows)) if n not in between]
    edges_y = _row_edges([rows[n] for n in kept], top, bottom)
    hanging = [field for field in fields if field.row in between]
    out = [field for field in fields if field.row not in between]
    for field in out:
        field.row = kept.index(field.row)
    for field in hanging:
        field.row = sum(n < field.row for n in kept) - 1
        field.tall = 2
    for column in sorted({field.column for field in hanging}):
        in_column = sorted((f for f in (*out, *hanging) if f.column <= column < f.column + f.wide), key=lambda f: f.y)
        _tile(in_column, column, [top, *edges_y])
    for column in range(len(edges) - 1):
        in_column = sorted((f for f in out if f.column <= column < f.column + f.wide), key=lambda f: f.y)
        if not any(field.column == column for field in hanging):
            _fill(in_column, [top, *edges_y])
    out.extend(hanging)
    _widen(out, edges)
    return out, edges_y


def _between_rows(rows: list[list[Block]]) -> set[int]:
    """Rows that are none: between their neighbours, which are blank in their columns, is no room for them."""
    columns = [{c for block in row for c in range(block.first, block.last + 1)} for row in rows]
    tops = [min(block.atoms[0].y - 0.5 * block.em for block in row) for row in rows]
    bottoms = [max(block.atoms[-1].y + 0.5 * block.em for block in row) for row in rows]
    found: set[int] = set()
    for n in range(1, len(rows) - 1):
        if n - 1 in found or columns[n] & (columns[n - 1] | columns[n + 1]):
            continue
        room = tops[n + 1] - bottoms[n - 1]
        fewer = len(columns[n]) <= max(len(columns[n - 1]), len(columns[n + 1]))
        if room < _ROOM * max(block.em for block in rows[n]) and fewer:
            found.add(n)
    return found


def _row_edges(rows: list[list[Block]], top: float, bottom: float) -> list[float]:
    """Lower edges of rows, half-way between their texts."""
    tops = [min(block.atoms[0].y - 0.6 * block.em for block in row) for row in rows]
    bottoms = [max(block.atoms[-1].y + 0.6 * block.em for block in row) for row in rows]
    out: list[float] = []
    for end in [*((low + high) / 2 for low, high in zip(bottoms, tops[1:], strict=False)), bottom]:
        out.append(max(end, (out[-1] if out else top) + 1))
    return out


def _tile(fields: list[Field], column: int, ends: list[float]) -> None:
    """Rows of the texts of one column in which some cover several rows: each begins where the one above ended, if its middle agrees.

    A text alone in its row and no wider than the column may grow; the others stay and bound it.
    """
    free, tiled = 0, False
    for n, field in enumerate(fields):
        fixed = next((f.row for f in fields[n + 1:] if f.tall == 1), len(ends) - 1)
        if field.column == column and field.wide == 1:
            limit = max(fixed, field.row + 1)
            near = [(start, stop) for start in range(free, field.row + 1) for stop in range(max(start, field.row) + 1, limit + 1)]
            good = [(s, e) for s, e in near if abs((ends[s] + ends[e]) / 2 - field.y) <= _MISS * field.em]
            if field.tall == 1:
                good = [(s, e) for s, e in good if s == free] if tiled else []
            following = [(s, e) for s, e in good if s == free]
            if good:
                start, stop = min(following or good, key=lambda r: (abs((ends[r[0]] + ends[r[1]]) / 2 - field.y), r[1] - r[0]))
                tiled = True
                field.row, field.tall = start, stop - start
            else:
                tiled = False
        free = field.row + field.tall


def _fill(fields: list[Field], ends: list[float]) -> None:
    """Rows of the texts of a column that fill it without a gap when each stands in the middle of its rows, two of them over several.

    So it is told from texts that stand in one row each, level with it by their first line or their last.
    """
    if len(fields) > _FILLED * (len(ends) - 1) or any(field.wide > 1 or field.atoms[0].is_number for field in fields):
        return
    if sum(len(field.atoms) > 1 for field in fields) < 2:
        return
    for first in range(fields[0].row + 1):
        ranges: list[tuple[int, int]] = []
        for field in fields:
            start = ranges[-1][1] if ranges else first
            fits = [stop for stop in range(start + 1, len(ends)) if abs((ends[start] + ends[stop]) / 2 - field.y) <= _MISS * field.em]
            if not fits or not start <= field.row < fits[0]:
                break
            ranges.append((start, fits[0]))
        if len(ranges) == len(fields) and ranges[-1][1] == len(ends) - 1 and sum(b - a > 2 for a, b in ranges) > 1:
            for field, (start, stop) in zip(fields, ranges, strict=True):
                field.row, field.tall = start, stop - start
            return


def _widen(fields: list[Field], edges: list[float]) -> None:
    """Texts centred over several columns, where the others of their row leave room; never one aligned with its own column."""
    last = len(edges) - 2
    by_column: dict[int, list[Field]] = {}
    for field in fields:
        if field.wide == 1:
            by_column.setdefault(field.column, []).append(field)
    for field in fields:
        taken = {
            c for other in fields if other is not field and other.row < field.row + field.tall and field.row < other.row + other.tall
            for c in range(other.column, other.column + other.wide)
        }
        low, high = field.column, field.column + field.wide - 1
        if any(c in taken for c in range(low, high + 1)) or _in_line(field, by_column.get(field.column, [])):
            continue
        first, final = low, high
        while first > 0 and first - 1 not in taken:
            first -= 1
        while final < last and final + 1 not in taken:
            final += 1
        if (first, final) == (low, high):
            continue
        own = abs((edges[low] + edges[high + 1]) / 2 - field.centre)
        ranges = [
            (abs((edges[a] + edges[b + 1]) / 2 - field.centre), a, b) for a in range(first, low + 1) for b in range(high, final + 1)
        ]
        miss, a, b = min(ranges)
        if miss <= 0.8 * field.em and own > 2 * field.em:
            field.column, field.wide = a, b - a + 1


def _in_line(field: Field, others: list[Field]) -> bool:
    """Whether a text shares its left end, right end or middle with another one of its column."""
    x0, x1 = min(a.x0 for a in field.atoms), max(a.x1 for a in field.atoms)
    for other in others:
        if other is field:
            continue
        left, right = min(a.x0 for a in other.atoms), max(a.x1 for a in other.atoms)
        if min(abs(left - x0), abs(right - x1), abs(other.centre - field.centre)) <= 0.3 * field.em:
            return True
    return False

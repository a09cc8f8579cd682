"""From the lines of a grid to its cells: which sides of the fields are drawn, which fields are one cell.

Here: sides of fields, fields joined to cells, sides that wear has left in pieces. Not here: finding the lines (`scan_grid`).

Lines are positions in pixels. A field is what lies between neighbouring lines; `below[i, j]` says whether line i is drawn over column j,
`beside[i, j]` whether line j is drawn along row i.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_CLEAR: Final = 4.0  # points: text may stand this near to one side of a worn rule; a character's stroke has ink near on both
_INKED: Final = 0.2  # of the rule's pieces, may have ink on that side all the same
_CRUMB: Final = 2.5  # points: the shortest piece that counts
_WORN: Final = 0.4  # of a field's side, at least so much of a worn rule is left
_THIN: Final = 2.2  # points: no crumb of a rule is thicker
_ON: Final = 1.0  # points: nor stands further from its line
_NARROW: Final = 2  # pixels: ink of a rule lies this near to its line; strokes lie anywhere
_TOUCH: Final = 1.2  # points: a worn rule still begins at one of the rules that cross it, twice this far at most; text keeps away
_WHOLE: Final = 0.975  # of the drawn sides' length is ink on paper that is not worn
_TORN: Final = 0.15  # of a side that must be there, since the cell would have a corner without it
_PATIENCE: Final = 60  # torn sides a grid may have; with more it is not known at all


@dataclass(frozen=True)
class Worn:
    """Runs of ink as they were found, strokes of characters still among them, and all ink."""

    horizontal: Bools = field(repr=False)
    vertical: Bools = field(repr=False)
    ink: Bools = field(repr=False)


def sides(horizontal: Bools, vertical: Bools, rows: list[int], columns: list[int], reach: int, share: float) -> tuple[Bools, Bools]:
    """`below` (rows + 1, columns) and `beside` (rows, columns + 1): is at least `share` of a field's side drawn?"""
    return _shares(horizontal, rows, columns, reach) >= share, (_shares(vertical.T, columns, rows, reach) >= share).T


def _shares(mask: Bools, lines: list[int], across: list[int], reach: int) -> Floats:
    """For each line and each interval across it, how much of it is drawn."""
    out = np.zeros((len(lines), len(across) - 1))
    for i, line in enumerate(lines):
        band = np.asarray(mask[max(0, line - reach):line + reach + 1].any(axis=0)).reshape(-1)
        for j in range(len(across) - 1):
            inside = band[across[j] + 1:across[j + 1]]
            out[i, j] = float(inside.mean()) if inside.size else 0.0
    return out


def is_worn(below: Bools, beside: Bools, ink: Bools, rows: list[int], columns: list[int]) -> bool:
    """Whether the sides that are drawn have gaps, so that others may be worn past knowing."""
    level = _shares(ink, rows, columns, _NARROW)[below]
    plumb = _shares(ink.T, columns, rows, _NARROW).T[beside]
    shares = np.concatenate([level, plumb])
    return bool(shares.size) and float(np.mean(shares)) < _WHOLE


def with_worn_sides(
    below: Bools, beside: Bools, ink: Bools, rows: list[int], columns: list[int], scale: float,
) -> tuple[Bools, Bools]:
    """Sides of which pieces are drawn with nothing beside them: they are worn, so that they looked like strokes of characters."""
    crumb, clear, touch = (max(3, round(v * scale)) for v in (_CRUMB, _CLEAR, _TOUCH))
    return (
        below | _worn(~below, ink, rows, columns, crumb, clear, touch, max),
        beside | _worn(~beside.T, ink.T, columns, rows, crumb, clear, touch, min).T,  # figures stand close to upright rules, on one side
    )


def _worn(
    missing: Bools, ink: Bools, lines: list[int], across: list[int], crumb: int, clear: int, touch: int, sides_with: Callable[..., int],
) -> Bools:
    """Which of the missing sides along the inner `lines` are rules in pieces, by the ink round them."""
    out = np.zeros_like(missing)
    for i, j in np.argwhere(missing):
        line, first, last = lines[i], across[j], across[j + 1]
        if i in (0, len(lines) - 1) or last - first < 3 * crumb:
            continue
        top = max(0, line - clear)
        part = np.ascontiguousarray(ink[top:line + clear + 1, first:last + 1]).astype(np.uint8)
        at = line - top
        strip = cv2.morphologyEx(part[max(0, at - _NARROW):at + _NARROW + 1], cv2.MORPH_OPEN, np.ones((1, crumb), np.uint8))
        band = np.asarray(strip.any(axis=0)).reshape(-1)
        band[:touch // 2] = band[len(band) - touch // 2:] = False  # the rules that cross
        reaches = bool(band[:2 * touch].any() or band[-2 * touch:].any())
        drawn, third = int(band.sum()), len(band) // 3
        spread = bool(band[:third].any() and band[-third:].any())
        besides = (part[:max(0, at - 2 * _NARROW)].any(axis=0), part[at + 2 * _NARROW + 1:].any(axis=0))
        inked = sides_with(int((band & near).sum()) for near in besides)
        out[i, j] = reaches and spread and drawn >= _WORN * (last - first) and inked <= _INKED * drawn
    return out


def with_torn_sides(below: Bools, beside: Bools, worn: Worn, rows: list[int], columns: list[int], reach: int) -> tuple[Bools, Bools]:
    """Sides within cells that have corners pointing inwards, which no cell on paper has: the likeliest piece of a rule first."""
    level, plumb = _shares(worn.horizontal, rows, columns, reach), _shares(worn.vertical.T, columns, rows, reach).T
    below, beside = below.copy(), beside.copy()
    for _ in range(_PATIENCE):
        owner = _joined(below, beside)
        bent = _bent(owner)
        if not bent.size:
            break
        inner_level = np.where((owner[:-1] == owner[1:]) & np.isin(owner[1:], bent) & ~below[1:-1], level[1:-1], 0.0)
        inner_plumb = np.where((owner[:, :-1] == owner[:, 1:]) & np.isin(owner[:, 1:], bent) & ~beside[:, 1:-1], plumb[:, 1:-1], 0.0)
        best = max(inner_level.max(initial=0.0), inner_plumb.max(initial=0.0))
        if best < _TORN:
            break
        below[1:-1] |= inner_level == best
        beside[:, 1:-1] |= inner_plumb == best
    return below, beside


def _joined(below: Bools, beside: Bools) -> npt.NDArray[np.int64]:
    """A number for each field, the same for fields with no rule between them."""
    n_rows, n_columns = beside.shape[0], below.shape[1]
    owner = np.arange(n_rows * n_columns).reshape(n_rows, n_columns)
    for r in range(n_rows):
        for c in range(n_columns):
            if r + 1 < n_rows and not below[r + 1, c]:
                _merge(owner, int(owner[r, c]), int(owner[r + 1, c]))
            if c + 1 < n_columns and not beside[r, c + 1]:
                _merge(owner, int(owner[r, c]), int(owner[r, c + 1]))
    return owner


def _merge(owner: npt.NDArray[np.int64], a: int, b: int) -> None:
    if a != b:
        owner[owner == max(a, b)] = min(a, b)


def _bent(owner: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers of joined fields that do not fill a rectangle."""
    names, areas = np.unique(owner, return_counts=True)
    out = []
    for name, area in zip(names[areas > 1], areas[areas > 1], strict=True):
        where = np.argwhere(owner == name)
        if int(np.prod(np.ptp(where, axis=0) + 1)) != int(area):
            out.append(int(name))
    return np.array(out, dtype=np.int64)


def cells_of(below: Bools, beside: Bools) -> tuple[list[tuple[int, int, int, int]], bool]:
    """Join fields with no rule between them and widen each set to a rectangle; (row, column, row_span, column_span)."""
    owner = _joined(below, beside)
    irregular = False
    changed = True
    while changed:
        changed = False
        for name in np.unique(owner):
            where = np.argwhere(owner == name)
            if not where.size:
                continue
            (r0, c0), (r1, c1) = where.min(axis=0), where.max(axis=0) + 1
            inside = owner[r0:r1, c0:c1]
            if (inside != name).any():
                irregular = changed = True
                for other in np.unique(inside):
                    _merge(owner, int(name), int(other))
                name = int(owner[r0, c0])
    cells = []
    for name in np.unique(owner):
        where = np.argwhere(owner == name)
        (r0, c0), (r1, c1) = where.min(axis=0), where.max(axis=0) + 1
        cells.append((int(r0), int(c0), int(r1 - r0), int(c1 - c0)))
    return sorted(cells), irregular


def crumbs(ink: Grey, rows: list[int], columns: list[int], scale: float) -> Grey:
    """Ink (255 on 0) that is left of worn rules: flat pieces on the lines of a grid. A point is as high as it is wide, and no crumb."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, width, height = (np.asarray(stats[:, n], dtype=np.int64) for n in range(4))
    thin, on = _THIN * scale, max(3.0, _ON * scale)
    level = (height <= thin) & (width >= 2 * height) & _on_a_line(y, height, rows, on)
    plumb = (width <= thin) & (height >= 2 * width) & _on_a_line(x, width, columns, on)
    level &= (x >= columns[0] - on) & (x + width <= columns[-1] + on)
    plumb &= (y >= rows[0] - on) & (y + height <= rows[-1] + on)
    chosen = level | plumb
    chosen[0] = False
    return np.where(chosen[labels], 255, 0).astype(np.uint8)


def _on_a_line(start: npt.NDArray[np.int64], size: npt.NDArray[np.int64], lines: list[int], on: float) -> Bools:
    """Which pieces have their middle on a line."""
    off = np.abs((start + size / 2)[:, None] - np.array(lines)[None, :])
    return np.asarray(off.min(axis=1) <= on, dtype=bool)

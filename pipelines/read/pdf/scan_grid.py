"""Rules of an upright page picture, and the grids they form.

Here: finding horizontal and vertical rules by morphology, joining them into grids, cells with spans. Not here: turning the
picture upright (`scan_image`), reading text (`ocr_text`).

All positions are pixels of the picture. A grid's lines may be broken, double, or missing at the outer sides; a cell is every
set of unit fields with no rule between them, widened to a rectangle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.scan_image import Grey, PixelBox

Bools = npt.NDArray[np.bool_]

_SOLID = 0.97  # of a short rule's length


@dataclass(frozen=True)
class GridSettings:
    """Lengths in points; the defaults are the normal case of a printed budget table."""

    horizontal: float = 14.0  # shortest horizontal rule: longer than any character's stroke
    vertical: float = 9.5  # shortest vertical rule: the lowest row seen is 10 points
    gap: float = 2.5  # rules broken by less are whole
    thickest: float = 2.8  # a thicker bar is a filled field
    short: float = 45.0  # a vertical rule shorter than this must be solid: strokes of characters above each other are not
    touch: float = 1.1  # a rule ends at most this far from one that crosses it; a character's stroke stands free
    join: float = 3.6  # lines closer than this are one (double rules, residual slope)
    edge_share: float = 0.55  # a field's side is a rule when this much of it is drawn
    lowest: float = 9.0  # a grid lower than this is a character or an ornament
    narrowest: float = 60.0  # and one narrower than this a stamp, a logo or a large character


@dataclass(frozen=True)
class GridCell:
    """A cell by its first row and column, its spans, and its inside in pixels."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: PixelBox


@dataclass(frozen=True)
class Grid:
    """One table's grid: its lines' positions, its cells in reading order, its outer box."""

    rows: tuple[int, ...]  # y of the n_rows + 1 lines
    columns: tuple[int, ...]  # x of the n_columns + 1 lines
    cells: tuple[GridCell, ...]
    box: PixelBox
    irregular: bool = False  # some cell had to be widened to become a rectangle


@dataclass(frozen=True)
class Rules:
    """Straight runs of ink (255) that may be rules; strokes of large characters are still among them."""

    horizontal: Grey = field(repr=False)
    vertical: Grey = field(repr=False)
    ink: Grey = field(repr=False)


def find_rules(ink: Grey, scale: float, settings: GridSettings | None = None) -> Rules:
    """Separate rules from text in black-and-white ink (255 on 0); `scale` is pixels a point."""
    s = settings or GridSettings()
    gap, long_h, long_v = (max(3, round(v * scale)) for v in (s.gap, s.horizontal, s.vertical))
    horizontal = _runs(ink, (1, gap), (1, long_h))
    vertical = _runs(ink, (gap, 1), (long_v, 1))
    thick = max(2, round(s.thickest * scale))  # thicker than this is a filled field or a picture, not a rule
    horizontal = _without_thick(horizontal, thick, axis=0)
    vertical = _without_thick(vertical, thick, axis=1)
    return Rules(horizontal, vertical, ink)


def _runs(ink: Grey, bridge: tuple[int, int], shortest: tuple[int, int]) -> Grey:
    """Ink in straight runs: opened at half the length first (so that bridging cannot chain characters), bridged, opened in full."""
    half = (max(1, shortest[0] // 2), max(1, shortest[1] // 2))
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(half, np.uint8))
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones(bridge, np.uint8))
    return np.asarray(cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones(shortest, np.uint8)), dtype=np.uint8)


def _without_thick(lines: Grey, thick: int, axis: int) -> Grey:
    kernel = np.ones((thick + 1, 1) if axis == 0 else (1, thick + 1), np.uint8)
    solid = cv2.morphologyEx(lines, cv2.MORPH_OPEN, kernel)
    return np.asarray(cv2.subtract(lines, solid), dtype=np.uint8)


def find_grids(rules: Rules, scale: float, settings: GridSettings | None = None) -> tuple[list[Grid], Grey]:
    """The grids on the page, top to bottom, and where their rules are drawn (255). A frame round one field is no grid."""
    s = settings or GridSettings()
    reach = max(3, round(s.gap * scale))
    both = cv2.bitwise_or(rules.horizontal, rules.vertical)
    near = cv2.dilate(both, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    grids = []
    drawn: Grey = np.zeros(both.shape, dtype=np.uint8)
    for n in range(1, count):
        x, y, w, h = (int(v) for v in stats[n, :4])
        if w < s.narrowest * scale or h < s.lowest * scale:
            continue
        member = labels[y:y + h, x:x + w] == n
        horizontal = (rules.horizontal[y:y + h, x:x + w] > 0) & member
        vertical = (rules.vertical[y:y + h, x:x + w] > 0) & member
        vertical = _solid(vertical, rules.ink[y:y + h, x:x + w] > 0, round(s.short * scale))
        horizontal, vertical = _without_strokes(horizontal, vertical, max(2, round(s.touch * scale)), round(s.narrowest * scale))
        grid = _grid(horizontal, vertical, (x, y), scale, s)
        if grid is not None:
            grids.append(grid)
            drawn[y:y + h, x:x + w][horizontal | vertical] = 255
    drawn = np.asarray(cv2.dilate(drawn, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    return sorted(grids, key=lambda grid: (grid.box[1], grid.box[0])), drawn


def _grid(horizontal: Bools, vertical: Bools, origin: tuple[int, int], scale: float, s: GridSettings) -> Grid | None:
    join = max(3, round(s.join * scale))
    rows = _lines(horizontal, join, axis=0)
    columns = _lines(vertical, join, axis=1)
    if not rows or not columns or (len(rows) < 2 and len(columns) < 2):
        return None
    open_join = max(join, round(2 * s.join * scale))
    rows = _with_outer(rows, vertical, 0, open_join)
    columns = _with_outer(columns, horizontal, 1, open_join)
    if len(rows) < 2 or len(columns) < 2 or (len(rows) == 2 and len(columns) == 2):
        return None
    below = _drawn(horizontal, rows, columns, join // 2 + 1, s.edge_share)  # (n_rows + 1, n_columns)
    beside = _drawn(vertical.T, columns, rows, join // 2 + 1, s.edge_share).T  # (n_rows, n_columns + 1)
    kept_rows = [0, *(i for i in range(1, len(rows) - 1) if below[i].any()), len(rows) - 1]
    kept_columns = [0, *(i for i in range(1, len(columns) - 1) if beside[:, i].any()), len(columns) - 1]
    if len(kept_rows) < len(rows) or len(kept_columns) < len(columns):  # a position that only strokes suggested is no line
        rows, columns = [rows[i] for i in kept_rows], [columns[i] for i in kept_columns]
        below = _drawn(horizontal, rows, columns, join // 2 + 1, s.edge_share)
        beside = _drawn(vertical.T, columns, rows, join // 2 + 1, s.edge_share).T
    if columns[-1] - columns[0] < s.narrowest * scale or rows[-1] - rows[0] < s.lowest * scale:
        return None
    widths = np.diff(columns)
    if int((below @ widths >= 0.6 * widths.sum()).sum()) < 2:  # strokes of large characters make crossings, not two long rules
        return None
    cells, irregular = _cells(below, beside)
    if len(cells) < 2:
        return None
    x, y = origin
    ys, xs = [r + y for r in rows], [c + x for c in columns]
    found = tuple(
        GridCell(r, c, rs, cs, (xs[c], ys[r], xs[c + cs], ys[r + rs])) for r, c, rs, cs in cells
    )
    return Grid(tuple(ys), tuple(xs), found, (xs[0], ys[0], xs[-1], ys[-1]), irregular)


def _solid(vertical: Bools, ink: Bools, short: int) -> Bools:
    """Vertical segments without those short ones that only bridging made whole."""
    def whole(x: int, y: int, w: int, h: int) -> bool:
        drawn = np.asarray(ink[y:y + h, x:x + w].any(axis=1)).reshape(-1)
        return h >= short or float(drawn.mean()) >= _SOLID

    return _segments(vertical, whole)


def _segments(mask: Bools, keep: Callable[[int, int, int, int], bool]) -> Bools:
    """The connected segments of a mask whose box (x, y, width, height) is to be kept."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    kept = np.zeros(count, dtype=bool)
    for n in range(1, count):
        x, y, w, h = (int(v) for v in stats[n, :4])
        kept[n] = keep(x, y, w, h)
    return np.asarray(kept[labels], dtype=bool)


def _without_strokes(horizontal: Bools, vertical: Bools, touch: int, long: int) -> tuple[Bools, Bools]:
    """Drop verticals of which an end stands free: they are strokes of characters. Repeated, since a stroke may touch a stroke."""
    for _ in range(3):
        kept = _anchored(vertical, horizontal, touch)
        settled = bool((kept == vertical).all())
        vertical = kept
        # a horizontal rule may run out freely (tables without outer sides), but it crosses or meets some vertical
        horizontal = _touching(horizontal, vertical, touch, long)
        if settled:
            break
    return horizontal, vertical


def _anchored(lines: Bools, crossing: Bools, touch: int) -> Bools:
    """Vertical segments both of whose ends meet a crossing rule, or that reach beyond two of them."""
    near = _near(crossing, touch)

    def anchored(x: int, y: int, w: int, h: int) -> bool:
        meets = np.asarray(near[y:y + h, x:x + w]).any(axis=1).reshape(-1)
        at = np.flatnonzero(meets)
        gaps = int((np.diff(at) > 1).sum())
        if not at.size or int(at[-1] - at[0]) <= 3 * touch or gaps < 1:
            return False
        return gaps >= 2 or bool(meets[:touch + 1].any() and meets[-touch - 1:].any())

    return _segments(lines, anchored)


def _touching(lines: Bools, crossing: Bools, touch: int, long: int) -> Bools:
    """Horizontal segments that meet two crossing rules, or one if they are longer than any character."""
    near = _near(crossing, touch)

    def touching(x: int, y: int, w: int, h: int) -> bool:
        at = np.flatnonzero(np.asarray(near[y:y + h, x:x + w]).any(axis=0).reshape(-1))
        apart = int((np.diff(at) > 2 * touch).sum()) + 1 if at.size else 0
        return apart >= 2 or (apart == 1 and w >= long)

    return _segments(lines, touching)


def _near(mask: Bools, reach: int) -> Bools:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0)


def _lines(mask: Bools, join: int, axis: int) -> list[int]:
    """Positions of the lines across `axis`: segments clustered by position, weighted by length."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    position = 1 - axis  # centroid is (x, y)
    extent = cv2.CC_STAT_WIDTH if axis == 0 else cv2.CC_STAT_HEIGHT
    segments = sorted((float(centres[n][position]), int(stats[n, extent])) for n in range(1, count))
    clusters: list[list[tuple[float, int]]] = []
    for place, length in segments:
        if clusters and place - clusters[-1][-1][0] <= join and place - clusters[-1][0][0] <= 2 * join:
            clusters[-1].append((place, length))
        else:
            clusters.append([(place, length)])
    return [round(sum(p * n for p, n in cluster) / sum(n for _, n in cluster)) for cluster in clusters]


def _with_outer(lines: list[int], crossing: Bools, axis: int, join: int) -> list[int]:
    """Add an outer side where crossing rules run on beyond the outermost line (tables printed without left and right rules).

    `crossing` is looked at along `axis`; at least half of the crossing rules must run on: a letter may touch a rule from outside.
    """
    whole = crossing if axis == 0 else crossing.T
    inside = whole[lines[0]:lines[-1] + 1]
    crossed = max(1, _runs_in(np.asarray(inside.any(axis=0)).reshape(-1)))
    out = list(lines)
    for beyond, at in ((whole[:max(0, lines[0] - join)], 0), (whole[lines[-1] + join + 1:], len(out))):
        reached = np.flatnonzero(np.asarray(beyond.any(axis=1)).reshape(-1))
        if reached.size and _runs_in(np.asarray(beyond.any(axis=0)).reshape(-1)) >= max(2, 0.5 * crossed):
            out.insert(at if at == 0 else len(out), int(reached[0]) if at == 0 else lines[-1] + join + 1 + int(reached[-1]))
    return out


def _runs_in(flags: Bools) -> int:
    """Number of separate stretches that are set."""
    return int((np.diff(np.concatenate([[0], flags.astype(np.int8)])) == 1).sum())


def _drawn(mask: Bools, lines: list[int], across: list[int], reach: int, share: float) -> Bools:
    """For each line and each interval across it: is a rule drawn there?"""
    drawn = np.zeros((len(lines), len(across) - 1), dtype=bool)
    for i, line in enumerate(lines):
        band = np.asarray(mask[max(0, line - reach):line + reach + 1].any(axis=0)).reshape(-1)
        for j in range(len(across) - 1):
            inside = band[across[j] + 1:across[j + 1]]
            drawn[i, j] = bool(inside.size) and float(inside.mean()) >= share
    return drawn


def _cells(below: Bools, beside: Bools) -> tuple[list[tuple[int, int, int, int]], bool]:
    """Join fields with no rule between them and widen each set to a rectangle; (row, column, row_span, column_span)."""
    n_rows, n_columns = beside.shape[0], below.shape[1]
    owner = np.arange(n_rows * n_columns).reshape(n_rows, n_columns)

    def merge(a: int, b: int) -> None:
        if a != b:
            owner[owner == max(a, b)] = min(a, b)

    for r in range(n_rows):
        for c in range(n_columns):
            if r + 1 < n_rows and not below[r + 1, c]:
                merge(int(owner[r, c]), int(owner[r + 1, c]))
            if c + 1 < n_columns and not beside[r, c + 1]:
                merge(int(owner[r, c]), int(owner[r, c + 1]))
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
                    merge(int(name), int(other))
                name = int(owner[r0, c0])
    cells = []
    for name in np.unique(owner):
        where = np.argwhere(owner == name)
        (r0, c0), (r1, c1) = where.min(axis=0), where.max(axis=0) + 1
        cells.append((int(r0), int(c0), int(r1 - r0), int(c1 - c0)))
    return sorted(cells), irregular

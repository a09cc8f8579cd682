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

from pipelines.read.pdf.scan_cells import Bools, Worn, cells_of, crumbs, is_worn, sides, with_torn_sides, with_worn_sides
from pipelines.read.pdf.scan_image import Grey, PixelBox

_SOLID = 0.97  # of a short rule's length
_WIDE = 0.5  # of a table's width


@dataclass(frozen=True)
class GridSettings:
    """Lengths in points; the defaults are the normal case of a printed budget table."""

    horizontal: float = 14.0  # shortest horizontal rule: longer than any character's stroke
    vertical: float = 9.5  # shortest vertical rule: the lowest row seen is 10 points
    gap: float = 2.5  # rules broken by less are whole
    piece: float = 24.0  # pieces of a rule at least this long are longer than a character's stroke: what is between them may be rule
    worn: float = 7.5  # and is over gaps up to this, in copies of copies; the lowest row is higher, so no cell is cut by it
    dashed: float = 70.0  # or over so much in all, where crumbs
    crumb: float = 2.5  # no shorter than this stand in the gap
    between: float = 4.0  # no further than this from each other
    fill: float = 0.04  # of the rules' ink, so much is missing where they are worn; where less is, what looks like a gap is one
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
    worn: bool = False  # some of its rules are left in pieces only


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
    whole = (_bridged(horizontal, ink, scale, s, across=False), _bridged(vertical, ink, scale, s, across=True))
    filled = sum(int(np.count_nonzero(w)) - int(np.count_nonzero(r)) for w, r in zip(whole, (horizontal, vertical), strict=True))
    if filled > s.fill * sum(int(np.count_nonzero(w)) for w in whole):
        horizontal, vertical = whole
    return Rules(horizontal, vertical, ink)


def _runs(ink: Grey, bridge: tuple[int, int], shortest: tuple[int, int]) -> Grey:
    """Ink in straight runs: opened at half the length first (so that bridging cannot chain characters), bridged, opened in full."""
    half = (max(1, shortest[0] // 2), max(1, shortest[1] // 2))
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(half, np.uint8))
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones(bridge, np.uint8))
    return np.asarray(cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones(shortest, np.uint8)), dtype=np.uint8)


def _bridged(lines: Grey, ink: Grey, scale: float, s: GridSettings, across: bool) -> Grey:
    """Runs, and what is worn away between long ones that continue each other, up to a pixel beside; `across`: vertical runs."""
    def along(points: float) -> Grey:
        n = max(3, round(points * scale))
        return np.ones((n, 1) if across else (1, n), np.uint8)

    beside = np.ones((1, 3) if across else (3, 1), np.uint8)
    long = cv2.dilate(cv2.morphologyEx(lines, cv2.MORPH_OPEN, along(s.piece)), beside)
    near = cv2.bitwise_and(cv2.morphologyEx(ink, cv2.MORPH_OPEN, along(s.crumb)), cv2.morphologyEx(long, cv2.MORPH_CLOSE, along(s.dashed)))
    crumbs = cv2.morphologyEx(cv2.bitwise_or(cv2.dilate(near, beside), long), cv2.MORPH_CLOSE, along(s.between))
    whole = cv2.morphologyEx(cv2.morphologyEx(crumbs, cv2.MORPH_OPEN, along(s.piece)), cv2.MORPH_CLOSE, along(s.worn))
    return np.asarray(cv2.bitwise_or(lines, cv2.erode(whole, beside)), dtype=np.uint8)


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
        worn = Worn(horizontal, vertical, rules.ink[y:y + h, x:x + w] > 0)
        vertical = _solid(vertical, rules.ink[y:y + h, x:x + w] > 0, round(s.short * scale))
        horizontal, vertical = _without_strokes(horizontal, vertical, scale, s)
        grid = _grid(horizontal, vertical, worn, (x, y), scale, s)
        if grid is not None:
            grids.append(grid)
            drawn[y:y + h, x:x + w][horizontal | vertical] = 255
            if grid.worn:
                drawn |= crumbs(np.asarray(cv2.subtract(rules.ink, drawn), dtype=np.uint8), list(grid.rows), list(grid.columns), scale)
    drawn = np.asarray(cv2.dilate(drawn, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    return sorted(grids, key=lambda grid: (grid.box[1], grid.box[0])), drawn


def _grid(horizontal: Bools, vertical: Bools, worn: Worn, origin: tuple[int, int], scale: float, s: GridSettings) -> Grid | None:
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
    below, beside = sides(horizontal, vertical, rows, columns, join // 2 + 1, s.edge_share)
    kept_rows = [0, *(i for i in range(1, len(rows) - 1) if below[i].any()), len(rows) - 1]
    kept_columns = [0, *(i for i in range(1, len(columns) - 1) if beside[:, i].any()), len(columns) - 1]
    if len(kept_rows) < len(rows) or len(kept_columns) < len(columns):  # a position that only strokes suggested is no line
        rows, columns = [rows[i] for i in kept_rows], [columns[i] for i in kept_columns]
        below, beside = sides(horizontal, vertical, rows, columns, join // 2 + 1, s.edge_share)
    if columns[-1] - columns[0] < s.narrowest * scale or rows[-1] - rows[0] < s.lowest * scale:
        return None
    widths = np.diff(columns)
    if int((below @ widths >= 0.6 * widths.sum()).sum()) < 2:  # strokes of large characters make crossings, not two long rules
        return None
    seen_below, seen_beside = below, beside
    if is_worn(below, beside, worn.ink, rows, columns):
        below, beside = with_worn_sides(below, beside, worn.ink, rows, columns, scale)
        below, beside = with_torn_sides(below, beside, worn, rows, columns, join // 2 + 1)
    cells, irregular = cells_of(below, beside)
    if len(cells) < (3 if irregular else 2):  # two bars of a chart and the axes beside them make an irregular pair
        return None
    x, y = origin
    ys, xs = [r + y for r in rows], [c + x for c in columns]
    found = tuple(
        GridCell(r, c, rs, cs, (xs[c], ys[r], xs[c + cs], ys[r + rs])) for r, c, rs, cs in cells
    )
    worn_sides = bool((below != seen_below).any() or (beside != seen_beside).any())
    return Grid(tuple(ys), tuple(xs), found, (xs[0], ys[0], xs[-1], ys[-1]), irregular, worn_sides)


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


def _without_strokes(horizontal: Bools, vertical: Bools, scale: float, s: GridSettings) -> tuple[Bools, Bools]:
    """Drop verticals of which an end stands free: they are strokes of characters. Repeated, since a stroke may touch a stroke."""
    touch, long, worn = max(2, round(s.touch * scale)), round(s.narrowest * scale), round(s.worn * scale)
    for _ in range(3):
        kept = _anchored(vertical, horizontal, touch)
        settled = bool((kept == vertical).all())
        vertical = kept
        # a horizontal rule may run out freely (tables without outer sides), but it crosses or meets some vertical
        horizontal = _touching(horizontal, vertical, touch, long, worn)
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


def _touching(lines: Bools, crossing: Bools, touch: int, long: int, worn: int) -> Bools:
    """Horizontal segments that meet two crossing rules, or one if they are longer than any character, or two but for worn
    ends; half as wide as the table, none."""
    near = _near(crossing, touch)

    def touching(x: int, y: int, w: int, h: int) -> bool:
        at = np.flatnonzero(np.asarray(near[y:y + h, x:x + w]).any(axis=0).reshape(-1))
        apart = int((np.diff(at) > 2 * touch).sum()) + 1 if at.size else 0
        if apart >= 2 or (w >= long and (apart == 1 or w >= _WIDE * lines.shape[1])):
            return True
        ends = (near[y:y + h, max(0, x - worn):x], near[y:y + h, x + w:x + w + worn])
        return w >= long and all(bool(end.any()) for end in ends)

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

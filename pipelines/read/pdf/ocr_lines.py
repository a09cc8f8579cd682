"""Where lines of text stand in an upright picture: inside a cell, and on the page outside tables.

Here: splitting ink into lines by its projection. Not here: recognising them (`ocr`), the grid (`scan_grid`).

Ink is 255 on 0 with the rules already taken out. `em` is the height of a line of Chinese body text in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.scan_image import Grey, PixelBox

_SMALL = 0.012  # square ems: less ink than this in one piece is a decimal point at best, or dust
_DUST = 1.1  # points: pieces smaller than this square count as dots whatever the size of the text
_THIRD = 0.35  # ems: smaller than any character, but for points and strokes
_BESIDE = 0.2  # ems: a decimal point stands this near to its digits; dust rarely does
_AFTER = 0.4  # ems: or this far behind a digit, on its foot
_FOOT = 0.1  # ems: so exactly


@dataclass(frozen=True)
class TextInk:
    """Ink of text: `ink` without dust, `solid` only its pieces that are larger than a dot. `dust` is what was taken out."""

    ink: Grey
    solid: Grey
    dust: Grey
    em: float


def text_ink(ink: Grey, scale: float) -> TextInk:
    """Take the dust out of ink: pieces no larger than a dot that stand by themselves."""
    em = typical_em(ink, scale)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] >= max(_SMALL * em * em, (_DUST * scale) ** 2)
    large[0] = False
    solid = np.where(large[labels], 255, 0).astype(np.uint8)
    reach = 2 * max(2, round(_BESIDE * em)) + 1
    beside = cv2.dilate(solid, np.ones((reach, reach), np.uint8)) > 0
    keep = large.copy()
    keep[np.unique(labels[beside])] = True
    keep[0] = False
    keep |= _points(np.asarray(stats, dtype=np.int64), large, keep, em)
    kept = np.where(keep[labels], 255, 0).astype(np.uint8)
    return TextInk(kept, solid, np.asarray(cv2.subtract(ink, kept), dtype=np.uint8), em)


def _points(stats: npt.NDArray[np.int64], large: npt.NDArray[np.bool_], kept: npt.NDArray[np.bool_], em: float) -> npt.NDArray[np.bool_]:
    """Which small pieces are points that stand further from their figure: on the foot of a digit at their left (1 leaves white there)."""
    left, foot = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    digits = np.flatnonzero(large & (stats[:, cv2.CC_STAT_HEIGHT] >= _THIRD * em) & (stats[:, cv2.CC_STAT_HEIGHT] <= 1.2 * em))
    right, base = (left + stats[:, cv2.CC_STAT_WIDTH])[digits], foot[digits]
    order = np.argsort(right)
    right, base = right[order], base[order]
    out = np.zeros(len(stats), dtype=bool)
    for n in np.flatnonzero(~kept)[1:]:  # the first is the paper
        first, last = np.searchsorted(right, (left[n] - _AFTER * em, left[n] + 1))
        out[n] = bool((np.abs(base[first:last] - foot[n]) <= _FOOT * em).any())
    return out


def typical_em(ink: Grey, scale: float) -> float:
    """The usual height of a line of text on the page, from the heights of its larger characters; 10.5 points when there is too little."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(ink, np.ones((3, 3), np.uint8)), connectivity=8)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    usual = heights[(heights > 4 * scale) & (heights < 30 * scale) & (widths > 2 * scale) & (widths < 30 * scale)]
    if len(usual) < 20:
        return 10.5 * scale
    return float(np.percentile(usual, 75)) * 1.05


def em_in_cells(text: TextInk, boxes: list[PixelBox]) -> float:
    """The size of text in a table, from the heights of the lines in its cells; the page's where there are too few."""
    heights: list[int] = []
    for x0, top, x1, bottom in boxes:
        rows = np.flatnonzero(text.solid[top:bottom, x0:x1].any(axis=1))
        if rows.size:
            cuts = np.flatnonzero(np.diff(rows) > 1)
            ends = zip([0, *(cuts + 1).tolist()], [*cuts.tolist(), len(rows) - 1], strict=True)
            heights.extend(int(rows[last] - rows[first]) + 1 for first, last in ends)
    usual = [h for h in heights if 0.35 * text.em <= h <= 1.3 * text.em]
    if len(usual) < 6:
        return text.em
    return float(np.percentile(usual, 80)) * 1.06  # figures are lower than characters; ink is lower than its em


def lines_in_cell(text: TextInk, box: PixelBox) -> list[PixelBox]:
    """Boxes of the lines of text inside a cell, top to bottom, tight round their ink; empty for a blank cell."""
    x0, top, x1, bottom = box
    part = text.ink[top:bottom, x0:x1]
    if not part.any():
        return []
    found = []
    for first, last in _row_runs(part, text.em):
        if not text.solid[top + first:top + last, x0:x1].any():
            continue
        columns = np.flatnonzero(part[first:last].any(axis=0))
        rows = np.flatnonzero(part[first:last].any(axis=1))
        found.append((x0 + int(columns[0]), top + first + int(rows[0]), x0 + int(columns[-1]) + 1, top + first + int(rows[-1]) + 1))
    return [line for line in found if not _is_specks(text, line)] or found


def _is_specks(text: TextInk, line: PixelBox) -> bool:
    """Whether all of a line is specks: nothing in it as high or as wide as a third of a character. A dash or a 一 is wider."""
    x0, top, x1, bottom = line
    if bottom - top >= _THIRD * text.em:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(text.ink[top:bottom, x0:x1], connectivity=8)
    return bool((stats[1:, cv2.CC_STAT_WIDTH] < _THIRD * text.em).all())


def _row_runs(part: Grey, em: float) -> list[tuple[int, int]]:
    """Intervals of rows with ink, joined where one line of text was cut (二, 三), split where two touch."""
    profile = (part > 0).sum(axis=1)
    rows = np.flatnonzero(profile)
    breaks = np.flatnonzero(np.diff(rows) > 1)
    runs = [(int(rows[i]), int(rows[j]) + 1) for i, j in zip([0, *(breaks + 1)], [*breaks, len(rows) - 1], strict=True)]
    joined: list[tuple[int, int]] = []
    for first, last in runs:
        if joined and _one_line(joined[-1], (first, last), em):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return [piece for run in joined for piece in _split(profile, run, em)]


def _one_line(above: tuple[int, int], below: tuple[int, int], em: float) -> bool:
    """Whether two stretches of rows are parts of one line: together no higher than a line, and near or one of them a mere stroke."""
    if below[1] - above[0] > 1.15 * em:
        return False
    stroke = min(above[1] - above[0], below[1] - below[0]) < 0.3 * em
    return stroke or below[0] - above[1] <= 0.22 * em


def _split(profile: np.ndarray, run: tuple[int, int], em: float) -> list[tuple[int, int]]:
    """Split a run much higher than a line at its emptiest rows near the expected line ends."""
    height = run[1] - run[0]
    lines = round(height / (1.25 * em))
    if lines < 2 or height < 1.75 * em:
        return [run]
    cuts = [run[0]]
    for n in range(1, lines):
        expected = run[0] + height * n / lines
        low, high = int(expected - 0.3 * em), int(expected + 0.3 * em)
        low = max(low, cuts[-1] + 1)
        cuts.append(low + int(np.argmin(profile[low:high])))
    if max(profile[cut] for cut in cuts[1:]) > 0.5 * float(np.median(profile[run[0]:run[1]])):
        return [run]  # one line of large characters, or a picture
    return list(zip(cuts, [*cuts[1:], run[1]], strict=True))


def lines_on_page(ink: Grey, em: float) -> list[PixelBox]:
    """Boxes of lines of text on a page (tables blanked out), top to bottom, then left to right; wide gaps part them."""
    small = 0.5
    half = np.asarray(cv2.resize(ink, None, fx=small, fy=small, interpolation=cv2.INTER_AREA) > 40, dtype=np.uint8) * 255
    reach = max(3, round(1.6 * em * small)) | 1
    smeared = cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(smeared, connectivity=8)
    boxes = [tuple(int(v / small) for v in (x, y, x + w, y + h)) for x, y, w, h, _ in stats[1:]]
    boxes = [b for b in boxes if b[3] - b[1] <= 6 * em and (b[3] - b[1] > 0.24 * em or b[2] - b[0] > 0.4 * em)]
    rows: list[list[tuple[int, ...]]] = []
    for b in sorted(boxes, key=lambda b: b[1] + b[3]):
        row = next((row for row in reversed(rows[-4:]) if _level(row, b)), None)
        if row is None:
            rows.append([b])
        else:
            row.append(b)
    lines: list[PixelBox] = []
    for row in rows:
        pieces: list[PixelBox] = []
        for b in sorted(row):
            if pieces and b[0] - pieces[-1][2] <= 2.0 * em:
                last = pieces[-1]
                pieces[-1] = (last[0], min(last[1], b[1]), max(last[2], b[2]), max(last[3], b[3]))
            else:
                pieces.append((b[0], b[1], b[2], b[3]))
        lines.extend(piece for piece in pieces if piece[3] - piece[1] >= 0.45 * em or piece[2] - piece[0] >= 2.5 * em)
    return sorted(lines, key=lambda b: (b[1] + b[3], b[0]))


def _level(row: list[tuple[int, ...]], box: tuple[int, ...]) -> bool:
    """Whether a box stands on the same line as those of a row."""
    top, bottom = min(r[1] for r in row), max(r[3] for r in row)
    low, high = min(bottom - top, box[3] - box[1]), max(bottom - top, box[3] - box[1])
    return min(bottom, box[3]) - max(top, box[1]) > 0.5 * low and max(bottom, box[3]) - min(top, box[1]) <= 1.4 * high

"""The slant of a photographed page: its rules run together towards a point instead of running side by side.

Here: how the rules of a nearly upright picture lean, and the map that makes them straight again. Not here: skew (`scan_image`),
which rules form a grid (`scan_grid`).

Seen aslant, every upright rule leans by an amount that grows evenly from left to right, every level one by an amount that grows evenly
from top to bottom. Both growths are fitted to the long rules; the four rules that would stand at the picture's middle edges make a
quadrangle, which is mapped to the rectangle it was on paper.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

_LONG: Final = (70.0, 36.0)  # points: level and upright pieces of rules at least so long tell how they lean
_STEP: Final = 14.0  # points: a leaning rule's ink is found in pieces of this length
_SHARE: Final = 0.3  # of the picture's width or height that the rules spread over, else nothing is told
_LEAST: Final = 0.0022  # of a rule's length: leaning by less bends no grid (a pixel in 450)
_MOST: Final = 0.16  # beyond it, nothing that a person would call a photograph of a page
_FEW: Final = 4  # rules each way


def straightened(ink: Grey, scale: float) -> Floats | None:
    """The 3×3 map from the picture to one whose rules are straight, by its ink (255 on 0); None where they are, or too few tell."""
    height, width = ink.shape
    level = _leanings(ink, scale, upright=False)
    plumb = _leanings(ink, scale, upright=True)
    rise = _fit(level, height)
    lean = _fit(plumb, width)
    if rise is None or lean is None:
        return None
    growth = max(abs(rise[1]) * height, abs(lean[1]) * width, abs(lean[0] + lean[1] * width / 2))
    if growth < _LEAST or growth > _MOST:
        return None
    middle = np.array([width / 2, height / 2])
    x0, x1, top, bottom = 0.05 * width, 0.95 * width, 0.05 * height, 0.95 * height
    corners = [
        _crossing(middle, y, rise[0] + rise[1] * y, x, lean[0] + lean[1] * x) for x, y in ((x0, top), (x1, top), (x1, bottom), (x0, bottom))
    ]
    target = np.array([(x0, top), (x1, top), (x1, bottom), (x0, bottom)], dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(np.array(corners, dtype=np.float32), target), dtype=np.float64)


def _crossing(middle: Floats, y: float, rise: float, x: float, lean: float) -> tuple[float, float]:
    """Where the level rule at height `y` in the middle of the picture meets the upright one at `x` there."""
    # level: v = y + rise (u - mx); upright: u = x + lean (v - my)
    v = (y + rise * (x - lean * middle[1] - middle[0])) / (1 - rise * lean)
    return float(x + lean * (v - middle[1])), float(v)


def _leanings(ink: Grey, scale: float, upright: bool) -> list[tuple[float, float, float]]:
    """(position at the picture's middle, lean, weight) of each long rule; lean is a rise by run, small."""
    picture = ink.T if upright else ink
    picture = np.ascontiguousarray(picture)
    step = max(12, round(_STEP * scale))
    pieces = cv2.morphologyEx(picture, cv2.MORPH_OPEN, np.ones((1, step), np.uint8))
    pieces = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((3, step), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(pieces, connectivity=8)
    long = _LONG[int(upright)] * scale
    thick = max(3.0, 2.8 * scale)
    out = []
    for n in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[n])
        if w < long or h > _MOST * w + thick or area > thick * w:
            continue
        rows, columns = np.nonzero(labels[y:y + h, x:x + w] == n)
        lean, at = np.polyfit(columns + x, rows + y, 1)
        off = np.abs(rows + y - lean * (columns + x) - at)
        if float(np.percentile(off, 95)) > thick:  # two rules that ran together, a curve
            continue
        out.append((float(at + lean * picture.shape[1] / 2), float(lean), float(w)))
    return out


def _fit(rules: list[tuple[float, float, float]], extent: int) -> tuple[float, float] | None:
    """lean = a + b · position over the rules, those left out that stray (the edge of the paper, another sheet); None when unclear."""
    if len(rules) < _FEW:
        return None
    at, lean, weight = (np.array(v) for v in zip(*rules, strict=True))
    keep = np.ones(len(at), dtype=bool)
    b, a = 0.0, 0.0
    for _ in range(3):
        if int(keep.sum()) < _FEW or float(np.ptp(at[keep])) < _SHARE * extent:
            return None
        b, a = np.polyfit(at[keep], lean[keep], 1, w=weight[keep])
        off = np.abs(lean - a - b * at)
        limit = max(0.0012, 3.0 * float(np.median(off[keep])))
        keep = off <= limit
    return float(a), float(b)

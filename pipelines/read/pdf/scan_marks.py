"""What lies on a scanned page without being printed on it: red seals over the text, holes punched through the paper.

Here: taking both out of the picture before ink is looked for. Not here: specks beside figures (`scan_specks`), rules (`scan_grid`).

A seal is known by its colour and its shape: a red ring as large as official seals are (公章: 38 to 50 mm across; some oval). Where
nothing but the seal is red, the paper shows; black text under it stays, because black is dark in red light too. Red text, red titles and
red rules are left alone: they have not that shape. Seals scanned in grey stay: taking them out takes
pale strokes of figures with them. A hole is a dark round spot, filled, and larger than any full stop or bullet.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
PixelBox = tuple[int, int, int, int]  # x0, top, x1, bottom
Colour = npt.NDArray[np.uint8]  # (rows, columns, 3): red, green, blue

_RED: Final = 28  # of 255: red ink is redder than it is green or blue by so much, faint edges and JPEG's blur included
_STRONG: Final = 60  # and where it lies thick
_LEAST: Final = 0.0006  # of a page's pixels that are red: with fewer there is no seal to look for
_SEAL: Final = (60.0, 190.0)  # points: smallest and largest side of a seal
_ROUND: Final = 0.6  # the shorter side of a seal in its longer one
_FILLED: Final = 0.6  # of its box: a seal is an outline with writing in it; a red field is none
_RING: Final = (0.84, 0.6)  # of its radius: from there on a seal has its ring, of which so much is seen, print and rules over it
_JOIN: Final = 4.0  # points: rules and print over a seal cut it into pieces no further apart
_BAND: Final = 0.025  # of its radius
_DARK: Final = 110  # of 255
_HOLE: Final = (8.5, 26.0)  # points: holes are 5 to 8 mm across; torn or half off the page, less
_HALF: Final = 0.62  # of a hole's box is dark: a disc's is .79
_THICK: Final = 6.0  # points: no stroke of a character is so thick; a hole is


def without_seals(colour: Colour, scale: float) -> Grey:
    """A picture in grey, its red seals taken out; `scale` is pixels a point."""
    grey = np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    red = colour[..., 0]
    others = cv2.max(colour[..., 1], colour[..., 2])
    redness = np.asarray(cv2.subtract(red, others), dtype=np.uint8)
    if float((redness[::3, ::3] > _STRONG).mean()) < _LEAST:
        return grey
    reddish = np.asarray(redness > _RED, dtype=np.uint8)
    for x, y, width, height in _seals(np.asarray(redness > _STRONG, dtype=np.uint8), scale):
        at = (slice(y, y + height), slice(x, x + width))
        inked = cv2.dilate(reddish[at], np.ones((3, 3), np.uint8)) > 0
        thick = redness[at] > _STRONG
        paper = float(np.percentile(grey[at][~inked], 75)) if (~inked).any() else 255.0
        ink = float(np.median(red[at][thick])) if thick.any() else paper  # how bright the seal's own ink is in red light
        lifted = np.minimum(red[at].astype(np.float32) * (paper / max(1.0, ink)), paper)
        grey[at] = np.where(inked, lifted, grey[at]).astype(np.uint8)
    return grey


def _seals(inked: Any, scale: float) -> list[PixelBox]:
    """Boxes x, y, width, height of outlines as large and as round as seals, with a margin for their blur."""
    reach = max(3, round(_JOIN * scale)) | 1
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    margin = max(2, round(1.5 * scale))
    out = []
    for n, (x, y, width, height, area) in enumerate(stats[1:].tolist(), 1):
        low, high = sorted((width, height))
        if low < _SEAL[0] * scale or high > _SEAL[1] * scale or low < _ROUND * high or area > _FILLED * width * height:
            continue
        if _ringed(labels[y:y + height, x:x + width] == n):
            out.append((max(0, x - margin), max(0, y - margin), width + 2 * margin, height + 2 * margin))
    return out


def _ringed(mark: Any) -> bool:
    """Whether a mark fills the round or oval outline of its box: writing of the same size has no such edge."""
    height, width = mark.shape
    y, x = np.mgrid[0:height, 0:width]
    radius = np.hypot((x + 0.5) / width * 2 - 1, (y + 0.5) / height * 2 - 1)
    ring = (radius >= _RING[0]) & (radius < 1.0)
    step = ((radius[ring] - _RING[0]) / _BAND).astype(np.int64)
    filled = np.bincount(step, weights=mark[ring]) / np.maximum(1, np.bincount(step))
    return bool(filled.max(initial=0.0) >= _RING[1])


def without_holes(grey: Grey, scale: float) -> tuple[Grey, list[PixelBox]]:
    """A picture with its punched holes painted over with the paper round them, and where they were: what stood there is lost."""
    dark = np.asarray(grey < _DARK, dtype=np.uint8)
    thick = max(3, round(_THICK * scale))
    cores = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thick, thick)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cores, connectivity=8)
    out, holes = grey, []
    margin = max(2, round(1.2 * scale))
    for n, (x, y, width, height, area) in enumerate(stats[1:].tolist(), 1):
        low, high = sorted((width, height))
        if low < _HOLE[0] * scale or high > _HOLE[1] * scale or low < _ROUND * high or area < _HALF * width * height:
            continue
        x0, top, x1, bottom = max(0, x - 2 * margin), max(0, y - 2 * margin), x + width + 2 * margin, y + height + 2 * margin
        part, own = grey[top:bottom, x0:x1], (labels[top:bottom, x0:x1] == n).astype(np.uint8)
        spot = cv2.dilate(own, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)) > 0
        out = out.copy() if out is grey else out
        out[top:bottom, x0:x1][spot] = np.percentile(part[~spot], 75) if not spot.all() else 255
        holes.append((x0, top, x1, bottom))
    return out, holes


def beside(line: PixelBox, holes: list[PixelBox], em: float) -> bool:
    """Whether a hole may have taken a part of a line: it stands over it, or nearer to it than the next word would."""
    x0, top, x1, bottom = line
    return any(a - em < x1 and x0 < c + em and b < bottom and top < d for a, b, c, d in holes)

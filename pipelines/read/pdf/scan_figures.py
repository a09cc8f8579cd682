"""What the ink of a figure says against its reading: the recogniser sees shapes it knows, and is sure of them.

Here: marks of a line counted and measured, beside what was read. Not here: recognition (`ocr`), specks (`scan_specks`). Nothing is put
right: a figure that its ink speaks against is doubtful, and stays as it was read.

A figure's marks are its digits, about as high as each other, and its points, commas and signs, low or flat. Digits may touch, so there
may be fewer marks than digits; more of them than digits, a point that was not read, white as wide as a character in the middle, a minus
sign that is a speck: each of these says that something else is printed.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np

from pipelines.read.pdf.ocr import Reading
from pipelines.read.pdf.scan_image import Grey, PixelBox
from pipelines.read.pdf.scan_text import doubtful, is_number

_SIDE, _THIN = 0.2, 0.12  # of the line's height: what is so thin, and so near to the cell's side, is left of the rule there
_TALL: Final = 0.5  # of the tallest mark: a digit, or a piece of one
_POINT: Final = 0.35  # of it: a point is no higher or wider
_LEAST: Final = 0.07  # of it: a point is no smaller
_FOOT: Final = 0.14  # of it: nor does it end further from the digits' foot
_WHITE: Final = 0.95  # of it: white in the middle of a figure; figures set wide apart have it everywhere
_EVEN: Final = 2.0  # times the usual white between marks
_FLAT: Final = 0.3  # of it: a minus sign is at least so wide, and wider than high
_DASH: Final = 2.0  # times its height: no digit is so wide
_STROKE: Final = 0.25  # of its height: a 1 has a flag or a foot, a piece of a rule has none
_BESIDE: Final = 0.25  # of it: a piece of a digit, a sign, but no grain
_SEVERAL, _OFTEN = 3, 0.06  # contradicted figures of a page, and their share, from which on its scan is too poor for figures
_SIGNS: Final = frozenset("-−–—－")


def held_against_ink(readings: list[Reading], boxes: list[PixelBox], ink: Grey) -> list[Reading]:
    """The readings, doubtful where the ink (255 on 0) in their boxes speaks against them.

    A page whose figures are often broken or fouled says nothing surely: where several are contradicted, all its figures are doubtful.
    """
    figures = [n for n, reading in enumerate(readings) if is_number(reading.text)]
    against = set()
    for n in figures:
        x0, top, x1, bottom = boxes[n]
        if speaks_against(readings[n].text, np.ascontiguousarray(ink[top:bottom, x0:x1])):
            against.add(n)
    if len(against) >= _SEVERAL and len(against) >= _OFTEN * len(figures):
        against = set(figures)
    return [doubtful(reading) if n in against else reading for n, reading in enumerate(readings)]


def speaks_against(text: str, ink: Grey) -> str | None:
    """Why a line's ink (255 on 0) does not show the figure that was read there; None where it does, and for all that is no figure."""
    if not is_number(text) or any(c in text for c in "()（）%％¥￥"):
        return None
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = ink.shape
    side, thin = _SIDE * height, _THIN * height
    marks = sorted((x, y, w, h) for x, y, w, h, _ in stats[1:].tolist() if w > thin or side <= x <= width - side - w)
    if not marks:
        return None
    high = max(h for _, _, _, h in marks)
    tall = [mark for mark in marks if mark[3] >= _TALL * high]
    digits = sum(c.isdigit() for c in text)
    if _beside_each_other(tall) > digits:
        return "more marks than digits"
    foot = float(np.median([y + h for _, y, _, h in tall]))
    points = [
        (x, y, w, h) for x, y, w, h in marks
        if _LEAST * high <= max(w, h) <= _POINT * high and abs(y + h / 2 - foot) <= _FOOT * high + h / 2 and tall[0][0] < x < tall[-1][0]
    ]
    if len(points) > sum(c in ".,，．" for c in text):
        return "a point was not read"
    whites = _whites(ink[:, marks[0][0]:max(x + w for x, _, w, _ in marks)])
    if whites.size and whites.max() > _WHITE * high and whites.max() > _EVEN * float(np.median(whites)):
        return "white within it"
    if digits == 1 and all(w > _DASH * h for _, _, w, h in tall):
        return "a dash"
    if digits == 1 and all(w < _STROKE * h for _, _, w, h in tall):
        return "a stroke"
    signed = text[0] in _SIGNS
    if signed and not (marks[0][2] >= _FLAT * high and marks[0][2] >= 1.3 * marks[0][3]):
        return "its sign is a speck"
    left, right = tall[0][0], tall[-1][0] + tall[-1][2]
    aside = (mark for mark in marks[int(signed):] if mark[0] + mark[2] <= left or mark[0] >= right)
    if any(max(w, h) >= _BESIDE * high for _, _, w, h in aside):
        return "a mark beside it was not read"
    return None


def _beside_each_other(marks: list[tuple[int, int, int, int]]) -> int:
    """How many marks stand side by side; pieces of a digit one above the other count once."""
    count, reached = 0, -1
    for x, _, w, _ in marks:
        if x + w / 2 > reached:
            count += 1
        reached = max(reached, x + w)
    return count


def _whites(ink: Grey) -> Any:
    """Widths of the white between marks, from left to right."""
    columns = np.flatnonzero(ink.any(axis=0))
    steps = np.diff(columns)
    return np.asarray(steps[steps > 1] - 1)

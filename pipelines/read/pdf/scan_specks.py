"""A second look at figures that do not parse: the same line of the picture with its specks painted over.

Dust beside a figure is read as a point, a stop, a letter. A figure's own small marks stand at its foot and between its digits; what is
as small and stands elsewhere is dust. Nothing is put right in the text: the picture is read again, and what was read first is kept.

Here: which marks are specks, and which of two readings counts. Not here: recognition (`ocr`), what a number is (`scan_text`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from pipelines.read.pdf.ocr import Reading
from pipelines.read.pdf.scan_image import Grey
from pipelines.read.pdf.scan_text import is_number, looks_numeric

_DIGIT: Final = 0.6  # of the tallest mark: a digit is at least so high
_SPECK: Final = 0.45  # of a digit's height: specks are no larger; a minus sign is wider
_FOOT: Final = 0.3  # of a digit's height: points and commas end this near to the digits' foot
_POINTS: Final = frozenset(".,，．")
_PARTED: Final = re.compile(r"\d\D+\d")
CERTAIN: Final = 0.75  # the most confidence a figure has that took a second look


def is_doubtful(text: str) -> bool:
    """Whether a text was meant as a figure and is none."""
    return looks_numeric(text) and not is_number(text)


def without_specks(line: Grey, ink: Grey) -> Grey | None:
    """A line's picture without its specks, by its ink (255 on 0) of the same size; None where there are none."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count < 3:
        return None
    x, y, width, height = (stats[1:, n] for n in range(4))
    digits = height >= _DIGIT * height.max()
    size = float(np.median(height[digits]))
    foot = float(np.median((y + height)[digits]))
    left, right = int(x[digits].min()), int((x + width)[digits].max())
    small = (width <= _SPECK * size) & (height <= _SPECK * size) & (width < 2 * height)
    own = (np.abs(y + height - foot) <= _FOOT * size) & (x >= left) & (x + width <= right)
    specks = np.flatnonzero(small & ~own) + 1
    if not len(specks):
        return None
    mask = cv2.dilate(np.isin(labels, specks).astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.where(mask > 0, np.percentile(line, 75), line).astype(np.uint8)


def after_second_look(first: Reading, second: Reading, wrapped: bool = False) -> Reading:
    """The second reading where it is a figure of the first one's digits, or of its last ones and with a point; else the first.

    A point that stood between digits is not lost on the way, nor one at the end of a line when the figure may go on (`wrapped`).
    """
    if wrapped and first.text[-1:] in _POINTS and second.text[-1:] not in _POINTS:
        return first
    before, after = ("".join(filter(str.isdigit, reading.text)) for reading in (first, second))
    pointed = "." in second.text
    if not is_number(second.text) or not before.endswith(after) or (not pointed and (before != after or _PARTED.search(first.text))):
        return first
    return replace(second, confidence=min(second.confidence, CERTAIN), alternatives=(first.text, *second.alternatives))

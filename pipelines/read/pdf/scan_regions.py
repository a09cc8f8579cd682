"""Pictures inside pages of text that may be tables: where they stand, from what is drawn on the page.

Here: geometry only, cheap enough for every page. Not here: looking into the picture (`scan`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pipelines.read.document import Box
from pipelines.read.pdf.pdfium import Floats

PICTURED: Final = "pictures without text over them"  # marks a page's note: the second pass looks for tables there
_LEAST_WIDTH: Final = 150.0  # points: a table of two columns that can be read
_LEAST_HEIGHT: Final = 36.0
_TEXT_OVER: Final = 4  # characters that may stand over a picture of a table (a page number); more, and it is a background
_MERGE: Final = 3.0  # points between the strips that scanners and converters cut one picture into


def picture_regions(images: Floats, x: Floats, y: Floats, width: float, height: float) -> list[Box]:
    """Boxes of pictures large enough for a table and without text over them, top to bottom.

    `images`: (n, 4) x0, top, x1, bottom as shown; `x`, `y`: centres of the page's visible characters; points.
    """
    out: list[Box] = []
    for x0, top, x1, bottom in _joined(images):
        x0, top, x1, bottom = max(0.0, x0), max(0.0, top), min(width, x1), min(height, bottom)
        if x1 - x0 < _LEAST_WIDTH or bottom - top < _LEAST_HEIGHT:
            continue
        over = int(np.count_nonzero((x > x0) & (x < x1) & (y > top) & (y < bottom)))
        if over <= _TEXT_OVER:
            out.append((round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)))
    return sorted(out, key=lambda box: (box[1], box[0]))


def _joined(images: Floats) -> list[tuple[float, float, float, float]]:
    """Pictures that continue each other downwards, as one."""
    out: list[tuple[float, float, float, float]] = []
    for x0, top, x1, bottom in sorted(map(tuple, images.tolist()), key=lambda b: (b[1], b[0])):
        for n, (a, b, c, d) in enumerate(out):
            if abs(a - x0) <= _MERGE and abs(c - x1) <= _MERGE and b - _MERGE <= top <= d + _MERGE:
                out[n] = (min(a, x0), b, max(c, x1), max(d, bottom))
                break
        else:
            out.append((x0, top, x1, bottom))
    return out

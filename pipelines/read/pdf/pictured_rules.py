"""Rules that only a picture of the page shows: drawn as part of an image, as a pattern or in a font of lines, under text that is text.

Here: a page's picture → marks as the drawing would give them. Only for pages with many figures on which nothing else found a table: a
picture costs as much as reading ten pages. Not here: scans, whose text is a picture too (`scan`).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from pipelines.read.pdf.pdfium import Floats, Page
from pipelines.read.pdf.scan_grid import find_rules
from pipelines.read.pdf.scan_image import Grey, black, render_grey

NOTE: Final = "rules found in a picture of the page"
CONFIDENCE: Final = 0.9
_DPI: Final = 144.0


def pictured_marks(page: Page) -> Floats:
    """Straight runs of ink as boxes (n, 4) x0, top, x1, bottom in points as shown; strokes of large characters are among them."""
    grey, scale = render_grey(page.pdfium, _DPI)
    rules = find_rules(black(grey), scale)
    return np.concatenate([_boxes(rules.horizontal), _boxes(rules.vertical)]) / scale


def _boxes(runs: Grey) -> Floats:
    _, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    x, y, width, height = stats[1:, :4].astype(np.float64).T
    return np.stack([x, y, x + width, y + height], axis=1)

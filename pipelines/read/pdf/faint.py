"""Text in faint ink: white on white paper, which nobody sees, and pale text behind other text, which is a watermark or a shadow.

Office programs hide zeros in white; web sites and exporters lay their name over the page, level with the table's own text. Neither may
become part of a cell. Pale text on a coloured area, or with nothing over it, is text like any other.
Here: which text objects are faint in that sense. Not here: walking the page (`objects`), text set at an angle (`glyphs`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.pdfium import Floats, Page
from pipelines.read.pdf.scan_image import render_grey

PALE: Final = 160  # of 255, the darkest of red, green and blue: ink brighter than this is pale
WHITE: Final = 248  # this bright on white paper is not seen
_OVER: Final = 0.3  # of the smaller box: so much must be shared for one text to lie over the other
_SHARE: Final = 0.2  # of the texts in one pale ink: so many must lie under others for all of them to be a watermark
_MOST: Final = 4_000_000  # pairs of texts looked at on one page
_SEEN: Final = 8  # levels of grey between the lightest and the darkest dot where something is drawn

_OPAQUE: Final = 255

Bools = npt.NDArray[np.bool_]


def brightness(ink: npt.NDArray[np.uint32]) -> Floats:
    """Of each ink (n, 4) red, green, blue, alpha: what it leaves on white paper, (n, 3)."""
    return np.asarray(255 - (255 - ink[:, :3].astype(np.float64)) * (ink[:, 3:] / 255))


def may_be_pale(ink: npt.NDArray[np.uint32]) -> bool:
    """Whether one of the inks (n, 4) may leave something `PALE` on paper: it is bright itself, or not opaque. On most pages none is."""
    bright = (ink[:, 0] >= PALE) & (ink[:, 1] >= PALE) & (ink[:, 2] >= PALE)
    return bool((bright | (ink[:, 3] < _OPAQUE)).any())


def behind(boxes: Floats, inks: Floats, backed: Bools) -> Bools:
    """Which texts are pale and lie behind others: those of a pale ink that darker texts are printed over often enough."""
    darkest = inks.min(axis=1)
    pale, dark = ((darkest >= PALE) & ~backed).nonzero()[0], (darkest < PALE).nonzero()[0]
    out = np.zeros(len(boxes), bool)
    if not len(pale) or not len(dark) or len(pale) * len(dark) > _MOST:
        return out
    over = _shared(boxes[pale], boxes[dark]).any(axis=1)
    _, kind = np.unique(np.round(inks[pale]), axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    share = np.bincount(kind, weights=over) / np.bincount(kind)
    out[pale] = share[kind] >= _SHARE
    return out


def _shared(some: Floats, others: Floats) -> Bools:
    """Which boxes lie over one another, (some, others)."""
    wide = np.minimum(some[:, None, 2], others[:, 2]) - np.maximum(some[:, None, 0], others[:, 0])
    high = np.minimum(some[:, None, 3], others[:, 3]) - np.maximum(some[:, None, 1], others[:, 1])
    least = np.minimum(_areas(some)[:, None], _areas(others))
    return np.asarray((wide > 0) & (high > 0) & (wide * high >= _OVER * least))


def _areas(boxes: Floats) -> Floats:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))


def unseen(page: Page, boxes: Floats) -> Bools:
    """Which boxes (as shown, points) are of one tone in a picture of the page: nothing can be seen there."""
    pixels, scale = render_grey(page.pdfium, 72.0)
    out = np.zeros(len(boxes), bool)
    for n, (x0, top, x1, bottom) in enumerate((boxes * scale).tolist()):
        part = pixels[max(0, int(top)) : int(bottom) + 1, max(0, int(x0)) : int(x1) + 1]
        out[n] = not part.size or int(part.max()) - int(part.min()) < _SEEN
    return out

"""Pictures for people: a page with the grid that was read drawn over it, and the picture of one cell.

Here: rendering with a limit on pixels, drawing boxes, painting over what must not be shown. Not here: deciding what to show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from pypdfium2 import PdfPage

from pipelines.read.document import Box, RawTable, TextLine
from pipelines.read.pdf import stand_in_font
from pipelines.read.pdf.pdfium import open_document, open_page

Image = npt.NDArray[np.uint8]

MAX_PIXELS: Final = 8_000_000
_SCALE: Final = 2.0  # pixels a point
_CELL: Final = (40, 40, 220)  # BGR
_MERGED: Final = (200, 90, 0)
_EMPTY: Final = (170, 170, 170)
_LINE: Final = (60, 160, 60)


def draw_grid(path: Path, page_no: int, out_png: Path, tables: Sequence[RawTable] = (), lines: Sequence[TextLine] = ()) -> Path:
    """Draw the cells (red; merged blue, empty grey) and text lines (green) of one page over its picture.

    `tables` and `lines` may be a whole document's: those of other pages are left out. Raises `ValueError` when the file has
    no such page, `OSError` when the picture cannot be written.
    """
    with open_document(path) as pdf, stand_in_font.withdrawn():
        _check_page(page_no, len(pdf))
        with open_page(pdf, page_no) as page:
            scale = _scale_for(page.frame.width, page.frame.height, _SCALE, MAX_PIXELS)
            image = _render(page.pdfium, scale, (0.0, 0.0, 0.0, 0.0))
    for line in lines:
        if line.page == page_no and line.box:
            _rectangle(image, line.box, scale, _LINE, 1)
    for table in tables:
        for cell in table.cells:
            if cell.page == page_no and cell.box:
                merged = cell.row_span > 1 or cell.column_span > 1
                _rectangle(image, cell.box, scale, _MERGED if merged else _CELL if cell.text else _EMPTY, 2 if cell.text else 1)
    return _write(image, out_png)


def crop(
    path: Path, page: int, box: Box, out_png: Path, *, margin: float = 6.0, max_pixels: int = MAX_PIXELS, hidden: Sequence[Box] = (),
) -> Path:
    """Picture of one box of a page (points, as shown) with a margin; `hidden` boxes are painted over.

    The picture has at most `max_pixels` pixels whatever the box says. Raises `ValueError` for a page or box that is not there.
    """
    with open_document(path) as pdf, stand_in_font.withdrawn():
        _check_page(page, len(pdf))
        with open_page(pdf, page) as loaded:
            width, height = loaded.frame.width, loaded.frame.height
            x0, top = max(0.0, box[0] - margin), max(0.0, box[1] - margin)
            x1, bottom = min(width, box[2] + margin), min(height, box[3] + margin)
            if not (x1 - x0 > 0.5 and bottom - top > 0.5):
                raise ValueError(f"box {box} does not lie on page {page}, which measures {width:.0f} × {height:.0f} points")
            scale = _scale_for(x1 - x0, bottom - top, 2 * _SCALE, max_pixels)
            image = _render(loaded.pdfium, scale, (x0, height - bottom, width - x1, top))
    for other in hidden:
        _rectangle(image, (other[0] - x0, other[1] - top, other[2] - x0, other[3] - top), scale, (0, 0, 0), -1)
    return _write(image, out_png)


def _check_page(page_no: int, count: int) -> None:
    if not 1 <= page_no <= count:
        raise ValueError(f"the file has pages 1 to {count}, not {page_no}")


def _scale_for(width: float, height: float, wanted: float, max_pixels: int) -> float:
    """The wanted scale, or the largest that keeps to the limit."""
    return min(wanted, math.sqrt(max_pixels / max(1.0, (width + 1) * (height + 1))))


def _render(page: PdfPage, scale: float, margins: tuple[float, float, float, float]) -> Image:
    bitmap: Any = page.render(scale=scale, crop=margins, rev_byteorder=False)
    try:
        pixels = np.asarray(bitmap.to_numpy())
        colour = pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
        return np.ascontiguousarray(colour[:, :, :3], dtype=np.uint8)
    finally:
        bitmap.close()


def _rectangle(image: Image, box: Box, scale: float, colour: tuple[int, int, int], thickness: int) -> None:
    x0, y0, x1, y1 = (round(v * scale) for v in box)
    cv2.rectangle(image, (x0, y0), (x1, y1), colour, thickness)


def _write(image: Image, out_png: Path) -> Path:
    """Write through the bytes: OpenCV's own writer does not take every file name."""
    done, data = cv2.imencode(".png", image)
    if not done:
        raise OSError(f"could not encode the picture for {out_png}")
    out_png.write_bytes(data.tobytes())
    return out_png

"""Make scans: pages of a PDF as noisy, skewed, turned pictures, and PDFs that hold nothing but pictures.

Here: pictures and PDF bytes. Not here: any expectation about reading.
"""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Picture = npt.NDArray[np.uint8]


def picture_of(data: bytes, page: int = 1, dpi: float = 200) -> Picture:
    """A page as a grey picture."""
    document = pypdfium2.PdfDocument(data)
    try:
        return np.asarray(document[page - 1].render(scale=dpi / 72, grayscale=True).to_pil().convert("L"), dtype=np.uint8).copy()
    finally:
        document.close()


def scanned(picture: Picture, *, skew: float = 0.0, noise: float = 0.0, dust: int = 0, turns: int = 0, seed: int = 0) -> Picture:
    """A picture as a scanner gives it: turned by `skew` degrees (anticlockwise), quarter turns, grey noise, `dust` specks."""
    image = Image.fromarray(picture).rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    out = np.rot90(np.asarray(image, dtype=np.float64), turns).copy()
    if noise or dust:
        random = np.random.default_rng(seed)
        out = out * 0.94 + random.normal(0, noise, out.shape)
        for y, x in random.integers(0, [out.shape[0] - 3, out.shape[1] - 3], (dust, 2)):
            out[y:y + 2, x:x + 2] = 60
    return np.clip(out, 0, 255).astype(np.uint8)


def pdf_of(*pictures: Picture, dpi: float = 200) -> bytes:
    """A PDF of pages that are pictures."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for picture in pictures:
        width, height = picture.shape[1] * 72 / dpi, picture.shape[0] * 72 / dpi
        canvas.setPageSize((width, height))
        place(canvas, picture, 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def place(canvas: Canvas, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    """Put a picture on a page that is being drawn; lower left corner and size in points."""
    canvas.drawImage(ImageReader(Image.fromarray(picture)), x, y, width, height)

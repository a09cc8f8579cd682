"""Text that is painted over: a filled rectangle or a picture drawn after it, on which the corrected text stands.

Publishers mend a finished PDF that way (seen: a white picture over a heading, the new heading upon it); the text layer keeps what is
below. Only what nothing shines through counts: no transparency, no blending, no mask.
Here: which text objects of one list lie under a later object, and taking them off the page. Not here: walking the page (`objects`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

from pipelines.read.pdf import calls, clipping
from pipelines.read.pdf.pdfium import Floats, Page

Painted = tuple[int, int]  # addresses of the form (0: the page itself) and of the text object in it
_OPAQUE: Final = 255
_SLACK: Final = 0.6  # points: glyph boxes reach a little beyond the ink
_MOST: Final = 4_000_000  # pairs of text and cover looked at on one page; a drawing has more


def painted_over(page: Page, handles: list[int], types: npt.NDArray[np.int32], areas: list[int]) -> list[int]:
    """Of `handles` (in drawing order) the text objects that a later opaque one of `areas` covers whole.

    `areas`: positions in `handles` of pictures and filled rectangles.
    """
    texts = (types == raw.FPDF_PAGEOBJ_TEXT).nonzero()[0]
    covers = np.array([i for i in areas if len(texts) and i > texts[0]], np.intp)
    if not len(covers) or len(covers) * len(texts) > _MOST:
        return []
    seen = _visible([handles[i] for i in covers.tolist()])
    boxes = calls.object_bounds([handles[i] for i in texts.tolist()])
    under = (texts[:, None] < covers) & _inside(boxes, seen) & (boxes[:, 2] > boxes[:, 0])[:, None]
    hidden = np.zeros(len(texts), bool)
    for n in under.any(axis=0).nonzero()[0].tolist():
        if _opaque(page, handles[int(covers[n])], int(types[covers[n]])):
            hidden |= under[:, n]
    return [handles[i] for i in texts[hidden].tolist()]


def text_under(page: Page, codes: npt.NDArray[np.uint32], index: npt.NDArray[np.int64], painted: Sequence[Painted]) -> str:
    """The characters of the text layer (code points and their positions in it) that belong to text that is painted over."""
    below = {text for _, text in painted}
    if not below:
        return ""
    objects = page.text_objects(index.tolist())
    return "".join(chr(code) for code, address in zip(codes.tolist(), objects, strict=True) if address in below)


def lift_off(page: Page, painted: Sequence[Painted]) -> None:
    """Take text objects off the loaded page (the file stays as it is); its text is read anew.

    Leaving out their characters would not do: of two equal characters at one place pdfium keeps the first, which is the one below.
    """
    page.forget_text()  # before the objects that it refers to go
    for form, text in painted:
        thing = ctypes.cast(text, raw.FPDF_PAGEOBJECT)
        if form:
            removed = raw.FPDFFormObj_RemoveObject(ctypes.cast(form, raw.FPDF_PAGEOBJECT), thing)
        else:
            removed = raw.FPDFPage_RemoveObject(page.pdfium.raw, thing)
        if removed:
            raw.FPDFPageObj_Destroy(thing)


def _visible(handles: list[int]) -> Floats:
    """The areas of objects as far as their clip paths show them."""
    bounds, clips = calls.object_bounds(handles), clipping.clip_boxes(handles)
    return np.concatenate([np.maximum(bounds[:, :2], clips[:, :2]), np.minimum(bounds[:, 2:], clips[:, 2:])], axis=1)


def _inside(boxes: Floats, areas: Floats) -> npt.NDArray[np.bool_]:
    """Which boxes lie within which areas, (boxes, areas)."""
    out = boxes[:, 0][:, None] >= areas[:, 0] - _SLACK
    out &= boxes[:, 1][:, None] >= areas[:, 1] - _SLACK
    out &= boxes[:, 2][:, None] <= areas[:, 2] + _SLACK
    out &= boxes[:, 3][:, None] <= areas[:, 3] + _SLACK
    return np.asarray(out)


def _opaque(page: Page, handle: int, kind: int) -> bool:
    """Whether nothing shines through an object."""
    thing = ctypes.cast(handle, raw.FPDF_PAGEOBJECT)
    if raw.FPDFPageObj_HasTransparency(thing):
        return False
    if kind == raw.FPDF_PAGEOBJ_PATH:
        return bool(calls.colours([handle], stroke=False)[0, 3] == _OPAQUE)
    bitmap = raw.FPDFImageObj_GetRenderedBitmap(page.pdfium.pdf.raw, page.pdfium.raw, thing)
    if not bitmap:
        return False
    try:
        if raw.FPDFBitmap_GetFormat(bitmap) != raw.FPDFBitmap_BGRA:
            return True
        width, height, stride = raw.FPDFBitmap_GetWidth(bitmap), raw.FPDFBitmap_GetHeight(bitmap), raw.FPDFBitmap_GetStride(bitmap)
        size = height * stride
        pixels = np.ctypeslib.as_array(ctypes.cast(raw.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_ubyte)), (size,))
        alpha = pixels.reshape(height, stride)[:, 3 : 4 * width : 4]
        return bool(alpha.size and alpha.min() == _OPAQUE)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)

"""The thin layer over pdfium's C interface: open a file, hand out one page at a time, and call pdfium in bulk.

Here: opening, page geometry, and prototypes that write many results straight into numpy arrays (a page needs thousands of
calls, and the wrapper's argument checking would cost more than pdfium's own work). Not here: what the numbers mean.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as raw

from pipelines.read.pdf import stand_in_font

Floats = npt.NDArray[np.float64]


class EncryptedError(Exception):
    """The file needs a password that we do not have."""


class CorruptError(Exception):
    """The bytes are no PDF that pdfium can open, or one without pages."""


def _prototype(function: Any, restype: Any, *argtypes: Any) -> Any:
    """A private prototype of one pdfium function that takes plain integers as addresses; the wrapper's own stays as it is.

    PYFUNCTYPE keeps the GIL: each call lasts well under a microsecond, and handing the lock over costs as much again.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(restype, *argtypes)(address)


_P, _I = ctypes.c_void_p, ctypes.c_int
_unicode = _prototype(raw.FPDFText_GetUnicode, ctypes.c_uint, _P, _I)
_loose_box = _prototype(raw.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
_origin = _prototype(raw.FPDFText_GetCharOrigin, _I, _P, _I, _P, _P)
_text_object = _prototype(raw.FPDFText_GetTextObject, _P, _P, _I)
_char_matrix = _prototype(raw.FPDFText_GetMatrix, _I, _P, _I, _P)
_page_object = _prototype(raw.FPDFPage_GetObject, _P, _P, _I)
_form_object = _prototype(raw.FPDFFormObj_GetObject, _P, _P, ctypes.c_ulong)
_object_type = _prototype(raw.FPDFPageObj_GetType, _I, _P)
_object_bounds = _prototype(raw.FPDFPageObj_GetBounds, _I, _P, _P, _P, _P, _P)
_object_matrix = _prototype(raw.FPDFPageObj_GetMatrix, _I, _P, _P)
_render_mode = _prototype(raw.FPDFTextObj_GetTextRenderMode, _I, _P)
_draw_mode = _prototype(raw.FPDFPath_GetDrawMode, _I, _P, _P, _P)
_segment_count = _prototype(raw.FPDFPath_CountSegments, _I, _P)
_segment = _prototype(raw.FPDFPath_GetPathSegment, _P, _P, _I)
_segment_type = _prototype(raw.FPDFPathSegment_GetType, _I, _P)
_segment_point = _prototype(raw.FPDFPathSegment_GetPoint, _I, _P, _P, _P)
_segment_close = _prototype(raw.FPDFPathSegment_GetClose, _I, _P)
_stroke_colour = _prototype(raw.FPDFPageObj_GetStrokeColor, _I, _P, _P, _P, _P, _P)
_fill_colour = _prototype(raw.FPDFPageObj_GetFillColor, _I, _P, _P, _P, _P, _P)


def _drain(calls: Iterator[Any]) -> None:
    """Run an iterator of calls for their side effects, without a Python loop."""
    deque(calls, maxlen=0)


@dataclass(frozen=True)
class Frame:
    """How user space becomes the page as shown: crop origin removed, /Rotate applied, y downwards, points."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int  # 0 90 180 270, clockwise

    @property
    def width(self) -> float:
        """Width of the page as shown."""
        return self.top - self.bottom if self.rotation in (90, 270) else self.right - self.left

    @property
    def height(self) -> float:
        """Height of the page as shown."""
        return self.right - self.left if self.rotation in (90, 270) else self.top - self.bottom

    def points(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """User-space points → points as shown."""
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def user(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Points as shown → user space: the inverse of `points`."""
        if self.rotation == 90:
            return y + self.left, x + self.bottom
        if self.rotation == 180:
            return self.right - x, y + self.bottom
        if self.rotation == 270:
            return self.right - y, self.top - x
        return x + self.left, self.top - y

    def turned(self, rotation: int) -> Frame:
        """The same page area, turned to another /Rotate."""
        return Frame(self.left, self.bottom, self.right, self.top, rotation)

    def boxes(self, boxes: Floats) -> Floats:
        """User-space boxes (n, 4) of any two opposite corners → (x0, top, x1, bottom) as shown."""
        ax, ay = self.points(boxes[:, 0], boxes[:, 1])
        bx, by = self.points(boxes[:, 2], boxes[:, 3])
        return np.stack([np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by)], axis=1)


class Page:
    """One loaded page and its text page, as raw handles; use through `page_of`, which closes both."""

    def __init__(self, page: pypdfium2.PdfPage, number: int) -> None:
        self.pdfium = page
        self.number = number  # 1-based
        self.handle: int = ctypes.cast(page.raw, ctypes.c_void_p).value or 0
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, box)
        self.frame = Frame(min(box.left, box.right), min(box.top, box.bottom), max(box.left, box.right), max(box.top, box.bottom),
                           (raw.FPDFPage_GetRotation(page.raw) % 4) * 90)
        self._text: Any = None

    @property
    def text_handle(self) -> int:
        """pdfium's text page, loaded when first asked for (half of a page's cost)."""
        if self._text is None:
            self._text = raw.FPDFText_LoadPage(self.pdfium.raw)
        return ctypes.cast(self._text, ctypes.c_void_p).value or 0

    def close(self) -> None:
        """Give back pdfium's memory."""
        if self._text is not None:
            raw.FPDFText_ClosePage(self._text)
            self._text = None
        self.pdfium.close()

    @staticmethod
    def object_bounds(handles: Sequence[int]) -> Floats:
        """Bounds of page objects, (n, 4) left, bottom, right, top."""
        out = np.zeros((len(handles), 4), np.float32)
        start, size = out.ctypes.data, 16 * len(handles)
        _drain(map(_object_bounds, handles, *(range(start + at, start + at + size, 16) for at in (0, 4, 8, 12))))
        return out.astype(np.float64)

    def unicodes(self) -> npt.NDArray[np.uint32]:
        """The code point of each character of the text layer (0: none known)."""
        count = max(0, raw.FPDFText_CountChars(ctypes.cast(self.text_handle, raw.FPDF_TEXTPAGE)))
        return np.fromiter(map(_unicode, repeat(self.text_handle), range(count)), np.uint32, count)

    def loose_boxes(self, which: Sequence[int]) -> Floats:
        """Boxes of characters by advance and line height, in user space: (n, 4) left, top, right, bottom."""
        out = np.zeros((len(which), 4), np.float32)
        start = out.ctypes.data
        _drain(map(_loose_box, repeat(self.text_handle), which, range(start, start + 16 * len(which), 16)))
        return out.astype(np.float64)

    def origins(self, which: Sequence[int]) -> Floats:
        """Origins (baseline points) of characters in user space: (n, 2)."""
        out = np.zeros((len(which), 2), np.float64)
        start, size = out.ctypes.data, 16 * len(which)
        _drain(map(_origin, repeat(self.text_handle), which, range(start, start + size, 16), range(start + 8, start + 8 + size, 16)))
        return out

    def directions(self, which: Sequence[int]) -> Floats:
        """Writing direction of characters in user space, (n, 2): the text matrix's first row."""
        out = np.zeros((len(which), 6), np.float32)
        start = out.ctypes.data
        _drain(map(_char_matrix, repeat(self.text_handle), which, range(start, start + 24 * len(which), 24)))
        return out[:, :2].astype(np.float64)

    def text_objects(self, which: Sequence[int]) -> list[int | None]:
        """The address of the text object each character belongs to."""
        return list(map(_text_object, repeat(self.text_handle), which))


@contextmanager
def open_document(source: Path | bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF. Raises `EncryptedError` or `CorruptError`."""
    stand_in_font.offer()
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) or "password" in str(error).lower():
            raise EncryptedError(str(error)) from error
        raise CorruptError(str(error)) from error
    try:
        if len(document) == 0:
            raise CorruptError("the file has no pages")
        yield document
    finally:
        document.close()


@contextmanager
def open_page(document: pypdfium2.PdfDocument, number: int) -> Iterator[Page]:
    """Load page `number` (1-based) and close it again. Raises `CorruptError` when pdfium cannot load it."""
    try:
        page = Page(document[number - 1], number)
    except pypdfium2.PdfiumError as error:
        raise CorruptError(f"page {number}: {error}") from error
    try:
        yield page
    finally:
        page.close()

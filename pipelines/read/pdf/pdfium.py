"""Files and pages: open a PDF, hand out one page at a time, and say how its user space becomes the page as shown.

Here: opening and closing, page geometry. Not here: the calls into pdfium (`calls`), what the numbers mean.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as raw

from pipelines.read.pdf import calls, stand_in_font
from pipelines.read.pdf.calls import Floats
from pipelines.read.pdf.layers_declared import declares_layers

_WRITTEN: Final = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT})
_AT_ONCE: Final = 128  # pages of one opening of a file: opening costs as much as reading a page or two


class EncryptedError(Exception):
    """The file needs a password that we do not have. Its text tells an operator so, and what to do."""


class CorruptError(Exception):
    """The bytes are no PDF that pdfium can open, or one without pages. Its text tells an operator so, and what to do."""


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
        out = np.empty((len(boxes), 4))
        np.minimum(ax, bx, out=out[:, 0])
        np.minimum(ay, by, out=out[:, 1])
        np.maximum(ax, bx, out=out[:, 2])
        np.maximum(ay, by, out=out[:, 3])
        return out


class File(pypdfium2.PdfDocument):
    """An open PDF. `layered`: whether it declares optional content."""

    layered = False


class Page:
    """One loaded page and its text page, as raw handles; use through `page_of`, which closes both."""

    def __init__(self, page: pypdfium2.PdfPage, number: int, *, layered: bool = False) -> None:
        self.pdfium = page
        self.number = number  # 1-based
        self.layered = layered  # whether the file declares optional content
        self.handle: int = ctypes.cast(page.raw, ctypes.c_void_p).value or 0
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, box)
        self.frame = Frame(min(box.left, box.right), min(box.top, box.bottom), max(box.left, box.right), max(box.top, box.bottom),
                           (raw.FPDFPage_GetRotation(page.raw) % 4) * 90)
        self._text: Any = None
        self._text_handle = 0

    @property
    def text_handle(self) -> int:
        """pdfium's text page, loaded when first asked for (half of a page's cost)."""
        if self._text is None:
            self._text = raw.FPDFText_LoadPage(self.pdfium.raw)
            self._text_handle = ctypes.cast(self._text, ctypes.c_void_p).value or 0
        return self._text_handle

    def forget_text(self) -> None:
        """Close the text page; it is made anew when next asked for."""
        if self._text is not None:
            raw.FPDFText_ClosePage(self._text)
            self._text = None

    def close(self) -> None:
        """Give back pdfium's memory."""
        self.forget_text()
        self.pdfium.close()

    def unicodes(self) -> npt.NDArray[np.uint32]:
        """The code point of each character of the text layer (0: none known; 2: a hyphen at the end of a line)."""
        return calls.unicodes(self.text_handle)

    def loose_boxes(self, which: Sequence[int]) -> Floats:
        """Boxes of characters by advance and line height, in user space: (n, 4) left, top, right, bottom."""
        return calls.loose_boxes(self.text_handle, which)

    def origins(self, which: Sequence[int]) -> Floats:
        """Origins (baseline points) of characters in user space: (n, 2)."""
        return calls.origins(self.text_handle, which)

    def directions(self, which: Sequence[int]) -> Floats:
        """Writing direction of characters in user space, (n, 2): the text matrix's first row."""
        return calls.directions(self.text_handle, which)

    def text_objects(self, which: Sequence[int]) -> list[int | None]:
        """The address of the text object each character belongs to."""
        return calls.text_objects(self.text_handle, which)


def _names_encryption(source: Path | bytes) -> bool:
    """Whether the file has the trailer entry that every encrypted PDF has (ISO 32000, 7.6)."""
    return b"/Encrypt" in (source if isinstance(source, bytes) else source.read_bytes())


@contextmanager
def open_document(source: Path | bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF. Raises `EncryptedError` or `CorruptError`."""
    stand_in_font.offer()
    try:
        document = File(source)
    except pypdfium2.PdfiumError as error:
        # pdfium keeps its last error: a file that fails without one would be told the error of the file before
        if raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) and _names_encryption(source):
            raise EncryptedError("The PDF is encrypted with a password; ask the publisher for an open copy.") from error
        raise CorruptError("The file says it is a PDF but cannot be opened, it is damaged or cut short; fetch it again.") from error
    try:
        if len(document) == 0:
            raise CorruptError("The PDF has no pages; fetch it again.")
        document.layered = declares_layers(source)
        yield document
    finally:
        document.close()


def each_page(source: Path | bytes) -> Iterator[Page]:
    """Every page in turn, closed before the next one is loaded. Raises what `open_document` and `open_page` raise.

    pdfium keeps whatever it has parsed until the file is closed (some 40 KB a page): a long file is opened again every so often.
    """
    first, count = 1, 1
    while first <= count:
        with open_document(source) as document:
            count = len(document)
            for number in range(first, min(first + _AT_ONCE, count + 1)):
                with open_page(document, number) as page:
                    yield page
        first += _AT_ONCE


def _with_annotations(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """A page on which what stands in form fields and text notes is part of the page, as a reader sees it."""
    page = document[index]
    for n in range(max(0, raw.FPDFPage_GetAnnotCount(page.raw))):
        annotation = raw.FPDFPage_GetAnnot(page.raw, n)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if kind in _WRITTEN:
            flat = raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
            if not flat:
                return page
            page.close()  # what is loaded does not change: the page is loaded anew
            return document[index]
    return page


@contextmanager
def open_page(document: pypdfium2.PdfDocument, number: int) -> Iterator[Page]:
    """Load page `number` (1-based) and close it again. Raises `CorruptError` when pdfium cannot load it."""
    try:
        page = Page(_with_annotations(document, number - 1), number, layered=isinstance(document, File) and document.layered)
    except pypdfium2.PdfiumError as error:
        raise CorruptError(f"Page {number} of the PDF cannot be loaded, the file is damaged there; fetch it again.") from error
    try:
        yield page
    finally:
        page.close()

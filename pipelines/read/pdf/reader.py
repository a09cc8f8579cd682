"""PDF files: one Document from one file, page by page, in constant memory.

Here: the sequence for a file, the triage of its pages, and reading order. Not here: how ruled, unruled or scanned pages are
read. `PageReaders` is the seam for those that are no part of this module: scans (OCR) and tables without a closed grid.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from pipelines.read.document import Block, Document, PageReading, RawTable, TextLine, document_of
from pipelines.read.pdf.glyphs import UNREADABLE_SHARE, Glyphs, glyphs_of, text_layer, unreadable_share, upright_frame
from pipelines.read.pdf.lattice import PdfiumLattice
from pipelines.read.pdf.objects import Drawing, drawing_of
from pipelines.read.pdf.pdfium import CorruptError, EncryptedError, Page, open_document, open_page
from pipelines.read.pdf.prose import lines_of, with_roles
from pipelines.read.pdf.ruled import read_ruled
from pipelines.read.pdf.rules import Rules, rules_of
from pipelines.read.pdf.scan_regions import PICTURED, picture_regions

MEDIA_TYPE: Final = "application/pdf"
READER_VERSION: Final = "pdf-1"
NO_GRID: Final = "rules, but no closed grid"  # the note of pages that a second opinion should look at
_UNREAD: Final = frozenset({"scanned", "unreadable_font"})
_FEW: Final = 12  # characters: with fewer, a page that carries an image is a scan
_IMAGE_SHARE: Final = 0.25  # of the page: smaller images are seals and logos

PageContent = tuple[list[TextLine], list[RawTable], PageReading]
ScannedPageReader = Callable[[Page, int], PageContent]  # page, its number from 1
UnruledPageReader = Callable[[Page, Glyphs, Rules], tuple[list[TextLine], list[RawTable]]]  # no closed grid: lines and tables, or ([], []) to decline


@dataclass(frozen=True)
class PageReaders:
    """Readers of other kinds of pages. Without them such pages are reported as not read."""

    scanned: ScannedPageReader | None = None
    unruled: UnruledPageReader | None = None


def read_pdf(source: Path | bytes, *, sha256: str, n_bytes: int, readers: PageReaders | None = None) -> Document:
    """Read a PDF. Never raises for what a file contains: encrypted, broken and wholly scanned files come back quarantined."""
    try:
        with open_document(source) as pdf:
            count = len(pdf)
            blocks: list[Block] = []
            pages: list[PageReading] = []
            parser = PdfiumLattice()
            for number in range(1, count + 1):
                started = time.process_time()
                with open_page(pdf, number) as page:
                    lines, tables, reading = read_page(page, parser, readers or PageReaders())
                blocks.extend(_in_order(lines, tables))
                pages.append(msgspec.structs.replace(reading, cpu_ms=round((time.process_time() - started) * 1000, 3)))
    except EncryptedError as error:
        return _quarantined("encrypted", f"opened the file: {error}; a password is needed", sha256, n_bytes)
    except CorruptError as error:
        return _quarantined("corrupt", f"opened the file: {error}; fetch it again", sha256, n_bytes)
    blocks = _with_roles(blocks, pages)
    status, reason, detail = "read", None, None
    paths = {page.path for page in pages}
    if paths & _UNREAD and paths <= _UNREAD | {"empty"}:
        status, reason, detail = "quarantined", "scanned", f"none of {count} pages has text that can be read; optical recognition is needed"
    return document_of(
        blocks, sha256=sha256, n_bytes=n_bytes, media_type=MEDIA_TYPE, pages=tuple(pages), status=status, reason=reason, detail=detail,
        reader_version=READER_VERSION,
    )


def read_page(page: Page, parser: PdfiumLattice, readers: PageReaders) -> PageContent:
    """Decide what kind of page it is and read it."""
    layer = text_layer(page)
    frame = upright_frame(page, layer)
    drawing = drawing_of(page, frame)
    glyphs = glyphs_of(page, layer, frame, drawing.hidden_text)
    number = page.number
    if len(glyphs) < _FEW and _pictured(drawing, page):
        return readers.scanned(page, number) if readers.scanned else _unread(page, "scanned")
    if unreadable_share(glyphs) > UNREADABLE_SHARE:
        return readers.scanned(page, number) if readers.scanned else _unread(page, "unreadable_font")
    if not len(glyphs):
        return [], [], _reading(page, "empty")
    lines, tables, reading = _text_page(page, glyphs, rules_of(drawing.marks), parser, readers)
    if len(drawing.images) and picture_regions(drawing.images, glyphs.cx, glyphs.cy, frame.width, frame.height):
        reading = msgspec.structs.replace(reading, note=PICTURED)
    return lines, tables, reading


def _text_page(page: Page, glyphs: Glyphs, rules: Rules, parser: PdfiumLattice, readers: PageReaders) -> PageContent:
    """A page with a text layer that can be read."""
    number = page.number
    if rules:
        ruled = read_ruled(page, glyphs, rules, parser)
        if ruled.tables:
            reading = _reading(page, "ruled")
            reading = msgspec.structs.replace(
                reading, digits_seen=ruled.digits_seen, digits_kept=ruled.digits_kept, digits_extra=ruled.digits_extra, tables=len(ruled.tables),
            )
            return lines_of(glyphs, ruled.rest, number), ruled.tables, reading
    if readers.unruled:
        lines, tables = readers.unruled(page, glyphs, rules)
        if tables:
            return lines, tables, msgspec.structs.replace(_reading(page, "alignment"), tables=len(tables))
    reading = _reading(page, "prose")
    if rules:
        reading = msgspec.structs.replace(reading, note=NO_GRID)
    return lines_of(glyphs, np.arange(len(glyphs)), number), [], reading


def _pictured(drawing: Drawing, page: Page) -> bool:
    """Whether images cover a good part of the page."""
    boxes = drawing.images
    area = float(((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).sum()) if len(boxes) else 0.0
    return area > _IMAGE_SHARE * page.frame.width * page.frame.height


def _reading(page: Page, path: str) -> PageReading:
    frame = page.frame
    return PageReading(page=page.number, path=path, width=round(frame.width, 2), height=round(frame.height, 2), rotation=frame.rotation)


def _unread(page: Page, path: str) -> PageContent:
    return [], [], msgspec.structs.replace(_reading(page, path), note="not read: optical recognition is not available here")


def _in_order(lines: list[TextLine], tables: list[RawTable]) -> list[Block]:
    """Lines and tables of one page from top to bottom; a table stands before the first line that begins below its top."""
    out: list[Block] = []
    waiting = sorted(tables, key=lambda t: (t.box[1], t.box[0]) if t.box else (0.0, 0.0))
    for line in lines:
        while waiting and waiting[0].box and line.box and waiting[0].box[1] < line.box[1]:
            out.append(waiting.pop(0))
        out.append(line)
    return out + list(waiting)


def _with_roles(blocks: list[Block], pages: list[PageReading]) -> list[Block]:
    roles = iter(with_roles([b for b in blocks if isinstance(b, TextLine)], pages))
    return [next(roles) if isinstance(b, TextLine) else b for b in blocks]


def _quarantined(reason: str, detail: str, sha256: str, n_bytes: int) -> Document:
    return Document(sha256=sha256, bytes=n_bytes, media_type=MEDIA_TYPE, status="quarantined", reason=reason, detail=detail, reader_version=READER_VERSION)

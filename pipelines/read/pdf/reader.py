"""PDF files: one Document from one file, page by page, in constant memory.

Here: the sequence for a file, the triage of its pages, and reading order. Not here: how ruled, unruled or scanned pages are
read. `PageReaders` is the seam for those that are no part of this module: scans (OCR) and tables without a closed grid.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from pipelines.read.document import Block, Document, PageReading, RawTable, TextLine, document_of
from pipelines.read.pdf import layers, pictured_rules
from pipelines.read.pdf.alignment import read_beside, read_unruled
from pipelines.read.pdf.alignment_follow import Columns, columns_at_end
from pipelines.read.pdf.apart import without_gaps
from pipelines.read.pdf.covering import lift_off, text_under
from pipelines.read.pdf.glyphs import UNREADABLE_SHARE, Glyphs, glyphs_of, text_layer, turn_box, unreadable_share, upright_frame
from pipelines.read.pdf.lattice import PdfiumLattice
from pipelines.read.pdf.objects import THIN, Drawing, drawing_of
from pipelines.read.pdf.pdfium import CorruptError, EncryptedError, Frame, Page, each_page
from pipelines.read.pdf.prose import lines_of, with_roles
from pipelines.read.pdf.ruled import RuledPage, read_ruled
from pipelines.read.pdf.rules import rules_of
from pipelines.read.pdf.sample import NO_GRID, NO_TABLE
from pipelines.read.pdf.scan_regions import PICTURED, picture_regions
from pipelines.read.pdf.variants import normalised

MEDIA_TYPE: Final = "application/pdf"
_UNREAD: Final = frozenset({"scanned", "unreadable_font"})
_NOT_HERE: Final = "not read: optical recognition is not available here"
_FEW: Final = 12  # characters: with fewer, a page that carries an image is a scan
_LONG_RULE: Final = 0.25  # of the page's width
_FIGURES: Final = 0.1  # share of digits: with fewer, no table of amounts stands on the page; gaps between figures decide the rest
_FIGURES_OF_A_TABLE: Final = 24  # digits: fewer are no table beside one that is ruled
_ALONE: Final = re.compile(r"[-－(（]?\d[\d,，]*\.\d+[)）%％]?")
_MANY: Final = 8  # amounts set apart from other text: a page with so many has a table
_IMAGE_SHARE: Final = 0.25  # of the page: smaller images are seals and logos

PageContent = tuple[list[TextLine], list[RawTable], PageReading]
ScannedPageReader = Callable[[Page, int], PageContent]  # page, its number from 1
# ([], []) when there is no table; the columns are those of the page before
UnruledPageReader = Callable[[Page, Glyphs, Drawing, Columns | None], tuple[list[TextLine], list[RawTable]]]


@dataclass(frozen=True)
class PageReaders:
    """Readers of other kinds of pages. Without them scans are reported as not read, and tables without a grid stay text."""

    scanned: ScannedPageReader | None = None
    unruled: UnruledPageReader | None = read_unruled


def read_pdf(source: Path | bytes, *, sha256: str, n_bytes: int, readers: PageReaders | None = None) -> Document:
    """Read a PDF. Never raises for what a file contains: encrypted, broken and wholly scanned files come back quarantined."""
    try:
        blocks: list[Block] = []
        pages: list[PageReading] = []
        parser, readers = PdfiumLattice(), readers or PageReaders()
        before: Columns | None = None
        started = time.process_time()
        for page in each_page(source):
            content, reading = read_page(page, parser, readers, before)
            before = columns_at_end(content, (page.frame.width, page.frame.height)) if reading.tables else None
            blocks.extend(content)
            ended = time.process_time()
            pages.append(msgspec.structs.replace(reading, cpu_ms=round((ended - started) * 1000, 3)))
            started = ended
    except EncryptedError as error:
        return _quarantined("encrypted", str(error), sha256, n_bytes)
    except CorruptError as error:
        return _quarantined("corrupt", str(error), sha256, n_bytes)
    blocks = _with_roles(blocks, pages)
    status, reason, detail = "read", None, None
    paths = {page.path for page in pages}
    if paths & _UNREAD and paths <= _UNREAD | {"empty"}:
        status, reason = "quarantined", "scanned"
        detail = f"Its pages ({len(pages)}) have no text that can be read: a scan, which the [ocr] extra recognises."
    return document_of(
        blocks, sha256=sha256, n_bytes=n_bytes, media_type=MEDIA_TYPE, pages=tuple(pages), status=status, reason=reason, detail=detail,
    )


def read_page(
    page: Page, parser: PdfiumLattice, readers: PageReaders, before: Columns | None = None,
) -> tuple[list[Block], PageReading]:
    """Decide what kind of page it is and read it; its blocks come in reading order. `before`: the unruled table that may go on here."""
    layer = text_layer(page)
    switched, sure = layers.switched_off(page) if page.layered else ([], True)
    off = ""
    if switched:
        off = text_under(page, layer.codes, layer.index, layers.texts_of(switched))
        lift_off(page, switched)
        layer = text_layer(page)
    frame = upright_frame(page, layer)
    drawing = drawing_of(page, frame)
    painted = watermark = ""
    if drawing.painted_over or drawing.behind:
        painted = text_under(page, layer.codes, layer.index, drawing.painted_over)
        watermark = text_under(page, layer.codes, layer.index, drawing.behind)
        lift_off(page, (*drawing.painted_over, *drawing.behind))
        layer = text_layer(page)
    glyphs = glyphs_of(page, layer, frame, drawing.hidden_text)
    pictured = len(glyphs) < _FEW and _pictured(drawing, page)
    if pictured or unreadable_share(glyphs) > UNREADABLE_SHARE:
        if not readers.scanned:
            return [], msgspec.structs.replace(_reading(page, "scanned" if pictured else "unreadable_font"), note=_NOT_HERE)
        lines, tables, reading = readers.scanned(page, page.number)
        return _in_order(lines, tables, page.frame, page.frame), reading
    hidden = glyphs.hidden_digits + sum("0" <= character <= "9" for character in painted + off)
    askew = [TextLine(text=normalised(text), page=page.number, role="header") for text in (glyphs.askew, watermark) if text]
    if not len(glyphs):
        return [*askew], msgspec.structs.replace(_reading(page, "empty"), digits_hidden=hidden)
    lines, tables, reading = _text_page(page, glyphs, drawing, parser, readers, before)
    lines = [*askew, *lines]
    reading = msgspec.structs.replace(reading, digits_hidden=hidden) if hidden else reading
    if len(drawing.images) and picture_regions(drawing.images, glyphs.cx, glyphs.cy, frame.width, frame.height):
        reading = msgspec.structs.replace(reading, note=PICTURED)
    elif switched:
        reading = msgspec.structs.replace(reading, note=reading.note or layers.NOTE)
    if not sure:
        reading = msgspec.structs.replace(reading, note=layers.UNSURE)
        tables = [msgspec.structs.replace(t, confidence=min(t.confidence, layers.CONFIDENCE), note=t.note or layers.UNSURE) for t in tables]
    return _in_order(lines, tables, frame, page.frame), reading


def _text_page(
    page: Page, glyphs: Glyphs, drawing: Drawing, parser: PdfiumLattice, readers: PageReaders, before: Columns | None,
) -> PageContent:
    """A page with a text layer that can be read."""
    number, rules = page.number, rules_of(drawing.marks)
    if rules:
        ruled = read_ruled(page, glyphs, rules, parser)
        if not ruled.tables and (whole := without_gaps(rules)):
            ruled = read_ruled(page, glyphs, whole, parser)
        if ruled.tables:
            return _with_beside(page, glyphs, drawing, ruled) if readers.unruled else _ruled(page, glyphs, ruled)
    if readers.unruled and (before or _columned(glyphs, drawing)):
        lines, tables = readers.unruled(page, glyphs, drawing, before)
        if tables:
            return lines, tables, msgspec.structs.replace(_reading(page, "alignment"), tables=len(tables))
    lines = lines_of(glyphs, np.arange(len(glyphs)), number)
    note = NO_GRID if rules else None
    if _amounts_apart(lines) >= _MANY:
        if glyphs.frame.rotation == page.frame.rotation and (seen := rules_of(pictured_rules.pictured_marks(page))):
            ruled = read_ruled(page, glyphs, seen, parser)
            if ruled.tables:
                return _ruled(page, glyphs, ruled, pictured_rules.CONFIDENCE, pictured_rules.NOTE)
        note = note or NO_TABLE
    return lines, [], msgspec.structs.replace(_reading(page, "prose"), note=note)


def _amounts_apart(lines: list[TextLine]) -> int:
    """How many amounts stand alone between wide gaps of their lines."""
    pieces = (piece for line in lines if "  " in line.text for piece in line.text.split("  "))
    return sum(_ALONE.fullmatch(piece) is not None for piece in pieces)


def _ruled(page: Page, glyphs: Glyphs, ruled: RuledPage, confidence: float = 1.0, note: str | None = None) -> PageContent:
    """The content of a page whose grids were read. `confidence` and `note`: of rules that were not drawn as such."""
    tables = ruled.tables
    if note is not None:
        tables = [msgspec.structs.replace(t, confidence=min(confidence, t.confidence), note=note) for t in tables]
    reading = msgspec.structs.replace(
        _reading(page, "ruled"), tables=len(tables), note=note,
        digits_seen=ruled.digits_seen, digits_kept=ruled.digits_kept, digits_extra=ruled.digits_extra,
    )
    return lines_of(glyphs, ruled.rest, page.number), tables, reading


def _with_beside(page: Page, glyphs: Glyphs, drawing: Drawing, ruled: RuledPage) -> PageContent:
    """The content of a page whose grids were read, with the tables above and below them that have none."""
    content = _ruled(page, glyphs, ruled)
    digits = (glyphs.codes[ruled.rest] >= 0x30) & (glyphs.codes[ruled.rest] <= 0x39)
    if np.count_nonzero(digits) < _FIGURES_OF_A_TABLE:
        return content
    marks, rest = drawing.marks, np.ones(len(glyphs), bool)
    for top, bottom in ((float(grid.ys[0]), float(grid.ys[-1])) for grid in ruled.grids):
        marks = marks[(marks[:, 3] < top - 1) | (marks[:, 1] > bottom + 1)]
        rest &= (glyphs.cy < top) | (glyphs.cy > bottom)
    tables, used = read_beside(page, glyphs, marks, ruled.rest[rest[ruled.rest]])
    if not tables:
        return content
    lines = lines_of(glyphs, ruled.rest[~used[ruled.rest]], page.number)
    return lines, content[1] + tables, msgspec.structs.replace(content[2], tables=len(content[1]) + len(tables))


def _columned(glyphs: Glyphs, drawing: Drawing) -> bool:
    """Whether looking for tables without a grid can be worth its cost: long horizontal rules, or more figures than prose has."""
    flat = drawing.marks[drawing.marks[:, 3] - drawing.marks[:, 1] <= THIN]
    long = np.count_nonzero(flat[:, 2] - flat[:, 0] > _LONG_RULE * glyphs.frame.width)
    digits = np.count_nonzero((glyphs.codes >= 0x30) & (glyphs.codes <= 0x39))
    return bool(long >= 2 or digits > (_FIGURES / 2 if long else _FIGURES) * len(glyphs))


def _pictured(drawing: Drawing, page: Page) -> bool:
    """Whether images cover a good part of the page, or letters are drawn on it as figures."""
    if drawing.outlined:
        return True
    boxes = drawing.images
    area = float(((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).sum()) if len(boxes) else 0.0
    return area > _IMAGE_SHARE * page.frame.width * page.frame.height


def _reading(page: Page, path: str) -> PageReading:
    frame = page.frame
    return PageReading(page=page.number, path=path, width=round(frame.width, 2), height=round(frame.height, 2), rotation=frame.rotation)


def _in_order(lines: list[TextLine], tables: list[RawTable], upright: Frame, shown: Frame) -> list[Block]:
    """Lines and tables of one page from top to bottom, as the text reads; a table stands before the first line that begins below it."""

    def place(block: Block) -> tuple[float, float]:
        if block.box is None:
            return (0.0, 0.0)
        x0, top, _, _ = block.box if upright.rotation == shown.rotation else turn_box(block.box, shown, upright)
        return (top, x0)

    out: list[Block] = []
    waiting = sorted(tables, key=place)
    for line in lines:
        while waiting and place(waiting[0])[0] < place(line)[0]:
            out.append(waiting.pop(0))
        out.append(line)
    return out + list(waiting)


def _with_roles(blocks: list[Block], pages: list[PageReading]) -> list[Block]:
    roles = iter(with_roles([b for b in blocks if isinstance(b, TextLine)], pages))
    return [next(roles) if isinstance(b, TextLine) else b for b in blocks]


def _quarantined(reason: str, detail: str, sha256: str, n_bytes: int) -> Document:
    return Document(
        sha256=sha256, bytes=n_bytes, media_type=MEDIA_TYPE, status="quarantined", reason=reason, detail=detail,
    )

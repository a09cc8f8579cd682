"""The second pass over PDFs with pages that have no readable text: scans, fonts without meaning, tables as pictures.

Here: which documents and pages need it, reading them in a process of its own, and merging what is found into the Document of the
first pass. Not here: how one page is read (`scan`), the first pass (`reader`).

Runs where the recognition engine may take 0.6-1.2 GB: one process a machine, two threads. A page costs some 2-6 seconds.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import msgspec

from pipelines.read.document import Block, Document, PageReading, RawTable, TextLine, document_of
from pipelines.read.pdf.glyphs import glyphs_of, text_layer
from pipelines.read.pdf.objects import drawing_of
from pipelines.read.pdf.ocr import OcrMissingError, recogniser
from pipelines.read.pdf.pdfium import CorruptError, EncryptedError, Page, open_document, open_page
from pipelines.read.pdf.prose import with_roles
from pipelines.read.pdf.reader import read_pdf
from pipelines.read.pdf.scan import read_scanned_page, shows_grid
from pipelines.read.pdf.scan_regions import PICTURED, picture_regions
from pipelines.read.pdf.writing import is_figure
from pipelines.read.privacy import scrub_document

_WRITTEN: Final = 4  # cells of a table with text
UNREAD: Final = ("scanned", "unreadable_font")  # paths of pages that the first pass could not read


def pages_to_recognise(document: Document) -> list[int]:
    """Numbers (from 1) of the pages the second pass has to look at: unread ones, and those with pictures that may be tables."""
    return [page.page for page in document.pages if page.path in UNREAD or (page.note or "").startswith(PICTURED)]


def read_scanned_pdf(source: Path | bytes, sha256: str, n_bytes: int, first_reading: Document | None = None) -> Document:
    """Read the pages of a PDF that need recognition and merge them into `first_reading` (made here when None).

    Where the engine is not installed the first reading comes back, with a `detail` that says so; where nothing needs recognition,
    unchanged. Never raises for what a file contains. Personal data are taken out of what is added.
    """
    first = first_reading if first_reading is not None else read_pdf(source, sha256=sha256, n_bytes=n_bytes)
    wanted = pages_to_recognise(first)
    if not wanted:
        return first
    by_page = _by_page(first)
    readings = {page.page: page for page in first.pages}
    try:
        with open_document(source) as pdf:
            for number in wanted:
                with open_page(pdf, number) as page:
                    if readings[number].path in UNREAD:
                        by_page[number], readings[number] = _whole_page(page, readings[number])
                    else:
                        by_page[number], readings[number] = _pictures(page, by_page.get(number, []), readings[number])
    except OcrMissingError as error:
        return msgspec.structs.replace(first, detail=f"{len(wanted)} of {len(first.pages)} pages hold pictures to be read: {error}")
    except (EncryptedError, CorruptError) as error:
        return msgspec.structs.replace(first, status="quarantined", reason="corrupt", detail=str(error))
    return _merged(first, by_page, [readings[page.page] for page in first.pages])


def _by_page(document: Document) -> dict[int, list[Block]]:
    out: dict[int, list[Block]] = {}
    for block in document.blocks:
        out.setdefault(block.page or 0, []).append(block)
    return out


def _whole_page(page: Page, before: PageReading) -> tuple[list[Block], PageReading]:
    """A page read as one picture."""
    scanned = read_scanned_page(page.pdfium, page.number, recogniser())
    reason = "no meaning in its fonts" if before.path == "unreadable_font" else None
    note = "; ".join(part for part in (reason, scanned.reading.note) if part) or None
    return scanned.blocks, msgspec.structs.replace(scanned.reading, note=note)


def _pictures(page: Page, blocks: list[Block], before: PageReading) -> tuple[list[Block], PageReading]:
    """A page of text, with the tables found in its pictures put where they stand. Pictures without a table stay pictures."""
    started = time.process_time()
    layer = text_layer(page)
    drawing = drawing_of(page, page.frame)
    glyphs = glyphs_of(page, layer, page.frame, drawing.hidden_text)
    found = 0
    for region in picture_regions(drawing.images, glyphs.cx, glyphs.cy, page.frame.width, page.frame.height):
        if not shows_grid(page.pdfium, region):
            continue  # a chart, a photograph, a seal
        scanned = read_scanned_page(page.pdfium, page.number, recogniser(), crop=region)
        if any(map(_says_something, scanned.tables)):
            found += len(scanned.tables)
            for block in scanned.blocks:
                _insert(blocks, block)
    spent = round((time.process_time() - started) * 1000, 1)
    note = f"{found} tables in pictures" if found else "pictures without tables"
    return blocks, msgspec.structs.replace(before, tables=before.tables + found, cpu_ms=before.cpu_ms + spent, note=note)


def _says_something(table: RawTable) -> bool:
    """Whether a table in a picture names what its figures are: between the bars of a chart stand figures only."""
    written = [cell.text for cell in table.cells if cell.text]
    return len(written) >= _WRITTEN and not all(is_figure(text) for text in written)


def _insert(blocks: list[Block], block: Block) -> None:
    """Put a block before the first one of its page that begins below it."""
    at = next((n for n, other in enumerate(blocks) if _top(other) > _top(block)), len(blocks))
    blocks.insert(at, block)


def _top(block: Block) -> tuple[float, float]:
    return (block.box[1], block.box[0]) if block.box else (0.0, 0.0)


def _merged(first: Document, by_page: dict[int, list[Block]], pages: list[PageReading]) -> Document:
    """The Document with the recognised pages in their places; read if anything in it is."""
    blocks = [block for number in sorted(by_page) for block in by_page[number]]
    roles = iter(with_roles([block for block in blocks if isinstance(block, TextLine)], pages))
    blocks = [next(roles) if isinstance(block, TextLine) else block for block in blocks]
    empty = not blocks
    document = document_of(
        blocks, sha256=first.sha256, n_bytes=first.bytes, media_type=first.media_type, pages=tuple(pages),
        status="quarantined" if empty else "read", reason="scanned" if empty else None,
        detail="recognised all pages and found neither text nor tables; look at the file" if empty else None,
        reader_version=first.reader_version, personal_data_removed=first.personal_data_removed,
    )
    return scrub_document(document)

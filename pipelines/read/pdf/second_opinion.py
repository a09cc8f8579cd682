"""A second opinion on pages of PDFs: stock camelot reads them by its own means, and the two readings are compared cell by cell.

Here: the second reading, and what it does to a document. Not here: the first reading, the comparison (`agreement`), which pages get one
(`sample`).

Stock camelot finds rules in a picture of the page and text with a reader of its own: two independent ways that rarely make the same
mistake. A page costs 0.3 s and 280 MB (A3: 420 MB), so it is done in a process of its own.

A second reading never adds or changes a cell. Where it differs, the confidence of the table is lowered; a table that only it found is
reported in the page's note and not loaded, for its cells have no place on the page and its text stands in the page's lines already.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from pipelines.read.document import Block, Cell, Document, PageReading, RawTable, document_of
from pipelines.read.pdf.agreement import Agreement, agreement
from pipelines.read.pdf.variants import normalised

AGREES, DIFFERS, NO_ANSWER = "agrees", "differs", "no answer"  # PageReading.second_opinion
METHOD: Final = "lattice_second_opinion"
_AGREES: Final = 0.98  # of the cells: as good as two readings of one page come to; above it nothing is taken off
_CHAR_MARGIN: Final = 0.3  # the default of 2.0 fuses a code with the name in the next cell


def second_opinion(source: Path | str | bytes, page_no: int, tables: Iterable[RawTable]) -> Agreement:
    """Read one page (from 1) of a PDF with stock camelot and compare it with the tables of the first reading."""
    return agreement(page_no, list(tables), read_stock(source, page_no))


def read_stock(source: Path | str | bytes, page_no: int) -> list[RawTable]:
    """The tables that stock `camelot.read_pdf`, flavour lattice, finds on a page."""
    import camelot  # 0.6 s and 150 MB: only in the process that needs it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # camelot warns of pages without tables
        found = camelot.read_pdf(
            source, pages=str(page_no), flavor="lattice", suppress_stdout=True, layout_kwargs={"char_margin": _CHAR_MARGIN},
        )
    return [_raw_table(table, page_no) for table in found]


def _raw_table(table: Any, page_no: int) -> RawTable:
    cells = tuple(
        Cell(r, c, normalised("".join(str(text).split())), page=page_no)
        for r, row in enumerate(table.df.to_numpy().tolist()) for c, text in enumerate(row)
    )
    return RawTable(n_rows=table.df.shape[0], n_columns=table.df.shape[1], cells=cells, method=METHOD, page=page_no)


def with_agreement(document: Document, agreements: Iterable[Agreement]) -> Document:
    """The document with the agreements in the confidence of its tables and in the records of its pages; unanswered ones too."""
    by_page = {found.page: found for found in agreements}
    place: Counter[int] = Counter()
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, RawTable) and block.page in by_page:
            shares = by_page[block.page].by_table
            share = shares[place[block.page]] if shares else None
            place[block.page] += 1
            if share is not None and share < _AGREES:
                note = "; ".join(part for part in (block.note, f"a second reading agrees on {share:.0%} of the cells") if part)
                block = msgspec.structs.replace(block, confidence=round(block.confidence * (0.5 + 0.5 * share), 4), note=note)
        blocks.append(block)
    pages = tuple(_told(page, by_page[page.page]) if page.page in by_page else page for page in document.pages)
    return document_of(
        blocks, sha256=document.sha256, n_bytes=document.bytes, media_type=document.media_type, pages=pages, status=document.status,
        reason=document.reason, detail=document.detail, personal_data_removed=document.personal_data_removed,
        reader_version=document.reader_version,
    )


def differs(found: Agreement) -> bool:
    """Whether a second reading lowers the confidence of any table."""
    return any(share is not None and share < _AGREES for share in found.by_table)


def _told(page: PageReading, found: Agreement) -> PageReading:
    """A page's record with what the second reading said of it."""
    said = (DIFFERS if differs(found) or found.only_there else AGREES) if found.answered else NO_ANSWER
    told = None
    if found.only_there:
        told = f"a second reading found {found.only_there} more tables, which were not loaded: look at the page"
    elif found.failure:
        told = f"no second reading: {found.failure}"
    note = "; ".join(part for part in (page.note, told) if part) or None
    return msgspec.structs.replace(
        page, second_opinion=said, cells_compared=found.cells, cells_agreed=found.confirmed, note=note)

"""Which pages of a PDF get a second opinion: those with rules but no closed grid, and a sample of those with tables.

Here: the draw, by a hash of document and page: it does not depend on what else is read, when, or in which order. Not here: the reading
(`second_opinion`), kinds of documents of which no page is drawn (assets.stages.draw).
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from pipelines.read.document import Document

SAMPLE_SHARE: Final = 0.01  # of the pages with tables
NO_GRID: Final = "rules, but no closed grid"  # begins the note of a page that needs a second opinion
NO_TABLE: Final = "many amounts, but no table was found"  # so does this


class Candidates(msgspec.Struct, frozen=True):
    """The pages of a document that a second opinion may be asked about: with tables in closed grids, and with rules but no such grid."""

    document_id: str
    ruled: tuple[int, ...] = ()
    unclosed: tuple[int, ...] = ()


def candidates(document: Document) -> Candidates:
    """Its pages that have rules."""
    ruled = tuple(page.page for page in document.pages if page.path == "ruled")
    unclosed = tuple(page.page for page in document.pages if (page.note or "").startswith((NO_GRID, NO_TABLE)))
    return Candidates(document.document_id, ruled, unclosed)


def page_hash(document_id: str, page_no: int) -> int:
    """A page's place in the draw: below `share` × 2⁶⁴ it belongs to the sample."""
    return int.from_bytes(hashlib.sha256(f"{document_id}/{page_no}".encode()).digest()[:8], "big")


def sampled(document_id: str, page_no: int, share: float = SAMPLE_SHARE) -> bool:
    """Whether a page belongs to the sample: the same on every run."""
    return page_hash(document_id, page_no) < share * 2**64


def lowest_page(of: Candidates) -> int | None:
    """The page with a ruled table whose hash is lowest: the first that a growing sample would draw. None without such a page."""
    return min(of.ruled, key=lambda number: page_hash(of.document_id, number), default=None)


def pages_to_check(of: Candidates, share: float = SAMPLE_SHARE) -> list[int]:
    """Pages that get a second opinion, ascending. None when `share` is 0: it is switched off then."""
    if share <= 0:
        return []
    return sorted({*of.unclosed, *(number for number in of.ruled if sampled(of.document_id, number, share))})

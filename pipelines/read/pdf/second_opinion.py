"""A second opinion on pages of PDFs: stock camelot reads them by its own means, and the two readings are compared cell by cell.

Here: which pages get one, the reading, the comparison, and what it does to a table's confidence. Not here: the first reading.

Stock camelot finds rules in a picture of the page and text with pdfminer: two independent ways that rarely make the same mistake.
It costs 0.3 s a page and some 300 MB, so it runs in a process of its own, on pages with rules but no closed grid, and on a sample.
"""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from pipelines.read.document import Block, Cell, Document, RawTable, document_of
from pipelines.read.pdf.reader import NO_GRID
from pipelines.read.pdf.variants import normalised

SAMPLE_SHARE: Final = 0.01  # of the pages of a run
METHOD: Final = "lattice_second_opinion"
CONFIDENCE: Final = 0.7  # of a table that only the second reading found
_AGREES: Final = 0.98  # of the cells: as good as two readings of one page come to; above it nothing is taken off
_MOST_FUSED: Final = 6  # neighbouring cells that pdfminer was seen to run together
_CHAR_MARGIN: Final = 0.3  # pdfminer's default of 2.0 fuses a code with the name in the next cell


@dataclass(frozen=True)
class Agreement:
    """How far two readings of one page agree. Counts are of cells with text, in the tables of the first reading.

    `same` stand in the same row and column with the same text; `same_text` have their text somewhere in the other reading.
    `by_table` is the share of cells with the same text for each table of the first reading; `only_there` are tables that the first
    reading did not find.
    """

    page: int
    cells: int
    same: int
    same_text: int
    by_table: tuple[float, ...] = ()
    only_there: tuple[RawTable, ...] = ()

    @property
    def share(self) -> float:
        """Cells with the same text, of all; 1.0 where there is nothing to compare and the other reading found nothing either."""
        if self.cells:
            return self.same_text / self.cells
        return 0.0 if self.only_there else 1.0


def sampled(document_id: str, page_no: int, share: float = SAMPLE_SHARE) -> bool:
    """Whether a page belongs to the sample: decided by a hash of document and page, so that it is the same on every run."""
    digest = hashlib.sha256(f"{document_id}/{page_no}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def pages_to_check(document: Document, share: float = SAMPLE_SHARE, at_least_one: bool = False) -> list[int]:
    """Pages that get a second opinion: those with rules but no closed grid, the sampled ones among those with a ruled table, and with
    `at_least_one` (for the first document of its kind) the ruled page whose hash is lowest, where none is sampled."""
    ruled = [page.page for page in document.pages if page.path == "ruled"]
    chosen = {page.page for page in document.pages if (page.note or "").startswith(NO_GRID)}
    drawn = {number for number in ruled if sampled(document.document_id, number, share)}
    if at_least_one and ruled and not drawn:
        drawn = {min(ruled, key=lambda n: hashlib.sha256(f"{document.document_id}/{n}".encode()).digest())}
    return sorted(chosen | drawn)


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
        Cell(r, c, normalised("".join(str(text).split())), page=page_no, confidence=CONFIDENCE)
        for r, row in enumerate(table.df.to_numpy().tolist()) for c, text in enumerate(row)
    )
    return RawTable(
        n_rows=table.df.shape[0], n_columns=table.df.shape[1], cells=cells, method=METHOD, page=page_no, confidence=CONFIDENCE,
        note="only the second reading found this table",
    )


def agreement(page_no: int, here: list[RawTable], there: list[RawTable]) -> Agreement:
    """Compare two readings of a page. Tables are paired by what they have in common, best pairs first."""
    texts_here = [_texts(table) for table in here]
    texts_there = [_texts(table) for table in there]
    pairs = sorted(
        ((_common(a, b), i, j) for i, a in enumerate(texts_here) for j, b in enumerate(texts_there)), key=lambda pair: (-pair[0], pair[1:]),
    )
    partner: dict[int, int] = {}
    for common, i, j in pairs:
        if common and i not in partner and j not in partner.values():
            partner[i] = j
    rest = Counter(text for j, cells in enumerate(texts_there) if j not in partner.values() for text in cells.values())
    same = same_text = total = 0
    by_table = []
    for i, cells in enumerate(texts_here):
        other = texts_there[partner[i]] if i in partner else {}
        left = Counter(cells.values()) - Counter(other.values())
        found = len(cells) - left.total() + (left & rest).total()  # the other reading may have cut one table in two
        found = min(len(cells), found + _fused(cells, left, Counter(other.values()) - Counter(cells.values())))
        down, right = _shift(cells, other)
        same += sum(other.get((r + down, c + right)) == text for (r, c), text in cells.items())
        same_text += found
        total += len(cells)
        by_table.append(found / len(cells) if cells else 1.0)
    known = Counter(text for cells in texts_here for text in cells.values())
    only = tuple(
        table for j, table in enumerate(there)
        if j not in partner.values() and texts_there[j] and (Counter(texts_there[j].values()) & known).total() < 0.5 * len(texts_there[j])
    )
    return Agreement(page_no, total, same, same_text, tuple(by_table), only)


def _shift(here: dict[tuple[int, int], str], there: dict[tuple[int, int], str]) -> tuple[int, int]:
    """By how many rows and columns one reading is set off against the other (a title row more): the most usual one among unique texts."""
    counts_here, counts_there = Counter(here.values()), Counter(there.values())
    places = {text: place for place, text in there.items() if counts_there[text] == 1}
    votes = Counter(
        (places[text][0] - r, places[text][1] - c) for (r, c), text in here.items() if counts_here[text] == 1 and text in places
    )
    return max(votes, key=lambda shift: (votes[shift], shift == (0, 0))) if votes else (0, 0)


def _fused(here: dict[tuple[int, int], str], left: Counter[str], other: Counter[str]) -> int:
    """How many cells that the other reading lacks stand there as one text with their neighbours, to the right or below.

    pdfminer runs characters of neighbouring cells together; every character is confirmed, only the cut between them is not.
    """
    fused = 0
    for step in ((0, 1), (1, 0)):
        for start in sorted(here):
            run = [start]
            while (following := (run[-1][0] + step[0], run[-1][1] + step[1])) in here and len(run) < _MOST_FUSED:
                run.append(following)
                texts = Counter(here[place] for place in run)
                whole = "".join(here[place] for place in run)
                if other[whole] and not texts - left:
                    fused += len(run)
                    left = left - texts
                    other = other - Counter([whole])
                    break
    return fused


def _texts(table: RawTable) -> dict[tuple[int, int], str]:
    """Normalised texts of a table by row and column, counting only rows and columns that hold any text."""
    cells = {(cell.row, cell.column): _plain(cell.text) for cell in table.cells}
    cells = {place: text for place, text in cells.items() if text}
    rows = {r: n for n, r in enumerate(sorted({r for r, _ in cells}))}
    columns = {c: n for n, c in enumerate(sorted({c for _, c in cells}))}
    return {(rows[r], columns[c]): text for (r, c), text in cells.items()}


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", normalised(text)).split())


def _common(a: dict[tuple[int, int], str], b: dict[tuple[int, int], str]) -> int:
    return (Counter(a.values()) & Counter(b.values())).total()


def with_agreement(document: Document, agreements: Iterable[Agreement]) -> Document:
    """The document with the agreement in the confidence of its tables and in the notes of its pages, and tables added that only the
    second reading found on pages where the first one found none."""
    by_page = {found.page: found for found in agreements}
    place: Counter[int] = Counter()
    blocks: list[Block] = []
    pages_with_tables = {table.page for table in document.tables}
    pending = {page: found.only_there for page, found in by_page.items() if found.only_there and page not in pages_with_tables}
    for block in document.blocks:
        for page in sorted(page for page in pending if block.page is not None and page < block.page):
            blocks.extend(pending.pop(page))
        if isinstance(block, RawTable) and block.page in by_page:
            share = by_page[block.page].by_table[place[block.page]]
            place[block.page] += 1
            if share < _AGREES:
                note = "; ".join(part for part in (block.note, f"a second reading agrees on {share:.0%} of the cells") if part)
                block = msgspec.structs.replace(block, confidence=round(block.confidence * (0.5 + 0.5 * share), 4), note=note)
        blocks.append(block)
    for page in sorted(pending):
        blocks.extend(pending[page])
    pages = tuple(
        msgspec.structs.replace(page, note="; ".join(part for part in (page.note, _told(by_page[page.page])) if part))
        if page.page in by_page else page for page in document.pages
    )
    return document_of(
        blocks, sha256=document.sha256, n_bytes=document.bytes, media_type=document.media_type, pages=pages, status=document.status,
        reason=document.reason, detail=document.detail, personal_data_removed=document.personal_data_removed,
        reader_version=document.reader_version,
    )


def _told(found: Agreement) -> str:
    return f"second reading: {found.share:.1%} of {found.cells} cells agree, {len(found.only_there)} more tables"


def give_second_opinion(
    source: Path | str | bytes, document: Document, share: float = SAMPLE_SHARE, at_least_one: bool = False,
) -> Document:
    """The worker's entry: a document with second opinions on the pages that get one; the same document where none does."""
    pages = pages_to_check(document, share, at_least_one)
    if not pages:
        return document
    return with_agreement(
        document, [second_opinion(source, number, [table for table in document.tables if table.page == number]) for number in pages],
    )

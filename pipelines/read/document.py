"""The one model every reader fills: a document as blocks in reading order.

Here: plain immutable records and their (de)serialisation. Not here: how any format is read, or what a table means.

Coordinates are PDF points with the origin at the top left of the page *as shown* (after /Rotate and cropping); they are
null where the format has no pages. Rows and columns count from 0. A merged cell stands once, at its top left, with spans.
"""

from __future__ import annotations

import msgspec

Box = tuple[float, float, float, float]  # x0, top, x1, bottom


class Cell(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One printed cell. `text` is normalised (CJK radicals, joined wraps); `original` is kept where it differs materially."""

    row: int
    column: int
    text: str = ""
    row_span: int = 1
    column_span: int = 1
    page: int | None = None  # 1-based
    box: Box | None = None
    original: str | None = None
    confidence: float = 1.0  # below 1 for OCR or inferred cells
    alternatives: tuple[str, ...] = ()  # other readings of the same cell (OCR candidates, second path)
    place: str | None = None  # where it stands in a workbook's sheet, as the sheet counts: C7


class RawTable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A grid of cells as it stands on one page, sheet, or in one piece of a flowing document; not yet stitched.

    `method`: lattice · alignment (no closed grid) · ocr · docx · xlsx · html · tsv · cell_lines.
    """

    n_rows: int
    n_columns: int
    cells: tuple[Cell, ...]
    method: str
    page: int | None = None
    box: Box | None = None
    sheet: str | None = None
    caption: str | None = None  # <caption>, or a title the format itself ties to the table
    confidence: float = 1.0
    note: str | None = None  # what the reader doubts, in a sentence


class TextLine(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One line (or paragraph, in flowing formats) of running text outside tables.

    `role`: text · heading · header · footer (running page header and footer, page numbers).
    """

    text: str
    page: int | None = None
    box: Box | None = None
    role: str = "text"
    size: float | None = None  # font size in points, where known


class PageReading(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What was done with one page (or sheet), for `inspect`: which path read it, what was kept, and what it cost.

    `path`: ruled · prose · alignment · ocr · scanned (not read) · unreadable_font · empty · flow. `second_opinion`: agrees · differs ·
    no answer; None where none was asked for.
    """

    page: int
    path: str
    width: float | None = None
    height: float | None = None
    rotation: int = 0
    digits_seen: int = 0  # digits of the page's own text layer that stand inside a table's box
    digits_kept: int = 0  # of these, standing in exactly one cell
    digits_extra: int = 0
    digits_hidden: int = 0  # in the text layer, but invisible, clipped away or off the page: left out, and reported here
    tables: int = 0
    cpu_ms: float = 0.0
    note: str | None = None
    second_opinion: str | None = None
    cells_compared: int = 0  # cells with text that a second reading could be held against
    cells_agreed: int = 0  # of these, with a text that it confirms


Block = TextLine | RawTable


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file's content, read. `status` is `read`, or `quarantined` with `reason` (CONTRACT vocabulary of inputs.reason)."""

    sha256: str
    bytes: int
    media_type: str
    lines: tuple[TextLine, ...] = ()
    tables: tuple[RawTable, ...] = ()
    order: tuple[int, ...] = ()  # reading order: n ≥ 0 is lines[n], n < 0 is tables[-n - 1]
    pages: tuple[PageReading, ...] = ()
    status: str = "read"
    reason: str | None = None
    detail: str | None = None  # one sentence for the operator: what was attempted and found, and what to do
    personal_data_removed: int = 0
    reader_version: str = ""

    @property
    def document_id(self) -> str:
        """First 16 hex digits of the content's SHA-256."""
        return self.sha256[:16]

    @property
    def blocks(self) -> list[Block]:
        """Lines and tables in reading order."""
        return [self.lines[n] if n >= 0 else self.tables[-n - 1] for n in self.order]


def document_of(blocks: list[Block], *, sha256: str, n_bytes: int, media_type: str, **more: object) -> Document:
    """Build a Document from blocks in reading order."""
    lines: list[TextLine] = []
    tables: list[RawTable] = []
    order: list[int] = []
    for block in blocks:
        if isinstance(block, RawTable):
            tables.append(block)
            order.append(-len(tables))
        else:
            order.append(len(lines))
            lines.append(block)
    return Document(
        sha256=sha256, bytes=n_bytes, media_type=media_type,
        lines=tuple(lines), tables=tuple(tables), order=tuple(order), **more,  # type: ignore[arg-type]
    )


def encode(document: Document) -> bytes:
    """Serialise a Document (msgpack)."""
    return msgspec.msgpack.encode(document)


def decode(data: bytes) -> Document:
    """Read back what `encode` wrote. Raises `msgspec.ValidationError` when the bytes are another model's."""
    return msgspec.msgpack.decode(data, type=Document)

"""The picture of a fact's cell: cut from the page where there are pages, drawn from the cells where there are none.

Here: choosing and limits. Not here: rendering a page (pipelines.read.pdf.inspect). Cells are shown as stored, so personal data that was
taken out stays out; on a page it is painted over.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from assets.drawing import Box, draw_cells, frame_cell
from assets.lookup import Row
from assets.stages.locations import Location, Locations
from assets.stages.readings import reading_path
from pipelines.publish.paths import warehouse_paths
from pipelines.read.document import Document, decode
from pipelines.read.personal import MARK
from pipelines.read.sniff import PDF

MARGIN = 40.0  # points of the page around the cell
MAX_PIXELS = 4_000_000


class PictureFailed(RuntimeError):
    """No picture can be made: the file has gone, or is not what was read."""


def picture(warehouse: Path, way: Row, around: Iterable[Row], out: Path) -> str:
    """Write the picture of a fact to `out`; returns its path. Raises PictureFailed."""
    fact, media_type = way["fact"], (way["document"] or {}).get("media_type")
    box = [fact[edge] for edge in ("x0", "top", "x1", "bottom")]
    try:
        if media_type == PDF and fact["page"] is not None and None not in box:
            document = _reading(reading_path(warehouse_paths(warehouse), fact["document_id"]))
            _cut(_location(warehouse, fact["document_id"]), document, fact["page"], (box[0], box[1], box[2], box[3]), out)
        else:
            draw_cells([_cell(row) for row in around], (fact["row_no"], fact["column_no"]), out, max_pixels=MAX_PIXELS)
    except (OSError, ValueError) as error:
        raise PictureFailed(f"no picture of {fact['fact_id']}: {error}") from error
    return str(out)


def _location(warehouse: Path, document_id: str) -> Location:
    with Locations(warehouse_paths(warehouse)) as locations:
        found = next(iter(locations.of_document(document_id)), None)
    if found is None or found.sha256 is None:
        raise PictureFailed(f"the file of document {document_id} is no longer where it was: ingest it again from where it is now")
    return found


def _reading(path: Path) -> Document:
    """The document as it was read. Raises PictureFailed without it: then nobody can say where personal data stands."""
    try:
        return decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise PictureFailed("the reading of its document has gone: ingest it again with --force") from error


def _personal(document: Document, page: int) -> list[Box]:
    """Boxes of a page in which personal data was replaced."""
    lines = [(line.page, line.box, line.text) for line in document.lines]
    cells = [(cell.page, cell.box, cell.text) for table in document.tables for cell in table.cells]
    return [box for number, box, text in lines + cells if number == page and box is not None and MARK in text]


def _cut(location: Location, document: Document, page: int, box: Box, out: Path) -> None:
    from assets.tasks.files import content
    from pipelines.read.failure import ReadFailure
    from pipelines.read.pdf.inspect import crop

    try:
        data = content(str(location.path), location.member, location.sha256 or "")
    except ReadFailure as failure:
        raise PictureFailed(failure.detail) from failure
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:  # a member of an archive is no file of its own
        copy.write(data)
        copy.flush()
        crop(Path(copy.name), page, box, out, margin=MARGIN, max_pixels=MAX_PIXELS, hidden=_personal(document, page))
    shown = next((reading for reading in document.pages if reading.page == page), None)
    if shown is not None and shown.width is not None:
        frame_cell(out, box, MARGIN, shown.width)


def _cell(row: Row) -> tuple[int, int, int, int, str]:
    return row["row_no"], row["column_no"], row["row_span"], row["column_span"], row["text"] or ""

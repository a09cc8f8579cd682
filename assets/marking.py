"""The marked copy of one document of a warehouse: finding its file, its findings with a place, and what has to be painted over.

Here: from a warehouse to the call. Not here: drawing (pipelines.audit.report.marked).
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assets.drawing import FONT
from assets.stages.locations import Locations
from assets.stages.readings import reading_path
from pipelines.publish.paths import warehouse_paths
from pipelines.read.document import Document, decode
from pipelines.read.personal import MARK
from pipelines.read.sniff import PDF

if TYPE_CHECKING:
    from pipelines.audit.report.entry import Box, Entry


class MarkingImpossible(RuntimeError):
    """No copy can be made: the document is no PDF, its file has gone, or is not what was read."""


def marked_copy(warehouse: Path, document_id: str, media_type: str, found: Sequence[Entry], out: Path) -> int:
    """Write the marked copy of a document to `out`; returns the number of boxes. Raises MarkingImpossible."""
    from assets.tasks.files import content
    from pipelines.audit.report.marked import MarkingFailed, mark_pdf
    from pipelines.read.failure import ReadFailure

    if media_type != PDF:
        raise MarkingImpossible(f"only a PDF can be marked; {document_id} is {media_type}. --format xlsx makes the correction sheet")
    with Locations(warehouse_paths(warehouse)) as locations:
        location = next(iter(locations.of_document(document_id)), None)
    if location is None or location.sha256 is None:
        raise MarkingImpossible(f"the file of document {document_id} is no longer where it was: ingest it again from where it is now")
    try:
        reading = decode(reading_path(warehouse_paths(warehouse), document_id).read_bytes())
        data = content(str(location.path), location.member, location.sha256)
        with tempfile.TemporaryDirectory() as folder:  # a member of an archive is no file of its own
            copy = Path(folder) / "source.pdf"
            copy.write_bytes(data)
            with resources.as_file(FONT) as font:
                return mark_pdf(copy, found, out, personal_boxes(reading), font)
    except ReadFailure as failure:
        raise MarkingImpossible(failure.detail) from failure
    except (OSError, MarkingFailed, msgspec.DecodeError) as error:
        raise MarkingImpossible(f"{document_id} cannot be marked: {error}") from error


def personal_boxes(document: Document) -> dict[int, list[Box]]:
    """Boxes by page in which personal data was replaced."""
    out: dict[int, list[Box]] = defaultdict(list)
    for line in document.lines:
        if line.page is not None and line.box is not None and MARK in line.text:
            out[line.page].append(line.box)
    for table in document.tables:
        for cell in table.cells:
            if cell.page is not None and cell.box is not None and MARK in cell.text:
                out[cell.page].append(cell.box)
    return dict(out)

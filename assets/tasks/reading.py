"""The reading worker: bytes in, a reading laid down, a summary out.

Here: one document. Not here: the loop (stages.read), the readers (pipelines.read); recognition, which needs far more memory.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from assets.tasks.files import content, write_whole
from pipelines.read.document import Document, encode
from pipelines.read.pdf.sample import Candidates, candidates
from pipelines.read.reader import read_bytes
from pipelines.read.sniff import PDF

READ = "assets.tasks.reading:read_file"
RECOGNISE = "assets.tasks.recognising:recognise_file"


class Read(msgspec.Struct, frozen=True):
    """What came of reading one document; the reading itself lies in a file. `unread_pages` are left to recognition.

    `second` and `kind` (of document, as its cover and titles say) decide on second opinions; null without tables in closed grids.
    """

    sha256: str
    status: str
    reason: str | None
    detail: str | None
    media_type: str
    pages: int
    tables: int
    unread_pages: int
    second: Candidates | None = None
    kind: str | None = None


def summary(document: Document) -> Read:
    """What a reading says of itself."""
    unread, second, kind = 0, None, None
    if document.media_type == PDF:
        from pipelines.read.pdf.scan_reader import pages_to_recognise  # brings OpenCV: only where there is a PDF

        unread, second = len(pages_to_recognise(document)), candidates(document)
        kind = _kind(document) if second.ruled else None
    return Read(
        document.sha256, document.status, document.reason, document.detail, document.media_type, len(document.pages),
        len(document.tables), unread, second, kind)


def _kind(document: Document) -> str:
    """Its kind by cover, titles and headings (4 ms); understanding looks at more, and may decide otherwise."""
    from pipelines.understand.context.kind import vote_kind
    from pipelines.understand.context.places import gather
    from pipelines.understand.context.rows import refresh

    refresh()
    return vote_kind(gather(document)).document_kind


def read_file(path: str, member: tuple[int, ...], sha256: str, target: str) -> Read:
    """Read a file, or a member of an archive, and lay the reading down at `target`."""
    document = read_bytes(content(path, member, sha256), os.path.basename(path))
    write_whole(Path(target), encode(document))
    return summary(document)

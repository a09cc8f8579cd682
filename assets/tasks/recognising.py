"""The recognising worker: a PDF and its first reading in, the whole reading laid down.

Here: one document. Not here: recognition itself (pipelines.read.pdf.scan_reader).
"""

from __future__ import annotations

from pathlib import Path

from assets.tasks.files import content, write_whole
from assets.tasks.reading import Read, summary
from pipelines.read.document import decode, encode
from pipelines.read.pdf.scan_reader import read_scanned_pdf


def recognise_file(path: str, member: tuple[int, ...], sha256: str, target: str) -> Read:
    """The second pass: recognise the pictures of a PDF whose first reading lies at `target`, and lay the whole down in its place."""
    data = content(path, member, sha256)
    document = read_scanned_pdf(data, sha256, len(data), decode(Path(target).read_bytes()))
    write_whole(Path(target), encode(document))
    return summary(document)

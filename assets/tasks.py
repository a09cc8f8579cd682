"""What workers run: one document in, one file or one set of frames out.

Here: the functions that `run_supervised` names, each loading no more than its stage needs. Not here: the loop around them (stages),
nor what reading, understanding or auditing is (pipelines).
Everything heavy is imported inside: a reading worker must stay small.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pipelines.read.document import Document, decode, encode
from pipelines.read.failure import ReadFailure
from pipelines.read.sniff import PDF

if TYPE_CHECKING:
    import polars as pl

READ = "assets.tasks:read_file"
RECOGNISE = "assets.tasks:recognise_file"
UNDERSTAND = "assets.tasks:understand_file"
TABULATE = "assets.tasks:tabulate_file"


class Read(msgspec.Struct, frozen=True):
    """What came of reading one document; the reading itself lies in a file."""

    sha256: str
    status: str
    reason: str | None
    detail: str | None
    media_type: str
    pages: int
    tables: int
    unread_pages: int  # pages that are pictures, left to recognition


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    aside.write_bytes(data)
    aside.replace(target)


def content(path: str, member: tuple[int, ...], sha256: str) -> bytes:
    """The bytes of an input, known to be those that were offered. Raises ReadFailure when they are not, or cannot be had."""
    from pipelines.read.inputs import InputRef, load

    try:
        data = load(InputRef(os.path.basename(path), Path(path), member))
    except OSError as error:
        raise ReadFailure("unreadable", f"The file could not be opened ({error.strerror}); check its rights.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ReadFailure("unreadable", "The file changed between being offered and being read; offer it again.")
    return data


def _summary(document: Document) -> Read:
    unread = 0
    if document.media_type == PDF:
        from pipelines.read.pdf.scan_reader import pages_to_recognise

        unread = len(pages_to_recognise(document))
    return Read(
        document.sha256, document.status, document.reason, document.detail, document.media_type, len(document.pages),
        len(document.tables), unread)


def read_file(path: str, member: tuple[int, ...], sha256: str, target: str) -> Read:
    """Read a file, or a member of an archive, and lay the reading down at `target`."""
    from pipelines.read.reader import read_bytes

    document = read_bytes(content(path, member, sha256), os.path.basename(path))
    write_whole(Path(target), encode(document))
    return _summary(document)


def recognise_file(path: str, member: tuple[int, ...], sha256: str, target: str) -> Read:
    """The second pass: recognise the pictures of a PDF whose first reading lies at `target`, and lay the whole down in its place."""
    from pipelines.read.pdf.scan_reader import read_scanned_pdf

    data = content(path, member, sha256)
    document = read_scanned_pdf(data, sha256, len(data), decode(Path(target).read_bytes()))
    write_whole(Path(target), encode(document))
    return _summary(document)


def understand_file(reading: str, target: str) -> tuple[str | None, int | None, str | None, int]:
    """Understand a reading and lay the result down at `target`; returns publisher, year, document kind and the number of tables."""
    from pipelines.understand.understand import encode_understood, understand

    understood = understand(decode(Path(reading).read_bytes()))
    write_whole(Path(target), encode_understood(understood))
    context = understood.context
    return (
        context.entity_name if context else None, context.fiscal_year if context else None, context.document_kind if context else None,
        len(understood.tables))


def tabulate_file(understood_path: str) -> dict[str, pl.DataFrame]:
    """Frames by relation of one understood document, normalised and audited."""
    from pipelines.audit.audit import audit
    from pipelines.normalise.accept import accept
    from pipelines.normalise.normalise import normalise
    from pipelines.understand.understand import decode_understood

    understood = decode_understood(Path(understood_path).read_bytes())
    return accept([audit(normalise(understood), understood)])

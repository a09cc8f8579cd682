"""One file in, one Document out: sniff, read, take personal data out.

Here: the choice of the reader and the turning of expected failures into quarantined Documents. Not here: listing inputs (inputs),
time and memory limits (workers), reading itself.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Final

import msgspec

from pipelines.read import sniff as types
from pipelines.read.characters import decode
from pipelines.read.document import Block, Document, PageReading, RawTable, document_of
from pipelines.read.docx import read_docx, unread_parts
from pipelines.read.failure import ReadFailure
from pipelines.read.html import read_html, read_mhtml
from pipelines.read.inputs import InputRef, load
from pipelines.read.limits import DEFAULT, MIB, Limits
from pipelines.read.personal import LABEL_FILES
from pipelines.read.privacy import scrub_document
from pipelines.read.text import read_text
from pipelines.read.xlsx import read_xlsx
from pipelines.read.xml_workbook import read_xml_workbook

READER_VERSION: Final = "7"  # raise it when any reader's output changes: the stage version of reading

REFERENCE_FILES: Final = (*LABEL_FILES, "cjk_variants.csv")  # what readings depend on beside the code


def read_document(path: Path, limits: Limits = DEFAULT) -> Document:
    """Read one file. Never raises for what is wrong with the document: then `status` is `quarantined`, with `reason` and `detail`.

    Raises OSError when the file cannot be opened: that is the machine's matter, not the document's.
    """
    return read_input(InputRef(path.name, path), limits)


def read_input(ref: InputRef, limits: Limits = DEFAULT) -> Document:
    """Read one input as `expand` lists them, archive members included. Raises OSError like `read_document`.

    An input that is no file, or may not be opened, gives a Document with an empty `sha256`: it has no content to speak of.
    """
    try:
        data = load(ref, limits)
    except ReadFailure as failure:
        sha256, size = _digest(ref) if failure.reason not in ("unreadable", "not_a_document", "unsupported") else ("", 0)
        return _quarantined(sha256, size, types.UNKNOWN, failure)
    return read_bytes(data, ref.name, limits)


def _digest(ref: InputRef) -> tuple[str, int]:
    """SHA-256 and size of an input that is not read: of the file, or of the archive's bytes and the member's place in it."""
    digest = hashlib.sha256()
    with ref.path.open("rb") as stream:
        while chunk := stream.read(MIB):
            digest.update(chunk)
    if ref.member:
        digest.update(repr(ref.member).encode())
    return digest.hexdigest(), ref.path.stat().st_size


def read_bytes(data: bytes, name: str, limits: Limits = DEFAULT) -> Document:
    """Read a document from its bytes. `name` is used in messages only, never to decide what the bytes are."""
    sha256 = hashlib.sha256(data).hexdigest()
    media_type = types.UNKNOWN
    try:
        if len(data) > limits.max_bytes:
            found = f"{len(data) // MIB} MiB, more than the limit of {limits.max_bytes // MIB} MiB"
            raise ReadFailure("too_large", f"The file has {found}; raise the limit to read it.")
        media_type = types.sniff(data)
        document = _read(data, media_type, sha256, limits)
    except ReadFailure as failure:
        return _quarantined(sha256, len(data), media_type, failure)
    return scrub_document(document)


def _quarantined(sha256: str, size: int, media_type: str, failure: ReadFailure) -> Document:
    return Document(
        sha256=sha256, bytes=size, media_type=media_type, status="quarantined", reason=failure.reason, detail=failure.detail,
        reader_version=READER_VERSION,
    )


def _read(data: bytes, media_type: str, sha256: str, limits: Limits) -> Document:
    if media_type == types.PDF:
        from pipelines.read.pdf.reader import read_pdf  # brings camelot and OpenCV: only where there is a PDF

        return msgspec.structs.replace(read_pdf(data, sha256=sha256, n_bytes=len(data)), reader_version=READER_VERSION)
    started = time.process_time()
    if media_type in (types.XLSX, types.XLS, types.XLSB, types.ODS):
        blocks, pages = read_xlsx(data, limits)
    elif media_type == types.XML_SHEET:
        blocks, pages = read_xml_workbook(data)
    else:
        blocks = _flowing(data, media_type, limits)
        tables = sum(1 for block in blocks if isinstance(block, RawTable))
        cpu_ms = round((time.process_time() - started) * 1000, 2)
        note = unread_parts(data) if media_type == types.DOCX else None
        pages = [PageReading(page=1, path="flow" if blocks else "empty", tables=tables, cpu_ms=cpu_ms, note=note)]
    return document_of(
        blocks, sha256=sha256, n_bytes=len(data), media_type=media_type, pages=tuple(pages), reader_version=READER_VERSION,
    )


def _flowing(data: bytes, media_type: str, limits: Limits) -> list[Block]:
    """Blocks of a format without pages, or ReadFailure with the reason why not."""
    if media_type == types.DOCX:
        return read_docx(data, limits)
    if media_type == types.HTML:
        return read_html(data)
    if media_type == types.MHTML:
        return read_mhtml(data)
    if media_type == types.TEXT:
        found = decode(data)
        if found is None:
            raise ReadFailure("corrupt", "The bytes are no text in UTF-8, GB18030 or UTF-16; fetch the file again.")
        if found[0].count("\t") + found[0].count("\n") > limits.max_cells:
            raise ReadFailure("too_large", f"The text has more than {limits.max_cells} lines and cells; it is no disclosure.")
        return read_text(found[0])
    if media_type in (types.DOC, types.WPS, types.RTF, types.ODT):
        from pipelines.read.office import to_docx

        return read_docx(to_docx(data, media_type, limits), limits)
    if media_type in types.IMAGES:
        raise ReadFailure("scanned", "The file is a picture; its text has to be recognised (OCR) before it can be read.")
    if media_type == types.ZIP:
        raise ReadFailure("archive", "The file is an archive; its members are inputs of their own.")
    if media_type == types.UNKNOWN:
        raise ReadFailure("not_a_document", "The bytes are of no known document format and no text; nothing was read.")
    if media_type in types.ARCHIVES:
        raise ReadFailure("unsupported", f"Archives of type {media_type} are not opened; unpack it, or hand it in as .zip.")
    raise ReadFailure("unsupported", f"Files of type {media_type} are not read; convert it to PDF, Word, Excel or HTML.")

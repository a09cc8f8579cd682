"""What a file is, from its bytes and never from its name.

Here: media types, told apart by signatures, by the parts of ZIP and OLE containers, and by decoding. Not here: reading.

Names lie: `.xls` that are xlsx, `.pdf` that are HTML and `.doc` that are HTML or RTF are common on government sites.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO, Final

import msgspec
import olefile

from pipelines.read.characters import decode
from pipelines.read.failure import ReadFailure
from pipelines.read.package import DAMAGE

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
DOC: Final = "application/msword"
WPS: Final = "application/vnd.ms-works"
XLS: Final = "application/vnd.ms-excel"
RTF: Final = "application/rtf"
HTML: Final = "text/html"
TEXT: Final = "text/plain"
ZIP: Final = "application/zip"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
TIFF: Final = "image/tiff"
IMAGES: Final = frozenset({PNG, JPEG, TIFF, "image/gif", "image/bmp", "image/webp"})
XML_SHEET: Final = "application/vnd.ms-excel+xml"  # Excel 2003's XML; systems of record export it as .xls
MHTML: Final = "multipart/related"
JSON: Final = "application/json"
OFD: Final = "application/ofd"  # 版式文档 (GB/T 33190): a ZIP package
ARCHIVES: Final = frozenset({"application/vnd.rar", "application/x-7z-compressed", "application/gzip"})  # told, not opened
UNKNOWN: Final = "application/octet-stream"

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"II*\x00", TIFF), (b"MM\x00*", TIFF), (b"GIF8", "image/gif"),
    (b"Rar!\x1a\x07", "application/vnd.rar"), (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"), (b"\x1f\x8b", "application/gzip"),
    (b"%!PS", "application/postscript"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TAG: Final = re.compile(
    r"<\s*(?:!doctype\s+html|html|head|body|table|tbody|tr|td|div|p|span|meta|title|script|style|center|font|h[1-6]|ul|ol|br|img|a\s)",
    re.IGNORECASE,
)
_OPENED: Final = re.compile(r"<(?:html|body|table|!doctype html)[\s>]", re.IGNORECASE)
_CLOSED: Final = re.compile(r"</(?:html|body|table)\s*>", re.IGNORECASE)
_XML_START: Final = re.compile(r"\s*<\?xml[^>]*\?>", re.IGNORECASE)
_COMMENT: Final = re.compile(r"\s*(?:<!--.*?-->\s*)+", re.DOTALL)


def sniff(data: bytes) -> str:
    """The media type of a file's bytes. Raises ReadFailure (empty, encrypted, corrupt) where the bytes end the matter at once."""
    if not data or not data.strip(b"\0 \t\r\n"):
        raise ReadFailure("empty", "The file is empty (no bytes but blanks); fetch it again.")
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return zip_type(io.BytesIO(data))
    if data.startswith(_OLE):
        return _ole_type(data)
    if data.startswith(b"BM") and len(data) > 26 and int.from_bytes(data[2:6], "little") == len(data):
        return "image/bmp"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:8].lstrip().startswith(b"{\\rtf"):
        return RTF
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    return _text_type(data)


def _text_type(data: bytes) -> str:
    """HTML, plain text, or unknown. A web page saved as one file (MHTML) and XML are text by encoding only."""
    found = decode(data)
    if found is None:
        # a page of mixed encodings (an included GBK footer in a UTF-8 page) still is HTML
        return HTML if _TAG.search(data[:4096].decode("latin-1")) and data.lstrip()[:1] == b"<" else UNKNOWN
    text = found[0]
    head = text[:200_000]
    start = _COMMENT.sub("", head.lstrip("\ufeff"), count=1).lstrip()
    if _XML_START.match(start):
        body = _COMMENT.sub("", _XML_START.sub("", start, count=1), count=1).lstrip()
        if "urn:schemas-microsoft-com:office:spreadsheet" in body[:4000]:
            return XML_SHEET
        return HTML if _TAG.match(body) else "application/xml"
    if _TAG.match(start):
        return HTML
    if re.match(r"(?:MIME-Version|From|Content-Type):", start, re.IGNORECASE) and "multipart/related" in start[:2000].lower():
        return MHTML
    if start[:1] in ("{", "[") and _is_json(text):
        return JSON
    # a fragment that starts with text; converters' plain text holds a stray <b> or <p> but no table or page skeleton
    return HTML if _OPENED.search(head) and _CLOSED.search(text) else TEXT


def _is_json(text: str) -> bool:
    """Whether a text is data, one JSON object or array: what a site hands its own scripts, no document."""
    try:
        msgspec.json.decode(text.lstrip("\ufeff"))
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def zip_type(stream: IO[bytes]) -> str:
    """An Office package by its main parts, else ZIP. Raises ReadFailure(corrupt) where the directory at the end is missing or damaged."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            odf = archive.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in names else ""
    except DAMAGE as error:
        raise ReadFailure("corrupt", f"The file is a damaged ZIP package ({error}); fetch it again.") from error
    if odf.startswith("application/vnd.oasis.opendocument"):
        return odf
    if "OFD.xml" in names:
        return OFD
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            return DOCX
        if "xl/workbook.bin" in names:
            return XLSB
        if any(name.startswith("xl/") for name in names):
            return XLSX
        if any(name.startswith("ppt/") for name in names):
            return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    return ZIP


def _ole_type(data: bytes) -> str:
    """An old Office file by its streams; refuses encrypted ones (by flag, not by attempt)."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {"/".join(path).lower() for path in ole.listdir()}
            if "encryptedpackage" in streams:
                raise ReadFailure("encrypted", "The Office file is encrypted with a password; ask the publisher for an open copy.")
            if "worddocument" in streams:
                head = ole.openstream("WordDocument").read(12)
                if len(head) == 12 and head[11] & 1:  # FIB base, fEncrypted ([MS-DOC] 2.5.2)
                    raise ReadFailure("encrypted", "The Word file is encrypted with a password; ask the publisher for an open copy.")
                return DOC
            workbook = next((name for name in ("workbook", "book") if name in streams), None)
            if workbook is not None:
                if _has_filepass(ole.openstream(workbook).read(4096)):
                    raise ReadFailure("encrypted", "The Excel file is encrypted with a password; ask the publisher for an open copy.")
                return XLS
            if "matost" in streams or "contents" in streams:
                return WPS
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise ReadFailure("corrupt", f"The old Office file's container is damaged ({error}); fetch it again.") from error
    return "application/x-ole-storage"


def _has_filepass(head: bytes) -> bool:
    """Whether a BIFF stream begins with a FILEPASS record ([MS-XLS] 2.4.117), which stands right after BOF and its like."""
    position = 0
    while position + 4 <= len(head):
        kind = int.from_bytes(head[position:position + 2], "little")
        size = int.from_bytes(head[position + 2:position + 4], "little")
        if kind == 0x2F:
            return True
        if kind in (0x85, 0x0A):  # first sheet, or the end
            return False
        position += 4 + size
    return False

"""Safety of Office Open XML packages (.docx, .xlsx) before any library opens them.

Here: size limits on what really unpacks, and refusal of XML with document types or entities (ECMA-376 part 2 forbids them). Not here:
reading the parts, ordinary archives.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from pipelines.read.failure import ReadFailure
from pipelines.read.limits import MIB, Limits

_DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK: Final = 1 * MIB
# what zipfile raises for damaged packages: a directory that points before the file's beginning gives ValueError
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)
_OVERLAP: Final = 16  # a document type split between two chunks is still seen


def check_package(data: bytes, limits: Limits) -> list[str]:
    """Names of the parts, after every part was unpacked once and looked at.

    Raises ReadFailure: too_large (more than `limits` allow comes out, whatever the directory says), corrupt (no readable ZIP, or XML
    with a document type), encrypted (parts under a ZIP password).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            if len(members) > limits.max_members * 5:
                raise ReadFailure("too_large", f"The Office file has {len(members)} parts, more than any document; it was not opened.")
            total = 0
            for member in members:
                if member.flag_bits & 1:
                    raise ReadFailure("encrypted", "The Office file's parts are encrypted; ask the publisher for an open copy.")
                total = _unpack_and_look(package, member, total, len(data), limits)
            return [member.filename for member in members]
    except DAMAGE as error:
        raise ReadFailure("corrupt", f"The Office file's package is damaged ({error}); fetch or save it again.") from error


def _unpack_and_look(package: zipfile.ZipFile, member: zipfile.ZipInfo, total: int, packed: int, limits: Limits) -> int:
    """Unpack one part in pieces; returns the running total of bytes."""
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    tail = b""
    first = True
    utf16 = False
    with package.open(member) as part:
        while chunk := part.read(_CHUNK):
            total += len(chunk)
            ratio = total / max(1, packed)
            if total > limits.max_total or (total > limits.ratio_from and ratio > limits.max_ratio):
                found = f"{total // MIB} MiB from {packed // 1024} KiB"
                raise ReadFailure("too_large", f"The Office file unpacks to more than {found}, as archive bombs do; it was not opened.")
            if is_xml:
                if first:
                    utf16 = chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:8]
                if _has_doctype(tail + chunk, utf16):
                    found = "declares XML entities or a document type, which Office files may not"
                    raise ReadFailure("corrupt", f"Part {member.filename!r} {found}; it was not opened.")
                tail = chunk[-_OVERLAP:]
                first = False
    return total


def _has_doctype(data: bytes, utf16: bool) -> bool:
    if utf16:
        return bool(_DOCTYPE.search(data.replace(b"\0", b"")))
    return bool(_DOCTYPE.search(data))

"""Whether a PDF declares optional content (layers): its catalog has /OCProperties then (ISO 32000, 8.11.4).

Here: that question, asked of the file's bytes because pdfium does not answer it. Not here: what is switched off (`layers`).
"""

from __future__ import annotations

import mmap
import re
import zlib
from pathlib import Path
from typing import Final

_DECLARED: Final = b"/OCProperties"
_PACKED: Final = re.compile(rb"/ObjStm\b[^<>]{0,300}(?:<<[^<>]{0,300}>>[^<>]{0,300})?>>\s*stream\r?\n")


def declares_layers(source: Path | bytes) -> bool:
    """Whether a file declares optional content, be it in a compressed object stream."""
    if isinstance(source, bytes):
        return _declares(source)
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return _declares(data)


def _declares(data: bytes | mmap.mmap) -> bool:
    if data.find(_DECLARED) >= 0:
        return True
    for found in _PACKED.finditer(data):
        try:
            if _DECLARED in zlib.decompressobj().decompress(data[found.end() : data.find(b"endstream", found.end())]):
                return True
        except zlib.error:  # encrypted, or packed in a way of its own
            return True
    return False

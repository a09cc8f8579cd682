"""A stand-in for Chinese fonts that a PDF names but does not carry: a document is read alike on every machine, whatever fonts it has.

Without any glyph pdfium takes such text to be empty and leaves single characters, and all text that runs up or down the page,
out of the text layer; with a font of the system their boxes differ from machine to machine. What the characters are is known without a
font; only an outline is missing. So: one font in which every character is the same box. Other fonts that a document does not carry are
pdfium's own substitutes.

Here: that font, and its registration with pdfium (once a process). Not here: embedded fonts, which never come this way.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final

from pypdfium2 import PdfiumError, PdfSysfontBase

_HANDLE: Final = 0x59555341  # any value that is no pointer of pdfium's own
_EAST_ASIAN: Final = frozenset({128, 129, 134, 136})  # Windows charsets: Shift JIS, Hangul, GB 2312, Big5
_EM: Final = 1000
_WHOLE_FILE: Final = 0


class _StandIn(PdfSysfontBase):
    """The box font for Chinese, Japanese and Korean, none of the system's for the rest. Names and arguments are pdfium's."""

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> Any:
        return _HANDLE if charset in _EAST_ASIAN else None

    def GetFontData(self, _: Any, font: Any, table: int, buffer: Any, size: int) -> int:
        data = box_font() if font == _HANDLE and table == _WHOLE_FILE else b""
        if buffer and size >= len(data):
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    def GetFaceName(self, _: Any, font: Any, buffer: Any, size: int) -> int:
        return 0

    def GetFontCharset(self, _: Any, font: Any) -> int:
        return 134

    def DeleteFont(self, _: Any, font: Any) -> None:
        """Nothing to give back: the font is this module's."""


@cache
def offer() -> None:
    """Register the stand-in with pdfium; later calls do nothing. A handler that someone else installed is kept."""
    with suppress(PdfiumError):  # a platform without a font search of its own
        if PdfSysfontBase.SINGLETON is None:
            _StandIn().setup(reusable=True)


@contextmanager
def withdrawn() -> Iterator[None]:
    """Without the stand-in, for pictures of documents opened within: pdfium's own substitutes at least show digits."""
    handler = PdfSysfontBase.SINGLETON
    if not isinstance(handler, _StandIn):
        yield
        return
    handler.close(reusable=True)
    try:
        yield
    finally:
        handler.setup(reusable=True)


@cache
def box_font() -> bytes:
    """A TrueType font with a blank and a box; every character is the box (cmap format 13)."""
    box = struct.pack(">hhhhhHH4B", 1, 40, -100, 960, 840, 3, 0, 1, 1, 1, 1)  # one contour of four points on the curve
    box += struct.pack(">4h4h", 40, 920, 0, -920, -100, 0, 940, 0)
    box += b"\0" * (-len(box) % 4)
    subtable = struct.pack(">HHIIIIII", 13, 0, 28, 0, 1, 0x21, 0xFFEF, 1)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable,
        b"glyf": box,
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, _EM, 0, 0, 40, -100, 960, 840, 0, 8, 2, 1, 0,
        ),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, 860, -140, 0, _EM, 40, 40, 960, 1, 0, 0, 0, 0, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", _EM, 0, _EM, 40),
        b"loca": struct.pack(">III", 0, 0, len(box)),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    offset = 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, data in tables.items():
        directory += struct.pack(">4sIII", tag, _checksum(data), offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, len(tables) * 16 - 64) + directory + body


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    return sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF

"""Characters of flowing formats (Word, Excel, HTML, text): what is invisible goes, what is printed stays.

Here: decoding of bytes in an unknown Chinese encoding, and cleaning of one piece of text. Not here: CJK radicals of PDFs, numbers.
"""

from __future__ import annotations

import re
from typing import Final

# zero-width marks, soft hyphen, direction marks, BOM: no reader of the page sees them
_INVISIBLE: Final = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), 0x2060, 0xFEFF])
_BLANKS: Final = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_TABLE: Final = {**_INVISIBLE, **_BLANKS, 0x2028: "\n", 0x2029: "\n", 0x0B: "\n", 0x0C: "\n", 0x85: "\n"}
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NOISE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_RUNS: Final = re.compile(r"[ \t]+")
_BREAKS: Final = re.compile(r" *(?:\r\n|\r|\n) *(?:(?:\r\n|\r|\n) *)*")

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def clean(text: str) -> str:
    """One cell's or line's text: invisible characters out, blanks of every width one blank, line breaks kept as a single `\\n`."""
    text = _CONTROLS.sub("", text.translate(_TABLE))
    return _BREAKS.sub("\n", _RUNS.sub(" ", text)).strip()


def indented(text: str) -> str | None:
    """The text with its leading blanks where it has any, else None: they show the level of a row's label (缩进), which `clean` drops."""
    text = _CONTROLS.sub("", text.translate(_TABLE)).strip("\r\n").rstrip()
    return text if text[:1] in (" ", "\t") and "\n" not in text else None


def decode(data: bytes, declared: str | None = None) -> tuple[str, str] | None:
    """Text and the encoding that gave it, or None when the bytes are no text in an encoding used in China.

    A byte order mark decides; then UTF-8, which wrong bytes practically never satisfy; then what the document declares; then
    UTF-16 without a mark (half the bytes of plain figures are zero); last GB18030, the superset of GBK and GB2312. A GB18030
    reading full of private or control characters is refused: some other encoding or no text at all.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _attempt(data, encoding)
    if b"\0" in data[:4096]:
        wide = next((found for found in (_attempt(data, e) for e in _utf16_order(data)) if found and plausible(found[0])), None)
        if wide:
            return wide
    candidates = ["utf-8", *([declared] if declared else []), "gb18030"]
    for encoding in candidates:
        found = _attempt(data, "gb18030" if encoding.lower() in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else encoding)
        if found and plausible(found[0]):
            return found
    return None


def plausible(text: str) -> bool:
    """Whether decoded text is writing rather than noise: at most two in a hundred control, private or replacement characters."""
    sample = text[:20_000]
    if not sample:
        return True
    return len(_NOISE.findall(sample)) * 50 <= len(sample)


def _attempt(data: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        return data.decode(encoding), encoding
    except (UnicodeDecodeError, LookupError):
        pass
    if encoding != "gb18030" or len(data) < 4096:
        return None
    # a long GB18030 text with a byte or two damaged is still that text; a few marks are better than losing it
    text = data.decode(encoding, errors="replace")
    return (text, encoding) if text.count("\ufffd") * 500 <= len(text) else None


def _utf16_order(data: bytes) -> tuple[str, str]:
    """Little or big endian first, by where the zero bytes of ASCII characters stand."""
    sample = data[:4096]
    return ("utf-16-le", "utf-16-be") if sample[1::2].count(0) >= sample[0::2].count(0) else ("utf-16-be", "utf-16-le")

"""File names and printed text made harmless: for a terminal, for JSON, for Markdown.

A name on disk may hold any byte but NUL and the slash. Here: how it is shown. Not here: how a file is opened (by its real name).
"""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~!&$])")


def valid_unicode(text: str) -> str:
    """Text that encodes as UTF-8: the bytes of a name that were none (surrogate escapes) stand as \\udcNN."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def printable(value: object) -> str:
    """Any value as one line that is safe on a terminal: controls, bidirectional marks and surrogates are escaped."""
    text = value if isinstance(value, str) else str(value)
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode("ascii") if unicodedata.category(character) in _UNSAFE else character
        for character in text
    )


def markdown(value: object) -> str:
    """Any value as literal text inside a Markdown table's cell."""
    return _MARKDOWN.sub(r"\\\1", printable(value))

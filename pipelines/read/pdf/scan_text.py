"""Recognised lines → the text of a cell, with its doubt.

Here: joining lines, telling numbers that are none. Not here: recognition (`ocr`), where lines stand (`ocr_lines`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from pipelines.read.pdf.ocr import Reading

DOUBTFUL = 0.5  # the most confidence a cell has that looks like a number and does not parse as one
_AMOUNT = re.compile(r"[-−–—+]?[(（]?[-−]?[¥￥]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?[)）]?%?|[-−–—+]?[(（]?[-−]?[¥￥]?\d+(?:\.\d+)?[)）]?%?")
_NUMERIC_SHARE = 0.6
_DOTS = frozenset(".,'`·•。、:;\"")
LONGEST_WITH_ALTERNATIVES = 30  # other readings matter for amounts, codes and names, not for paragraphs


def joined(readings: list[Reading]) -> tuple[str, float, tuple[str, ...]]:
    """The lines of one cell as one text, its confidence, and the other readings of the whole cell."""
    parts = [reading for reading in readings if reading.text]
    if not parts:
        return "", 1.0, ()
    text = "".join(part.text for part in parts)
    if text.count("(") != text.count(")") and ("（" in text or "）" in text):
        text = text.replace("(", "（").replace(")", "）")  # a pair was read in two widths; which one is printed cannot be told
    if len(text) < 3 and all(c in _DOTS for c in text):
        return "", DOUBTFUL, (text,)  # dust in a blank cell
    others = () if len(text) > LONGEST_WITH_ALTERNATIVES else tuple(
        "".join(alternative if j == i else part.text for j, part in enumerate(parts))
        for i, chosen in enumerate(parts) for alternative in chosen.alternatives
    )
    confidence = min(part.confidence for part in parts)
    if looks_numeric(text) and not is_number(text):
        confidence = min(confidence, DOUBTFUL)
    return text, confidence, others[:4]


def doubtful(reading: Reading, *others: str) -> Reading:
    """A reading that something on the page, or another reading of the same line, speaks against; its text stays."""
    alternatives = tuple(dict.fromkeys(other for other in (*others, *reading.alternatives) if other and other != reading.text))
    return replace(reading, confidence=min(reading.confidence, DOUBTFUL), alternatives=alternatives)


def looks_numeric(text: str) -> bool:
    """Mostly digits and what stands between them, so that it was meant as one number."""
    dense = "".join(unicodedata.normalize("NFKC", text).split())
    return sum(c.isdigit() or c in ",.%-()" for c in dense) >= _NUMERIC_SHARE * len(dense) and any(c.isdigit() for c in dense)


def is_number(text: str) -> bool:
    """Whether a text is one printed number: grouped right or not at all, one decimal point, an optional sign, brackets or %.

    A blank inside is none: it stands where a point or a digit was not recognised as often as it stands on the page.
    """
    return _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None

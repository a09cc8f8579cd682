"""Chinese characters that fonts map to look-alikes: radicals and compatibility forms → the characters they stand for.

The pairs are data: `schemas/reference/cjk_variants.csv` (variant, character, kind). NFKC knows only the Kangxi radicals and
compatibility ideographs, and turns some into traditional forms. Nothing else of a text is changed: widths stay as printed.
"""

from __future__ import annotations

from functools import cache

from schemas.reference import rows


@cache
def _table() -> dict[int, str]:
    return {ord(row["variant"]): row["character"] for row in rows("cjk_variants.csv")}


def normalised(text: str) -> str:
    """`text` with look-alikes replaced; the same object when it is ASCII."""
    return text if text.isascii() else text.translate(_table())

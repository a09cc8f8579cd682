"""Chinese characters that fonts map to look-alikes: radicals and compatibility forms → the characters they stand for.

The pairs are data: `schemas/reference/cjk_variants.csv` (variant, character, kind). NFKC knows only the Kangxi radicals and
compatibility ideographs, and turns some into traditional forms. Nothing else of a text is changed: widths stay as printed.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from schemas.reference import rows


@cache
def _table() -> dict[int, str]:
    return {ord(row["variant"]): row["character"] for row in rows("cjk_variants.csv")}


@cache
def _variants() -> npt.NDArray[np.bool_]:
    """By code point below 0x10000, whether it is a look-alike; the last one stands for all above, of which some are."""
    out = np.zeros(0x10000, bool)
    out[[min(code, 0xFFFF) for code in _table()]] = True
    out[0xFFFF] = True
    return out


def without_variants(codes: npt.NDArray[np.uint32]) -> bool:
    """Whether no text made of these code points has anything to replace."""
    return not _variants()[np.minimum(codes, 0xFFFF)].any()


def normalised(text: str) -> str:
    """`text` with look-alikes replaced; the same object when it is ASCII."""
    return text if text.isascii() else text.translate(_table())

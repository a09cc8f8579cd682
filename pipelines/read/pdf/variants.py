"""Chinese characters that fonts map to look-alikes: radicals and compatibility forms → the characters they stand for.

The pairs are data: `schemas/reference/cjk_variants.csv` (variant, character, kind). NFKC knows only the Kangxi radicals and
compatibility ideographs, and turns some into traditional forms. Nothing else of a text is changed: widths stay as printed.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def _table() -> dict[int, str]:
    source = resources.files("schemas").joinpath("reference", "cjk_variants.csv")
    with source.open(encoding="utf-8", newline="") as lines:
        return {ord(row["variant"]): row["character"] for row in csv.DictReader(lines)}


def normalised(text: str) -> str:
    """`text` with look-alikes replaced; the same object when there are none."""
    return text if text.isascii() else text.translate(_table())

"""Indicators of the hand-checked documents, read off several renderings of one form. Skipped where the shared documents are not."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines.normalise.normalise import normalise
from pipelines.read.reader import read_document
from pipelines.understand.understand import understand

SHARED = Path(__file__).resolve().parents[5] / "shared"
LABELS = SHARED / "truth" / "seeds_indicators.csv"
RENDERINGS = ("doc.docx", "doc.html", "song.pdf")
KEYS = ("scope", "indicator", "target", "actual", "points", "score")

pytestmark = pytest.mark.skipif(not LABELS.is_file(), reason="the shared documents are not beside this checkout")


def clean(value: object) -> str:
    text = re.sub(r"\s+|\.0+$", "", "" if value is None else str(value))
    return text.replace("(", "（").replace(")", "）")


def found(path: Path) -> Counter[tuple[str, ...]]:
    rows = normalise(understand(read_document(path)))["indicators"].to_dicts()
    fields = ("scope", "indicator", "target_text", "actual_text", "points", "score")
    return Counter(tuple(clean(row[field]) for field in fields) for row in rows)


def labelled(document: str) -> Counter[tuple[str, ...]]:
    with LABELS.open(encoding="utf-8-sig") as file:
        return Counter(tuple(clean(row[key]) for key in KEYS) for row in csv.DictReader(file) if row["doc"] == document)


@pytest.mark.parametrize("document", ["000", "001", "004"])
def test_every_labelled_indicator_is_found_and_hardly_any_other(document: str) -> None:
    (path,) = (SHARED / "corpus" / "seeds").glob(f"{document}_*")
    have, want = found(path), labelled(document)
    assert not want - have
    assert (have - want).total() <= 2


@pytest.mark.parametrize("document", ["000", "004"])
def test_word_web_and_pdf_say_the_same(document: str) -> None:
    (folder,) = (SHARED / "corpus" / "rendered").glob(f"{document}_*")
    first, *others = (found(folder / name) for name in RENDERINGS)
    assert not labelled(document) - first
    assert all(other == first for other in others)

"""Real documents, where they are at hand: nothing lost, nothing doubled, cells as in the hand-made truth."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import pytest

from pipelines.read.document import Document, RawTable
from pipelines.read.pdf.reader import read_pdf

CORPUS = Path(__file__).parents[6] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the documents are not part of the project")

Placed = Counter[tuple[int, int, int, int, str]]


def read(path: Path) -> Document:
    return read_pdf(path, sha256="0" * 64, n_bytes=path.stat().st_size)


def one_of_each_publisher() -> list[Path]:
    return [sorted(folder.glob("*.pdf"))[0] for folder in sorted((CORPUS / "real").glob("*")) if folder.is_dir()] if CORPUS.is_dir() else []


def digits_in(page: pypdfium2.PdfPage, tables: list[RawTable]) -> Counter[str]:
    """Digits of the text layer whose middle lies in a table's box: pdfium asked directly, character by character."""
    text, (width, height), turn, crop = page.get_textpage(), page.get_size(), page.get_rotation(), page.get_cropbox()
    found: Counter[str] = Counter()
    for n in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text, n))
        if not "0" <= character <= "9":
            continue
        left, bottom, right, top = text.get_charbox(n)
        x, y = (left + right) / 2 - crop[0], (bottom + top) / 2 - crop[1]
        x, y = {90: (y, x), 180: (width - x, y), 270: (width - y, height - x)}.get(turn, (x, height - y))
        found[character] += any(
            t.box is not None and t.box[0] - 1 <= x <= t.box[2] + 1 and t.box[1] - 1 <= y <= t.box[3] + 1 for t in tables
        )
    return found


@pytest.mark.parametrize("path", one_of_each_publisher(), ids=lambda p: p.parent.name)
def test_every_digit_of_the_tables_stands_in_one_cell(path: Path) -> None:
    document = read(path)
    pdf = pypdfium2.PdfDocument(path)
    for number, page in enumerate(pdf, 1):
        tables = [t for t in document.tables if t.page == number]
        have = Counter(c for t in tables for cell in t.cells for c in cell.text if "0" <= c <= "9")
        assert have == +digits_in(page, tables), f"page {number}"
        page.close()
    pdf.close()


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def expected(fragment: dict[str, Any]) -> Placed:
    """A fragment's cells; boundaries at which none of its cells begins or ends are not on the page."""
    cells = [(r, c) for r, row in enumerate(fragment["rows"]) for c in row]
    edges = sorted({c["col"] for _, c in cells} | {c["col"] + c["colspan"] for _, c in cells})
    number = {edge: n for n, edge in enumerate(edges)}
    return Counter(
        (r, number[c["col"]], c["rowspan"], number[c["col"] + c["colspan"]] - number[c["col"]], plain(c["text"])) for r, c in cells
    )


def fragments(folder: Path, rendering: str) -> Iterator[tuple[int, Placed]]:
    for table in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["tables"]:
        for fragment in table["renderings"].get(rendering, {}).get("fragments", ()):
            yield fragment["page"], expected(fragment)


@pytest.mark.parametrize("rendering", ["song", "lo"])
def test_rendered_documents_come_back_cell_by_cell(rendering: str) -> None:
    right = wanted = found = 0
    for folder in sorted((CORPUS / "rendered").glob("*")):
        document = read(folder / f"{rendering}.pdf")
        mine = [(t.page, Counter((c.row, c.column, c.row_span, c.column_span, plain(c.text)) for c in t.cells)) for t in document.tables]
        found += sum(cells.total() for _, cells in mine)
        for page, cells in fragments(folder, rendering):
            wanted += cells.total()
            right += max(((cells & other).total() for at, other in mine if at == page), default=0)
    assert 2 * right / (wanted + found) >= 0.999

"""The second opinion: which pages get one, and what disagreement does."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from drawn_tables import draw, simple_table

from pipelines.read.document import Block, Cell, Document, PageReading, RawTable, TextLine, document_of
from pipelines.read.pdf.agreement import Agreement, agreement
from pipelines.read.pdf.reader import read_pdf
from pipelines.read.pdf.sample import NO_GRID, Candidates, candidates, lowest_page, page_hash, pages_to_check, sampled
from pipelines.read.pdf.second_opinion import second_opinion, with_agreement

ROWS = [
    ["科目编码", "科目名称", "合计"], ["201", "一般公共服务支出", "1,234.56"],
    ["20103", "政府办公厅", "999.99"], ["", "合计", "2,234.55"],
]


def table(rows: list[list[str]], page: int = 1, confidence: float = 1.0) -> RawTable:
    cells = tuple(Cell(r, c, text, page=page) for r, row in enumerate(rows) for c, text in enumerate(row))
    return RawTable(len(rows), len(rows[0]), cells, "lattice", page, confidence=confidence)


def document(*blocks: Block, paths: tuple[str, ...] = ("ruled",), notes: dict[int, str] | None = None) -> Document:
    pages = tuple(PageReading(page=n, path=path, note=(notes or {}).get(n)) for n, path in enumerate(paths, 1))
    return document_of(list(blocks), sha256="ab" * 32, n_bytes=1, media_type="application/pdf", pages=pages)


def test_disagreement_lowers_the_confidence_of_its_table_only() -> None:
    pages = document(table(ROWS), table([["甲", "1"], ["乙", "2"]]), paths=("ruled",))
    other = [[text.replace("999.99", "999.93") for text in row] for row in ROWS]
    after = with_agreement(pages, [agreement(1, list(pages.tables), [table(other), table([["甲", "1"], ["乙", "2"]])])])
    assert after.tables[0].confidence == pytest.approx(0.5 + 0.5 * 10 / 11, abs=1e-3)
    assert "91%" in (after.tables[0].note or "")
    assert after.tables[1] == pages.tables[1]
    assert (after.pages[0].second_opinion, after.pages[0].cells_compared, after.pages[0].cells_agreed) == ("differs", 15, 14)


def test_a_table_that_only_the_second_reading_found_is_reported_and_not_loaded() -> None:
    before = document(TextLine("甲", page=1), TextLine("丙", page=3), paths=("prose", "prose", "prose"))
    after = with_agreement(before, [agreement(2, [], [table(ROWS, 2)])])
    assert after.blocks == before.blocks
    assert after.pages[1].second_opinion == "differs"
    assert "1 more table" in (after.pages[1].note or "")


def test_no_answer_is_recorded_and_lowers_nothing() -> None:
    before = document(table(ROWS))
    after = with_agreement(before, [Agreement(1, failure="timeout")])
    assert after.tables == before.tables
    assert (after.pages[0].second_opinion, after.pages[0].note) == ("no answer", "no second reading: timeout")
    assert with_agreement(before, [agreement(1, before.tables, [])]).pages[0].second_opinion == "no answer"


def test_the_sample_is_the_same_on_every_run_and_as_large_as_asked_for() -> None:
    drawn = [sampled(f"{n:016x}", page, 0.05) for n in range(100) for page in range(1, 101)]
    assert drawn == [sampled(f"{n:016x}", page, 0.05) for n in range(100) for page in range(1, 101)]
    assert 400 < sum(drawn) < 600
    assert not any(sampled("a", page, 0.0) for page in range(100))


def test_pages_with_rules_and_no_grid_are_always_checked_and_prose_never() -> None:
    one = candidates(document(paths=("prose", "ruled", "prose"), notes={3: NO_GRID}))
    assert pages_to_check(one, share=1e-9) == [3]
    assert pages_to_check(one, share=1.0) == [2, 3]
    assert pages_to_check(one, share=0.0) == []


def test_the_lowest_page_is_the_first_that_a_growing_sample_draws() -> None:
    many = Candidates("ab", ruled=tuple(range(1, 30)))
    page = lowest_page(many)
    assert page is not None
    assert pages_to_check(many, page_hash("ab", page) / 2**64 * 1.001) == [page]
    assert lowest_page(Candidates("ab")) is None


def test_stock_camelot_confirms_a_ruled_page(tmp_path: Path) -> None:
    data = draw([[simple_table(ROWS)]])
    path = tmp_path / "table.pdf"
    path.write_bytes(data)
    first = read_pdf(data, sha256=sha256(data).hexdigest(), n_bytes=len(data))
    found = second_opinion(path, 1, first.tables)
    assert (found.cells, found.same, found.confirmed) == (11, 11, 11)
    after = with_agreement(first, [found])
    assert after.tables == first.tables
    assert after.pages[0].second_opinion == "agrees"


def test_a_wrong_first_reading_is_noticed() -> None:
    """The same page, with a digit of the first reading changed."""
    data = draw([[simple_table(ROWS)]])
    wrong = table([[text.replace("1,234.56", "1,234.50") for text in row] for row in ROWS])
    assert with_agreement(document(wrong), [second_opinion(data, 1, [wrong])]).tables[0].confidence < 1

"""The second opinion: which pages get one, how two readings are compared, and what disagreement does."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from drawn_tables import draw, simple_table

from pipelines.read.document import Block, Cell, Document, PageReading, RawTable, TextLine, document_of
from pipelines.read.pdf.reader import NO_GRID, read_pdf
from pipelines.read.pdf.second_opinion import agreement, give_second_opinion, pages_to_check, sampled, with_agreement

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


def test_two_equal_readings_agree_on_every_cell() -> None:
    found = agreement(1, [table(ROWS)], [table(ROWS)])
    assert (found.cells, found.same, found.same_text, found.share, found.by_table) == (11, 11, 11, 1.0, (1.0,))


def test_a_changed_digit_is_one_cell_that_disagrees() -> None:
    other = [[text.replace("999.99", "999.93") for text in row] for row in ROWS]
    found = agreement(1, [table(ROWS)], [table(other)])
    assert (found.same, found.same_text) == (10, 10)
    assert found.share == pytest.approx(10 / 11)


def test_a_moved_figure_agrees_as_text_but_not_in_place() -> None:
    moved = [*ROWS[:2], ["20103", "999.99", "政府办公厅"], ROWS[3]]
    found = agreement(1, [table(ROWS)], [table(moved)])
    assert (found.same, found.same_text) == (9, 11)


def test_a_title_row_more_and_other_widths_of_characters_do_not_matter() -> None:
    other = [["部门支出总表", "", ""], *[[text.replace(",", "，") for text in row] for row in ROWS]]
    found = agreement(1, [table(ROWS)], [table(other)])
    assert (found.same, found.same_text, found.only_there) == (11, 11, ())


def test_neighbours_run_together_confirm_every_character() -> None:
    fused = [ROWS[0], ["201一般公共服务支出", "", "1,234.56"], ["20103", "政府办公厅", ""], ["", "合计", "999.992,234.55"]]
    found = agreement(1, [table(ROWS)], [table(fused)])
    assert found.same_text == found.cells
    assert found.same < found.cells


def test_one_table_cut_in_two_is_still_the_same_text() -> None:
    found = agreement(1, [table(ROWS)], [table(ROWS[:2]), table(ROWS[2:])])
    assert found.share == 1.0
    assert found.only_there == ()


def test_a_table_nobody_saw_before_is_reported_and_added_where_the_page_had_none() -> None:
    found = agreement(2, [], [table(ROWS, 2)])
    assert found.share == 0.0
    before = document(TextLine("甲", page=1), TextLine("丙", page=3), paths=("prose", "prose", "prose"))
    after = with_agreement(before, [found])
    assert [block.page for block in after.blocks] == [1, 2, 3]
    assert "1 more table" in (after.pages[1].note or "")


def test_disagreement_lowers_the_confidence_of_its_table_only() -> None:
    pages = document(table(ROWS), table([["甲", "1"], ["乙", "2"]]), paths=("ruled",))
    other = [[text.replace("999.99", "999.93") for text in row] for row in ROWS]
    after = with_agreement(pages, [agreement(1, list(pages.tables), [table(other), table([["甲", "1"], ["乙", "2"]])])])
    assert after.tables[0].confidence == pytest.approx(0.5 + 0.5 * 10 / 11, abs=1e-3)
    assert "91%" in (after.tables[0].note or "")
    assert after.tables[1] == pages.tables[1]


def test_the_sample_is_the_same_on_every_run_and_as_large_as_asked_for() -> None:
    drawn = [sampled(f"{n:016x}", page, 0.05) for n in range(100) for page in range(1, 101)]
    assert drawn == [sampled(f"{n:016x}", page, 0.05) for n in range(100) for page in range(1, 101)]
    assert 400 < sum(drawn) < 600
    assert not any(sampled("a", page, 0.0) for page in range(100))


def test_pages_with_rules_and_no_grid_are_always_checked_and_prose_never() -> None:
    one = document(paths=("prose", "ruled", "prose"), notes={3: NO_GRID})
    assert pages_to_check(one, share=0.0) == [3]
    assert pages_to_check(one, share=1.0) == [2, 3]
    assert pages_to_check(one, share=0.0, at_least_one=True) == [2, 3]


def test_stock_camelot_confirms_a_ruled_page(tmp_path: Path) -> None:
    data = draw([[simple_table(ROWS)]])
    path = tmp_path / "table.pdf"
    path.write_bytes(data)
    first = read_pdf(data, sha256=sha256(data).hexdigest(), n_bytes=len(data))
    after = give_second_opinion(path, first, share=1.0)
    assert after.tables == first.tables
    assert "100.0% of 11 cells agree" in (after.pages[0].note or "")


def test_a_wrong_first_reading_is_noticed(tmp_path: Path) -> None:
    """The same page, with a digit of the first reading changed."""
    data = draw([[simple_table(ROWS)]])
    first = document(table([[text.replace("1,234.56", "1,234.50") for text in row] for row in ROWS]))
    after = give_second_opinion(data, first, share=1.0)
    assert after.tables[0].confidence < 1

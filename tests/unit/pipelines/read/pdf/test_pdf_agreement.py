"""How two readings of a page are held against one another: which cells a second text confirms, and which it does not."""

from __future__ import annotations

import pytest

from pipelines.read.document import Cell, RawTable
from pipelines.read.pdf.agreement import agreement

ROWS = [
    ["科目编码", "科目名称", "合计"], ["201", "一般公共服务支出", "1,234.56"],
    ["20103", "政府办公厅", "999.99"], ["", "合计", "2,234.55"],
]


def table(rows: list[list[str]], page: int = 1) -> RawTable:
    cells = tuple(Cell(r, c, text, page=page) for r, row in enumerate(rows) for c, text in enumerate(row))
    return RawTable(len(rows), len(rows[0]), cells, "lattice", page)


def test_two_equal_readings_agree_on_every_cell() -> None:
    found = agreement(1, [table(ROWS)], [table(ROWS)])
    assert (found.cells, found.same, found.confirmed, found.by_table, found.answered) == (11, 11, 11, (1.0,), True)


def test_a_changed_digit_is_one_cell_that_disagrees() -> None:
    other = [[text.replace("999.99", "999.93") for text in row] for row in ROWS]
    found = agreement(1, [table(ROWS)], [table(other)])
    assert (found.same, found.confirmed) == (10, 10)
    assert found.by_table == (pytest.approx(10 / 11),)


@pytest.mark.parametrize("other", ["1,234.567", "11,234.56", "1,234.5", "1,2 34.65"])
def test_a_digit_more_or_less_is_never_taken_for_two_cells_run_together(other: str) -> None:
    found = agreement(1, [table(ROWS)], [table([[text.replace("1,234.56", other) for text in row] for row in ROWS])])
    assert found.confirmed == found.cells - 1


def test_a_moved_figure_agrees_as_text_but_not_in_place() -> None:
    moved = [*ROWS[:2], ["20103", "999.99", "政府办公厅"], ROWS[3]]
    found = agreement(1, [table(ROWS)], [table(moved)])
    assert (found.same, found.confirmed) == (9, 11)


def test_a_title_row_more_and_other_widths_of_characters_do_not_matter() -> None:
    other = [["部门支出总表", "", ""], *[[text.replace(",", "，") for text in row] for row in ROWS]]
    found = agreement(1, [table(ROWS)], [table(other)])
    assert (found.same, found.confirmed, found.only_there) == (11, 11, 0)


@pytest.mark.parametrize("fused", [
    [ROWS[0], ["201一般公共服务支出", "", "1,234.56"], ["20103", "政府办公厅", ""], ["", "合计", "999.992,234.55"]],
    [ROWS[0], ["201", "一般公合共服务计支出", "1,234.562,234.55"], *[ROWS[2]]],  # the lines of two tall cells read into one another
    [["科目编码", "科目名", "称合计"], *ROWS[1:]],  # cut at another place
])
def test_neighbours_run_together_confirm_every_character(fused: list[list[str]]) -> None:
    found = agreement(1, [table(ROWS)], [table(fused)])
    assert found.confirmed == found.cells
    assert found.same < found.cells


def test_one_table_cut_in_two_is_still_the_same_text() -> None:
    found = agreement(1, [table(ROWS)], [table(ROWS[:2]), table(ROWS[2:])])
    assert (found.confirmed, found.only_there) == (11, 0)


def test_a_table_that_the_second_reader_leaves_out_says_nothing() -> None:
    found = agreement(1, [table(ROWS), table([["序号", "名称"]])], [table(ROWS)])
    assert (found.cells, found.by_table, found.answered) == (11, (1.0, None), True)
    assert not agreement(1, [table(ROWS)], []).answered
    assert agreement(1, [], []).answered  # both find that there is no table


def test_a_table_nobody_saw_before_is_counted() -> None:
    found = agreement(2, [], [table(ROWS, 2)])
    assert (found.cells, found.only_there, found.answered) == (0, 1, True)

"""Groups that only the amounts show: found where one nesting adds up, left alone where none does."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_forms import meanings

from pipelines.understand.nesting import MAX_LINES, nest


def numbers(*values: int) -> list[Decimal]:
    return [Decimal(v) for v in values]


def test_a_list_that_adds_up_as_it_stands_stays_flat() -> None:
    assert nest(numbers(1, 2, 3), Decimal(6)) == [None, None, None]


def test_groups_of_groups_are_found() -> None:
    assert nest(numbers(9, 4, 4, 5, 3, 2, 6, 6), Decimal(15)) == [None, 0, 1, 0, 3, 3, None, 6]
    assert nest(numbers(269, 269, 269), Decimal(269)) == [None, 0, 1]


@pytest.mark.parametrize("lines", [numbers(1, 2), numbers(*[1] * (MAX_LINES + 1)), []])
def test_what_does_not_add_up_is_left_alone(lines: list[Decimal]) -> None:
    assert nest(lines, Decimal(4)) in (None, [])


@given(st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=4), min_size=1, max_size=5))
def test_whatever_is_found_adds_up(groups: list[list[int]]) -> None:
    lines = [Decimal(v) for members in groups for v in (sum(members), *members)]
    total = Decimal(sum(map(sum, groups)))
    parents = nest(lines, total)
    assert parents is not None
    assert sum(v for v, p in zip(lines, parents, strict=True) if p is None) == total
    for n in set(parents) - {None}:
        assert n is not None
        assert sum(v for v, p in zip(lines, parents, strict=True) if p == n) == lines[n]


def test_a_department_above_its_units_without_codes_is_their_sum_and_no_leaf() -> None:
    text = (
        "收入总表\n\n单位：万元\n\n单位名称|总计|一般公共预算\n合计|9.00|9.00\n安宁县水务局|9.00|9.00\n安宁县水务局|6.00|6.00\n安宁县水文站|3.00|3.00\n"
    )
    assert meanings(text, "row_no", "parent_row_no", "is_leaf")[::2] == [(1, None, False), (2, 1, False), (3, 2, True), (4, 2, True)]


def test_a_line_that_is_the_printed_total_heads_the_units_after_it_though_one_of_them_is_left_out() -> None:
    text = "收入总表\n\n单位：万元\n\n单位名称|总计\n合计|9.00\n安宁县水务局|9.00\n安宁县水务局机关|5.00\n安宁县水文站|3.00\n"
    assert meanings(text, "row_no", "parent_row_no", "is_leaf") == [(1, None, False), (2, 1, False), (3, 2, True), (4, 2, True)]


def test_a_line_that_is_the_sum_of_the_projects_below_it_is_their_group() -> None:
    head = "类型|项目名称||合计|一般公共预算\n|一级项目|二级项目||\n"
    body = "特定目标类|||9.00|9.00\n|河湖管理||9.00|9.00\n||河道清淤|6.00|6.00\n||巡河人员|3.00|3.00\n"
    found = meanings(f"项目支出表\n\n单位：元\n\n{head}{body}", "row_role", "row_level", "parent_row_no", "is_leaf", "project_name")[::2]
    first = 2
    assert found == [
        ("subtotal", 0, None, False, None), ("subtotal", 1, first, False, None),
        ("detail", 2, first + 1, True, "河道清淤"), ("detail", 2, first + 1, True, "巡河人员"),
    ]


def test_a_manner_of_funding_heads_the_units_after_it() -> None:
    head = "单位编码|单位（项目）名称|项目金额\n|合计|9.00\n"
    body = "1|全额|6.00\n501001|安宁县水务局|6.00\n|河道清淤|4.00\n|巡河人员|2.00\n2|差额|3.00\n501002|安宁县水文站|3.00\n|测站维护|3.00\n"
    found = meanings(f"项目支出表\n\n单位：元\n\n{head}{body}", "row_label", "entity_name", "row_level", "parent_row_no", "row_role")
    assert found == [
        ("合计", None, 0, None, "total"),
        ("全额", None, 1, 1, "subtotal"), ("安宁县水务局", "安宁县水务局", 2, 2, "subtotal"),
        ("河道清淤", "安宁县水务局", 3, 3, "detail"), ("巡河人员", "安宁县水务局", 3, 3, "detail"),
        ("差额", None, 1, 1, "subtotal"), ("安宁县水文站", "安宁县水文站", 2, 6, "subtotal"), ("测站维护", "安宁县水文站", 3, 7, "detail"),
    ]

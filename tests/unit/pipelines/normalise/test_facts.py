"""What a fact takes from its column and row: in tables of 三公经费 the item, and with it the place among the items; how sure it is."""

import pytest
from printed_forms import facts, meanings

TITLE = "“三公”经费支出表\n\n单位：元\n\n"


def places(text: str) -> list[tuple[object, ...]]:
    return meanings(TITLE + text, "row_label", "row_role", "is_leaf")


@pytest.mark.parametrize("name", ["“三公”经费合计", "“三公”经费财政拨款预算总额"])
def test_all_three_together_are_a_total_under_any_name(name: str) -> None:
    found = places(f"单位名称|{name}|因公出国（境）费|公务接待费\n安宁县水务局|9.00|6.00|3.00\n")
    assert found == [(name, "total", False), ("因公出国（境）费", "detail", True), ("公务接待费", "detail", True)]


def test_all_three_together_are_a_part_of_a_total_that_holds_more() -> None:
    text = "合计|“三公”经费合计|因公出国（境）费|公务接待费|会议费\n11.00|9.00|6.00|3.00|2.00\n"
    assert places(text)[:2] == [("合计", "total", False), ("“三公”经费合计", "subtotal", False)]


def test_a_sum_of_items_is_one_whatever_sources_stand_below_it() -> None:
    budgets = "一般公共预算|政府性基金预算"
    head = f"公务接待费||公务用车购置及运行维护费|||\n||小计||公务用车运行维护费|\n{budgets}|{budgets}|{budgets}\n"
    found = places(head + "3.00|0.00|6.00|0.00|6.00|0.00\n")
    assert found[2:] == [("公务用车购置及运行维护费", "subtotal", False)] * 2 + [("公务用车运行维护费", "detail", True)] * 2


def test_an_item_of_its_groups_name_is_a_part_beside_the_groups_sum() -> None:
    head = "合计|因公出国（境）费||\n|小计|因公出国（境）费|科研因公出国（境）费\n"
    assert [p[1:] for p in places(head + "9.00|9.00|6.00|3.00\n")] == [
        ("total", False), ("subtotal", False), ("detail", True), ("detail", True)]


def test_an_amount_in_a_line_without_any_name_is_not_sure_of_its_meaning() -> None:
    text = "支出总表\n\n单位：万元\n\n科目编码|科目名称|合计\n213|农林水支出|9.00\n||4.00\n21303|水利|5.00\n"
    assert [(r["raw_text"], r["meaning_confidence"] <= 0.3) for r in facts(text)] == [("9.00", False), ("4.00", True), ("5.00", False)]

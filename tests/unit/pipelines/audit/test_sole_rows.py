"""Sums that a form promises are believed in a sole row; rows that are not there are said with their amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from audited_forms import audited, budget, document, fact, findings

ITEMS = """一般公共预算“三公”经费支出表
单位：万元

单位名称|“三公”经费合计|因公出国（境）费|公务用车购置及运行费|公务用车购置费|公务用车运行费|公务接待费{meetings}
安宁县水务局|{whole}|{abroad}|{vehicles}|0.00|{running}|1.30{amount}
"""

UNITS = """部门支出总表
单位：万元

单位名称|合计|基本支出|项目支出
合计|1,305.63|984.50|321.13
安宁县水务局本级|702.18|560.00|142.18
{second}
"""
SECOND = "安宁县河道管理所|603.45|424.50|178.95"

SUMMARY = """部门收支总表
单位：万元

收入|预算数|支出|预算数
一、一般公共预算拨款收入|{general}|一、教育支出|36.20
二、政府性基金预算拨款收入|{fund}|二、农林水支出|1,214.55
三、其他收入|4.00||
本年收入合计|1,250.75|本年支出合计|1,250.75
"""


def items(whole: str = "12.60", abroad: str = "0.00", vehicles: str = "11.30", running: str = "11.30", **more: str) -> str:
    """A table of items, right unless altered."""
    return ITEMS.format(whole=whole, abroad=abroad, vehicles=vehicles, running=running,
                        meetings=more.get("meetings", ""), amount=more.get("amount", ""))


@pytest.mark.parametrize("wrong", [{"whole": "16.20"}, {"abroad": "0.80"}, {"vehicles": "11.80"}, {"running": "1.13"}])
def test_the_items_of_a_sole_row_add_up(wrong: dict[str, str]) -> None:
    assert findings(audited(items())) == []
    assert findings(audited(items(**wrong))) != []


def test_items_that_are_no_part_of_the_three_are_left_out() -> None:
    assert findings(audited(items(meetings="|会议费|培训费", amount="|2.00|3.50"))) == []


def test_a_unit_that_is_not_listed_is_said_with_its_amounts() -> None:
    assert findings(audited(UNITS.format(second=SECOND))) == []
    (finding,) = findings(audited(UNITS.format(second="")))
    assert (finding["severity"], finding["verdict"]) == ("warning", "undecided")
    for amount in ("603.45万元", "424.50万元", "178.95万元"):
        assert amount in finding["message_zh"]
    assert "漏列" in finding["message_zh"]
    assert finding["expected"].startswith("各项之和")


def test_numbered_rows_add_up_to_the_first_total() -> None:
    assert findings(audited(SUMMARY.format(general="1,246.75", fund="0.00"))) == []
    assert findings(audited(SUMMARY.format(general="1,246.75", fund="2.00"))) != []


def test_a_difference_that_is_one_of_the_rows_names_it() -> None:
    cells = budget()
    for code in ("201", "20103", "合计"):
        for column in ("合计", "项目支出"):
            cells[code, column] = f"{Decimal(cells[code, column]) - Decimal('237.18'):.2f}"
    (finding,) = findings(audited(document(cells)))
    assert finding["severity"] == "warning"
    assert "差额与“一般行政管理事务”的237.18万元相当" in finding["message_zh"]
    assert "一般行政管理事务 (237.18万元)" in finding["message_en"]


def test_a_class_and_its_only_group_print_one_amount() -> None:
    """Both tables alike say 0.01 more for the class than for its only group: rounding does not explain that."""
    right = budget()
    other = right | {("201", "合计"): f"{Decimal(right['201', '合计']) + Decimal('0.01'):.2f}"}
    for cells, trust in ((right, "verified"), (other, "plausible")):
        assert fact(audited(document(cells, cells)), "201", "合计")["trust"] == trust

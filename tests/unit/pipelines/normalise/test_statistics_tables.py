"""Counts in tables of amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from printed_forms import ACCOUNTS_COVER, facts, understood

from pipelines.normalise.normalise import normalise
from pipelines.normalise.statistics_tables import count_of


def statistics(text: str, cover: str = ACCOUNTS_COVER) -> list[dict[str, Any]]:
    return normalise(understood(text, cover))["statistics"].to_dicts()


OPERATING = """机构运行信息表

单位：万元

项目|预算数|统计数|项目|统计数
一、“三公”经费支出|—|—|三、机关运行经费|35.20
（一）支出合计|6.00|4.50|四、国有资产占用情况|—
1．因公出国（境）费|0.00|0.00|（一）车辆数合计（辆）|5
2．公务接待费|6.00|4.50|1．应急保障用车|4
（二）相关统计数|—|—|2．其他用车|1
1．公务用车保有量（辆）|—|5|（二）单价100万元（含）以上设备（台，套）|2
2．国内公务接待批次（个）|—|12|五、政府采购支出合计|120.50
"""


def test_rows_that_count_things_are_statistics_and_no_amounts() -> None:
    found = [(s["name"], int(s["value"]), s["unit"], s["as_of"]) for s in statistics(OPERATING)]
    assert found == [
        ("车辆", 5, "辆", "2024"),
        ("公务接待批次", 12, "个", "2024"),
        ("车辆", 5, "辆", "2024"),
        ("应急保障用车", 4, "辆", "2024"),
        ("其他用车", 1, "辆", "2024"),
        ("单价100万元以上设备", 2, "台（套）", "2024"),
    ]
    labels = {f["row_label"] for f in facts(OPERATING, ACCOUNTS_COVER)}
    assert labels == {"（一）支出合计", "1．因公出国（境）费", "2．公务接待费", "三、机关运行经费", "五、政府采购支出合计"}


def test_purchases_are_counted_by_item_in_the_rows_own_unit() -> None:
    text = """政府采购预算表

单位：万元

采购项目|采购目录|计量单位|数量|金额
办公设备更新|A02010105台式计算机|台|12|7.20
办公设备更新|A05040101复印纸|箱|200|3.00
合计|||212|10.20
"""
    found = [(s["name"], int(s["value"]), s["unit"]) for s in statistics(text)]
    assert found == [("采购数量 / 台式计算机", 12, "台"), ("采购数量 / 复印纸", 200, "箱"), ("采购数量 / 合计", 212, None)]
    assert [int(f["amount_yuan"]) for f in facts(text)] == [72_000, 30_000, 102_000]


def test_a_header_names_the_unit_of_its_counts() -> None:
    text = """会议和培训情况表

单位：万元

会议名称|人数|次数（次）|金额
水资源工作会|80|2|1.20
"""
    assert [(s["name"], int(s["value"]), s["unit"]) for s in statistics(text)] == [
        ("人数 / 水资源工作会", 80, "人"),
        ("次数 / 水资源工作会", 2, "次"),
    ]


@pytest.mark.parametrize(("text", "count"), [
    ("12", (Decimal(12), None)), ("1,234.5", (Decimal("1234.5"), None)), ("98.5%", (Decimal("98.5"), None)), ("-3", (Decimal(-3), None)),
    ("2台", (Decimal(2), "台")), ("1,200件", (Decimal(1200), "件")),
    ("1,2", None), ("1，2，3", None), ("12,34", None), ("约3", None), ("3至5", None), ("2026年", None), ("3台5套", None),
])
def test_a_count_is_one_number_alone_or_with_its_unit(text: str, count: tuple[Decimal, str | None] | None) -> None:
    assert count_of(text) == count


def test_a_count_that_cannot_be_read_is_told_and_one_with_its_unit_is_read() -> None:
    table = "采购项目|采购数量|金额\n复印机|2台|1.00\n办公桌|3至5张|2.00\n"
    frames = normalise(understood(f"政府采购预算表\n\n单位：万元\n\n{table}"))
    assert [(s["name"], int(s["value"]), s["unit"]) for s in frames["statistics"].to_dicts()] == [("采购数量 / 复印机", 2, "台")]
    assert frames["tables"]["n_not_understood"].to_list() == [2]

"""Tables whose amounts stand beside the wrong rows are reported once; tables that add up, or are short, are not."""

from __future__ import annotations

from audited_forms import audited, findings

CODES = [
    ("201", "一般公共服务支出"), ("20101", "人大事务"), ("2010101", "行政运行"), ("2010104", "人大会议"),
    ("204", "公共安全支出"), ("20402", "公安"), ("2040201", "行政运行"), ("2040202", "一般行政管理事务"),
    ("205", "教育支出"), ("20502", "普通教育"), ("2050201", "学前教育"), ("2050202", "小学教育"),
    ("206", "科学技术支出"), ("20601", "科学技术管理事务"), ("2060101", "行政运行"), ("2060102", "一般行政管理事务"),
    ("208", "社会保障和就业支出"), ("20805", "行政事业单位养老支出"), ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("2080506", "机关事业单位职业年金缴费支出"),
    ("210", "卫生健康支出"), ("21011", "行政事业单位医疗"), ("2101101", "行政单位医疗"), ("2101102", "事业单位医疗"),
    ("221", "住房保障支出"), ("22102", "住房改革支出"), ("2210201", "住房公积金"), ("2210203", "购房补贴"),
]
LEAVES = {code: 13 * n * n + 7 for n, (code, _) in enumerate(CODES) if len(code) == 7}


def form(slid: int) -> str:
    amounts = [sum(v for leaf, v in LEAVES.items() if leaf.startswith(code)) for code, _ in CODES]
    amounts = amounts[:3] + amounts[3 + slid:] + amounts[3:3 + slid]
    lines = [f"{code}|{name}|{value}.00" for (code, name), value in zip(CODES, amounts, strict=True)]
    return "\n".join(["部门支出总表", "单位：万元", "", "科目编码|科目名称|合计", *lines, f"合计||{sum(LEAVES.values())}.00"]) + "\n"


def test_amounts_pasted_some_rows_too_high_are_one_finding_of_the_table() -> None:
    (found,) = (f for f in findings(audited(form(slid=2))) if f["rule"] == "hierarchy_sum")
    assert (found["severity"], found["verdict"]) == ("warning", "undecided")
    assert "错行" in found["message_zh"]
    assert found["proofs"]


def test_a_table_that_adds_up_is_not_reported() -> None:
    assert not findings(audited(form(slid=0)))

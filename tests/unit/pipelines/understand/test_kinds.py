"""Kinds of tables that no title names."""

import pytest
from printed_forms import facts, only_table

FUNCTIONS = "|合计|9.00|5.00|4.00{rest}\n213|农林水支出|9.00|5.00|4.00{rest}\n"


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("expenditure_summary", "科目编码|科目名称|合计|基本支出|项目支出|上缴上级支出\n" + FUNCTIONS.format(rest="|")),
        ("general_public_expenditure", "科目编码|科目名称|2025年执行数|基本支出|项目支出\n" + FUNCTIONS.format(rest="")),
        ("general_public_basic_expenditure", "科目编码|科目名称|合计|人员经费|公用经费\n301|工资福利支出|9|9|\n302|商品和服务支出|4||4\n"),
        ("income_summary", "单位名称|合计|一般公共预算拨款|事业收入|其他收入\n合计|9.00|5.00|3.00|1.00\n安宁县水务局|9|5|3|1\n"),
        ("income_expenditure_summary", "收入||支出|\n项目|金额|项目|金额\n一、财政拨款收入|9.00|一、农林水支出|9.00\n总计|9.00|总计|9\n"),
        ("procurement", "采购品目|数量|预算金额\n台式计算机|3|1.50\n打印设备|1|0.50\n"),
        ("project_expenditure_summary", "项目名称|预算数\n水库加固|9.00\n渠道清淤|1.00\n"),
    ],
)
def test_columns_and_rows_tell_the_kind_with_less_confidence(kind: str, table: str) -> None:
    found = only_table(f"单位：万元\n\n{table}")
    assert found.kind == kind
    assert 0.3 < found.kind_confidence < 0.7
    assert found.kind_evidence[0].startswith("columns:")
    assert all(fact["meaning_confidence"] < 0.7 for fact in facts(f"单位：万元\n\n{table}"))


def test_columns_that_stand_in_several_forms_tell_no_kind() -> None:
    found = only_table("单位：万元\n\n科目编码|科目名称|合计|基本支出|项目支出\n" + FUNCTIONS.format(rest=""))
    assert (found.kind, found.kind_evidence) == ("other", ())


def test_a_sole_row_of_items_needs_no_title() -> None:
    text = "单位：万元\n\n合计|因公出国（境）费|公务接待费|公务用车运行维护费\n9.00|1.00|2.00|6.00\n"
    assert [(r["table_kind"], r["raw_text"]) for r in facts(text)] == [("three_public", t) for t in ("9.00", "1.00", "2.00", "6.00")]


def test_taxes_are_collected_by_a_government_not_by_a_department() -> None:
    rows = "一、税收收入|3.00|一、农林水支出|5.00\n增值税|2.00||\n企业所得税|1.00||\n二、上级补助收入|2.00||\n总计|5.00|总计|5.00\n"
    table = f"青石镇2026年收支总表\n单位：万元\n\n收入||支出|\n项目|金额|项目|金额\n{rows}"
    assert only_table(table).kind == "government_level"
    one = table.replace("增值税", "其他收入").replace("企业所得税", "事业收入")
    assert only_table(one).kind == "income_expenditure_summary"


def test_the_balance_of_a_town_is_its_governments() -> None:
    head = "单位：万元\n\n收入||支出|\n项目|金额|项目|金额\n总计|5.00|总计|5.00\n"
    for title in ("2026年青石镇一般公共预算收支平衡表", "青石镇2026年镇级财政收支预算表", "2026年全乡一般公共预算收支预算表"):
        assert only_table(f"{title}\n{head}").kind == "government_level"
    assert only_table(f"2026年收支总表\n{head}").kind == "income_expenditure_summary"

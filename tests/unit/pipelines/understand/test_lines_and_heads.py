"""Lines and heads as publishers of the coast and the south print them: lists by budget, heads over words, numbers under merged heads."""

import polars as pl
from printed_forms import ACCOUNTS_COVER, meanings, understood

from pipelines.normalise.normalise import normalise
from pipelines.read.document import document_of
from pipelines.read.html import read_html
from pipelines.understand.understand import understand

SIDES = "收入||支出|\n"


def test_a_summary_by_budget_has_sources_for_lines_and_no_functions() -> None:
    table = SIDES + (
        "项目|预算数|项目|预算数\n一、一般公共预算拨款|3.00|一、一般公共预算支出|3.00\n二、政府性基金预算拨款|2.00|二、政府性基金预算支出|2.00\n"
        "三、国有资本经营预算拨款|1.00|三、国有资本经营预算支出|1.00\n本年收入合计|6.00|本年支出合计|6.00\n"
    )
    found = meanings(f"财政拨款收支总体情况表\n\n单位：元\n\n{table}", "side", "subject_code", "funding")
    assert [f for f in found if f[0] == "expenditure"] == [
        ("expenditure", None, "general_public_budget"),
        ("expenditure", None, "government_fund_budget"),
        ("expenditure", None, "state_capital_budget"),
        ("expenditure", None, "fiscal_appropriation"),
    ]


def test_state_capital_among_functions_stays_a_function() -> None:
    table = SIDES + (
        "项目|预算数|项目|预算数\n一、一般公共预算拨款|3.00|一、住房保障支出|3.00\n"
        "二、国有资本经营预算拨款|1.00|二、国有资本经营预算支出|1.00\n本年收入合计|4.00|本年支出合计|4.00\n"
    )
    found = meanings(f"财政拨款收支总表\n\n单位：元\n\n{table}", "side", "subject_code")
    assert [code for side, code in found if side == "expenditure"] == ["221", "223", None]


def test_items_of_a_two_sided_summary_are_no_projects() -> None:
    table = SIDES + (
        "收入项目|预算数|支出项目|预算数\n一、一般公共预算拨款收入|3.00|一、教育支出|2.00\n||二、住房保障支出|1.00\n"
        "收入总计|3.00|支出总计|3.00\n"
    )
    found = meanings(f"收支预算总表\n\n单位：元\n\n{table}", "side", "subject_code", "project_name")
    assert [f[1:] for f in found if f[0] == "expenditure"] == [("205", None), ("221", None), (None, None)]


def page_facts(title: str, rows: str) -> pl.DataFrame:
    """The facts of one table of a web page."""
    page = f"<html><body><p>安宁县水务局2024年度部门决算</p><p>{title}</p><p>单位：元</p><table border=1>{rows}</table></body></html>"
    read = document_of(read_html(page.encode()), sha256="0" * 64, n_bytes=len(page), media_type="text/html")
    return normalise(understand(read))["facts"].sort("row_no", "column_no")


def cells(*texts: str) -> str:
    return "".join(f"<td>{t}</td>" for t in texts)


def test_a_numbered_line_of_columns_below_merged_heads_is_no_head() -> None:
    found = page_facts(
        "收入决算表",
        "<tr><td colspan=4>项目</td><td rowspan=2>本年收入合计</td><td rowspan=2>财政拨款收入</td><td rowspan=2>其他收入</td></tr>"
        "<tr><td colspan=3 rowspan=2>功能分类科目编码</td><td>科目名称</td></tr>"
        f"<tr>{cells('栏次', '1', '2', '3')}</tr>"
        f"<tr><td colspan=3>2130301</td>{cells('行政运行', '3.00', '2.00', '1.00')}</tr>",
    )
    assert found["column_path"].to_list() == ["本年收入合计", "财政拨款收入", "其他收入"]
    assert found["funding"].to_list() == ["total", "fiscal_appropriation", "other_income"]


def test_a_line_of_procurement_says_whose_share_it_is() -> None:
    table = "项目|统计数\n政府采购支出合计|9.00\n政府采购授予中小企业合同金额|6.00\n其中：授予小微企业合同金额|2.00\n"
    assert meanings(f"政府采购情况表\n\n单位：元\n\n{table}", "measure") == [
        ("procurement",), ("procurement_sme",), ("procurement_small_micro",),
    ]


def test_a_title_of_two_budgets_is_of_appropriations() -> None:
    table = "年度|合计|公务接待费\n2026年|3.00|1.00\n"
    title = "财政拨款（含一般公共预算和政府性基金预算）“三公”经费支出表"
    assert {f[0] for f in meanings(f"{title}\n\n单位：元\n\n{table}", "funding")} == {"fiscal_appropriation"}


def test_among_columns_of_words_the_names_name_the_row() -> None:
    table = "序号|指导性目录代码|指导性目录名称|服务领域|支出金额\n1|A13|河道养护服务|水务|3.00\n"
    assert meanings(f"政府购买服务支出情况表\n\n单位：元\n\n{table}", "row_label") == [("河道养护服务",)]


def test_a_head_that_nobody_knows_does_not_name_the_projects() -> None:
    table = "项目名称|主要内容|实施期|预算金额\n河道清淤|清淤三公里|1年|3.00\n水库巡查|每日巡查|1年|2.00\n合计|||5.00\n"
    found = meanings(f"专项资金情况表\n\n单位：元\n\n{table}", "row_label", "project_name")
    assert found == [("河道清淤", "河道清淤"), ("水库巡查", "水库巡查"), ("合计", None)]


def test_what_is_planned_and_what_was_bought() -> None:
    table = "项目|采购计划金额|实际采购金额\n合计|5.00|4.00\n货物|5.00|4.00\n"
    found = meanings(f"政府采购情况表\n\n单位：元\n\n{table}", "measure", "stage", cover=ACCOUNTS_COVER)
    assert found[:2] == [("procurement", "budget"), ("procurement", "final_accounts")]


def test_codes_below_the_names_of_columns_are_the_same_subjects() -> None:
    found = page_facts(
        "一般公共预算支出表（按政府预算支出经济分类）",
        "<tr><td rowspan=2>科目编码</td><td rowspan=2>科目名称</td><td rowspan=2>合计</td>"
        f"{cells('机关工资福利支出', '对个人和家庭的补助')}</tr>"
        f"<tr>{cells('501', '509')}</tr><tr>{cells('2130301', '行政运行', '3.00', '2.00', '1.00')}</tr>",
    )
    assert found["column_subject_code"].to_list() == [None, "501", "509"]


def test_what_a_column_is_may_stand_half_in_its_head() -> None:
    head = "项目名称|资金来源|||合计\n|一般公共预算|政府性基金|其他|"
    found = meanings(f"项目支出预算明细表\n\n单位：元\n\n{head}\n河道清淤|2.00||1.00|3.00\n", "column_code")
    assert found == [("general_public_budget.project",), ("unit_funds.project",), ("project",)]


def test_counts_below_the_amounts_of_three_public_are_a_list_of_their_own() -> None:
    table = (
        "合计|因公出国（境）费|公务用车运行维护费|公务接待费\n6.00|1.00|3.00|2.00\n相关统计数：|||\n项目|统计数|项目|统计数\n"
        "公务接待批次（个）|12|公务接待人次（人）|96\n公务用车保有量（辆）|2|会议次数（个）|4\n"
    )
    frames = normalise(understood(f"财政拨款“三公”经费支出决算表\n\n单位：万元\n\n{table}", ACCOUNTS_COVER))
    assert sorted(frames["facts"]["row_label"].to_list()) == ["公务接待费", "公务用车运行维护费", "合计", "因公出国（境）费"]
    assert sorted(frames["statistics"]["value"].to_list()) == [2, 4, 12, 96]


def test_numbers_of_lines_without_a_head_are_no_amounts() -> None:
    table = "|单位名称|合计|公务接待费\n1|合计|5.00|5.00\n2|安宁县水文站|2.00|2.00\n3|安宁县水务局|3.00|3.00\n"
    assert meanings(f"“三公”经费预算表\n\n单位：元\n\n{table}", "column_no", "amount_yuan") == [
        (2, 5), (3, 5), (2, 2), (3, 2), (2, 3), (3, 3),
    ]


def test_one_cell_over_class_group_and_item_holds_one_code() -> None:
    lines = "".join(f"<tr><td colspan=3>{code}</td><td>其他支出</td><td>3.00</td></tr>" for code in ("229", "22999", "2299999"))
    head = "<tr><td colspan=3>科目编码</td><td rowspan=2>科目名称</td><td rowspan=2>合计</td></tr>"
    head += f"<tr>{cells('类', '款', '项')}</tr>"
    found = page_facts("支出总表", head + lines)
    assert found["printed_code"].to_list() == found["subject_code"].to_list() == ["229", "22999", "2299999"]

"""What the lines of a form say by themselves: stages, rates, counts beside values, kinds of spending, the unit on top of every page."""

from msgspec.structs import replace
from printed_forms import ACCOUNTS_COVER, facts, meanings, understood

from pipelines.read.document import TextLine, document_of
from pipelines.read.text import read_text
from pipelines.understand.understand import understand


def test_budget_and_accounts_as_lines_over_items_as_columns() -> None:
    table = "项目|因公出国（境）费|公务接待费\n预算数|1.00|2.00\n决算数|3.00|4.00\n增减额|2.00|2.00\n增减率（%）|200.00|100.00\n"
    found = meanings(f"“三公”经费支出决算表\n\n单位：元\n\n{table}", "row_label", "stage", "amount_yuan", cover=ACCOUNTS_COVER)
    assert found == [
        ("因公出国（境）费", "budget", 1), ("公务接待费", "budget", 2), ("因公出国（境）费", "final_accounts", 3),
        ("公务接待费", "final_accounts", 4), ("因公出国（境）费", "change", 2), ("公务接待费", "change", 2),
    ]


def test_a_label_that_says_more_than_a_stage_says_no_stage() -> None:
    table = "项目|2026年预算\n一、财政拨款|2.00\n二、其他收入预算|1.00\n"
    assert {f["stage"] for f in facts(f"收入总表\n\n单位：元\n\n{table}")} == {"budget"}


def test_the_sum_of_three_public_items_with_budget_and_accounts_below_it_is_the_sum() -> None:
    head = "财政拨款“三公”经费||||||机关运行经费决算数\n合计||因公出国（境）费||公务接待费||\n" + "预算数|决算数|" * 3 + "\n"
    table = f"“三公”经费支出决算表\n\n单位：元\n\n{head}6.00|3.00|2.00|0.00|4.00|3.00|9.00\n"
    assert meanings(table, "row_label", "stage", cover=ACCOUNTS_COVER) == [
        ("合计", "budget"), ("合计", "final_accounts"), ("因公出国（境）费", "budget"), ("因公出国（境）费", "final_accounts"),
        ("公务接待费", "budget"), ("公务接待费", "final_accounts"), ("机关运行经费", "final_accounts"),
    ]


def test_values_beside_quantities_are_money_whatever_the_line_counts() -> None:
    table = "项目|数量|价值（元）\n房屋（平方米）|120|300.00\n车辆（辆）|2|500.00\n"
    assert meanings(f"国有资产占用情况表\n\n单位：元\n\n{table}", "row_label", "amount_yuan", cover=ACCOUNTS_COVER) == [
        ("房屋（平方米）", 300), ("车辆（辆）", 500),
    ]


def test_kinds_of_spending_under_a_head_that_is_only_their_classification() -> None:
    head = "收入||支出|||\n项目|预算数|按功能分类|预算数|按支出性质分类|预算数\n"
    rows = "一、财政拨款收入|9.00|一、农林水支出|9.00|一、基本支出|6.00\n二、其他收入|0.00|||二、项目支出|3.00\n"
    found = meanings(f"收支预算总表\n\n单位：元\n\n{head}{rows}", "row_label", "subject_code", "expenditure_type", "amount_yuan")
    assert [f for f in found if f[2] != "total"] == [("一、基本支出", None, "basic", 6), ("二、项目支出", None, "project", 3)]


def test_counts_of_the_bodys_running_are_statistics_and_its_costs_three_public_facts() -> None:
    head = "项目|行次|年初预算数|统计数\n一、“三公”经费支出|1||\n"
    table = f"{head}（一）支出合计|2|5.00|4.00\n3．公务用车保有量（辆）|3||14\n二、机关运行经费|4||7.00\n"
    found = meanings(f"机构运行信息表\n\n单位：元\n\n{table}", "table_kind", "row_label", "stage", "amount_yuan", cover=ACCOUNTS_COVER)
    assert found == [
        ("three_public", "（一）支出合计", "budget", 5), ("three_public", "（一）支出合计", "final_accounts", 4),
        ("three_public", "二、机关运行经费", "final_accounts", 7),
    ]


def test_a_unit_that_every_page_repeats_holds_for_the_table_below_it() -> None:
    blocks = read_text("安宁县水务局2026年部门预算\n\n支出总表\n\n单位：万元\n\n科目编码\t科目名称\t合计\n2130301\t行政运行\t3.00\n")
    lines = [replace(b, role="header") if isinstance(b, TextLine) and b.text.startswith("单位") else b for b in blocks]
    document = document_of(lines, sha256="0" * 64, n_bytes=1, media_type="application/pdf")
    assert [t.unit for t in understand(document).tables] == ["万元"]
    assert [t.unit for t in understood("支出总表\n\n科目编码|科目名称|合计\n2130301|行政运行|3.00\n").tables] == [None]


def test_a_title_that_every_page_repeats_names_the_table_below_it_and_other_headings_do_not() -> None:
    text = "安宁县水务局2026年部门预算\n\n{}\n\n单位：万元\n\n科目编码\t科目名称\t合计\n2130301\t行政运行\t3.00\n"

    def titles(heading: str) -> list[str | None]:
        blocks = [
            replace(b, role="header") if isinstance(b, TextLine) and b.text == heading else b for b in read_text(text.format(heading))]
        document = document_of(blocks, sha256="0" * 64, n_bytes=1, media_type="application/pdf")
        return [t.title for t in understand(document).tables]

    assert titles("项目支出总表") == ["项目支出总表"]
    assert titles("安宁县水务局预算公开") != ["安宁县水务局预算公开"]


def test_a_column_named_after_subjects_holds_codes_where_it_prints_nothing_else() -> None:
    table = "项目名称|功能科目|总计\n水库加固|2130305|9.00\n河道清淤|2130305|3.00\n"
    assert meanings(f"项目支出总表\n\n单位：元\n\n{table}", "project_name", "subject_code", "amount_yuan") == [
        ("水库加固", "2130305", 9), ("河道清淤", "2130305", 3),
    ]


def test_parts_of_codes_that_a_sheet_keeps_as_numbers() -> None:
    head = "科目编码|||科目名称|合计\n类|款|项||\n213|||农林水支出|9.00\n"
    table = f"{head}213|3||水利|9.00\n213|3|1|行政运行|6.00\n213|3|5|水利工程建设|3.00\n"
    assert [f[0] for f in meanings(f"支出总表\n\n单位：元\n\n{table}", "subject_code")] == ["213", "21303", "2130301", "2130305"]


def test_a_class_of_one_digit_stays_as_it_is_printed() -> None:
    table = "科目编码|||科目名称|合计\n类|款|项||\n213|03|01|行政运行|6.00\n7|03|05|水利工程建设|3.00\n"
    assert meanings(f"支出总表\n\n单位：元\n\n{table}", "printed_code") == [("2130301",), ("70305",)]


def test_the_note_says_that_the_budget_of_the_three_public_items_is_the_adjusted_one() -> None:
    table = "“三公”经费支出决算表\n\n单位：元\n\n项目|预算数|决算数\n合计|6.00|3.00\n公务接待费|6.00|3.00\n"

    def stages(note: str) -> set[str]:
        return {f["stage"] for f in facts(f"{table}\n{note}\n", cover=ACCOUNTS_COVER)}

    assert stages("注：预算数为“三公”经费全年预算数，反映按规定程序调整后的预算数。") == {"adjusted_budget", "final_accounts"}
    assert stages("注：预算数为年初预算数，决算数包括上年结转。") == {"budget", "final_accounts"}

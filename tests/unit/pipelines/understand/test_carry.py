"""Carry-over: its head stands beside the list, its parts below it, on both sides, in budgets and final accounts."""

import pytest
from printed_forms import ACCOUNTS_COVER, COVER, meanings

from pipelines.read.document import Cell, RawTable, TextLine, document_of
from pipelines.understand.understand import understand

PLACE = ("row_label", "row_role", "row_level", "parent_row_no", "is_leaf")


def side(table: str, which: str, title: str = "收入支出决算总表", cover: str = ACCOUNTS_COVER) -> list[tuple[object, ...]]:
    found = meanings(f"{title}\n\n单位：万元\n\n{table}\n", "side", *PLACE, cover=cover)
    return [f[1:] for f in found if f[0] == which]


def test_parts_of_carry_over_in_final_accounts() -> None:
    table = (
        "收入||支出|\n项目|决算数|项目|决算数\n一、一般公共预算财政拨款收入|90.00|一、农林水支出|80.00\n二、其他收入|5.00|二、住房保障支出|10.00\n"
        "本年收入合计|95.00|本年支出合计|90.00\n用事业基金弥补收支差额|1.00|结余分配|2.00\n年初结转和结余|9.00|年末结转和结余|13.00\n"
        "其中：项目支出结转和结余|4.00|其中：项目支出结转和结余|6.00\n总计|105.00|总计|105.00"
    )
    assert side(table, "income")[2:] == [
        ("本年收入合计", "total", 0, None, False),
        ("用事业基金弥补收支差额", "detail", 1, None, True),
        ("年初结转和结余", "detail", 1, None, True),
        ("其中：项目支出结转和结余", "of_which", 2, 6, True),
        ("总计", "total", 0, None, False),
    ]
    assert side(table, "expenditure")[3:6] == [
        ("结余分配", "detail", 1, None, True),
        ("年末结转和结余", "detail", 1, None, True),
        ("其中：项目支出结转和结余", "of_which", 2, 6, True),
    ]


@pytest.mark.parametrize("first", ["一、", ""])
def test_sources_below_carry_over_are_its_parts_though_they_stand_in_the_list_above_too(first: str) -> None:
    second = "二、" if first else ""
    table = (
        "收入||支出|\n项目|金额|项目|合计\n一、一般公共预算财政拨款|90.00|一、农林水支出|95.00\n二、政府性基金预算财政拨款|5.00||\n"
        f"本年收入合计|95.00|本年支出合计|95.00\n年初财政拨款结转和结余|9.00|年末财政拨款结转和结余|9.00\n{first}一般公共预算财政拨款|6.00||\n"
        f"{second}政府性基金预算财政拨款|3.00||\n总计|104.00|总计|104.00"
    )
    assert side(table, "income", "财政拨款收入支出决算总表") == [
        ("一、一般公共预算财政拨款", "detail", 1, None, True),
        ("二、政府性基金预算财政拨款", "detail", 1, None, True),
        ("本年收入合计", "total", 0, None, False),
        ("年初财政拨款结转和结余", "subtotal", 1, None, False),
        (f"{first}一般公共预算财政拨款", "detail", 2, 5, True),
        (f"{second}政府性基金预算财政拨款", "detail", 2, 5, True),
        ("总计", "total", 0, None, False),
    ]


def test_kinds_of_spending_below_carry_over_are_its_parts() -> None:
    table = (
        "收入||支出|\n项目|决算数|项目|决算数\n一、财政拨款收入|90.00|一、农林水支出|80.00\n本年收入合计|90.00|本年支出合计|80.00\n"
        "年初结转和结余|9.00|年末结转和结余|19.00\n基本支出结转|2.00|基本支出结转|4.00\n项目支出结转和结余|6.00|项目支出结转和结余|10.00\n"
        "经营结余|1.00|经营结余|5.00\n总计|99.00|总计|99.00"
    )
    for which in ("income", "expenditure"):
        assert side(table, which)[2:6] == [
            (f"{'年初' if which == 'income' else '年末'}结转和结余", "subtotal", 1, None, False),
            ("基本支出结转", "detail", 2, 4, True),
            ("项目支出结转和结余", "detail", 2, 4, True),
            ("经营结余", "detail", 2, 4, True),
        ]


def test_parts_of_carry_over_in_budgets_keep_to_the_levels_of_the_list() -> None:
    table = (
        "收入||支出|\n项目|2026年预算数|项目|2026年预算数\n一、财政拨款|90.00|农林水支出|85.00\n1.一般公共预算拨款|90.00|水利|85.00\n"
        "二、单位资金|5.00||\n1.事业收入|5.00||\n本年收入合计|95.00|本年支出合计|85.00\n上年结余、结转|9.00|结转下年|19.00\n"
        "1.财政拨款结余、结转|6.00|1.财政拨款结转|12.00\n2.非财政拨款结余、结转|3.00|2.其他资金结转|7.00\n收入总计|104.00|支出总计|104.00"
    )
    assert side(table, "income", "收支总表", COVER)[5:8] == [
        ("上年结余、结转", "subtotal", 1, None, False),
        ("1.财政拨款结余、结转", "detail", 2, 7, True),
        ("2.非财政拨款结余、结转", "detail", 2, 7, True),
    ]
    assert side(table, "expenditure", "收支总表", COVER)[3:6] == [
        ("结转下年", "subtotal", 1, None, False),
        ("1.财政拨款结转", "detail", 2, 7, True),
        ("2.其他资金结转", "detail", 2, 7, True),
    ]


def test_an_open_of_which_covers_the_lines_of_carry_over_after_it() -> None:
    table = (
        "收入|\n项目|预算数\n一、财政拨款|9.00\n本年收入合计|9.00\n上年实户资金余额|2.00\n上年结转|8.00\n其中：财政拨款资金结转|5.00\n"
        "非财政拨款资金结余|2.00\n收入总计|19.00"
    )
    assert side(table, "income", "收支总表", COVER)[2:6] == [
        ("上年实户资金余额", "detail", 1, None, True),
        ("上年结转", "detail", 1, None, True),
        ("其中：财政拨款资金结转", "of_which", 2, 5, True),
        ("非财政拨款资金结余", "of_which", 2, 5, True),
    ]


def test_carry_over_is_never_part_of_the_source_above_it() -> None:
    table = "收入|\n项目|预算数\n一、财政拨款|9.00\n二、单位资金|5.00\n上年结转|8.00\n收入总计|22.00"
    assert side(table, "income", "收支总表", COVER)[2] == ("上年结转", "detail", 1, None, True)


def test_numbered_carry_over_keeps_its_numbering() -> None:
    table = (
        "收入|\n项目|预算数\n一、本年收入|9.00\n（一）一般公共预算|9.00\n二、上年结转|8.00\n（一）一般公共预算|5.00\n（二）政府性基金预算|3.00\n收入总计|17.00"
    )
    assert side(table, "income", "收支总表", COVER) == [
        ("一、本年收入", "subtotal", 1, None, False),
        ("（一）一般公共预算", "detail", 2, 2, True),
        ("二、上年结转", "subtotal", 1, None, False),
        ("（一）一般公共预算", "detail", 2, 4, True),
        ("（二）政府性基金预算", "detail", 2, 4, True),
        ("收入总计", "total", 0, None, False),
    ]


def test_a_numbered_list_of_which_only_some_lines_have_codes_has_one_level() -> None:
    table = (
        "支出|\n项目（按功能分类）|预算数\n七、文化旅游体育与传媒支出|1.00\n九、社会保险基金支出|2.00\n十、卫生健康支出|3.00\n"
        "二十、住房保障支出|4.00\n支出总计|10.00"
    )
    found = side(table, "expenditure", "支出总表", COVER)
    assert [f[2:] for f in found[:-1]] == [(1, None, True)] * 4


def test_a_merged_cell_over_several_sources_is_their_head() -> None:
    texts = (("收入总计", "收入总计", "9.00"), ("一般公共预算资金", "小计", "6.00"), ("", "公共财政拨款（补助）资金", "6.00"),
             ("其他资金", "小计", "3.00"), ("", "事业收入", "1.00"), ("", "其他收入", "2.00"), ("政府性基金", "小计", ""))
    spans = {1: 2, 3: 3, 6: 1}
    cells = [Cell(0, 0, "项目名称", column_span=2), Cell(0, 2, "金额"), Cell(1, 0, "收入总计", column_span=2), Cell(1, 2, "9.00")]
    for n, (group, label, amount) in list(enumerate(texts))[1:]:
        if group:
            cells.append(Cell(n + 1, 0, group, row_span=spans[n]))
        cells += [Cell(n + 1, 1, label), Cell(n + 1, 2, amount)]
    table = RawTable(8, 3, tuple(cells), "lattice", page=1)
    lines = [TextLine(t, page=1) for t in ("安宁县水务局2026年部门预算", "收入预算总表", "单位：万元")]
    found = understand(document_of([*lines, table], sha256="0" * 64, n_bytes=1, media_type="application/pdf")).tables[0].rows
    assert [(r.label, r.role, r.parent, r.is_leaf) for r in found] == [
        ("收入总计", "total", None, False),
        ("一般公共预算资金", "subtotal", 1, False),
        ("公共财政拨款（补助）资金", "detail", 2, True),
        ("其他资金", "subtotal", 1, False),
        ("事业收入", "detail", 4, True),
        ("其他收入", "detail", 4, True),
        ("政府性基金", "detail", 1, True),
    ]

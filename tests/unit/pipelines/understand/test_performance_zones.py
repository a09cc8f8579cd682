"""The zones of a form: where its columns change and what stands over them."""

from __future__ import annotations

from merged_forms import grid, line, understood

from pipelines.understand.logical import LogicalTable
from pipelines.understand.performance_follow import continues
from pipelines.understand.performance_words import performance_words, unit_in
from pipelines.understand.performance_zones import Zone, form_grid, printed_amount, zones

WORDS = performance_words()


def of(text: str) -> list[Zone]:
    raw = grid(text)
    table = LogicalTable(table_no=1, n_rows=raw.n_rows, n_columns=raw.n_columns, cells=raw.cells, method=raw.method)
    return zones(form_grid(table), (), WORDS)


def test_a_form_changes_its_columns_on_the_way() -> None:
    found = of("""
项目名称|<|河道清淤|<|<
项目资金（万元）||年初预算数|全年执行数|执行率
^|年度资金总额|60.00|58.00|96.67%
绩效指标|一级指标|二级指标|三级指标|指标值
^|产出指标|数量指标|清淤长度|≥8公里
""")
    assert [(z.kind, z.header, z.rows) for z in found] == [("form", (), (0,)), ("values", (1,), (2,)), ("indicators", (3,), (4,))]
    assert [h.role for h in found[1].heads] == ["amount", "amount", "rate"]
    assert found[1].side == "项目资金（万元）"
    assert [(h.column, h.role) for h in found[2].heads] == [(1, "level1"), (2, "level2"), (3, "indicator"), (4, "target")]


def test_heads_over_heads_give_paths() -> None:
    (found,) = of("""
单位名称|年度预算申请|<|<|一级指标|二级指标|三级指标|指标值
^|资金总额|按支出性质分|<|^|^|^|^
^|^|基本支出|项目支出|^|^|^|^
水务局|30.00|20.00|10.00|产出指标|数量指标|清淤长度|≥8公里
""")
    assert found.kind == "indicators"
    assert [h.path for h in found.heads if h.role == "amount"] == [
        ("年度预算申请", "资金总额"),
        ("年度预算申请", "按支出性质分", "基本支出"),
        ("年度预算申请", "按支出性质分", "项目支出"),
    ]


def test_a_label_with_its_value_is_no_header() -> None:
    found = of("""
项目名称|防汛抗旱补助资金
年度资金总额|60.00
""")
    assert [z.kind for z in found] == ["form"]


def test_pages_that_go_on_are_marked_and_others_are_not() -> None:
    head = "一级指标|二级指标|三级指标|指标值\n"
    first = grid("项目名称|河道清淤|<|<\n" + head + "产出指标|数量指标|清淤长度|≥8公里\n", page=2)
    rest = grid("效益指标|社会效益指标|受益人口|≥2000人\n", page=3)
    prose = grid("序号|附件名称\n1|收支总表\n2|支出总表\n", page=4)
    tables = understood(line("项目支出绩效目标表"), first, rest, prose).tables
    marked = [continues(t) for t in tables]
    assert marked[-1] is False
    assert len(tables) == 2 or marked[1]
    assert tables[-1].kind == "other"


def test_levels_units_and_amounts_written_with_wan() -> None:
    level = WORDS.level("产出指标（30分）")
    assert level is not None
    assert (level.depth, level.name) == (1, "产出指标")
    assert WORDS.level("清淤长度") is None
    assert WORDS.split_levels("产出指标 数量指标 举办会议次数") == ("产出指标", "数量指标", "举办会议次数")
    assert [unit_in(t) for t in ("项目资金（万元）", "预算数（单位：元）", "项目资金")] == ["万元", "元", None]
    amount = printed_amount("642 万")
    assert amount is not None
    assert (str(amount.value), amount.unit) == ("642", "万元")
    assert printed_amount("万") is None

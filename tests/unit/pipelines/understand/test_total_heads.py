"""Heads printed in the total's own row, and heads whose merged cells are lost."""

from pipelines.read.document import document_of
from pipelines.read.html import read_html
from pipelines.read.text import read_text
from pipelines.understand.understand import understand

FORM = """安宁市水务局2025年度部门决算

政府性基金预算财政拨款收入支出决算表
单位：万元
项目\t\t年初结转和结余\t本年收入\t本年支出\t\t\t年末结转和结余
功能分类科目编码\t科目名称\t\t\t\t\t\t
合计\t\t0\t{total}\t合计\t基本支出\t项目支出\t0
212\t城乡社区支出\t0\t2,000.00\t2,000.00\t\t2,000.00\t0
21219\t国有土地使用权出让收入对应专项债务收入安排的支出\t0\t2,000.00\t2,000.00\t\t2,000.00\t0
"""


def test_heads_beside_the_totals_amounts_are_the_last_level_of_the_header() -> None:
    blocks = read_text(FORM.format(total="2,000.00"))
    (table,) = understand(document_of(blocks, sha256="0" * 64, n_bytes=1, media_type="text/plain")).tables
    paths = [c.path for c in table.columns if c.role == "amount"]
    assert [p for p in paths if p.startswith("本年支出")] == ["本年支出 / 合计", "本年支出 / 基本支出", "本年支出 / 项目支出"]
    total = next(row for row in table.rows if row.role == "total")
    assert (total.label, len({row.row for row in table.rows})) == ("合计", 3)


def test_a_total_row_of_amounts_below_a_whole_header_is_left_alone() -> None:
    text = FORM.replace(
        "合计\t\t0\t{total}\t合计\t基本支出\t项目支出\t0",
        "\t\t\t\t合计\t基本支出\t项目支出\t\n合计\t\t0\t2,000.00\t2,000.00\t\t2,000.00\t0",
    )
    blocks = read_text(text)
    (table,) = understand(document_of(blocks, sha256="0" * 64, n_bytes=1, media_type="text/plain")).tables
    assert [c.path for c in table.columns if c.path.startswith("本年支出")] == [
        "本年支出 / 合计", "本年支出 / 基本支出", "本年支出 / 项目支出"]
    assert len(table.rows) == 3


LOST = [  # the head's merged cells are lost on the way to the page: no cell has a span
    ["合计", "", "公务用车购置及运行维护费", "", "公务接待费", ""],
    ["预算数", "决算数", "预算数", "决算数", "预算数", "决算数"],
    ["7.50", "6.25", "6.00", "5.00", "1.50", "1.25"],
]


def test_heads_whose_merged_cells_are_lost_stand_over_the_blanks_beside_them() -> None:
    page = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in LOST)
    text = f"<html><body><p>2024年度“三公”经费支出决算表</p><p>单位：万元</p><table>{page}</table></body></html>"
    found = read_html(text.encode())
    (table,) = understand(document_of(found, sha256="0" * 64, n_bytes=1, media_type="text/html")).tables
    assert [c.path for c in table.columns if c.role == "amount"] == [f"{item} / {stage}" for item in LOST[0][::2] for stage in LOST[1][:2]]

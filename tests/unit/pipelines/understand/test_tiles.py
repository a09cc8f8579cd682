"""Wide sheets printed down, then over: pages of one sheet are put beside each other, others are not."""

from __future__ import annotations

from pipelines.normalise.normalise import normalise
from pipelines.read.document import Cell, Document, RawTable, TextLine, document_of
from pipelines.understand.tiles import untiled
from pipelines.understand.understand import understand

CODES = [["213", "农林水支出"], ["21303", "水利"], ["2130301", "行政运行"], ["2130304", "水利行业业务管理"], ["2130305", "水利工程建设"]]


def table(rows: list[list[str]], page: int, top: float, spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> RawTable:
    """Rows of 20 points from `top` on; `spans`: (rows, columns) of merged cells, whose other fields are left out of `rows` as None."""
    cells = []
    hidden = {
        (r + i, c + k) for (r, c), (tall, wide) in (spans or {}).items() for i in range(tall) for k in range(wide) if (i, k) != (0, 0)
    }
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if (r, c) not in hidden:
                tall, wide = (spans or {}).get((r, c), (1, 1))
                box = (50.0 + 60 * c, top + 20 * r, 50.0 + 60 * (c + wide), top + 20 * (r + tall))
                cells.append(Cell(r, c, text, tall, wide, page, box))
    n = len(rows[0])
    return RawTable(len(rows), n, tuple(cells), "lattice", page=page, box=(50.0, top, 50.0 + 60 * n, top + 20 * len(rows)))


def line(text: str, page: int, top: float) -> TextLine:
    return TextLine(text, page=page, box=(50.0, top, 250.0, top + 10))


def document(*blocks: RawTable | TextLine) -> Document:
    return document_of(list(blocks), sha256="0" * 64, n_bytes=1, media_type="application/pdf")


def sheet() -> list[RawTable | TextLine]:
    """Two left pages, then the two right ones; the unit stands on the right, the head over the amounts is cut."""
    return [
        line("安宁县水务局2026年部门预算", 1, 40), line("支出总表", 1, 60),
        table([["科目编码", "科目名称", "合计", "本年支出"], ["", "", "", "小计"], *[[*c, "9.00", "8.00"] for c in CODES[:3]]], 1, 100,
              {(0, 0): (2, 1), (0, 1): (2, 1), (0, 2): (2, 1)}),
        table([[*c, "4.00", "3.00"] for c in CODES[3:]], 2, 40),
        line("单位：万元", 3, 80),
        table([["", ""], ["基本支出", "项目支出"], *[["6.00", "2.00"] for _ in CODES[:3]]], 3, 100, {(0, 0): (1, 2)}),
        table([["2.00", "1.00"] for _ in CODES[3:]], 4, 40),
    ]


def test_right_pages_stand_beside_their_left_pages() -> None:
    whole = untiled(document(*sheet()))
    assert [(t.page, t.n_rows, t.n_columns) for t in whole.tables] == [(1, 5, 6), (2, 2, 6)]
    heads = {(c.row, c.column, c.row_span, c.column_span, c.text) for c in whole.tables[0].cells if c.row == 0}
    assert (0, 3, 1, 3, "本年支出") in heads
    assert [text.text for text in whole.lines] == ["安宁县水务局2026年部门预算", "支出总表", "单位：万元"]


def test_their_amounts_have_the_subjects_of_the_left_and_the_place_of_the_right() -> None:
    facts = normalise(understand(document(*sheet())))["facts"].to_dicts()
    found = {(f["subject_code"], f["expenditure_type"], int(f["amount_yuan"]), f["page"]) for f in facts}
    assert {("21303", "total", 90_000, 1), ("21303", "basic", 60_000, 3), ("2130305", "project", 10_000, 4)} <= found
    assert len(facts) == 5 * 4


def test_a_third_row_of_pages_follows_the_second() -> None:
    third = [
        table([["其他", ""], ["上缴", "补助"], *[["1.00", "1.00"] for _ in CODES[:3]]], 5, 100, {(0, 0): (1, 2)}),
        table([["1.00", "1.00"] for _ in CODES[3:]], 6, 40),
    ]
    assert [(t.page, t.n_columns) for t in untiled(document(*sheet(), *third)).tables] == [(1, 8), (2, 8)]


def test_several_tables_of_a_page_have_their_right_parts_each() -> None:
    lower = table([["类", "款"], *[["213", "03"] for _ in range(3)]], 1, 300)
    right = table([["项", "合计"], *[["01", "9.00"] for _ in range(3)]], 3, 300)
    blocks = sheet()
    whole = untiled(document(*blocks[:3], lower, *blocks[3:6], right, blocks[6]))
    assert [(t.page, t.n_rows, t.n_columns) for t in whole.tables] == [(1, 5, 6), (1, 4, 4), (2, 2, 6)]


def test_pages_with_names_of_their_own_or_other_rows_stay() -> None:
    blocks = sheet()
    named = document(*blocks[:4], line("收入总表", 3, 60), *blocks[4:])
    assert untiled(named) is named
    other = document(*blocks[:5], table([["基本支出", "项目支出"], *[["6.00", "2.00"] for _ in CODES]], 3, 100), blocks[6])
    assert untiled(other) is other


def test_pages_that_go_on_downwards_stay() -> None:
    rows = [[*c, "9.00"] for c in CODES]
    below = document(
        line("支出总表", 1, 40), line("单位：万元", 1, 60), table([["科目编码", "科目名称", "合计"], *rows], 1, 100),
        table(rows, 2, 40), table(rows, 3, 40),
    )
    assert untiled(below) is below


def test_the_same_form_again_stays() -> None:
    def form(name: str, page: int, wide: int) -> RawTable:
        rows = [["项目名称", name], ["主管部门", "水务局"], ["预算数", "9.00"], ["绩效目标", "按时完成"]]
        return table([[*row, *[""] * wide] for row in rows], page, 100)

    for wide in (0, 1):
        forms = document(line("项目绩效目标表", 1, 60), form("水利工程维护", 1, 0), form("节水宣传", 2, wide))
        assert untiled(forms) is forms

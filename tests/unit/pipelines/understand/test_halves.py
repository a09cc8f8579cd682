"""Wide tables over facing pages."""

from pipelines.normalise.normalise import normalise
from pipelines.read.document import Cell, RawTable, TextLine, document_of
from pipelines.understand.understand import understand

LEFT = [["科目编码", "科目名称", "合计"], ["213", "农林水支出", "9.00"], ["21303", "水利", "9.00"], ["2130301", "行政运行", "9.00"]]
RIGHT = [["基本支出", "项目支出"], ["6.00", "3.00"], ["6.00", "3.00"], ["6.00", "3.00"]]


def table(rows: list[list[str]], page: int, top: float = 100.0) -> RawTable:
    cells = tuple(
        Cell(r, c, text, page=page, box=(50.0 + 60 * c, top + 20 * r, 110.0 + 60 * c, top + 20 + 20 * r))
        for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    return RawTable(len(rows), len(rows[0]), cells, "lattice", page=page)


def facts(*tables: RawTable) -> list[tuple[object, ...]]:
    head = [TextLine("安宁县水务局2026年部门预算", page=1), TextLine("支出总表", page=1), TextLine("单位：万元", page=1)]
    document = document_of([*head, *tables], sha256="0" * 64, n_bytes=1, media_type="application/pdf")
    frame = normalise(understand(document))["facts"].sort("row_no", "column_no")
    return [(r["table_kind"], r["subject_code"], r["expenditure_type"], int(r["amount_yuan"]), r["page"]) for r in frame.to_dicts()]


def test_a_right_half_without_labels_stands_beside_its_left_half() -> None:
    assert facts(table(LEFT, 1), table(RIGHT, 2))[:3] == [
        ("expenditure_summary", "213", "total", 90_000, 1),
        ("expenditure_summary", "213", "basic", 60_000, 2),
        ("expenditure_summary", "213", "project", 30_000, 2),
    ]


def test_a_title_above_the_left_half_alone_moves_it_down_as_a_whole() -> None:
    found = [f[2:] for f in facts(table(LEFT, 1, top=160.0), table(RIGHT, 2))]
    assert found[:3] == [("total", 90_000, 1), ("basic", 60_000, 2), ("project", 30_000, 2)]
    high = [["科目编码", "科目名称", "财政拨款"], ["", "", "小计"], *LEFT[1:]]
    assert {f[4] for f in facts(table(high, 1, top=160.0), table(RIGHT, 2))} == {1, 2}


def test_halves_that_do_not_match_line_for_line_are_not_joined() -> None:
    assert {f[4] for f in facts(table(LEFT, 1), table(RIGHT[:3], 2))} == {1}


def test_a_half_that_repeats_the_labels_stands_beside_too_whatever_the_height_of_its_header() -> None:
    high = [["项目名称", "合计", "财政拨款"], ["", "", "一般公共预算"], ["合计", "9.00", "6.00"], ["水库加固", "9.00", "6.00"]]
    flat = [["项目名称", "事业收入", "其他收入"], ["合计", "2.00", "1.00"], ["水库加固", "2.00", "1.00"]]
    assert [f[3:] for f in facts(table(high, 1), table(flat, 2))][4:8] == [(90_000, 1), (60_000, 1), (20_000, 2), (10_000, 2)]


def test_subjects_over_several_pages_stand_under_the_head_that_the_cuts_divide() -> None:
    """The head is printed on the middle page as a line, for its cell is open to both sides there; title and unit stand anywhere."""

    def grid(heads: list[str], columns: int, first: int, page: int) -> RawTable:
        rows = [heads, *[[f"{first + c}.00" for c in range(columns)] for _ in range(3)]]
        return table(rows, page)

    lines = [[code, "", "9.00", "7.00"] for code in ("213", "21303", "2130301")]
    left = table([["科目编码", "科目名称", "合计", ""], ["", "", "", "小计"], *lines], 1)
    spans = {(0, 0): 2, (0, 1): 2, (0, 2): 2}
    tall = tuple(
        Cell(c.row, c.column, c.text, row_span=spans.get((c.row, c.column), 1), page=1, box=c.box)
        for c in left.cells if not (c.row == 1 and c.column < 3)
    )
    left = RawTable(left.n_rows, left.n_columns, tall, "lattice", page=1)
    last = table([["", "对个人和家庭的补助"], ["差旅费", "生活补助"], *([["3.00", "2.00"]] * 3)], 3)
    parts = [
        TextLine("安宁县水务局2026年部门预算", page=1), left,
        TextLine("一般公共预算支出表", page=2), TextLine("商品和服务支出", page=2), grid(["办公费", "水费"], 2, 3, 2),
        TextLine("单位：万元", page=3), last,
    ]  # fmt: skip
    document = document_of(parts, sha256="0" * 64, n_bytes=1, media_type="application/pdf")
    frame = normalise(understand(document))["facts"].sort("row_no", "column_no")
    found = [(r["table_kind"], r["column_subject_code"], int(r["amount_yuan"]), r["page"]) for r in frame.to_dicts()]
    kind = "general_public_expenditure"
    assert found[:6] == [
        (kind, None, 90_000, 1),
        (kind, "302", 70_000, 1),
        (kind, "30201", 30_000, 2),
        (kind, "30205", 40_000, 2),
        (kind, "30211", 30_000, 3),
        (kind, "30305", 20_000, 3),
    ]


def rows_at(rows: list[tuple[float, list[tuple[int, int, str]]]], page: int, end: float) -> RawTable:
    """A grid of rows that begin at given heights, their cells with first and last+1 column."""
    tops = [top for top, _ in rows] + [end]
    cells = tuple(
        Cell(r, first, text, column_span=last - first, page=page, box=(50.0 + 60 * first, tops[r], 50.0 + 60 * last, tops[r + 1]))
        for r, (_, row) in enumerate(rows) for first, last, text in row
    )
    return RawTable(len(rows), max(c.column + c.column_span for c in cells), cells, "lattice", page=page)


def test_levels_of_both_headers_meet_at_the_heights_they_are_printed_at() -> None:
    """The cut divides a header of which either page prints other levels, and both number their columns."""
    codes = [("213", "农林水支出"), ("21303", "水利"), ("2130301", "行政运行")]
    heads = [(100.0, [(0, 2, "科目"), (2, 3, "支出合计")]), (160.0, [(0, 1, "科目编码"), (1, 2, "科目名称"), (2, 3, "")])]
    numbers = (180.0, [(0, 1, "栏次"), (1, 2, ""), (2, 3, "1")])
    left = rows_at([*heads, numbers, *((200.0 + 20 * n, [(0, 1, c), (1, 2, t), (2, 3, "9.00")]) for n, (c, t) in enumerate(codes))], 1, 260)
    right_heads = [(100.0, [(0, 2, "基本支出"), (2, 3, "项目支出")]), (140.0, [(0, 1, "人员经费"), (1, 2, "公用经费"), (2, 3, "")])]
    more = (180.0, [(0, 1, "2"), (1, 2, "3"), (2, 3, "4")])
    amounts = [(200.0 + 20 * n, [(0, 1, "4.00"), (1, 2, "2.00"), (2, 3, "3.00")]) for n in range(3)]
    found = facts(left, rows_at([*right_heads, more, *amounts], 2, 260))
    assert [f[2:4] for f in found[:4]] == [("total", 90_000), ("basic_personnel", 40_000), ("basic_operating", 20_000), ("project", 30_000)]


def test_a_list_that_goes_on_is_no_right_half_though_its_last_labels_are_alike() -> None:
    left = rows_at([(100.0, [(0, 1, "科目编码"), (1, 2, "科目名称"), (2, 3, "合计")]),
                    *((120.0 + 20 * n, [(0, 1, "213"), (1, 2, "农林水支出"), (2, 3, f"{n}.50")]) for n in range(2))], 1, 160)
    right = rows_at([(100.0 + 20 * n, [(0, 1, "213"), (1, 2, "农林水支出"), (2, 3, f"{n + 5}.50")]) for n in range(5)], 2, 200)
    assert [f[3:] for f in facts(left, right)] == [(int(10_000 * (n + 0.5)), 1 if n < 2 else 2) for n in (0, 1, 5, 6, 7, 8, 9)]

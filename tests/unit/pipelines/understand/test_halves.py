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

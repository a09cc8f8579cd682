"""Headers torn by a page end."""

from pipelines.normalise.normalise import normalise
from pipelines.read.document import Cell, RawTable, TextLine, document_of
from pipelines.understand.understand import understand

UPPER = [(0, 2, "科目编码"), (2, 3, "科目名称"), (3, 4, "合计"), (4, 6, "本年预算安排"), (6, 7, "上年结转")]
LOWER = [
    ["类", "款", "科目名称", "合计", "基本支出", "项目支出", "上年结转"],
    ["213", "", "农林水支出", "9.00", "5.00", "3.00", "1.00"],
    ["213", "03", "水利", "9.00", "5.00", "3.00", "1.00"],
]


def cell(row: int, first: int, last: int, text: str, page: int, aside: float = 0.0) -> Cell:
    box = (50.0 + 60 * first + aside, 700.0 + 20 * row, 50.0 + 60 * last + aside, 720.0 + 20 * row)
    return Cell(row, first, text, column_span=last - first, page=page, box=box)


def upper(aside: float = 0.0) -> RawTable:
    """The first level alone, on a grid of its own: every cell one column."""
    cells = [cell(0, first, last, text, 1, aside) for first, last, text in UPPER]
    return RawTable(1, 5, tuple(Cell(0, n, c.text, page=1, box=c.box) for n, c in enumerate(cells)), "lattice", page=1)


def lower() -> RawTable:
    cells = tuple(cell(r, c, c + 1, text, 2) for r, row in enumerate(LOWER) for c, text in enumerate(row))
    return RawTable(len(LOWER), 7, cells, "lattice", page=2)


def records_of(*tables: RawTable) -> list[dict[str, object]]:
    head = [TextLine(text, page=1) for text in ("安宁县水务局2026年部门预算", "一般公共预算支出表", "单位：万元")]
    document = document_of([*head, *tables], sha256="0" * 64, n_bytes=1, media_type="application/pdf")
    return normalise(understand(document))["facts"].sort("row_no", "column_no").to_dicts()


def found(*tables: RawTable) -> list[tuple[object, ...]]:
    records = records_of(*tables)
    return [(r["column_path"], r["budget_period"], r["amount_yuan"]) for r in records if r["subject_code"] == "21303"]


def test_the_upper_rows_of_a_header_stand_over_the_columns_of_the_next_page() -> None:
    assert [f[1:] for f in found(upper(), lower())] == [
        ("total", 90_000), ("current_year", 50_000), ("current_year", 30_000), ("carried_over", 10_000)
    ]
    assert [f[0] for f in found(upper(), lower())][1:3] == ["本年预算安排 / 基本支出", "本年预算安排 / 项目支出"]


def test_a_header_that_stands_elsewhere_on_its_page_is_of_another_table() -> None:
    assert not [f for f in found(upper(aside=25.0), lower()) if "本年预算安排" in str(f[0])]


def page(rows: list[list[str]], number: int) -> RawTable:
    cells = tuple(cell(r, c, c + 1, text, number) for r, row in enumerate(rows) for c, text in enumerate(row))
    return RawTable(len(rows), len(rows[0]), cells, "lattice", page=number)


def test_heads_cut_in_the_middle_of_a_line_are_whole() -> None:
    upper_half = page([["科目编码", "科目名", "合计", "基本支", "工资福"]], 1)
    rows = [["213", "农林水支出", "9.00", "5.00", "5.00"], ["21303", "水利", "9.00", "5.00", "5.00"]]
    lower_half = page([["", "称", "", "出", "利支出"], *rows], 2)
    assert [f[0] for f in found(upper_half, lower_half)] == ["合计", "基本支出", "工资福利支出"]


def test_codes_over_three_columns_go_on_without_a_header() -> None:
    """类 | 款 | 项 stand side by side in the header alone: a page without it has two columns less."""
    head = [["类", "款", "项", "科目名称", "合计", "基本支出"]]
    first = page([*head, ["213", "", "", "农林水支出", "9.00", "5.00"]], 1)
    edges = [(0, 3), (3, 4), (4, 5), (5, 6)]
    rows = [["21303", "水利", "9.00", "5.00"], ["2130301", "行政运行", "9.00", "5.00"]]
    boxes = [[cell(r, *edges[c], text, 2).box for c, text in enumerate(row)] for r, row in enumerate(rows)]
    cells = tuple(Cell(r, c, text, page=2, box=boxes[r][c]) for r, row in enumerate(rows) for c, text in enumerate(row))
    assert [f[2] for f in found(first, RawTable(2, 4, cells, "lattice", page=2))] == [90_000, 50_000]


def test_a_line_without_its_number_is_the_end_of_the_name_above() -> None:
    first = page([["项目", "行次", "金额"], ["一、财政拨款", "1", "9.00"], ["二、使用非财政拨款", "2", "1.00"]], 1)
    second = page([["结余", "", ""], ["三、其他收入", "3", "3.00"]], 2)
    assert [r["row_label"] for r in records_of(first, second)] == ["一、财政拨款", "二、使用非财政拨款结余", "三、其他收入"]




def test_tables_that_touch_have_columns_of_their_own_and_their_titles() -> None:
    """The grid of the second page is cut where either table has an edge; the title at its foot is that of the third page's table."""
    first = page([["科目编码", "科目名称", "合计"], ["213", "农林水支出", "9.00"]], 1)
    third = page([["采购品目", "数量", "预算金额"], ["台式计算机", "3", "1.50"], ["打印设备", "1", "0.50"]], 3)
    edges = [(0, 4), (4, 8), (8, 10)]
    cells = [
        Cell(r, left, text, column_span=right - left, page=2, box=cell(r, n, n + 1, text, 2).box)
        for r, row in enumerate([["21303", "水利", "9.00"], ["2130301", "行政运行", "9.00"]])
        for n, (text, (left, right)) in enumerate(zip(row, edges, strict=True))
    ]
    title = Cell(2, 0, "政府采购预算表", column_span=10, page=2, box=cell(2, 0, 3, "", 2).box)
    records = records_of(first, RawTable(3, 10, (*cells, title), "lattice", page=2), third)
    assert [(r["table_kind"], r["row_label"]) for r in records] == [
        ("general_public_expenditure", "农林水支出"), ("procurement", "台式计算机"), ("general_public_expenditure", "水利"),
        ("procurement", "打印设备"), ("general_public_expenditure", "行政运行"),
    ]

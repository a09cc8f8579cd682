"""Rows that a page end tore in two."""

from __future__ import annotations

from pipelines.normalise.normalise import normalise
from pipelines.read.document import Cell, RawTable, TextLine, document_of
from pipelines.understand.understand import understand


def table(rows: list[list[str]], page: int) -> RawTable:
    cells = tuple(
        Cell(r, c, text, page=page, box=(50.0 + 90 * c, 80.0 + 20 * r, 140.0 + 90 * c, 100.0 + 20 * r))
        for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    return RawTable(len(rows), len(rows[0]), cells, "lattice", page=page)


def subjects(*pages: list[list[str]]) -> list[tuple[str, str]]:
    head = [TextLine("安宁县水务局2026年部门预算", page=1), TextLine("一般公共预算支出表", page=1), TextLine("单位：万元", page=1)]
    blocks = [*head, *(table(rows, n) for n, rows in enumerate(pages, 1))]
    document = document_of(blocks, sha256="0" * 64, n_bytes=1, media_type="application/pdf")
    return [(f["subject_code"], f["row_label"]) for f in normalise(understand(document))["facts"].to_dicts()]


def test_a_code_that_ends_with_its_dash_goes_on_with_the_name_on_the_next_page() -> None:
    upper = [["功能分类科目", "合计"], ["213-农林水支出", "9.00"], ["21303-水利", "9.00"], ["2130301-", "9.00"]]
    lower = [["行政运行", ""], ["221-住房保障支出", "2.00"]]
    assert subjects(upper, lower) == [
        ("213", "213-农林水支出"), ("21303", "21303-水利"), ("2130301", "2130301-行政运行"), ("221", "221-住房保障支出"),
    ]

"""Generated tables with generated header trees come back with the right paths, whatever the tree."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read.document import Cell, RawTable, TextLine, document_of
from pipelines.understand.understand import understand

LEVELS = ("财政拨款", "一般公共预算", "政府性基金预算", "基本支出", "项目支出", "人员经费", "公用经费", "事业收入", "其他收入", "单位资金")


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> list[tuple[str, list]]:  # type: ignore[type-arg]
    """A forest of header cells: (text, children), siblings with different texts."""
    texts = draw(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=3, unique=True))
    return [(t, draw(trees(depth=depth - 1)) if depth > 1 and draw(st.booleans()) else []) for t in texts]


def leaves(forest: list) -> int:  # type: ignore[type-arg]
    return sum(leaves(children) or 1 for _, children in forest)


def height(forest: list) -> int:  # type: ignore[type-arg]
    return max((1 + height(children) for _, children in forest), default=0)


def lay(forest: list, row: int, column: int, rows: int, cells: list[Cell], path: tuple[str, ...], paths: list[tuple[str, ...]]) -> None:  # type: ignore[type-arg]
    """Header cells with their spans, and the path of every leaf column."""
    for text, children in forest:
        width = leaves(children) or 1
        here = path if path and path[-1] == text else (*path, text)  # a cell that repeats the one above adds no level
        cells.append(Cell(row, column, text, row_span=1 if children else rows - row, column_span=width))
        if children:
            lay(children, row + 1, column, rows, cells, here, paths)
        else:
            paths.append(here)
        column += width


@settings(max_examples=60, deadline=None)
@given(trees())
def test_the_paths_of_a_drawn_header_come_back(forest: list) -> None:  # type: ignore[type-arg]
    rows, width = height(forest), leaves(forest)
    cells = [Cell(0, 0, "科目编码", row_span=rows), Cell(0, 1, "科目名称", row_span=rows)]
    paths: list[tuple[str, ...]] = []
    lay(forest, 0, 2, rows, cells, (), paths)
    for n, (code, name) in enumerate((("213", "农林水支出"), ("21303", "水利"), ("2130301", "行政运行"))):
        cells += [Cell(rows + n, 0, code), Cell(rows + n, 1, name), *(Cell(rows + n, 2 + c, f"{c + 1}.50") for c in range(width))]
    table = RawTable(rows + 3, width + 2, tuple(cells), "lattice", page=1)
    lines = [TextLine("安宁县水务局2026年部门预算", page=1), TextLine("支出总表", page=1), TextLine("单位：万元", page=1)]
    found = understand(document_of([*lines, table], sha256="0" * 64, n_bytes=1, media_type="application/pdf"))
    columns = [c for c in found.tables[0].columns if c.role == "amount"]
    assert [tuple(c.path.split(" / ")) for c in columns] == paths
    assert [row.code for row in found.tables[0].rows] == ["213", "21303", "2130301"]

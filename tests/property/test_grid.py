"""Any table, in any hand, turned, scaled, cropped or split over pages, keeps its grid."""

from __future__ import annotations

from dataclasses import replace

from drawn_tables import STYLES, DrawnCell, DrawnTable, Hand, draw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.read.document import RawTable
from pipelines.read.pdf.reader import read_pdf

SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = ("科目", "合计", "一般公共服务", "行政运行", "基本支出", "项目", "其他收入", "万元")
AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=2).map(lambda d: f"{d:,}")
CODES = st.integers(201, 2299999).map(str)
TEXTS = st.one_of(st.just(""), st.sampled_from(NAMES), AMOUNTS, CODES)


@st.composite
def tables(draw_from: st.DrawFn, whole_rows: bool = False) -> DrawnTable:
    """A table of 2–7 rows and 2–6 columns with merged cells; every boundary is ruled somewhere, so that it can be seen."""
    rows, columns = draw_from(st.integers(2, 7)), draw_from(st.integers(2, 6))
    taken = [[False] * columns for _ in range(rows)]
    cells: list[DrawnCell] = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            merge = r > 0 and c > 0 and draw_from(st.booleans()) and draw_from(st.booleans())  # the first row and column stay whole
            across = draw_from(st.integers(1, columns - c)) if merge else 1
            while any(taken[r][c : c + across]):
                across -= 1
            down = draw_from(st.integers(1, rows - r)) if merge and not whole_rows else 1
            for i in range(r, r + down):
                taken[i][c : c + across] = [True] * across
            cells.append(DrawnCell(r, c, draw_from(TEXTS), down, across, draw_from(st.sampled_from(("left", "right", "centre")))))
    if not any(cell.text for cell in cells):
        cells[0] = replace(cells[0], text="科目")
    widths = tuple(float(draw_from(st.integers(66, 110))) for _ in range(columns))
    heights = tuple(float(draw_from(st.integers(13, 32))) for _ in range(rows))
    return DrawnTable(widths, heights, tuple(cells))


hands = st.builds(
    Hand,
    style=st.sampled_from(STYLES),
    rotate=st.sampled_from((0, 90, 180, 270)),
    scale=st.floats(0.6, 1.8),
    origin=st.tuples(st.integers(-200, 200), st.integers(-200, 200)),
    crop=st.integers(0, 30),
)


def grids(data: bytes) -> list[set[tuple[int, int, int, int, str]]]:
    return [_grid(table) for table in read_pdf(data, sha256="0" * 64, n_bytes=len(data)).tables]


def _grid(table: RawTable) -> set[tuple[int, int, int, int, str]]:
    return {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells}


@SETTINGS
@given(table=tables(), hand=hands)
def test_redrawing_turning_scaling_and_cropping_change_nothing(table: DrawnTable, hand: Hand) -> None:
    assert grids(draw([[table]], hand, above="部门支出总表")) == [table.grid]


@SETTINGS
@given(first=tables(), second=tables(), style=st.sampled_from(STYLES))
def test_tables_on_one_page_do_not_touch_each_other(first: DrawnTable, second: DrawnTable, style: str) -> None:
    assert grids(draw([[first, second]], Hand(style))) == [first.grid, second.grid]


@SETTINGS
@given(table=tables(whole_rows=True), at=st.integers(1, 6), style=st.sampled_from(STYLES))
def test_a_table_split_over_pages_keeps_its_rows(table: DrawnTable, at: int, style: str) -> None:
    at = min(at, len(table.heights) - 1)
    parts = [table.rows(0, at), table.rows(at, len(table.heights))]
    read = grids(draw([[part] for part in parts], Hand(style)))
    seen = [part for part in parts if any(cell.text for cell in part.cells)]  # a page with rules and no text at all has no table
    assert [_columns_seen(grid) for grid in read] == [_columns_seen(part.grid) for part in seen]


def _columns_seen(grid: set[tuple[int, int, int, int, str]]) -> set[tuple[int, int, int, int, str]]:
    """The grid without column boundaries at which no cell of this page begins or ends: they are not on the page."""
    edges = sorted({c for _, c, _, _, _ in grid} | {c + w for _, c, _, w, _ in grid})
    number = {edge: n for n, edge in enumerate(edges)}
    return {(r, number[c], h, number[c + w] - number[c], text) for r, c, h, w, text in grid}

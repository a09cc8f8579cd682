"""The zones of a performance form: where it is labels and values, where a list of indicators, where a grid of amounts.

One printed form changes its columns several times (项目名称 | …, then 年初预算数 | 全年执行数 …, then 一级指标 | … | 指标值). Here: cutting
its rows into zones and naming the columns of each. Not here: what the cells of a zone become (normalise).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipelines.read.document import Cell
from pipelines.understand.amounts import Amount, parse_amount
from pipelines.understand.grid import SPANLESS, Grid, header_texts
from pipelines.understand.logical import LogicalTable
from pipelines.understand.performance_words import PerformanceWords, level_name
from pipelines.understand.text import bare, compact

MAX_HEADER_SPAN = 4  # a taller cell beside a header is a label down the side (绩效指标, 年度主要任务)
_WAN = re.compile(r"^(.*\d[）)]?)万$")
_STAGE = re.compile(r"预算数|执行数|决算数|支出数|预算$|决算$|到位|指标值")
_FIGURE = re.compile(r"\d(?!\d{0,3}年|[）)分])")  # a number that is no year and no weight in brackets
_SAID = re.compile(r"[：:]-?[\d,，]+(?:\.\d+)?(?:万?元)?$")
_GOAL = re.compile(r"目标|概况|内容|绩效指标")
_FUNDS = re.compile(r"资金总额|预算资金|项目资金|资金来源|财政拨款|主管部门|实施单位")  # labels of a form, no names of projects
_INDICATOR_COMPANY = {"target", "actual", "points", "score", "level1", "level2", "operator", "target_unit"}
_AMOUNTS = {"amount", "rate", "points", "score", "group"}
_COLUMN_NAMES = {"project", "entity_project", "entity", "code", "row_no", "activity"}  # heads of columns, however tall
_BELOW = {"amount", "rate", "target", "actual", "note", "operator", "target_unit"}  # in the lower row of a header: 目标值 | 完成值
ACROSS = "across"  # the name of an indicator level over a column of its own
_FEWEST_ACROSS = 3
_LISTED = {"project", "entity_project", "activity", "entity"}


class Head(NamedTuple):
    """What stands over one grid column: its role, the printed header from top to bottom, and where it lies on the page."""

    column: int
    role: str
    path: tuple[str, ...]
    x0: float | None = None
    x1: float | None = None


_NO_HEADS: tuple[Head, ...] = ()


@dataclass(frozen=True)
class Zone:
    """Rows read with one set of columns. `kind`: form (labels and values) · indicators · values (amounts, counts, scores) · text."""

    kind: str
    rows: tuple[int, ...]
    heads: tuple[Head, ...] = ()
    header: tuple[int, ...] = ()
    side: str = ""  # the label down the side, 项目资金（万元）

    def columns(self, *roles: str) -> list[int]:
        """Grid columns with one of these roles, left to right."""
        return [h.column for h in self.heads if h.role in roles]


def form_grid(table: LogicalTable) -> Grid:
    """A logical table's cells as a matrix."""
    owner = [[-1] * table.n_columns for _ in range(table.n_rows)]
    texts = [[""] * table.n_columns for _ in range(table.n_rows)]
    for n, cell in enumerate(table.cells):
        text = compact(cell.text)
        for r in range(cell.row, min(cell.row + cell.row_span, table.n_rows)):
            for c in range(cell.column, min(cell.column + cell.column_span, table.n_columns)):
                owner[r][c], texts[r][c] = n, text
    return Grid(table.n_rows, table.n_columns, list(table.cells), owner, table.method in SPANLESS, texts)


def printed_amount(text: str) -> Amount | None:
    """`parse_amount`, and 642万 read as 642万元 (written so in forms that ask for 万元)."""
    m = _WAN.match(compact(text))
    return parse_amount(f"{m.group(1)}万元") if m else parse_amount(text)


def own_cells(grid: Grid, r: int) -> list[Cell]:
    """The cells with text that begin in a row, left to right."""
    seen: list[int] = []
    for n in grid.owner[r]:
        if n >= 0 and n not in seen and grid.cells[n].row == r and compact(grid.cells[n].text):
            seen.append(n)
    return [grid.cells[n] for n in seen]


def zones(grid: Grid, skipped: Iterable[int], words: PerformanceWords, carried: Zone | None = None) -> list[Zone]:
    """The zones of a form from top to bottom. `carried`: the zone that an earlier page left open, its columns already of this grid.

    `skipped`: rows that are no part of the form (titles, notes). A header that is printed again, and the heading of a form that goes on
    over the page, belong to no zone either.
    """
    skip = set(skipped)
    out: list[Zone] = []
    kind, heads, side = ("form", _NO_HEADS, "") if carried is None else (carried.kind, carried.heads, carried.side)
    header: tuple[int, ...] = ()
    rows: list[int] = []
    begun: dict[tuple[str, ...], str] = {}  # first rows of forms → what stands first in the row below
    r = 0
    while r < grid.n_rows:
        if r in skip:
            r += 1
            continue
        found = _header_at(grid, r, words)
        again = found is not None and kind == found[0] and bool(heads) and _same_columns(heads, found[1])
        starts = found is None and _starts_form(grid, r, kind, words)
        if found is None and not starts and kind == "form" and (bare_list := _list_without_header(grid, r, words)):
            if rows:
                out.append(Zone(kind, tuple(rows), heads, header, side))
            rows, kind, heads, header, side = [], "indicators", bare_list, (), ""
        if starts and kind != "form" and _heading_again(grid, r, begun):
            r += 1
            continue
        if (found is not None and not again) or (starts and kind != "form"):
            if rows or header:
                out.append(Zone(kind, tuple(rows), heads, header, side))
            rows = []
            kind, heads, header, side = found if found is not None else ("form", _NO_HEADS, (), "")
        if found is not None:
            r = found[2][-1] + 1
            continue
        if starts:
            begun.setdefault(_texts(grid, r), next(iter(_texts(grid, r + 1)), ""))
        rows.append(r)
        r += 1
    if rows or header:
        out.append(Zone(kind, tuple(rows), heads, header, side))
    return out


def _list_without_header(grid: Grid, r: int, words: PerformanceWords) -> tuple[Head, ...]:
    """The columns of a list without a header, from its first row 产出指标 | 数量指标 | name | target; () for other rows."""
    cells = own_cells(grid, r)
    levels = [words.level(c.text) for c in cells]
    second = next((n for n, level in enumerate(levels) if level is not None and level.depth != 1), None)
    if second is None or len(cells) != second + 3 or any(levels[second + 1:]) or printed_amount(cells[second + 1].text) is not None:
        return ()
    first = next((n for n, level in enumerate(levels[:second]) if level is not None), None)
    named = [(cells[first], "level1")] if first is not None else []
    named += [(cells[second], "level2"), (cells[second + 1], "indicator"), (cells[second + 2], "target")]
    return tuple(
        Head(c, role, (role,), cell.box[0] if cell.box else None, cell.box[2] if cell.box else None)
        for cell, role in named for c in range(cell.column, cell.column + cell.column_span)
    )


def _texts(grid: Grid, r: int) -> tuple[str, ...]:
    return tuple(compact(c.text) for c in own_cells(grid, r)) if r < grid.n_rows else ()


def _heading_again(grid: Grid, r: int, begun: dict[tuple[str, ...], str]) -> bool:
    """Whether the first row of a form is only printed again on top of a page: what follows is not how that form began."""
    texts = _texts(grid, r)
    return texts in begun and next(iter(_texts(grid, r + 1)), "") != begun[texts]


def _starts_form(grid: Grid, r: int, kind: str, words: PerformanceWords) -> bool:
    """Whether a row goes back to labels and values: 项目名称 | X begins a form, 年度总体目标 | … ends a grid of amounts."""
    cells = own_cells(grid, r)
    if not 1 <= len(cells) <= 6:
        return False
    role = words.label_role(cells[0].text)
    if role in ("project", "department") or (role == "entity" and any(words.label_role(c.text) == "project" for c in cells[1:])):
        return len(cells) > 1
    return kind != "indicators" and role == "text" and bool(_GOAL.search(bare(cells[0].text)))


def _header_at(grid: Grid, r: int, words: PerformanceWords) -> tuple[str, tuple[Head, ...], tuple[int, ...], str] | None:
    cells = own_cells(grid, r)
    if len(cells) < 2:
        return None
    if (across := _across(grid, r, words)) is not None:
        return across
    side, body = _without_sides(cells, grid, words)
    roles = {id(c): words.header_role(c.text) for c in body}
    known = [c for c in body if roles[id(c)]]
    numbers = [c for c in body if printed_amount(c.text)]
    if any(_SAID.search(compact(c.text)) for c in body):
        return None  # 其中：基本支出：810.00 says its value itself
    if len(known) < 2 or (numbers and (len(known) < 4 or numbers != body[:1])):
        return None  # one number over the labels' column is a slip of the pen
    unknown = len(body) - len(known)
    if unknown == 2 and not any(roles[id(c)] for c in body[:2]):
        unknown = 1  # 预算执行情况 | 项目资金 | 年初预算数 | …: both head the labels beside the amounts
    kind = _kind([role for c in body if (role := roles[id(c)])], unknown, body, grid)
    if kind is None:
        return None
    last = r + max(c.row_span for c in known) - 1
    while last + 1 < grid.n_rows and _goes_on(grid, r, last, words):
        last += 1
    header = tuple(range(r, last + 1))
    heads = _heads(grid, header, {id(c) for c in cells if c not in body}, words)
    have = {h.role for h in heads}
    if kind == "values" and "indicator" in have and have & {"target", "actual"}:
        kind = "indicators"
    if kind == "values" and len(known) == 2 and have & _LISTED and not _amounts_below(grid, last, heads):
        return None  # 项目名称 | 某某补助资金: a label and its value
    return kind, heads, header, side.text if side else ""


def _across(grid: Grid, r: int, words: PerformanceWords) -> tuple[str, tuple[Head, ...], tuple[int, ...], str] | None:
    """A header that prints the levels of indicators across: 项目名称 | 资金总额 | 产出指标 over 数量指标 | 质量指标; None for others."""
    for last in (r, r + 1):
        cells = own_cells(grid, last) if last < grid.n_rows else []
        second = [c for c in cells if (level := words.level(c.text)) is not None and level.depth != 1 and c.column_span == 1]
        if len(second) < _FEWEST_ACROSS or len({level_name(c.text) for c in second}) < len(second):
            continue
        header = tuple(range(r, last + 1))
        heads = _heads(grid, header, set(), words)
        roles = {h.role for h in heads}
        if not roles & _LISTED or any(printed_amount(c.text) for k in header for c in own_cells(grid, k)):
            continue
        places = {c.column for c in second}
        named = [
            Head(c.column, ACROSS, tuple(level_name(t) for k in header if (t := grid.text(k, c.column))), *(c.box[::2] if c.box else ()))
            for c in second
        ]
        return "indicators", tuple(sorted([*(h for h in heads if h.column not in places), *named])), header, ""
    return None


def _amounts_below(grid: Grid, last: int, heads: tuple[Head, ...]) -> bool:
    columns = [h.column for h in heads if h.role in ("amount", "score")]
    rows = range(last + 1, min(last + 4, grid.n_rows))
    if any(_FUNDS.search(grid.text(r, 0)) for r in rows):
        return False
    return any(printed_amount(grid.text(r, c)) is not None for r in rows for c in columns)


def _same_columns(before: tuple[Head, ...], now: tuple[Head, ...]) -> bool:
    """Whether a header is that of the zone printed again; other text may have run into some of its cells (pages laid over one another)."""
    old, new = {h.column: h.role for h in before}, {h.column: h.role for h in now}
    shared = sum(old.get(c) == role for c, role in new.items())
    return old == new or (len(old) >= 5 and len(old) >= len(new) and shared >= 0.7 * len(old))


def _without_sides(cells: list[Cell], grid: Grid, words: PerformanceWords) -> tuple[Cell | None, list[Cell]]:
    """The label down the left side, if there is one, and the cells of the header proper."""
    usual = max((c.row_span for c in cells[1:] if c.row_span <= MAX_HEADER_SPAN), default=1)
    body = [c for c in cells[1:] if c.row_span <= MAX_HEADER_SPAN]
    first = cells[0]
    role = words.header_role(first.text)
    doubled = role == "indicator" and any(words.header_role(c.text) in ("indicator", "level1") for c in body)
    heading = role in ("text", "group") and len(body) > 1 and all(words.header_role(c.text) for c in body)
    alone = role is None and all(words.header_role(c.text) for c in body)
    if (first.row_span > usual and role not in _COLUMN_NAMES) or doubled or heading or alone:
        return first, body
    return None, [first, *body]


def _kind(roles: list[str], unknown: int, body: list[Cell], grid: Grid) -> str | None:
    have = set(roles)
    if have == {"group"}:
        return None
    if ("indicator" in have and have & _INDICATOR_COMPANY) or {"level1", "level2"} <= have:
        return "indicators" if unknown * 3 <= len(body) else None
    if unknown and not (unknown == 1 and len(roles) >= 4):
        return None
    if "count" in have:
        return "values"
    if have & _LISTED and (have & {"amount", "score"} or ("group" in have and len(roles) >= 3)):
        return "values"
    if sum(role in _AMOUNTS for role in roles) >= 2 and have <= _AMOUNTS | {"text", "actual", "note"}:
        staged = any(_STAGE.search(bare(c.text)) for c in body)
        adjoining = not grid.spanless and all(a.column + a.column_span == b.column for a, b in pairwise(body))
        labels = sum(compact(c.text).endswith(("：", ":")) for c in body)
        return "values" if staged or (adjoining and not labels) or "group" in have else None
    return "text" if have <= {"text", "actual", "note"} else None


def _goes_on(grid: Grid, first: int, last: int, words: PerformanceWords) -> bool:
    """Whether the row below is one more level of the header: only header words, each under some head that is printed above it."""
    cells = own_cells(grid, last + 1)
    roles = [words.header_role(c.text) for c in cells]
    if len(cells) > 1 and not grid.text(last + 1, 0) and all(role in _BELOW for role in roles) and not merged(grid):
        return all(grid.text(last, c.column) or any(grid.text(last, k) for k in range(1, c.column)) for c in cells)
    if not cells or any(role not in ("amount", "rate", "level1", "level2", "indicator", "target", "note") for role in roles):
        return False
    if "note" in roles and "target" not in roles:
        return False  # 前年 | 上年 | 预计当年实现 below 指标值; words that explain, alone, are no header
    if any(_FIGURE.search(compact(c.text)) or c.row_span > MAX_HEADER_SPAN for c in cells):
        return False
    if grid.spanless:
        return len(cells) > 1 and not grid.text(last + 1, 0)
    above = [grid.at(last, c.column) for c in cells]
    pairs = zip(above, cells, strict=True)
    return all(a is not None and compact(a.text) and a.column_span > 1 and a.column_span >= c.column_span for a, c in pairs)


def merged(grid: Grid) -> bool:
    """Whether the table has merged cells at all: some are typed with blanks in their place."""
    return any(c.row_span > 1 or c.column_span > 1 for c in grid.cells)


def _heads(grid: Grid, header: tuple[int, ...], sides: set[int], words: PerformanceWords) -> tuple[Head, ...]:
    levels = header_texts(grid, list(header))
    out: list[Head] = []
    for c in range(grid.n_columns):
        cells = [cell for r in header if (cell := grid.at(r, c)) is not None and compact(cell.text) and id(cell) not in sides]
        texts = [row[c] for row in levels] if grid.spanless else [compact(cell.text) for cell in cells]
        path = tuple(t for i, t in enumerate(texts) if t and t not in texts[:i])
        if grid.spanless and any(id(cell) in sides for r in header if (cell := grid.at(r, c)) is not None):
            path = ()
        role = next((role for t in reversed(path) if (role := words.header_role(t)) and role != "group"), None)
        if role is None and path and words.header_role(path[-1]) == "group":
            role = "group"
        if role is None:
            if grid.spanless and out and not path and c not in _side_columns(grid, header, sides):
                out.append(Head(c, out[-1].role, out[-1].path))
            continue
        box = cells[-1].box if cells else None
        out.append(Head(c, role, path, box[0] if box else None, box[2] if box else None))
    return tuple(_units_resolved(out))


def _side_columns(grid: Grid, header: tuple[int, ...], sides: set[int]) -> set[int]:
    return {cell.column for r in header for c in range(grid.n_columns) if (cell := grid.at(r, c)) is not None and id(cell) in sides}


def _units_resolved(heads: list[Head]) -> list[Head]:
    """单位 right of the target is the target's unit, not a body."""
    out: list[Head] = []
    for h in heads:
        after_target = any(k.role in ("target", "operator") for k in out)
        out.append(h._replace(role="target_unit") if h.role == "entity" and bare(h.path[-1]) == "单位" and after_target else h)
    return out


def placed_on(zone: Zone, grid: Grid) -> Zone:
    """An open zone's columns found again on the next page's grid: by where they lie, else by number when there are as many.

    Columns without a counterpart keep no role.
    """
    edges = _edges(grid)
    if edges is None or any(h.x0 is None for h in zone.heads):
        fits = grid.spanless or not zone.heads or max(h.column for h in zone.heads) < grid.n_columns
        heads = tuple(h for h in zone.heads if h.column < grid.n_columns) if fits else ()
        return Zone(zone.kind, zone.rows, heads, zone.header, zone.side)
    placed: list[Head] = []
    for c, (x0, x1) in enumerate(edges):
        best = max(zone.heads, key=lambda h: min(x1, h.x1 or 0) - max(x0, h.x0 or 0))
        if min(x1, best.x1 or 0) - max(x0, best.x0 or 0) > 0.5 * (x1 - x0):
            placed.append(Head(c, best.role, best.path, best.x0, best.x1))
    return Zone(zone.kind, zone.rows, tuple(placed), zone.header, zone.side)


def _edges(grid: Grid) -> list[tuple[float, float]] | None:
    spans: list[list[tuple[float, float]]] = [[] for _ in range(grid.n_columns)]
    for cell in grid.cells:
        if cell.box is not None and cell.column_span == 1 and cell.column < grid.n_columns:
            spans[cell.column].append((cell.box[0], cell.box[2]))
    if not all(spans):
        return None
    return [(median(a for a, _ in s), median(b for _, b in s)) for s in spans]

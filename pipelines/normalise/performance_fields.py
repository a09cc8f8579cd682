"""The columns and levels of a list of indicators: which cell of a row is what, side by side where a form prints two lists in one.

Here: blocks of columns (中期 | 年度, or 产出指标 | 效益指标 each with its own 三级指标 and 指标值), levels inherited from above, and rows
of text without spans that lost a column. Not here: what an indicator says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from pipelines.normalise.performance_state import Levels
from pipelines.read.document import Cell
from pipelines.understand.grid import Grid
from pipelines.understand.performance_words import PerformanceWords, level_name
from pipelines.understand.performance_zones import Head, Zone
from pipelines.understand.text import bare, compact

_BEGIN = ("level1", "level2", "indicator")
_DATED = re.compile(r"(20\d\d)年")
_DEEPEST = ("四级", "三级")


@dataclass
class Fields:
    """The cells of one row of indicators, by role."""

    level1: list[Cell]
    level2: list[Cell]
    indicator: list[Cell]
    target: list[Cell]
    operator: list[Cell]
    target_unit: list[Cell]
    actual: list[Cell]
    points: list[Cell]
    score: list[Cell]
    note: list[Cell]
    rate: list[Cell]

    @property
    def valued(self) -> bool:
        """Whether the row says anything of its indicator."""
        return any((self.target, self.actual, self.points, self.score))


@dataclass(frozen=True)
class Block:
    """Columns of one list of indicators; `level1` and `level2` where the heads over the block name them."""

    heads: tuple[Head, ...]
    level1: str | None = None
    level2: str | None = None

    @property
    def target_head(self) -> str:
        """The words right over the target, 指标值（%）."""
        return next((h.path[-1] for h in self.heads if h.role == "target" and h.path), "")


def blocks(zone: Zone, words: PerformanceWords, year: int | None = None) -> list[Block]:
    """The lists of indicators that a zone prints side by side; one for nearly all forms. `year`: the one the table speaks of."""
    found: list[list[Head]] = [[]]
    for head in _one_target(_one_indicator(zone.heads), year):
        have = {h.role for h in found[-1]}
        if head.role in _BEGIN and have & {"target", "actual"} and head.role in ("indicator", "level2", "level1"):
            found.append([])
        found[-1].append(head)
    shared = [h for h in found[0] if h.role == "level1"]
    out: list[Block] = []
    for n, heads in enumerate(found):
        if not any(h.role == "indicator" for h in heads):
            if out:
                out[-1] = replace(out[-1], heads=(*out[-1].heads, *heads))
            continue
        own = [] if n == 0 or any(h.role == "level1" for h in heads) else shared
        named = [level for h in heads if h.role == "indicator" for t in h.path[:-1] if (level := words.level(t)) is not None]
        first = next((level.name for level in named if level.depth != 2), None)
        out.append(Block((*own, *heads), first, next((level.name for level in named if level.depth == 2), None)))
    return out or [Block(zone.heads)]


def _one_indicator(heads: tuple[Head, ...]) -> list[Head]:
    """三级指标 is the indicator where 指标内容 or 指标名称 explains it in a column of its own."""
    names = [bare(h.path[-1]) for h in heads if h.role == "indicator"]
    deepest = next((word for word in _DEEPEST if any(n.startswith(word) for n in names)), None)
    if deepest is None:
        return list(heads)
    return [
        h._replace(role="note") if h.role == "indicator" and not bare(h.path[-1]).startswith(_DEEPEST) else h for h in heads
    ]


def _one_target(heads: list[Head], year: int | None) -> list[Head]:
    """Of targets by year (2026年指标值 | 2027年指标值) or by part of the year only that of the table's year is the target."""
    targets = [h for h in heads if h.role == "target"]
    dated = {h.column: m.group(1) for h in targets if (m := _DATED.search("".join(h.path[-1:])))}
    years = [h for h in targets if (dated.get(h.column) or "").isdigit()]
    if len(set(dated.values())) < 2 or len(years) < 2:
        return heads
    chosen = next((h for h in years if dated[h.column] == str(year)), years[0])
    return [h._replace(role="note") if h.role == "target" and h.path != chosen.path else h for h in heads]


def fields_of(grid: Grid, heads: tuple[Head, ...], r: int) -> Fields:
    """The printed cells of a row by role; a cell merged over several columns counts once, for the first of them."""
    found: dict[str, list[Cell]] = defaultdict(list)
    for head in heads:
        cell = grid.at(r, head.column)
        if cell is not None and compact(cell.text) and all(cell is not c for cells in found.values() for c in cells):
            found[head.role].append(cell)
    found["indicator"] = _deepest(found["indicator"], heads)
    return Fields(*(found[role] for role in Fields.__dataclass_fields__))


def _deepest(cells: list[Cell], heads: tuple[Head, ...]) -> list[Cell]:
    """Of a third and a fourth level only the deepest printed; cells under one head are parts of one text."""
    paths = {h.column: h.path for h in heads}
    return [c for c in cells if paths.get(c.column) == paths.get(cells[-1].column)]


def unshift(fields: Fields, cells: list[Cell], heads: tuple[Head, ...], words: PerformanceWords) -> None:
    """Rows of text without spans that lost a column: the last cell is the target, the one before it the indicator."""
    if not fields.target and not any(h.role == "operator" for h in heads) and fields.indicator:
        if len(fields.indicator) > 1:
            fields.target = [fields.indicator.pop()]
        elif fields.level2 and words.level(fields.level2[-1].text) is None:
            fields.target, fields.indicator, fields.level2 = fields.indicator, fields.level2, []
            if fields.level1 and (found := words.level(fields.level1[-1].text)) and found.depth == 2:
                fields.level2, fields.level1 = fields.level1, []
        elif not fields.level2 and fields.level1 and words.level(fields.level1[-1].text) is None:
            fields.target, fields.indicator, fields.level1 = fields.indicator, fields.level1, []
    columns = {h.column for h in heads}
    for cell in cells:  # a level printed in the column of the label down the side
        level = words.level(cell.text) if cell.column not in columns else None
        if level is not None and level.depth != 2 and not fields.level1:
            fields.level1 = [cell]
        elif level is not None and level.depth != 1 and not fields.level2:
            fields.level2 = [cell]


def open_levels(levels: Levels, grid: Grid, heads: tuple[Head, ...], before: int | None, r: int, *, first: bool = False) -> None:
    """A merged cell that begins blank in the middle of a page may be a new level whose name the page end cut off.

    `first`: the row is the first below the list's header, so that nothing above it can go on. When the next page prints a name on top,
    the indicators that waited get it; else they keep the level above.
    """
    for head in heads:
        cell = grid.at(r, head.column) if head.role in ("level1", "level2") else None
        above = grid.at(before, head.column) if before is not None else None
        if cell is None or cell.row != r:
            continue
        if compact(cell.text):
            named = levels.unnamed.pop(head.role, [])
            if above is None or above.page != cell.page:
                for record in named:
                    record[head.role] = level_name(cell.text)
        elif _begins(grid, cell, above, first):
            levels.unnamed[head.role] = []


def _begins(grid: Grid, blank: Cell, above: Cell | None, first: bool) -> bool:
    """Whether a blank cell is a level of its own rather than the rest of the level above."""
    if above is None:
        return first and blank.row_span > 1
    return above.page == blank.page and (blank.row_span > 1 or (above.row_span > 1 and ends_page(grid, blank)))


def ends_page(grid: Grid, cell: Cell) -> bool:
    """Whether a cell of a ruled page stands in the last row of it, with the next page's rows below: its words may stand there."""
    last = cell.row + cell.row_span
    below = next((c for c in grid.cells if c.row == last), None)
    return not grid.spanless and cell.page is not None and (last >= grid.n_rows or (below is not None and below.page != cell.page))


def inherit(levels: Levels, fields: Fields, words: PerformanceWords) -> None:
    """Levels of a row: printed, merged down from above, or as the row before had them."""
    for cell in fields.level1:
        found = words.level(cell.text)
        name = found.name if found else level_name(cell.text)
        if levels.level1 and name in ("标", "指标"):  # 效益指 | 标, 效益 | 指标 broken over two rows
            levels.level1 += name if not levels.level1.endswith("标") else ""
        elif found is not None and found.depth == 2 and not fields.level2:
            levels.level2 = name
        elif found is None and (both := words.both_levels(cell.text)):
            levels.level1, levels.level2 = both
        elif name != levels.level1:
            levels.level1 = name
            if not fields.level2:
                levels.level2 = None
    for cell in fields.level2:
        found = words.level(cell.text)
        levels.level2 = found.name if found else level_name(cell.text)
    if not fields.level1 and levels.level1 and levels.level2:  # 产出指标 from above beside 社会效益指标: the cell of 效益指标 is blank
        levels.level1 = words.own_parent(levels.level1, levels.level2) or levels.level1

"""Indicators that a list prints across: 数量指标 | 质量指标 | … stand over columns, a project fills one row.

Here: a cell below such a head as one or several indicators; a cut 维修面积≥500平方米 is name and target, any other words are the target of
the level's own name. Columns whose printed words are comparisons though their head explains only (指标方向: 大于等于). Not here: lists
with one indicator a row (performance_indicators).
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.normalise.performance_state import Sheet
from pipelines.normalise.performance_targets import Comparisons, parse_target
from pipelines.read.document import Cell
from pipelines.understand.amounts import is_filler
from pipelines.understand.grid import Grid
from pipelines.understand.performance_zones import ACROSS, Zone
from pipelines.understand.text import bare, compact

_PARTS = re.compile(r"[;；]+|(?<=[^\d.．、])(?=\d{1,2}[、.．)）](?!\d))")
_NUMBERED = re.compile(r"^(?:\d{1,2}[、.．)）](?!\d)|指标\d{1,2}[:：]|[①-⑳])")
_NAMED = re.compile(r"^(?P<name>[^≥≤≧≦＞＜<>=＝\d]{2,30}?)[:：]?(?P<target>[≥≤≧≦＞＜<>=＝].+)$")
_NOTHING = ("无", "暂无", "不涉及", "/", "—", "-", "……")


def read_across(sheet: Sheet, grid: Grid, zone: Zone, r: int) -> None:
    """The indicators of one row, from the columns that stand under the name of a level."""
    for head in zone.heads:
        cell = grid.at(r, head.column) if head.role == ACROSS else None
        if cell is None or cell.row != r or cell.column != head.column or is_filler(cell.text):
            continue
        level1 = head.path[0] if len(head.path) > 1 else None
        for n, part in enumerate(_PARTS.split(compact(cell.text))):
            text = _NUMBERED.sub("", part).strip("。，, ")
            if not text or text in _NOTHING:
                continue
            _made(sheet, cell, r, n, level1, head.path[-1], text)


def _made(sheet: Sheet, cell: Cell, r: int, n: int, level1: str | None, level2: str, text: str) -> None:
    """One indicator of a cell; several of one cell are told apart by their number in it."""
    named = _NAMED.match(text)
    name, target_text = (named["name"], named["target"]) if named else (level2, text)
    sheet.mark(cell, "indicators")
    sheet.indicator(
        cell, r, level1=level1, level2=level2, name=name, target_text=target_text, target=parse_target(target_text, sheet.comparisons),
        actual_text="", actual=None, points=None, score=None, part=n,
    )


def with_worded_operators(grid: Grid, zone: Zone, words: Comparisons) -> Zone:
    """A zone where a column that only explains (指标方向) is the column of operators, because nothing but comparisons stands in it."""
    if zone.columns("operator") or not zone.columns("target"):
        return zone
    for head in zone.heads:
        texts = {bare(grid.own(r, head.column)) for r in zone.rows} - {""} if head.role == "note" else set()
        if texts and any(t in words.before for t in texts) and all(t in words.before or t in words.qualitative for t in texts):
            return replace(zone, heads=tuple(h._replace(role="operator") if h == head else h for h in zone.heads))
    return zone

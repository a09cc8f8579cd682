"""收入 above 支出 in one list: which side each line of a two-sided table with a single block of columns is on.

Here: the lines that say a side (收入总计, 一、本年支出, a merged cell 收入) and the lines they stand for. Not here: tables with a block a
side (tables), and columns that say their side (columns).
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from pipelines.understand.logical import Row
from pipelines.understand.text import bare

_INCOME, _SPENDING = "income", "expenditure"
_HEADS = {
    _INCOME: re.compile(r"^(?:本年|当年|单位|部门|预算)*(?:总|预算)?收入(?:预算)?(?:部分|来源|情况)?(?:总计|合计|小计)?$"),
    _SPENDING: re.compile(r"^(?:本年|当年|单位|部门|预算)*(?:总|预算)?支出(?:预算)?(?:部分|去向|情况)?(?:总计|合计|小计)?$"),
}
_SUM = re.compile(r"计$")


def said_side(label: str) -> str | None:
    """The side that a line's label says by itself: 收入总计, 一、本年支出. None for a source or a kind of spending."""
    name = bare(label)
    return next((side for side, pattern in _HEADS.items() if pattern.match(name)), None)


def sides_of_lines(rows: list[Row]) -> list[Row]:
    """The rows with their sides, where both sides are said; unchanged otherwise.

    A list that begins with a total (收入总计 | 一、财政拨款 | … | 支出总计 | 一、基本支出) has its totals on top: a line belongs to the one
    above. Else a total closes its lines, and a head without 计 (一、本年收入) opens them.
    """
    marks = [said_side(row.label) or (said_side(row.group) if row.group else None) for row in rows]
    if {_INCOME, _SPENDING} - set(marks):
        return rows
    on_top = marks[0] is not None and bool(_SUM.search(bare(rows[0].label)))
    out = []
    for n, row in enumerate(rows):
        above = next((k for k in range(n, -1, -1) if marks[k] is not None), None)
        below = next((k for k in range(n, len(rows)) if marks[k] is not None), None)
        closed = above is not None and not on_top and above != n and bool(_SUM.search(bare(rows[above].label)))
        chosen = below if above is None or (closed and below is not None) else above
        out.append(replace(row, side=marks[chosen]) if chosen is not None else row)
    return out

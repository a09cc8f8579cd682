"""Groups of projects without codes or indents: found from the amounts, where only one nesting adds up.

A list 通用项目 8,580,600 / 大型活动 750,000 / 统计业务培训 750,000 … under a unit whose amount the plain sum exceeds can only be read as
groups with their members below. Source: project tables of 部门综合预算专项业务经费支出表 (the forms print no level).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from pipelines.understand.levels import is_unit_row
from pipelines.understand.logical import Row

MAX_STEPS = 20_000
MAX_LINES = 400  # the search goes as deep as the list is long


def nest(amounts: Sequence[Decimal], total: Decimal) -> list[int | None] | None:
    """The parent of each line so that top lines add up to `total` and every group to its members; None when nothing adds up.

    A flat list whose plain sum is the total stays flat. Lines of zero are members of what is open. At most MAX_STEPS trials.
    """
    if not amounts or sum(amounts) == total or len(amounts) > MAX_LINES:
        return [None] * len(amounts) if len(amounts) <= MAX_LINES else None
    parents: list[int | None] = [None] * len(amounts)
    budget = [MAX_STEPS]

    def fill(i: int, rest: Decimal, parent: int | None, stack: tuple[tuple[int | None, Decimal], ...]) -> bool:
        budget[0] -= 1
        if budget[0] < 0:
            return False
        if i == len(amounts):
            return rest == 0 and all(left == 0 for _, left in stack)
        if rest == 0 and stack and amounts[i] != 0:
            upper, left = stack[-1]
            return fill(i, left, upper, stack[:-1])
        amount = amounts[i]
        if amount > rest or amount < 0:
            return False
        parents[i] = parent
        if amount > 0 and i + 1 < len(amounts) and amounts[i + 1] <= amount and fill(i + 1, amount, i, (*stack, (parent, rest - amount))):
            return True
        parents[i] = parent
        return fill(i + 1, rest - amount, parent, stack)

    return parents if fill(0, total, None, ()) else None


def group_projects(rows: Sequence[Row], amounts: Mapping[int, Decimal]) -> list[Row]:
    """Rows with project groups marked: groups lose their project name, members get their group as parent.

    `amounts` gives each row's leading amount. A run of project lines counts from the unit or total line above it.
    """
    out = list(rows)
    start = 0
    while start < len(out):
        stop = start + 1
        if out[start].project is None:
            while stop < len(out) and out[stop].project is not None and out[stop].code is None:
                stop += 1
            lines = [amounts.get(out[n].row) for n in range(start + 1, stop)]
            total = amounts.get(out[start].row)
            if lines and total is not None and all(a is not None for a in lines):
                parents = nest([a for a in lines if a is not None], total)
                if parents is not None and total and len(lines) > 1:
                    _head(out, start, stop)
                if parents and any(p is not None for p in parents):
                    _mark(out, start + 1, parents)
        start = stop
    return out


def _head(rows: list[Row], start: int, stop: int) -> None:
    """A line that is neither a unit's nor a total, but the sum of the projects after it, is their group (类型 | 一级项目 | 二级项目)."""
    head = rows[start]
    if head.role != "detail" or not head.label or is_unit_row(head) or any(row.level > head.level for row in rows[start + 1 : stop]):
        return
    rows[start] = replace(head, role="subtotal", is_leaf=False)
    for n in range(start + 1, stop):
        row = rows[n]
        rows[n] = replace(row, level=row.level + 1, parent=head.row if row.parent == head.parent else row.parent)


def group_units(rows: Sequence[Row], amounts: Mapping[int, Decimal], slack: Decimal) -> list[Row]:
    """Units that print no codes, or codes that show no levels: a line that is the sum of the unit lines after it is their department.

    `slack` is what one printed amount may be off by rounding. Lines of the units below get the department as parent.
    """
    own = [n for n, row in enumerate(rows) if is_unit_row(row)]
    if len({(rows[n].year, rows[n].year_offset, rows[n].stage) for n in own}) > 1:
        return list(rows)  # years down the rows: a line for each, not a department over its units
    values = [amounts.get(rows[n].row) for n in own]
    if len(own) < 2 or any(v is None for v in values) or len({rows[n].level for n in own}) > 1:
        return list(rows)
    first, rest = values[0] or Decimal(0), sum((v or Decimal(0) for v in values[1:]), Decimal(0))
    printed = next((amounts.get(row.row) for row in rows if row.role == "total"), None)
    if printed is not None and abs(first + rest - printed) <= slack * (len(own) + 1) / 2:
        return list(rows)  # all of them together are the total
    whole = printed is not None and first == printed and rest > 0  # the units below it may be incomplete
    if first == 0 or (not whole and abs(first - rest) > slack * (len(own) + 1) / 2):
        return list(rows)
    out = list(rows)
    head = own[0]
    out[head] = replace(out[head], is_leaf=False, role="subtotal")
    for n in range(own[1], len(out)):
        if out[n].role != "total":
            parent = out[head].row if n in own else out[n].parent
            out[n] = replace(out[n], level=out[n].level + 1, parent=parent)
    return out


def group_lines(rows: Sequence[Row], amounts: Mapping[int, Decimal]) -> list[Row]:
    """The nesting of a list whose codes show no levels (procurement: 全额, unit, project, goods), where the sums show one.

    Rows stay as they are when the total is not printed, is not the first line, or no nesting adds up.
    """
    if len(rows) < 2 or rows[0].role != "total" or any(row.role == "total" for row in rows[1:]):
        return list(rows)
    total, lines = amounts.get(rows[0].row), [amounts.get(row.row) for row in rows[1:]]
    if total is None or any(a is None for a in lines):
        return list(rows)
    parents = nest([a for a in lines if a is not None], total)
    if parents is None:
        return list(rows)
    groups = {p for p in parents if p is not None}
    out, depth = [rows[0]], [0] * len(parents)
    for n, parent in enumerate(parents):
        depth[n] = 1 if parent is None else depth[parent] + 1
        row = rows[n + 1]
        role = "subtotal" if n in groups else ("detail" if row.role == "subtotal" else row.role)
        above = rows[0].row if parent is None else rows[parent + 1].row
        out.append(replace(row, level=depth[n], parent=above, is_leaf=n not in groups, role=role))
    return out


def _mark(rows: list[Row], first: int, parents: list[int | None]) -> None:
    groups = {p for p in parents if p is not None}
    depth: list[int] = []
    for n, parent in enumerate(parents):
        depth.append(0 if parent is None else depth[parent] + 1)
        row = rows[first + n]
        rows[first + n] = replace(
            row,
            level=row.level + depth[n],
            parent=row.parent if parent is None else rows[first + parent].row,
            is_leaf=n not in groups,
            role="subtotal" if n in groups else row.role,
            project=None if n in groups else row.project,
        )

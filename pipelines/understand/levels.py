"""The hierarchy of a block's rows: level, parent and whether a row is a leaf, from codes, enumerators, units and 其中.

Here: the tree as printed. Groups that only the amounts show are found in `nesting`. Not here: what a row is.
"""

from __future__ import annotations

from msgspec.structs import replace

from pipelines.understand.logical import Row
from pipelines.understand.subjects import level_of, parent_of
from pipelines.understand.text import bare, enumerator_level, is_of_which

Rank = tuple[int, int]
TOTAL: Rank = (0, 0)


def is_unit_row(row: Row) -> bool:
    """Whether the row is a budget unit's own line (procurement forms print the subject's code beside it)."""
    return row.entity is not None and bare(row.label) == bare(row.entity)


def hierarchy(rows: list[Row]) -> list[Row]:
    """Rows with level, parent and is_leaf set; totals stand on level 0, what they repeat on later pages parts nothing."""
    rows = _full_lists(rows)
    ranks = _ranks(rows)
    order = {rank: n for n, rank in enumerate(sorted(set(ranks)))}
    parents: list[int | None] = []
    has_child: set[int] = set()
    path: list[tuple[int, int]] = []  # (level, index)
    for n, rank in enumerate(ranks):
        if rank == TOTAL and path and _goes_on(rows, n, path):
            parents.append(None)
            continue
        while path and path[-1][0] >= order[rank]:
            path.pop()
        if rank == TOTAL and n and any(r != TOTAL for r in ranks[:n]):
            parents.append(None)  # 本年收入合计 closes what is above it and heads nothing below
            continue
        parent = path[-1][1] if path and rank != TOTAL else None
        parents.append(parent)
        if parent is not None and rows[parent].role != "total" and rows[n].role != "of_which":
            has_child.add(parent)
        path.append((order[rank], n))
    return [
        replace(
            row,
            level=order[ranks[n]],
            parent=rows[p].row if (p := parents[n]) is not None else None,
            is_leaf=n not in has_child and row.role not in ("total", "subtotal"),
            role="subtotal" if n in has_child and row.role == "detail" else row.role,
        )
        for n, row in enumerate(rows)
    ]


def _ranks(rows: list[Row]) -> list[Rank]:
    out: list[Rank] = []
    inside = 2 if any(is_unit_row(row) for row in rows) else 1
    last_enumerated = 0
    unnumbered = 0 if any(enumerator_level(row.label) for row in rows) else 99  # above a numbered list stands its head
    for row in rows:
        enumerated = enumerator_level(row.label)
        if row.role == "total":
            out.append(TOTAL)
        elif is_unit_row(row):
            out.append((1, min(len(row.entity_code or "000000"), 9)))
        elif row.code:
            out.append((inside, 100 + level_of(row.code)))
        elif enumerated:
            last_enumerated = enumerated
            out.append((1, enumerated))
        elif is_of_which(row.label):
            out.append((1, last_enumerated + 1))
        else:
            out.append((inside, last_enumerated + 1 if last_enumerated else unnumbered))
    return out


def _goes_on(rows: list[Row], n: int, path: list[tuple[int, int]]) -> bool:
    """Whether the total in row n only stands on top of a continued page: the next code belongs below a code from before it."""
    after = next((row.code for row in rows[n + 1 :] if row.role != "total"), None)
    open_codes = {rows[i].code for _, i in path}
    return after is not None and parent_of(after) in open_codes


def _full_lists(rows: list[Row]) -> list[Row]:
    """其中：（一）… followed by （二）… is a full list in spite of its 其中: its first line is a part like the others."""
    out = list(rows)
    for n, row in enumerate(rows):
        level = enumerator_level(row.label)
        if row.role != "of_which" or level is None:
            continue
        for later in rows[n + 1 :]:
            depth = enumerator_level(later.label)
            if later.role == "total" or (depth is not None and depth < level):
                break
            if depth == level:
                out[n] = replace(row, role="detail")
                break
    return out

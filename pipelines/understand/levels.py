"""The hierarchy of a block's rows: level, parent and whether a row is a leaf, from codes, enumerators, units and 其中.

Here: the tree as printed. Groups that only the amounts show are found in `nesting`. Not here: what a row is.
"""

from __future__ import annotations

from msgspec.structs import replace

from pipelines.understand.carry import Place, places
from pipelines.understand.logical import Row
from pipelines.understand.subjects import level_of, parent_of
from pipelines.understand.text import bare, enumerator_level, is_of_which
from pipelines.understand.vocabulary import BUDGETS

Rank = tuple[int, int]
TOTAL: Rank = (0, 0)
_ALIKE = 3  # characters that a part has in common with its whole: 公务用
PARTS = {
    "fiscal_appropriation": BUDGETS,
    "unit_funds": (
        "business_income", "business_operating_income", "superior_subsidy", "affiliate_remittance", "other_income", "unit_other_funds"
    ),
}  # sources that others are parts of, whatever the indent


def is_unit_row(row: Row) -> bool:
    """Whether the row is a budget unit's own line (procurement forms print the subject's code beside it)."""
    return row.entity is not None and bare(row.label) == bare(row.entity)


def hierarchy(rows: list[Row], *, projects: bool = False) -> list[Row]:
    """Rows with level, parent and is_leaf set; totals stand on level 0, what they repeat on later pages parts nothing.

    In a list of `projects` a line of a subject alone heads the projects of that subject after it.
    """
    rows = _covered(_full_lists(_named_lists(_numbered_heads(rows))))
    ranks = _ranks(rows)
    if projects:
        ranks = _below_subjects(rows, ranks)
    order = {rank: n for n, rank in enumerate(sorted(set(ranks)))}
    parents: list[int | None] = []
    levels: list[int] = []
    has_child: set[int] = set()
    beside: dict[tuple[int | None, int], int] = {}  # (parent, rank) → level of what jumped there
    path: list[tuple[int, int]] = []  # (level, index)
    for n, rank in enumerate(ranks):
        if rank == TOTAL and path and _goes_on(rows, n, path):
            parents.append(None)
            levels.append(order[rank])
            continue
        while path and path[-1][0] >= order[rank]:
            path.pop()
        if rank == TOTAL and n and any(r != TOTAL for r in ranks[:n]):
            parents.append(None)  # 本年收入合计 closes what is above it and heads nothing below
            levels.append(order[rank])
            continue
        over: int | None = None  # the line on another branch that this one stands beside
        while path and _other_branch(rows[path[-1][1]], rows[n]):
            over = path.pop()[1]  # 3021101 below 30207, its own 30211 not printed: beside it
        parent = path[-1][1] if path and rank != TOTAL else None
        parents.append(parent)
        if over is not None:
            beside[parent, order[rank]] = levels[over]
        levels.append(beside.get((parent, order[rank]), order[rank]))
        if parent is not None and rows[parent].role != "total" and rows[n].role != "of_which":
            has_child.add(parent)
        path.append((order[rank], n))
    return [
        replace(
            row,
            level=levels[n],
            parent=rows[p].row if (p := parents[n]) is not None else None,
            is_leaf=n not in has_child and row.role not in ("total", "subtotal"),
            role="subtotal" if n in has_child and row.role == "detail" else row.role,
        )
        for n, row in enumerate(rows)
    ]


def _other_branch(above: Row, row: Row) -> bool:
    """Whether two rows with printed codes of one classification stand on different branches of it."""
    if not (row.code and above.code and row.printed_code and above.printed_code and row.scheme == above.scheme):
        return False
    return len(row.code) > len(above.code) and not row.code.startswith(above.code)


def _ranks(rows: list[Row]) -> list[Rank]:
    out: list[Rank | None] = []
    inside = 2 if any(is_unit_row(row) for row in rows) else 1
    listed = _listed_codes(rows)
    carried = places(rows)
    last_enumerated = 0
    broad: str | None = None  # the source that the unnumbered lines after it are parts of
    unnumbered = 0 if any(enumerator_level(row.label) for row in rows) else 99  # above a numbered list stands its head
    for n, row in enumerate(rows):
        enumerated = enumerator_level(row.label)
        if row.role == "total":
            last_enumerated = 0 if n else last_enumerated
            out.append(TOTAL)
        elif carried[n] is not None:
            out.append(None)
        elif is_unit_row(row):
            out.append((1, min(len(row.entity_code or "000000"), 9)))
        elif row.role == "subtotal" and not row.entity and not row.code and n + 1 < len(rows) and is_unit_row(rows[n + 1]):
            out.append((1, 0))  # 全额, 差额: the units funded so
        elif row.code and not (enumerated and listed):
            out.append((inside, 100 + level_of(row.code)))
        elif enumerated:
            last_enumerated = enumerated
            out.append((1, enumerated))
        elif is_of_which(row.label) and (last_enumerated or not unnumbered):
            out.append((1, last_enumerated + 1))
        elif is_of_which(row.label):
            out.append((inside, unnumbered + (n > 0 and out[-1] != TOTAL)))
        elif n and _head_of(rows, n) is not None:
            out.append((1, last_enumerated + 1) if last_enumerated else (inside, unnumbered + 1))
        else:
            base = last_enumerated + 1 if last_enumerated else unnumbered
            part = row.group is not None or (broad is not None and row.source in PARTS[broad])
            broad = row.source if row.source in PARTS and not last_enumerated else broad if part else None
            out.append((inside, base + part))
    return _beside(rows, out, carried)


def _below_subjects(rows: list[Row], ranks: list[Rank]) -> list[Rank]:
    """Ranks with the projects of a subject one step below the line of that subject alone (2080208 基层政权建设, then its projects)."""
    out, head = list(ranks), None
    for n, row in enumerate(rows):
        if row.project is None or row.code != head:
            head = row.code if row.project is None else None
        elif row.code is not None:
            out[n] = (ranks[n][0], ranks[n][1] + 1)
    return out


def _beside(rows: list[Row], ranks: list[Rank | None], carried: list[Place | None]) -> list[Rank]:
    """Ranks with the lines filled in that stand beside a list (below its total, carry-over): as its top lines, their parts below them."""
    first_total = next((n for n, row in enumerate(rows) if row.role == "total" and n), len(rows))
    top = min((r for r in ranks[:first_total] if r not in (None, TOTAL)), default=(1, 1))
    steps = [top, *sorted({r for r in ranks if r is not None and r[0] == top[0] and r > top})]
    out: list[Rank] = []
    for rank, place in zip(ranks, carried, strict=True):
        if rank is not None:
            out.append(rank)
            continue
        depth = place.depth if place else 0
        out.append(steps[depth] if depth < len(steps) else (steps[-1][0], steps[-1][1] + depth - len(steps) + 1))
    return out


def _listed_codes(rows: list[Row]) -> bool:
    """Whether the numbering, not the codes, shows the levels: 七、文化 with a code beside 八、社会保险基金 without one in one list."""
    numbered = [row for row in rows if enumerator_level(row.label)]
    levels = {(enumerator_level(row.label), level_of(row.code)) for row in numbered if row.code}
    least = min((level_of(row.code) for row in rows if row.code and not enumerator_level(row.label)), default=9)
    one_to_one = len({e for e, _ in levels}) == len({c for _, c in levels}) == len(levels)
    return one_to_one and all(c < least for _, c in levels)


def _goes_on(rows: list[Row], n: int, path: list[tuple[int, int]]) -> bool:
    """Whether the total in row n only stands on top of a continued page: the next code belongs below a code from before it."""
    after = next((row.code for row in rows[n + 1 :] if row.role != "total"), None)
    open_codes = {rows[i].code for _, i in path}
    return after is not None and parent_of(after) in open_codes


def _numbered_heads(rows: list[Row]) -> list[Row]:
    """一、本年收入 above its lines and before 二、上年结转 is the first line of a list, no total that closes one."""
    out = list(rows)
    for n, row in enumerate(rows[:-1]):
        level = enumerator_level(row.label)
        if row.role != "total" or level is None or rows[n + 1].role == "total":
            continue
        below = enumerator_level(rows[n + 1].label)
        if (below is None or below > level) and any(enumerator_level(later.label) == level for later in rows[n + 2 :]):
            out[n] = replace(row, role="subtotal")
    return out


def _covered(rows: list[Row]) -> list[Row]:
    """Parts of carry-over that an 其中 above them covers are 其中, too."""
    found = places(rows)
    return [replace(row, role="of_which") if p and p.of_which and row.role == "detail" else row for row, p in zip(rows, found, strict=True)]


def _head_of(rows: list[Row], n: int) -> Row | None:
    """The line above an 其中 without numbers that the unnumbered line n after it is a part of, too: both begin as it does.

    公务用车购置及运行维护费, 其中：公务用车购置费, 公务用车运行维护费. In 固定资产, 其中：房屋, 无形资产 nothing says where the parts end.
    """
    first = n
    while first and not is_of_which(rows[first].label):
        first -= 1
    if first < 1 or rows[first - 1].role == "total":
        return None
    head = bare(rows[first - 1].label)
    lines = [rows[i] for i in range(first, n + 1)]
    plain = all(line.role in ("detail", "of_which") and line.code is None and not enumerator_level(line.label) for line in lines)
    names = [bare(line.label).removeprefix("其中").lstrip("：:") for line in lines]
    return rows[first - 1] if plain and all(name[:_ALIKE] == head[:_ALIKE] and len(name) < len(head) for name in names) else None


def _named_lists(rows: list[Row]) -> list[Row]:
    """其中：公务用车购置费 followed by 公务用车运行维护费 is a full list in spite of its 其中."""
    out = list(rows)
    for n, row in enumerate(rows[:-1]):
        if row.role == "of_which" and row.code is None and not is_of_which(rows[n + 1].label) and _head_of(rows, n + 1) is not None:
            out[n] = replace(row, role="detail")
    return out


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

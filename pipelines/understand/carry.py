"""Lines that stand beside a list, below its total (上年结转结余, 年末结转和结余, 用事业基金弥补收支差额), and which lines are their parts.

Here: the words of such heads and their extent: their parts are lines of 其中 and a numbering that begins anew; of carry-over also lines
that say carry-over or a source once more. Source: 财决公开01/04表 and the budgets' 收支总表. Not here: levels of everything else (levels).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.understand.logical import Row
from pipelines.understand.text import bare, canon, enumerator_level, is_of_which
from pipelines.understand.vocabulary import Vocabulary

_CARRY = re.compile(r"结转|结余")
_USES = re.compile(r"^(?:使用|动用|用|提取|安排)|弥补|分配|交纳|上缴|转入")  # 使用非财政拨款结余 is a source, 结余分配 a use
_WHEN = re.compile(r"上年|年初|上一年|以前年度|年末|年终|下年|期初|期末")
_FIRST = re.compile(r"^(?:一[、.．，：]|（一）|（1）|1[、.．，）](?!\d)|①|［[一1]］)")
_BROAD = (None, "fiscal_appropriation")  # sources of a head that its parts may take apart


@dataclass(frozen=True)
class Place:
    """A line's place beside the list: 0 for a head, 1 and more for its parts; `of_which` where an open 其中 covers it."""

    depth: int
    of_which: bool = False


def carries(label: str, words: Vocabulary) -> bool:
    """Whether a row label speaks of money carried over, from last year or into the next one."""
    name = bare(label)
    if _USES.search(name):
        return False
    word = words.row_words.get(name)
    facets = words.facets_of(name) or ()
    said = any(f.name == "carry" or f.value == "carried_forward" for f in facets)
    return said or (word is not None and word.name == "carried_forward") or bool(_CARRY.search(name))


def source_of(label: str, words: Vocabulary) -> str | None:
    """The source that a row label names, wholly in known words; None without one."""
    return next((f.value for f in reversed(words.facets_of(bare(label)) or ()) if f.name == "funding"), None)


def places(rows: list[Row]) -> list[Place | None]:
    """For each row its place beside the list, or None for the rows of the list itself."""
    out: list[Place | None] = []
    head: Row | None = None
    closed = False  # 本年收入合计 stands above: no source of this year follows
    list_level: int | None = None
    open_of_which = False
    for n, row in enumerate(rows):
        level = enumerator_level(row.label)
        place: Place | None = None
        if row.role == "total" or row.code or row.project:
            head, closed = None, closed or (row.role == "total" and n > 0)
        elif head is not None and (depth := _part(row, level, head, list_level, closed)) is not None:
            if level is not None:
                list_level, open_of_which = (list_level or level), is_of_which(row.label)
            elif is_of_which(row.label):
                open_of_which = True
            place = Place(depth, open_of_which)
        elif level is None and row.role != "subtotal" and not is_of_which(row.label) and (closed or _carry_head(row)):
            head, list_level, open_of_which, place = row, None, False, Place(0)
        else:
            head = None
        out.append(place)
    return out


def _carry_head(row: Row) -> bool:
    return row.carry and bool(_WHEN.search(canon(row.label)))


def _part(row: Row, level: int | None, head: Row, list_level: int | None, closed: bool) -> int | None:
    """How deep below the head a row stands; None when it is none of its parts."""
    if level is not None:
        if list_level is None:
            return 1 if _FIRST.match(canon(row.label).removeprefix("其中：")) else None
        return 1 + max(0, level - list_level)
    if is_of_which(row.label):
        return 2 if list_level is not None else 1
    deep = 2 if list_level is not None else 1
    if not head.carry:
        return None
    if row.carry:
        narrower = row.source is not None and row.source != head.source and head.source in _BROAD
        return deep if narrower or not _WHEN.search(canon(row.label)) else None
    named = (row.source is not None and row.source != "fund_balance_used") or row.expenditure_type in ("basic", "project")
    return deep if closed and named else None

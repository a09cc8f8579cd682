"""Lines of a summary of appropriations that are its sources: 一、一般公共预算支出 / 二、政府性基金预算支出 / 三、国有资本经营预算支出.

Here: telling such a list from one of functions, where 国有资本经营预算支出 is a class of its own (223). Not here: the lines of the
income side, whose labels are sources anyway. Source: 财政拨款收支总体情况表 that divide both sides by budget.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pipelines.understand.carry import source_of
from pipelines.understand.logical import Row
from pipelines.understand.text import bare
from pipelines.understand.vocabulary import BUDGETS, Vocabulary


def source_lines(rows: Sequence[Row], words: Vocabulary) -> list[Row]:
    """The rows of one block, those that name a budget's spending with that budget as their source and no subject.

    Only where the general public budget has such a line: it is no function, and so the list is none of functions.
    """
    found = {n: s for n, row in enumerate(rows) if (s := _budget(row, words)) is not None}
    if "general_public_budget" not in found.values():
        return list(rows)
    return [
        replace(row, funding=found[n], source=found[n], scheme="none", code=None, name=None) if n in found else row
        for n, row in enumerate(rows)
    ]


def _budget(row: Row, words: Vocabulary) -> str | None:
    if row.side != "expenditure" or row.printed_code or row.carry or row.entity or row.project or not bare(row.label).endswith("支出"):
        return None
    source = source_of(row.label, words)
    return source if source in BUDGETS else None

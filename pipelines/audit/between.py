"""Equalities between the sides of a table and between tables: income and expenditure, one subject in two tables, units and department.

Two columns of two tables with the same meaning are compared subject by subject. Whether they really speak of the same money (one may
leave out carry-over) is decided by vote: where most subjects agree, the others are mistakes; where most differ, nothing is compared.
Here: pairs and votes. Not here: anything within one side of one table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.audit.identity import Identity
from pipelines.audit.rules import rules
from pipelines.audit.sheet import Block, Book, Figure, Sheet
from pipelines.understand.text import bare

Key = tuple[object, ...]
_SUM_OF_UNITS = 2


def two_sided(sheet: Sheet) -> Iterator[Identity]:
    """收入总计 = 支出总计: the last total rows of the blocks of a table."""
    ends = [(block, figure) for block in sheet.blocks if (figure := _grand_total(sheet, block)) is not None]
    sides = {_side(sheet, block, figure) for block, figure in ends}
    if len(ends) < 2 or (sheet.table.kind.endswith("basic_expenditure") or not ({"income", "expenditure"} <= sides or len(sides) == 1)):
        return
    first = ends[0][1]
    for _, other in ends[1:]:
        same_row = other.row == first.row
        identity = Identity(
            "two_sided", "income_equals_expenditure", (first,), (other,), 0.9 if same_row else 0.6, table=sheet.index,
            group=("sides", sheet.index), detail=rules()["two_sided"].zh,
        )
        if not same_row and not identity.holds:
            identity.state = "not_applicable"
        if not same_row or "income" in sides:
            yield identity


def _grand_total(sheet: Sheet, block: Block) -> Figure | None:
    for row in reversed(block.rows):
        if row.role == "total":
            for column in block.columns:
                figure = sheet.printed(row.row, column.column)
                if figure is not None:
                    return figure
            return None
    return None


def _side(sheet: Sheet, block: Block, figure: Figure) -> str | None:
    return figure.fact["side"] if figure.fact else None


def _meaning(fact: dict[str, Any]) -> Key | None:
    if fact["column_code"] is None or fact["measure"] != "amount":
        return None
    return (fact["side"], fact["fiscal_year"], fact["stage"], fact["funding"], fact["expenditure_type"], fact["budget_period"],
            fact["column_subject_code"])


def _row_key(fact: dict[str, Any]) -> Key | None:
    if fact["row_role"] == "of_which":
        return None
    if fact["subject_code"]:
        return (fact["subject_scheme"], fact["subject_code"])
    if fact["row_role"] == "total":
        label = bare(fact["row_label"] or "")
        return ("total", "current" if "本年" in label else "grand" if "总计" in label else "all")
    return None


def same_figures(book: Book) -> Iterator[Identity]:
    """The same subject and column in two tables."""
    columns: dict[Key, dict[tuple[int, int], dict[Key, list[Figure]]]] = {}
    for figure in book.figures:
        fact = figure.fact
        if fact is None or (meaning := _meaning(fact)) is None or (row := _row_key(fact)) is None:
            continue
        if fact["table_kind"] in ("three_public", "procurement", "other", "government_level"):
            continue
        columns.setdefault(meaning, {}).setdefault((figure.table, figure.column), {}).setdefault(row, []).append(figure)
    for places in columns.values():
        ordered = sorted(places.items())
        for n, ((table, _), ours) in enumerate(ordered):
            for (other, _), theirs in ordered[n + 1:]:
                if table != other:
                    yield from _compare(book, ours, theirs)


def _compare(book: Book, ours: dict[Key, list[Figure]], theirs: dict[Key, list[Figure]]) -> Iterator[Identity]:
    made: list[Identity] = []
    for row in ours.keys() & theirs.keys():
        if row[0] == "total":
            continue
        made.extend(_paired("same_cell", ours[row], theirs[row]))
    totals = _totals(ours, theirs)
    made.extend(totals)
    agree = sum(i.holds and not i.empty for i in made)
    differ = sum(not i.holds for i in made)
    for identity in made:
        if agree >= 2 and agree >= 2 * differ:
            identity.strength = 1.0 if agree >= 4 * differ else 0.7
        elif not identity.holds:
            identity.state = "not_applicable"
        yield identity


def _paired(rule: str, ours: list[Figure], theirs: list[Figure]) -> Iterator[Identity]:
    """One figure a side; or, where a table lists units, its units' figures against the other's one."""
    left, right = _whole(ours), _whole(theirs)
    if left and right and (len(left) == 1 or len(right) == 1):
        name = rule if len(left) == len(right) == 1 else "units_total"
        yield Identity(name, "cross_table", left, right, 0.8, group=("same", left[0].table, right[0].table), detail=rules()[name].zh)


def _whole(figures: list[Figure]) -> tuple[Figure, ...]:
    if len(figures) == 1:
        return tuple(figures)
    facts = [f.fact for f in figures if f.fact]
    units = {f["entity_name"] for f in facts}
    if len(units) == len(facts) >= _SUM_OF_UNITS:
        return tuple(figures)
    return ()


def _totals(ours: dict[Key, list[Figure]], theirs: dict[Key, list[Figure]]) -> list[Identity]:
    """A table's 合计 against the other's 合计, 总计 or 本年合计: the first that agrees, else the first there is."""
    tried: list[Identity] = []
    for a in (("total", "all"), ("total", "current"), ("total", "grand")):
        for b in (("total", "all"), ("total", "current"), ("total", "grand")):
            if a in ours and b in theirs and len(ours[a]) == len(theirs[b]) == 1:
                tried.extend(_paired("same_total", ours[a], theirs[b]))
    agreeing = [i for i in tried if i.holds and not i.empty]
    return agreeing[:1] or tried[:1]

"""Equalities between the sides of a table and between tables: income and expenditure, one subject in two tables, units and department.

Two columns of two tables with the same meaning are compared subject by subject. Whether they really speak of the same money (one may
leave out carry-over) is decided by vote: where most subjects agree, the others are mistakes; where most differ, nothing is compared.
Here: pairs and votes. Not here: anything within one side of one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.audit.formrules import by_carry_over, carried_amounts, form_sums, source_balances
from pipelines.audit.identity import Identity
from pipelines.audit.rules import rules
from pipelines.audit.sheet import Block, Book, Figure, Sheet
from pipelines.understand.text import bare

Key = tuple[object, ...]
_SUM_OF_UNITS = 2
_THIS_YEAR = re.compile(r"[本当]年")  # 本年收入合计 and 本年支出合计 differ by what is carried over
_CLASS = 3  # digits of a 类
_MANY = 3  # subjects that must agree before an agreement says something


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
        partial = any(_THIS_YEAR.search((f.fact or {}).get("row_label") or "") for f in (first, other))
        if (not same_row or partial) and not identity.holds:
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
    """The same subject and column in two tables, after the totals that the form itself promises to be equal (`formrules`)."""
    yield from form_sums(book)
    yield from source_balances(book)
    columns: dict[Key, dict[tuple[int, int], dict[Key, list[Figure]]]] = {}
    for figure in book.figures:
        fact = figure.fact
        if fact is None or (meaning := _meaning(fact)) is None or (row := _row_key(fact)) is None:
            continue
        if fact["table_kind"] in ("three_public", "procurement", "other", "government_level") or "performance" in fact["table_kind"]:
            continue
        columns.setdefault(meaning, {}).setdefault((figure.table, figure.column), {}).setdefault(row, []).append(figure)
    carried = carried_amounts(book.figures)
    for places in columns.values():
        for ours, theirs in _pairs(sorted(places.items()), sorted(places.items())):
            yield from _compare(ours, theirs, carried)
    meanings = sorted(columns, key=str)
    for n, first in enumerate(meanings):
        for second in meanings[n + 1:]:
            if _alike(first, second):
                for ours, theirs in _pairs(sorted(columns[first].items()), sorted(columns[second].items())):
                    yield from _agreeing(ours, theirs)


Rows = dict[Key, list[Figure]]
Place = tuple[tuple[int, int], Rows]


def _pairs(first: list[Place], second: list[Place]) -> Iterator[tuple[Rows, Rows]]:
    """Columns of two different tables, each pair once."""
    same = first == second
    for n, ((table, _), ours) in enumerate(first):
        for (other, _), theirs in second[n + 1 if same else 0:]:
            if table != other:
                yield ours, theirs


def _alike(first: Key, second: Key) -> bool:
    """Whether two meanings differ in side or source only, in the same year and stage and for the same kind of spending."""
    return first[1:3] == second[1:3] and first[4:] == second[4:]


def _agreeing(ours: Rows, theirs: Rows) -> Iterator[Identity]:
    """The same amounts under other sources: nothing is promised, but where nearly all subjects agree each agreement is a second reading."""
    common = [row for row in ours.keys() & theirs.keys() if row[0] != "total"]
    made = [i for row in common for i in _paired("same_amount", ours[row], theirs[row]) if not i.empty]
    agree = sum(i.holds for i in made)
    differ = len(made) - agree
    if agree >= _MANY and agree >= 2 * differ:
        for identity in made:
            identity.strength = 0.3
            if identity.holds or (differ == 1 and agree >= 2 * _MANY):
                yield identity  # the one that differs is a hint, no failure: it may be another source's money


def _compare(ours: Rows, theirs: Rows, carried: list[Figure]) -> Iterator[Identity]:
    cells = [(row, i) for row in ours.keys() & theirs.keys() if row[0] != "total" for i in _paired("same_cell", ours[row], theirs[row])]
    totals = _totals(ours, theirs)
    for identity in totals:
        if not identity.holds and by_carry_over(identity, carried):
            for left_out in (identity, *_left_out(cells, identity)):
                left_out.state = "not_applicable"
                left_out.detail += "：相差结转结余"
    made = [*(i for _, i in cells), *totals]
    agree = sum(i.holds and not i.empty for i in made)
    differ = sum(not i.holds and i.state == "applies" for i in made)
    for identity in made:
        if agree >= 2 and agree >= 2 * differ:
            identity.strength = 1.0 if agree >= 4 * differ else 0.7
        elif not identity.holds:
            identity.state = "not_applicable"
        yield identity


def _left_out(cells: list[tuple[Key, Identity]], totals: Identity) -> list[Identity]:
    """The subjects that hold the carry-over by which two totals differ: the classes (类) among them add up to it."""
    differ = [(row, i) for row, i in cells if not i.holds and 0 < i.residual * totals.residual <= totals.residual**2]
    classes = [i for row, i in differ if len(str(row[1])) == _CLASS]
    over = abs(sum(i.residual for i in classes) - totals.residual)
    return [i for _, i in differ] if 2 * over <= totals.tolerance2 + sum(i.tolerance2 for i in classes) else []


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


def _totals(ours: Rows, theirs: Rows) -> list[Identity]:
    """A table's 合计 against the other's 合计, 总计 or 本年合计: the first that agrees, else the first there is."""
    tried: list[Identity] = []
    for a in (("total", "all"), ("total", "current"), ("total", "grand")):
        for b in (("total", "all"), ("total", "current"), ("total", "grand")):
            if a in ours and b in theirs and len(ours[a]) == len(theirs[b]) == 1:
                tried.extend(_paired("same_total", ours[a], theirs[b]))
    agreeing = [i for i in tried if i.holds and not i.empty]
    return agreeing[:1] or tried[:1]

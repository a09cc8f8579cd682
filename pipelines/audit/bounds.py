"""Inequalities that a form promises: a part is no more than its whole, in a row, within a table's rows, or between two tables.

Here: where a bound's two sides stand (rules of kind `*_bound` in identities.csv), and what is said of one that fails. A bound that holds
proves nothing and verifies nothing; one that fails is a warning, because either side may be the wrong one, or count something else.
Not here: equalities (`across`, `down`, `between`, `echoes`), 其中 rows (`down`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipelines.audit.findings import Record, finding
from pipelines.audit.identity import Identity
from pipelines.audit.rules import Rule, rules
from pipelines.audit.sentences import AT_MOST, PAGE_EN, as_printed, place
from pipelines.audit.sheet import Block, Book, Figure, Sheet
from pipelines.understand.logical import Column
from pipelines.understand.text import bare

_STRENGTH = 0.5
_BORNE_OUT = 4  # rows of a column that must keep a bound for each that breaks it
_OF_WHICH = re.compile(r"其中")
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|总额|^金额)$")
_TARGETS = "project_performance_targets"
Kinds = Mapping[str, Sequence[Figure]]  # the figures of each kind of table


def bounds(book: Book) -> Iterator[Identity]:
    """All bounds of a document whose two sides are printed. Those of 其中 rows come with the sums of their column (`down`)."""
    for sheet in book.sheets:
        for block in sheet.blocks:
            for rule, part, whole in _column_pairs(block.columns):
                yield from _of_rows(sheet, block, rule, part, whole)
    by_kind: dict[str, list[Figure]] = {}
    for figure in book.figures:
        if figure.fact is not None and figure.fact["column_code"] is not None:
            by_kind.setdefault(figure.fact["table_kind"], []).append(figure)
    yield from _items(by_kind)
    yield from _between_tables(by_kind)
    yield from _targets(by_kind)


def _column_pairs(columns: Sequence[Column]) -> Iterator[tuple[Rule, Column, Column]]:
    """Pairs (part, whole) of columns of one block: 其中 under a header, and procurement beside the amount it is taken from."""
    named = rules()
    for n, column in enumerate(columns):
        for rule in named.values():
            if rule.kind == "measure_bound" and (above := _of_measure(columns, column, rule)) is not None:
                yield rule, column, above
        path = tuple((column.path or "").split(" / "))
        at = next((i for i, name in enumerate(path) if _OF_WHICH.search(name)), None)
        if at is not None and (whole := _whole_of(columns, n, path[:at])) is not None:
            yield named["column_of_which"], column, whole


def _whole_of(columns: Sequence[Column], at: int, scope: tuple[str, ...]) -> Column | None:
    """The column that a 其中 column is part of: the total of its header, the header's own column, or the nearest whole before it."""
    found = None
    for other in columns[:at]:
        path = tuple((other.path or "").split(" / "))
        if any(_OF_WHICH.search(name) for name in path) or not _same_count(other, columns[at]):
            continue
        if path == scope or (path[:-1] == scope and (not scope or _TOTAL.match(path[-1]))):
            found = other if found is None or not _TOTAL.match(path[-1]) or not scope else found
    return found


def _same_count(a: Column, b: Column) -> bool:
    if a.meaning is None or b.meaning is None:
        return True
    return (a.meaning.stage, a.meaning.year, a.meaning.year_offset) == (b.meaning.stage, b.meaning.year, b.meaning.year_offset)


def _of_measure(columns: Sequence[Column], part: Column, rule: Rule) -> Column | None:
    """The column of measure `whole` that a column of measure `parts` may not exceed, if there is just one in this year and stage."""
    if part.meaning is None or part.meaning.measure != rule.parts[0]:
        return None
    found = [
        c for c in columns
        if c is not part and c.meaning is not None and c.meaning.known and c.meaning.measure == rule.whole and _same_count(c, part)
        and (rule.whole != "amount" or (c.meaning.expenditure_type or "total", c.meaning.funding or "total") == ("total", "total"))
        and c.meaning.budget_period == "total"
    ]
    return found[0] if len(found) == 1 else None


def _of_rows(sheet: Sheet, block: Block, rule: Rule, part: Column, whole: Column) -> Iterator[Identity]:
    """The bound in each row; not applied where too many rows break it: then the columns are no part and whole."""
    made = [
        _bound(rule, (left,), (right,), sheet.index) for row in block.rows
        if (left := sheet.printed(row.row, part.column)) is not None and (right := sheet.printed(row.row, whole.column)) is not None
        and left.value > 0 and right.value >= 0
    ]
    said = [i for i in made if not i.empty]
    failed = sum(not i.holds for i in said)
    for identity in made:
        if not identity.holds and len(said) - failed < _BORNE_OUT * failed:
            identity.state = "not_applicable"
        yield identity


def _bound(rule: Rule, part: tuple[Figure, ...], whole: tuple[Figure, ...], table: int | None = None) -> Identity:
    return Identity(rule.rule, rule.family, part, whole, _STRENGTH, bound=True, table=table, detail=rule.zh,
                    group=("bound", rule.rule, whole[0].table, whole[0].no))


def _when(fact: dict[str, Any]) -> tuple[object, ...]:
    return fact["fiscal_year"], fact["stage"]


def _greatest(figures: Iterable[Figure]) -> dict[tuple[object, ...], Figure]:
    """The greatest amount of each year and stage: of several (units, combined items) the one that is no less than what is meant."""
    out: dict[tuple[object, ...], Figure] = {}
    for figure in figures:
        key = _when(figure.fact or {})
        if key not in out or figure.value > out[key].value:
            out[key] = figure
    return out


def _items(by_kind: Kinds) -> Iterator[Identity]:
    """Economic subjects of basic expenditure are no more than the “三公” item, which counts basic and project expenditure."""
    for rule in rules().values():
        if rule.kind != "item_bound":
            continue
        pattern = re.compile(rule.parts[0])
        wholes = _greatest(
            f for f in by_kind.get("three_public", ()) if f.fact and f.fact["measure"] == "amount"
            and pattern.search(bare(f.fact["row_label"] or ""))
        )
        parts = _greatest(
            f for f in by_kind.get("general_public_basic_expenditure", ()) if f.fact and f.fact["subject_code"] == rule.whole
            and f.fact["row_role"] != "of_which" and f.fact["subject_scheme"] == "economic_department"
            and f.fact["budget_period"] != "carried_over" and pattern.search(bare(f.fact["row_label"] or ""))  # by code and by name
        )
        yield from _joined(rule, parts, wholes)


def _between_tables(by_kind: Kinds) -> Iterator[Identity]:
    """Totals of some tables are no more than those of others: rules of kind `total_bound`, each side kinds of table and a facet."""
    for rule in rules().values():
        if rule.kind == "total_bound":
            yield from _joined(rule, _greatest(_totals(by_kind, rule.parts[0])), _greatest(_totals(by_kind, rule.whole)))


def _totals(by_kind: Kinds, where: str) -> Iterator[Figure]:
    """The total rows of a place `kind+kind:facet=value`."""
    kinds, _, facet = where.partition(":")
    name, _, value = facet.partition("=")
    for kind in kinds.split("+"):
        for figure in by_kind.get(kind, ()):
            fact = figure.fact or {}
            if fact["row_role"] == "total" and fact["side"] != "income" and (not name or fact[name] == value):
                yield figure


def _targets(by_kind: Kinds) -> Iterator[Identity]:
    """The projects with targets together are no more than project expenditure: of each form's project its greatest amount.

    A project that the next table names again is that of a form cut by the page, counted once.
    """
    rule = rules()["bound_targets"]
    wholes = _greatest(_totals(by_kind, rule.whole))
    projects: dict[tuple[object, ...], tuple[dict[tuple[int, str], Figure], dict[tuple[int, str], int]]] = {}  # and its last table
    for figure in by_kind.get(_TARGETS, ()):
        fact = figure.fact or {}
        if not fact["project_name"] or fact["measure"] != "amount" or figure.value <= 0:
            continue
        own, last = projects.setdefault(_when(fact), ({}, {}))
        name = fact["project_name"]
        key = (figure.table, name)
        begun = next((k for k in own if k[1] == name and 0 <= figure.table - last[k] <= 1), key)
        last[begun], key = figure.table, begun
        if key not in own or figure.value > own[key].value:
            own[key] = figure
    for when, (own, _) in projects.items():
        if when in wholes:
            yield _bound(rule, tuple(own.values()), (wholes[when],))


def _joined(rule: Rule, parts: dict[tuple[object, ...], Figure], wholes: dict[tuple[object, ...], Figure]) -> Iterator[Identity]:
    for when, part in parts.items():
        whole = wholes.get(when)
        if whole is not None and part.no != whole.no and part.value > 0 and whole.value >= 0:
            yield _bound(rule, (part,), (whole,))


def bound_findings(
    book: Book, identities: Iterable[Identity], accused: Collection[int], check_id: Callable[[Identity], str],
) -> list[Record]:
    """A warning for each bound that fails and whose cells no other cause explains (`accused`: figures of located causes)."""
    out: list[Record] = []
    for identity in identities:
        if not identity.bound or identity.outcome != "fail" or any(f.no in accused for f in identity.figures):
            continue
        part, whole = identity.left[0], identity.right[0]
        rule = rules()[identity.rule]
        left, right = as_printed(sum(f.value for f in identity.left), part), as_printed(whole.value, whole)
        here, there, here_en, there_en = (place(book, f, *page) for page in ((), (PAGE_EN,)) for f in (part, whole))
        out.append(finding(
            book, rule.family, "warning", "undecided", part, f"{AT_MOST}{as_printed(whole.value, whole)}", [check_id(identity)],
            f"{here}（{left}）大于{there}（{right}），而{rule.zh}。",
            f"{here_en} ({left}) exceeds {there_en} ({right}); but {rule.en}.",
            part.fact or {}, extra=identity.rule,
        ))
    return out

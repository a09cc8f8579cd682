"""Equalities between the tables of a budget that the form itself promises: which total of one table is which total of another.

A place is written in identities.csv (rules of kind `form`) as `kind+kind:name=value,…`: kinds of table in order of preference, then what
must hold of a fact: its columns by name, `row=total` (its total rows) or `row=source` (a row of that funding by its label).
Here: finding the figures of a place, and which of them agree. Not here: single subjects in two tables (`between`), agreements that nothing
promises (`echoes`), bounds (`bounds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipelines.audit.identity import Identity
from pipelines.audit.rules import Rule, rules
from pipelines.audit.sheet import Book, Figure
from pipelines.understand.text import bare
from pipelines.understand.vocabulary import vocabulary

_STRENGTH = 0.7
_CARRIED = re.compile(r"结转|结余")
_THIS_YEAR = re.compile(r"[本当]年")


@dataclass(frozen=True)
class Place:
    """Kinds of table, kind of row, and what a fact there must have."""

    kinds: tuple[str, ...]
    row: str
    facets: tuple[tuple[str, str], ...]


def place_of(text: str) -> Place:
    """A place as identities.csv writes it."""
    kinds, _, rest = text.partition(":")
    named = dict(pair.split("=", 1) for pair in rest.split(",") if pair)
    return Place(tuple(kinds.split("+")), named.pop("row", "total"), tuple(sorted(named.items())))


def form_sums(book: Book) -> Iterator[Identity]:
    """The equalities of all `form` rules whose two places are printed, by year and stage."""
    by_kind: dict[str, list[Figure]] = {}
    for figure in book.figures:
        fact = figure.fact
        if fact is not None and fact["column_code"] is not None and fact["measure"] == "amount" and fact["row_role"] != "of_which":
            by_kind.setdefault(fact["table_kind"], []).append(figure)
    carried = carried_amounts(book.figures)
    for rule in rules().values():
        if rule.kind != "form":
            continue
        left, right = (_figures(by_kind, place_of(text)) for text in (rule.whole, rule.parts[0]))
        for when in sorted(left.keys() & right.keys(), key=str):
            identity = _equality(rule, left[when], right[when], carried)
            if identity is not None:
                yield identity


def source_balances(book: Book) -> Iterator[Identity]:
    """年初结转＋本年收入＝支出总计 by source of funds: the income rows of a source against its column's grand total, in one table."""
    for rule in rules().values():
        if rule.kind != "balance":
            continue
        place = place_of(rule.whole)
        funding = dict(place.facets)["funding"]
        for sheet in book.sheets:
            if sheet.table.kind in place.kinds:
                facts = [(f, f.fact) for f in sheet.grid.values() if f.fact is not None and f.fact["measure"] == "amount"]
                made = _balance(rule, funding, facts)
                if made is not None:
                    yield made


def _balance(rule: Rule, funding: str, facts: Sequence[tuple[Figure, dict[str, Any]]]) -> Identity | None:
    income = [(f, fact) for f, fact in facts if fact["side"] == "income" and fact["row_role"] == "detail"]
    own = [f for f, fact in income if _funding_of(fact["row_label"] or "") == funding]
    unnamed = any(f.value and _CARRIED.search(fact["row_label"] or "") and f not in own for f, fact in income)
    totals = [
        (f, fact) for f, fact in facts
        if fact["side"] == "expenditure" and fact["row_role"] == "total" and fact["funding"] == funding
        and fact["budget_period"] in (None, "total") and fact["expenditure_type"] in (None, "total")
    ]
    whens = {(fact["fiscal_year"], fact["stage"]) for _, fact in income} | {(fact["fiscal_year"], fact["stage"]) for _, fact in totals}
    columns = {f.column for f in own}, {f.column for f, _ in totals}
    if not own or not totals or unnamed or len(whens) != 1 or any(len(c) != 1 for c in columns):
        return None
    whole = max(totals, key=lambda t: t[0].row)[0]
    return Identity(rule.rule, rule.family, tuple(own), (whole,), _STRENGTH, table=whole.table, detail=rule.zh,
                    group=("form", rule.rule, whole.table))


def _figures(by_kind: Mapping[str, Sequence[Figure]], place: Place) -> dict[tuple[object, ...], list[Figure]]:
    """The figures of a place by year and stage: those of its first kind of table that has any."""
    for kind in place.kinds:
        out: dict[tuple[object, ...], list[Figure]] = {}
        for figure in by_kind.get(kind, ()):
            fact = figure.fact or {}
            if _stands(fact, place):
                out.setdefault((fact["fiscal_year"], fact["stage"]), []).append(figure)
        if out:
            return out
    return {}


def _stands(fact: Mapping[str, Any], place: Place) -> bool:
    if fact["entity_id"] != fact["department_id"] and fact["row_role"] != "total":
        return False
    for name, value in place.facets:
        if name == "funding" and place.row == "source":
            continue
        if (fact[name] or "total") != value:
            return False
    if fact["budget_period"] not in (None, "total"):
        return False
    label = fact["row_label"] or ""
    if place.row == "source":
        wanted = dict(place.facets).get("funding")
        return fact["row_role"] != "total" and not _CARRIED.search(label) and _funding_of(label) == wanted
    return bool(fact["row_role"] == "total")


@lru_cache(maxsize=4_096)
def _funding_of(label: str) -> str | None:
    return next((f.value for f in (vocabulary().facets_of(bare(label)) or ()) if f.name == "funding"), None)


def _equality(rule: Rule, left: Sequence[Figure], right: Sequence[Figure], carried: Sequence[Figure]) -> Identity | None:
    """The pair that agrees; of those that do not, the grand totals, unless carry-over or several candidates explain the difference."""
    for a in left:
        for b in right:
            if a.table != b.table and 2 * abs(a.value - b.value) <= a.increment + b.increment:
                return _made(rule, a, b)
    ours, theirs = _grand(left), _grand(right)
    if ours is None or theirs is None or ours.table == theirs.table:
        return None
    made = _made(rule, ours, theirs)
    if by_carry_over(made, carried):
        made.state = "not_applicable"
        made.detail += "：相差结转结余"
    return made


def _made(rule: Rule, a: Figure, b: Figure) -> Identity:
    return Identity(rule.rule, rule.family, (a,), (b,), _STRENGTH, group=("form", rule.rule, a.table, b.table), detail=rule.zh)


def _grand(figures: Sequence[Figure]) -> Figure | None:
    """The one total of a place; the grand total where 本年合计 stands beside it; None where different ones are printed."""
    whole = [f for f in figures if not _THIS_YEAR.search((f.fact or {}).get("row_label") or "")] or list(figures)
    return whole[0] if len({f.value for f in whole}) == 1 else None


def carried_amounts(figures: Sequence[Figure]) -> list[Figure]:
    """The amounts that rows or columns print as carried over."""
    return [
        f for f in figures
        if f.value and f.fact is not None and (_CARRIED.search(f.fact["row_label"] or "") or _CARRIED.search(f.fact["column_path"] or ""))
    ]


def by_carry_over(identity: Identity, carried: Sequence[Figure]) -> bool:
    """Whether a difference may be money carried over: one of the tables prints such amounts, or some table prints that very amount."""
    gap, tables = abs(identity.residual), {f.table for f in identity.figures}
    return any(f.table in tables or 2 * abs(abs(f.value) - gap) <= identity.tolerance2 for f in carried)

"""The same amount said again in another table: totals, sources of funds, projects, 三公 items and their economic subjects.

Nothing promises that these agree (a table may leave out carry-over, a list may hold a part only), so a difference is no failure; but where
a particular amount (several digits that count) stands under the same name in a second table, that table is a second witness.
Here: names under which amounts are compared. Not here: equalities that a form promises (`between`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pipelines.audit.identity import Identity
from pipelines.audit.rules import rules
from pipelines.audit.sheet import Book, Figure
from pipelines.understand.text import bare
from pipelines.understand.vocabulary import vocabulary

Key = tuple[object, ...]
DIGITS_TOTAL, DIGITS_NAMED = 4, 2  # digits that count which make an agreement no chance
_WHOLE = ("total", "fiscal_appropriation", "general_public_budget")
_CARRY = re.compile(r"结转|结余")


def echoes(book: Book) -> Iterator[Identity]:
    """Agreements of particular amounts between tables, each amount with the first table that says it."""
    items = [(r.rule, r.whole, re.compile(r.parts[0])) for r in rules().values() if r.kind == "item"]
    seen: dict[Key, dict[int, Figure]] = {}
    for figure in book.figures:
        if figure.fact is None or not figure.value:
            continue
        for rule, key in _names(figure.fact, items):
            if digits(figure) < (DIGITS_TOTAL if rule == "same_source" else DIGITS_NAMED):
                continue
            known = seen.setdefault((rule, *key), {})
            for other in known.values():
                if other.table != figure.table and 2 * abs(other.value - figure.value) <= other.increment + figure.increment:
                    yield Identity(rule, "cross_table", (other,), (figure,), 0.3, group=("echo", other.table, figure.table),
                                   detail=rules()[rule].zh)
                    break
            known.setdefault(figure.value, figure)


def digits(figure: Figure) -> int:
    """How many digits of an amount count: those before its trailing zeros."""
    return len(str(abs(figure.value)).rstrip("0"))


def _names(fact: dict[str, Any], items: list[tuple[str, str, re.Pattern[str]]]) -> Iterator[tuple[str, Key]]:
    """All names under which an amount may be said again."""
    if fact["column_code"] is None or fact["measure"] not in ("amount", "procurement"):
        return
    when = (fact["fiscal_year"], fact["stage"], fact["measure"])
    label = bare(fact["row_label"] or "")
    code = fact["subject_code"]
    if fact["project_name"]:
        yield "same_project", (*when, bare(fact["project_name"]))
    elif fact["table_kind"] == "three_public":
        for rule, subject, pattern in items:
            if pattern.search(label):
                yield rule, (*when, subject)
                break
    elif code and fact["subject_scheme"] == "economic_department" and fact["funding"] in _WHOLE:
        for rule, subject, _ in items:
            if subject == code:
                yield rule, (*when, subject)
    elif fact["row_role"] == "total":
        yield "same_source", (*when, fact["expenditure_type"], fact["budget_period"])
        yield "same_source", (*when, "source", fact["funding"], fact["expenditure_type"])
    elif not code and label:
        yield from _source(label, fact, when)
        yield "same_label", (*when, label, fact["funding"], fact["expenditure_type"])


def _source(label: str, fact: dict[str, Any], when: Key) -> Iterator[tuple[str, Key]]:
    """一、一般公共预算拨款收入 names a source; 基本支出 names a kind of spending."""
    funding, kind = _meant(label)
    if fact["side"] == "income" and funding:
        yield "same_source", (*when, "source", funding, "total")
        yield "same_source", (*when, "total", fact["budget_period"])
    elif kind:
        yield "same_source", (*when, kind, fact["budget_period"])


@lru_cache(maxsize=8_192)
def _meant(label: str) -> tuple[str | None, str | None]:
    """The source of funds and the kind of spending that a label names; labels of carry-over name neither."""
    facets = vocabulary().facets_of(label)
    if not facets or _CARRY.search(label):
        return None, None
    return next((f.value for f in facets if f.name == "funding"), None), next((f.value for f in facets if f.name == "type"), None)

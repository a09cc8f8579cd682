"""The facts of one document by what claims ask for: subject, 三公 item, label, carry-over, part of procurement, unit.

Here: the index and the amounts a table states (facts, and sums of the rows of one thing in one column). Not here: which of them a claim
means (`claims_match`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pipelines.audit.claims_meaning import Meaning, Names, form_of_label, meaning_of
from pipelines.understand.text import bare
from schemas import reference

Record = dict[str, Any]
ITEM_FILE = "three_public_items.csv"
_SURE_METHODS = frozenset({"lattice", "tsv", "cell_lines", "docx", "xlsx", "html"})
_SURE_MEANING = 0.8
# 人员经费 is 工资福利支出 with 对个人和家庭的补助; 公用经费 is 商品和服务支出 with 资本性支出 (财政部 部门预算支出经济分类科目)
_CLASSES = {"basic_personnel": ("301", "303"), "basic_operating": ("302", "309", "310")}


@dataclass(frozen=True)
class Candidate:
    """An amount that a table states (one fact, or the sum of the rows of one subject in one column), with its interval."""

    value: Decimal
    increment: Decimal
    facts: tuple[Record, ...]

    @property
    def fact(self) -> Record:
        """The fact it is known by."""
        return self.facts[0]


class Tables:
    """The facts of one document, by what claims ask for."""

    def __init__(self, facts: Iterable[Record], methods: dict[str, str], names: Names, year: int | None, final: bool) -> None:
        self.year, self.final, self.methods, self.names = year, final, methods, names
        self._said: dict[str, Meaning] = {}
        self.facts = [f for f in facts if f["fiscal_year"] is not None and f["stage"] != "change"]
        self.by_code: dict[str, list[Record]] = defaultdict(list)
        self.unnamed: list[tuple[Record, Meaning]] = []
        self.items: dict[str, list[Record]] = defaultdict(list)
        self.named: dict[str, list[Record]] = defaultdict(list)
        self.carried: list[tuple[Record, Meaning]] = []
        self.carried_columns = [(f, way) for f in self.facts if (way := _carried(f)) is not None]
        self.parts: dict[str, list[Record]] = defaultdict(list)
        self.classes: dict[tuple[object, ...], list[Record]] = defaultdict(list)
        for f in self.facts:
            for key in {form_of_label(f["project_name"] or ""), form_of_label(f["row_label"] or "")} - {""}:
                self.named[key].append(f)
            if f["subject_scheme"] == "economic_department" and f["measure"] == "amount" and _is_basic(f):
                self.classes[(f["table_id"], f["column_no"], f["entity_id"], f["fiscal_year"], f["stage"])].append(f)
        self.departments = {f["department_id"] for f in self.facts}
        patterns, own = _items(), {bare(n) for n in names.own}
        for f in self.facts:
            label = bare(f["row_label"] or "")
            if f["table_kind"] in ("three_public", "operating_expense"):
                item = next((i for p, i in patterns if p.search(label)), None)
                if label.startswith("行政经费"):
                    item = "administrative"
                if "机关运行" in label or f["table_kind"] == "operating_expense":
                    item = "operating_expense"
                if item:
                    self.items[item].append(f)
                continue
            codes = {f["subject_code"], f["function_code"], f["economic_department_code"], f["economic_government_code"],
                     f["column_subject_code"]} - {None}
            for code in codes:
                self.by_code[code].append(f)
            if not codes and f["measure"] != "procurement":
                said = self.label(label)
                if said.carry:
                    self.carried.append((f, said))
                elif f["row_role"] != "of_which":
                    self.unnamed.append((f, said))
            elif f["measure"] == "procurement":
                said = self.label(label)
                if f["row_role"] == "total" or label in own:
                    self.items["procurement"].append(f)
                elif said.part:
                    self.parts[said.part].append(f)

        named = {f["table_id"] for f in self.items["three_public"]}  # beside 会议费 and 培训费 the 合计 is more than “三公”
        self.items["three_public"] += [f for f in self.items.pop("total", []) if f["table_id"] not in named]

    def label(self, text: str) -> Meaning:
        """What a row's label says of itself: 一般公共预算拨款收入, 本年支出合计."""
        if text not in self._said:
            self._said[text] = meaning_of(text, self.names)
        return self._said[text]

    def sure(self, fact: Record) -> bool:
        """Whether the fact's reading and meaning are beyond doubt."""
        return self.methods.get(fact["table_id"]) in _SURE_METHODS and (fact["meaning_confidence"] or 0) >= _SURE_MEANING

    def stage_of(self, claim: Meaning) -> str:
        """The stage a claim speaks of: what it says, else that of the document."""
        return claim.stage or ("final_accounts" if self.final else "budget")


    def by_label(self, phrases: Iterable[str]) -> list[Record]:
        """Facts whose row or project bears the very name."""
        return next((found for phrase in phrases if (found := self.named.get(form_of_label(phrase)))), [])

    def of_classes(self, kind: str) -> Iterator[Candidate]:
        """人员经费 and 公用经费 as the sum of their economic classes in one column of a table of basic expenditure."""
        for group in self.classes.values():
            rows = [f for f in group if f["economic_department_code"] in _CLASSES[kind] or f["subject_code"] in _CLASSES[kind]]
            if rows and len({f["subject_code"] for f in rows}) == len(rows):
                yield Candidate(sum((f["amount_yuan"] for f in rows), Decimal(0)),
                                sum((f["increment_yuan"] or Decimal(0) for f in rows), Decimal(0)), tuple(rows))


def _carried(fact: Record) -> tuple[str, str | None] | None:
    """What a column of a table's total says of carry-over (年初结转和结余, 年末结转和结余): in or out, and of which source."""
    if fact["row_role"] != "total" or fact["measure"] != "amount":
        return None
    whole, _, source = (fact["funding"] or "").partition(".")
    if fact["expenditure_type"] == "carried_forward":
        return "out", None if whole == "total" else whole
    if whole == "carryover":
        return "in", source or None
    return ("in", None if whole == "total" else whole) if fact["budget_period"] == "carried_over" else None


def _is_basic(fact: Record) -> bool:
    return "basic" in fact["table_kind"] or (fact["expenditure_type"] or "").startswith("basic")


@lru_cache(maxsize=1)
def _items() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(r["pattern"]), r["item"]) for r in reference.rows(ITEM_FILE)]


def summed(facts: Sequence[Record]) -> list[Candidate]:
    """Each fact, and for each table and column with several rows of the subject their sum (units, projects)."""
    out = [Candidate(f["amount_yuan"], f["increment_yuan"] or Decimal(0), (f,)) for f in facts]
    groups: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for f in facts:
        groups[(f["table_id"], f["column_no"], f["fiscal_year"], f["stage"])].append(f)
    for group in groups.values():
        if len(group) > 1:
            for rows in (group, [f for f in group if f["is_leaf"]]):
                if len(rows) > 1:
                    value = sum((f["amount_yuan"] for f in rows), Decimal(0))
                    out.append(Candidate(value, sum((f["increment_yuan"] or Decimal(0) for f in rows), Decimal(0)), tuple(rows)))
    return out

"""What one document says of another's amounts: last year's column, the budget beside the final accounts, a unit in its department's book.

Here: the comparison of two documents, as a pure function over the amounts that both print under one meaning, and its checks, findings and
witnesses. Not here: which documents speak of one another (pipelines.publish, which has them all).
A budget may be adjusted, classified anew, or count carry-over in one document and not in the other: where most amounts of a column agree
the others differ, and that is a warning; where most differ, the two columns are not the same thing, and nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipelines.audit.rules import rules
from pipelines.audit.sentences import money
from pipelines.audit.sheet import SCALE
from pipelines.normalise.facts import hash_id

Record = dict[str, Any]
_AGREE, _BORNE_OUT = 2, 2  # amounts of a column that must agree at all, and for each that differs
_WITNESSES = 3  # amounts of a column that must agree before each is a witness of the other
_DIGITS = 3  # digits that count which make an agreement no chance
_KIND_ZH = {
    "department_budget": "部门预算", "unit_budget": "单位预算", "department_final_accounts": "部门决算", "unit_final_accounts": "单位决算",
}


@dataclass(frozen=True)
class Pair:
    """A document that speaks of an entity's year and stage, and the document whose own these are.

    `same_scope`: whether both count the same bodies (a department with its units, or one unit).
    """

    later_id: str
    home_id: str
    rule: str
    same_scope: bool
    entity_id: str
    fiscal_year: int
    stage: str
    home_entity: str
    home_kind: str


@dataclass(slots=True)
class Compared:
    """Rows of `checks` and `findings`, and the facts that another document bears witness to."""

    checks: list[Record] = field(default_factory=list)
    findings: list[Record] = field(default_factory=list)
    witnessed: set[str] = field(default_factory=set)


def compare(pair: Pair, later: Sequence[Record], home: Sequence[Record]) -> Compared:
    """Compare the amounts of two documents meaning by meaning, row by row.

    `later` and `home` are rows with `meaning`, `row_key`, fact_id, amount_yuan, increment_yuan, raw_text, unit, unit_stated, trust, page
    and labels.
    """
    out = Compared()
    if not pair.same_scope:
        out.checks.append(_account(pair, "", "not_applicable", "部门与单位口径不同，不作比较"))
        return out
    ours, theirs = _by_key(later), _by_key(home)
    compared = False
    for meaning in sorted(ours.keys() & theirs.keys()):
        rows = [_row(ours[meaning][key], theirs[meaning][key]) for key in sorted(ours[meaning].keys() & theirs[meaning].keys())]
        found = [r for r in rows if r is not None]
        if found:
            compared = True
            _judge(pair, meaning, found, out)
    if not compared:
        out.checks.append(_account(pair, "", "not_applicable", "两份文档没有同一口径的金额"))
    return out


@dataclass(frozen=True)
class _Row:
    """One amount in both documents; `single` when each says just one amount for it."""

    ours: Record
    theirs: Record
    agrees: bool
    single: bool

    @property
    def difference(self) -> Decimal:
        return Decimal(self.ours["amount_yuan"] - self.theirs["amount_yuan"])

    @property
    def says(self) -> bool:
        return bool(self.ours["amount_yuan"] or self.theirs["amount_yuan"])


def _by_key(rows: Iterable[Record]) -> dict[str, dict[str, list[Record]]]:
    out: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda r: (r["page"] or 0, r["fact_id"])):
        if row["row_key"]:
            out[row["meaning"]][row["row_key"]].append(row)
    return out


def _row(ours: list[Record], theirs: list[Record]) -> _Row | None:
    for a in ours:
        for b in theirs:
            if 2 * abs(a["amount_yuan"] - b["amount_yuan"]) <= a["increment_yuan"] + b["increment_yuan"]:
                return _Row(a, b, True, True)
    single = len({a["amount_yuan"] for a in ours}) == 1 == len({b["amount_yuan"] for b in theirs})
    return _Row(ours[0], theirs[0], False, single)


def _judge(pair: Pair, meaning: str, rows: Sequence[_Row], out: Compared) -> None:
    """The vote of one column: a difference and the sums that carry it on count once."""
    said = [r for r in rows if r.says]
    agree = sum(r.agrees for r in said)
    causes: dict[Decimal, list[_Row]] = defaultdict(list)
    for row in said:
        if not row.agrees:
            causes[row.difference].append(row)
    borne_out = agree >= _AGREE and agree >= _BORNE_OUT * len(causes)
    if causes and not borne_out:
        out.checks.append(_account(pair, meaning, "not_applicable", f"{agree}项一致，{len(said) - agree}项不同：口径不同，不作比较"))
    for row in said:
        if row.agrees:
            out.checks.append(_check(pair, row, "pass" if not row.difference else "pass_by_rounding"))
            if agree >= _WITNESSES and borne_out | (not causes) and _telling(row):
                out.witnessed |= {row.ours["fact_id"], row.theirs["fact_id"]}
        elif borne_out:
            out.checks.append(_check(pair, row, "fail" if row.single else "not_applicable"))
    if borne_out:
        for rows_of_cause in causes.values():
            single = [r for r in rows_of_cause if r.single]
            if single:
                out.findings.append(_finding(pair, max(single, key=lambda r: (len(r.ours["subject_code"] or ""), r.ours["fact_id"]))))


def _telling(row: _Row) -> bool:
    """Whether the agreement is of a particular amount, and both documents state its unit."""
    digits = min(len(str(abs(int(r["amount_yuan"] * SCALE))).rstrip("0")) for r in (row.ours, row.theirs))
    return digits >= _DIGITS and row.ours["unit_stated"] and row.theirs["unit_stated"]


def _account(pair: Pair, meaning: str, outcome: str, why: str) -> Record:
    rule = rules()[pair.rule]
    return {
        "check_id": hash_id(pair.rule, pair.later_id, pair.home_id, pair.entity_id, pair.fiscal_year, pair.stage, meaning, "account"),
        "document_id": pair.later_id, "rule": pair.rule, "outcome": outcome, "trivial": True, "fact_ids": [],
        "detail": f"{rule.zh}（{_home(pair)}）：{why}",
    }


def _check(pair: Pair, row: _Row, outcome: str) -> Record:
    ours, theirs = row.ours, row.theirs
    return {
        "check_id": hash_id(pair.rule, ours["fact_id"], theirs["fact_id"]), "document_id": pair.later_id, "rule": pair.rule,
        "outcome": outcome, "trivial": not _telling(row), "left_yuan": ours["amount_yuan"], "right_yuan": theirs["amount_yuan"],
        "difference_yuan": row.difference, "tolerance_yuan": (ours["increment_yuan"] + theirs["increment_yuan"]) / 2,
        "fact_ids": [ours["fact_id"], theirs["fact_id"]], "detail": f"{rules()[pair.rule].zh}（{_home(pair)}）",
    }


def _home(pair: Pair) -> str:
    return f"{pair.home_entity}{pair.fiscal_year}年{_KIND_ZH.get(pair.home_kind, '')}"


def _yuan(amount: Decimal) -> str:
    return money(int(amount * SCALE))


def _finding(pair: Pair, row: _Row) -> Record:
    ours, theirs, rule = row.ours, row.theirs, rules()[pair.rule]
    label = ours["subject_name"] or ours["row_label"] or ""
    column = (ours["column_path"] or "").split(" / ")[-1]
    where = f"第{ours['page']}页" if ours["page"] else ""
    there = f"第{theirs['page']}页" if theirs["page"] else ""
    page, their_page = (f"page {r['page']}, " if r["page"] else "" for r in (ours, theirs))
    return {
        "finding_id": hash_id(pair.later_id, "cross_document", ours["fact_id"], theirs["fact_id"]), "document_id": pair.later_id,
        "rule": "cross_document", "severity": "warning", "verdict": "undecided", "fact_id": ours["fact_id"], "page": ours["page"],
        "subject_code": ours["subject_code"], "printed": f"{ours['raw_text']}{ours['unit'] or ''}",
        "expected": f"{theirs['raw_text']}{theirs['unit'] or ''}", "proofs": [hash_id(pair.rule, ours["fact_id"], theirs["fact_id"])],
        "message_zh": f"{where}《{ours['title'] or ''}》{label}·{column}为{_yuan(ours['amount_yuan'])}元，"
                      f"{_home(pair)}{there}为{_yuan(theirs['amount_yuan'])}元（{rule.zh}）。",
        "message_en": f"{page}{label}: {_yuan(ours['amount_yuan'])} yuan, but {_yuan(theirs['amount_yuan'])} yuan in {their_page}"
                      f"the {pair.home_kind.replace('_', ' ')} of {pair.fiscal_year} ({rule.en}).",
    }


def not_compared(document_id: str, rule: str) -> Record:
    """The account of a document for which no other one is at hand."""
    return {
        "check_id": hash_id(rule, document_id, "account"), "document_id": document_id, "rule": rule, "outcome": "not_applicable",
        "trivial": True, "fact_ids": [], "detail": f"{rules()[rule].zh}：没有可比的文档",
    }


def compare_all(pairs: Iterable[Pair], amounts: Mapping[tuple[str, str, int, str], Sequence[Record]]) -> Iterator[Compared]:
    """Every pair with its amounts, which are given by (document, entity, year, stage)."""
    for pair in pairs:
        key = (pair.entity_id, pair.fiscal_year, pair.stage)
        yield compare(pair, amounts.get((pair.later_id, *key), ()), amounts.get((pair.home_id, *key), ()))

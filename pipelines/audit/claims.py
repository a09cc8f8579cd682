"""Claims: the amounts in a document's running text, compared with its tables and with one another. The entry to the modules `claims_*`.

Here: the sequence, and claims as rows of relation `claims`. Not here: reading sentences, comparing, wording findings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from pipelines.audit.claims_arithmetic import slips
from pipelines.audit.claims_findings import amount_finding, claim_id, slip_finding
from pipelines.audit.claims_match import Match, Record, Tables, compare
from pipelines.audit.claims_meaning import names_of
from pipelines.audit.claims_parse import Claim, Printed, claims_in, funding_in
from pipelines.audit.claims_text import paragraphs
from pipelines.normalise.facts import table_id
from pipelines.understand.understand import Understood

_HEADING = 45  # characters of a line that may be a heading
_LONGEST = 2_000  # characters of a sentence that are kept


@dataclass(frozen=True)
class Claims:
    """The claims of one document with what came of each, in reading order."""

    document_id: str
    year: int | None
    final: bool
    claims: tuple[Claim, ...]
    matches: tuple[Match, ...]
    wholes: tuple[Decimal, ...]  # totals the tables print

    def records(self) -> list[Record]:
        """Rows of relation `claims`."""
        seen: set[str] = set()
        out: list[Record] = []
        for claim, match in zip(self.claims, self.matches, strict=True):
            row = _record(self, claim, match)
            if row["claim_id"] not in seen:
                seen.add(row["claim_id"])
                out.append(row)
        return out

    def findings(self, suspects: Iterable[str] = ()) -> list[Record]:
        """Rows of relation `findings`; `suspects` are the facts that the tables themselves prove wrong."""
        known = set(suspects)
        matched = {id(c): m for c, m in zip(self.claims, self.matches, strict=True)}
        compared = (amount_finding(self.document_id, c, m, known) for c, m in zip(self.claims, self.matches, strict=True))
        out = [f for f in compared if f is not None]
        out.extend(slip_finding(self.document_id, s, matched.get(id(s.claim))) for s in slips(self.claims, self.wholes))
        once: dict[object, Record] = {}
        for f in out:  # the same amount said again is the same mistake
            same = (f["rule"], f["fact_id"], f["printed"], f["expected"])
            once.setdefault(same if f["rule"] == "narrative_amount" else f["finding_id"], f)
        return list(once.values())


def read_claims(frames: dict[str, pl.DataFrame], understood: Understood) -> Claims:
    """All claims of one document. `frames` are the normalised relations (`facts` is read)."""
    context = understood.context
    facts = list(frames["facts"].iter_rows(named=True))
    year = context.fiscal_year if context else None
    final = bool(context and context.document_kind.endswith("final_accounts"))
    printed = {(scheme, f[column]) for f in facts for scheme, column in (
        (f["subject_scheme"], "subject_code"), ("function", "function_code"), ("economic_department", "economic_department_code"),
        ("economic_government", "economic_government_code")) if f[column]}
    own_names = [context.entity_name, *context.aliases] if context else []
    names = names_of(own_names, year, printed, [u.name for u in context.units] if context else [])
    found: list[Claim] = []
    source, heading = None, ""
    for paragraph in paragraphs(understood.lines):
        own = claims_in(paragraph, names, len(found), source, heading)
        heading = ""
        if not own and len(paragraph.text) <= _HEADING:
            source, heading = funding_in(paragraph.text), paragraph.text
        found.extend(own)
    methods = {table_id(understood.document_id, t): t.method for t in understood.tables if t.confidence >= 1.0}
    tables = Tables(facts, methods, names, year, final)
    wholes = sorted({
        f["amount_yuan"] for f in tables.facts
        if f["fiscal_year"] == year and f["row_role"] in ("total", "subtotal") and not f["subject_code"]
    })
    return Claims(understood.document_id, year, final, tuple(found), tuple(compare(c, tables) for c in found), tuple(wholes))


def corroborated_facts(claims: Claims) -> set[str]:
    """Facts whose amount, not zero, the running text states too under the same meaning."""
    return {
        m.fact["fact_id"] for c, m in zip(claims.claims, claims.matches, strict=True)
        if m.outcome == "agrees" and m.fact is not None and c.amount is not None and c.amount.value
    }


def _record(book: Claims, claim: Claim, match: Match) -> Record:
    meaning = claim.meaning
    share = claim.share or claim.done
    return {
        "claim_id": claim_id(book.document_id, claim), "document_id": book.document_id, "page": claim.page,
        "sentence": claim.paragraph.sentence(claim.position)[:_LONGEST], "subject_code": meaning.subject,
        "subject_text": meaning.subject_text or None, "funding": meaning.funding, "expenditure_type": meaning.type,
        "fiscal_year": _year(meaning.year or book.year), "stage": meaning.stage or ("final_accounts" if book.final else "budget"),
        "amount_yuan": _value(claim.amount), "change_yuan": _value(claim.change),
        "change_percent": Decimal(0) if claim.flat and claim.percent is None else _value(claim.percent), "share_percent": _value(share),
        "outcome": match.outcome, "fact_id": match.fact["fact_id"] if match.fact else None,
    }


def _value(printed: Printed | None) -> Decimal | None:
    return printed.value if printed is not None else None


def _year(year: int | None) -> int | None:
    return year if year is not None and 1990 <= year <= 2100 else None

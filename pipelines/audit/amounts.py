"""The audit of the amounts in tables: identities, causes, repairs and trust of one document, and what of it goes into the warehouse.

Here: the sequence, and the rows of relations `checks` and `facts`. Not here: each step's own rules (sheet, across, down, between, echoes,
scale, locate, trust, findings), nor the running text (claims).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.audit.across import row_sums
from pipelines.audit.between import same_figures, two_sided
from pipelines.audit.bounds import bound_findings, bounds
from pipelines.audit.disordered import disordered
from pipelines.audit.down import column_sums
from pipelines.audit.echoes import echoes
from pipelines.audit.findings import Record, findings_of, unit_findings
from pipelines.audit.identity import Identity
from pipelines.audit.locate import Cause, locate
from pipelines.audit.scale import OddUnit, odd_units
from pipelines.audit.sheet import SCALE, Book, book_of, take_reading
from pipelines.audit.trust import trust_of
from pipelines.audit.witness import best_reading
from pipelines.understand.understand import Understood


@dataclass(frozen=True)
class Amounts:
    """All that is known of a document's amounts after the audit."""

    book: Book
    identities: list[Identity]
    causes: list[Cause]
    odd: list[OddUnit]
    repaired: frozenset[int]  # figures whose other reading was taken

    def suspects(self) -> set[str]:
        """Facts that the tables themselves prove wrong."""
        figures = (self.book.figures[no] for cause in self.causes for no in cause.cells)
        return {f.fact["fact_id"] for f in figures if f.fact is not None}

    def findings(self) -> list[Record]:
        """Rows of relation `findings`. What a table's wrong unit breaks is one finding: that of the unit."""
        odd = {o.table for o in self.odd}
        accused = {no for cause in self.causes for no in cause.cells} | {f.no for f in self.book.figures if f.table in odd}
        causes = [c for c in self.causes if not all(any(f.table in odd for f in i.figures) for i in c.broken)]
        return [
            *findings_of(self.book, causes, self.repaired, check_id), *unit_findings(self.book, self.odd),
            *bound_findings(self.book, self.identities, accused, check_id), *disordered(self.book, self.identities, check_id),
        ]

    def checks(self) -> list[Record]:
        """Rows of relation `checks`: every identity with a term that is not zero, and the account of what could not be checked.

        The account: rule `table` for a table without amounts or not understood, rule `not_covered` for the amounts of a table that stand
        in no identity that says something.
        """
        out = [_check(self.book, i) for i in self.identities if not i.empty and i.state != "aside"]
        out.extend(_not_looked(self.book))
        out.extend(_not_covered(self.book, self.identities))
        return list({row["check_id"]: row for row in out}.values())

    def facts(self, facts: pl.DataFrame, witnessed: Collection[str] = ()) -> pl.DataFrame:
        """The facts with their trust, suggestions and repairs. `witnessed` are facts whose amount the running text states too."""
        trust = trust_of(self.book, self.identities, self.causes, self.repaired, frozenset(o.table for o in self.odd), witnessed)
        figures = {f.fact["fact_id"]: f for f in self.book.figures if f.fact is not None}
        words = {fact_id: trust[f.no] for fact_id, f in figures.items()}
        wanted = {}
        odd = {o.table for o in self.odd}
        for cause in self.causes:
            for no, value in cause.cells.items():
                fact = self.book.figures[no].fact
                if fact is not None and no not in self.repaired and no in cause.sure and self.book.figures[no].table not in odd:
                    wanted[fact["fact_id"]] = _yuan(value)
        taken = {fact_id: f for fact_id, f in figures.items() if f.no in self.repaired}
        ids = facts["fact_id"].to_list()
        out = facts.with_columns(
            pl.Series("trust", [words.get(i, "plausible") for i in ids], dtype=pl.String),
            pl.Series("suggested_yuan", [wanted.get(i) for i in ids], dtype=facts.schema["amount_yuan"]),
        )
        return _repaired(out, {i: f.taken for i, f in taken.items() if f.taken is not None}) if taken else out


def check_amounts(frames: dict[str, pl.DataFrame], understood: Understood) -> Amounts:
    """Audit the amounts of one document. `frames` are its normalised relations (`facts` is read)."""
    book = book_of(frames, understood)
    identities = identities_of(book)
    causes = locate(book.figures, identities)
    repaired = _take_readings(book, causes, identities)
    for cause in causes:
        for identity in cause.given_up:
            if not identity.sure and not cause.missing:  # the rows at hand do not add up, and nothing says that they must
                identity.state = "not_applicable" if identity.family == "cross_table" else "insufficient_data"
    return Amounts(book, identities, causes, odd_units(book), frozenset(repaired))


def identities_of(book: Book) -> list[Identity]:
    """Every identity whose terms the document prints, each once."""
    out: dict[tuple[object, ...], Identity] = {}
    for sheet in book.sheets:
        for source in (row_sums(sheet), column_sums(sheet), two_sided(sheet)):
            for identity in source:
                out.setdefault(_key(identity), identity)
    for identity in (*same_figures(book), *echoes(book), *bounds(book)):
        out.setdefault(_key(identity), identity)
    return list(out.values())


def _key(identity: Identity) -> tuple[object, ...]:
    return (frozenset(f.no for f in identity.left), frozenset(f.no for f in identity.right), identity.bound)


def _take_readings(book: Book, causes: list[Cause], identities: list[Identity]) -> set[int]:
    """Where another reading of the guilty cell is what the identities ask for, it is taken, with the neighbours it concerns."""
    out: set[int] = set()
    for cause in causes:
        for no, expected in cause.cells.items():
            figure = book.figures[no]
            reading = best_reading(figure, expected, cause.proofs.get(no, ()))
            if reading is not None:
                out.update(take_reading(book, figure, reading))
    if out:
        for identity in identities:
            identity.evaluate()
    return out


def _repaired(facts: pl.DataFrame, taken: dict[str, tuple[str, int, int]]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for fact in facts.iter_rows(named=True):
        if fact["fact_id"] in taken:
            text, value, increment = taken[fact["fact_id"]]
            fact |= {"first_reading_text": fact["raw_text"], "raw_text": text}
            fact |= {"amount_yuan": _yuan(value), "increment_yuan": _yuan(increment)}
        rows.append(fact)
    return pl.DataFrame(rows, schema=facts.schema)


def check_id(identity: Identity) -> str:
    """Public id of a check: hash of the rule and its terms."""
    ids = [f.fact["fact_id"] for f in identity.figures if f.fact is not None]
    return hashlib.sha256("|".join((identity.rule, *ids)).encode()).hexdigest()[:16]


def _check(book: Book, identity: Identity) -> Record:
    return {
        "check_id": check_id(identity), "document_id": book.document_id, "rule": identity.rule, "outcome": identity.outcome,
        "trivial": identity.trivial, "left_yuan": _yuan(sum(f.value for f in identity.left)),
        "right_yuan": _yuan(sum(f.value for f in identity.right)), "difference_yuan": _yuan(identity.residual),
        "tolerance_yuan": _yuan(identity.tolerance2, 2 * SCALE),
        "fact_ids": [f.fact["fact_id"] for f in identity.figures if f.fact is not None],
        "table_id": book.sheets[identity.table].table_id if identity.table is not None else None, "detail": identity.detail,
    }


def _not_looked(book: Book) -> list[Record]:
    """Tables of which nothing could be checked: a row each, so that no finding never means not looked."""
    out = []
    for sheet in book.sheets:
        reason = sheet.table.reason if sheet.table.status == "not_understood" else None
        if reason is None and not any(f.fact for f in sheet.grid.values()):
            reason = {"filled": "no amounts", "blank": "blank", "declared_empty": "declared empty"}.get(sheet.table.emptiness)
        if reason is None:
            continue
        outcome = "insufficient_data" if sheet.table.status == "not_understood" else "not_applicable"
        out.append({
            "check_id": hashlib.sha256(f"table|{sheet.table_id}".encode()).hexdigest()[:16], "document_id": book.document_id,
            "rule": "table", "outcome": outcome, "trivial": True, "fact_ids": [], "table_id": sheet.table_id, "detail": reason,
        })
    return out


def _not_covered(book: Book, identities: list[Identity]) -> list[Record]:
    covered = {f.no for i in identities if i.state == "applies" and not i.trivial for f in i.figures}
    out = []
    for sheet in book.sheets:
        printed = [f for f in sheet.grid.values() if f.fact is not None and f.value]
        alone = [f.fact["fact_id"] for f in printed if f.no not in covered and f.fact is not None]
        if alone:
            out.append({
                "check_id": hashlib.sha256(f"not_covered|{sheet.table_id}".encode()).hexdigest()[:16], "document_id": book.document_id,
                "rule": "not_covered", "outcome": "not_applicable", "trivial": True, "fact_ids": alone, "table_id": sheet.table_id,
                "detail": f"{len(alone)} of {len(printed)} amounts stand in no identity that says something",
            })
    return out


def _yuan(value: int, scale: int = SCALE) -> Decimal:
    return Decimal(value) / scale

"""The audit of one document: frames in, frames with checks, claims, findings and trust out. The one entry of this folder."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import polars as pl

from pipelines.audit.across import row_sums
from pipelines.audit.between import same_figures, two_sided
from pipelines.audit.down import column_sums
from pipelines.audit.echoes import echoes
from pipelines.audit.findings import findings_of
from pipelines.audit.identity import Identity
from pipelines.audit.locate import locate
from pipelines.audit.sheet import SCALE, Book, book_of
from pipelines.audit.trust import APPLIES, trust_of
from pipelines.normalise.normalise import frame_of
from pipelines.understand.understand import Understood

VERSION = "1"


def identities_of(book: Book) -> list[Identity]:
    """Every identity whose terms the document prints, each once."""
    out: dict[tuple[object, ...], Identity] = {}
    for sheet in book.sheets:
        for source in (row_sums(sheet), column_sums(sheet), two_sided(sheet)):
            for identity in source:
                out.setdefault(_key(identity), identity)
    for identity in (*same_figures(book), *echoes(book)):
        out.setdefault(_key(identity), identity)
    return list(out.values())


def _key(identity: Identity) -> tuple[object, ...]:
    return (frozenset(f.no for f in identity.left), frozenset(f.no for f in identity.right), identity.bound)


def audit(frames: dict[str, pl.DataFrame], understood: Understood) -> dict[str, pl.DataFrame]:
    """Check a document's amounts against one another; set trust; add relations checks and findings."""
    if not len(frames["facts"]):
        return frames
    book = book_of(frames, understood)
    identities = identities_of(book)
    causes = locate(book.figures, identities)
    for cause in causes:
        for identity in cause.given_up:
            if identity.strength < APPLIES:  # the rows at hand do not add up, and nothing says that they must
                identity.state = "insufficient_data"
    trust = trust_of(book, identities, causes)
    by_fact = {f.fact["fact_id"]: trust[f.no] for f in book.figures if f.fact is not None}
    cells = [(book.figures[no].fact, value) for cause in causes for no, value in cause.cells.items()]
    wanted = {fact["fact_id"]: _yuan(value) for fact, value in cells if fact is not None}
    facts = frames["facts"]
    return frames | {
        "facts": facts.with_columns(
            pl.Series("trust", [by_fact.get(i, "plausible") for i in facts["fact_id"]], dtype=pl.String),
            pl.Series("suggested_yuan", [wanted.get(i) for i in facts["fact_id"]], dtype=facts.schema["amount_yuan"]),
        ),
        "findings": frame_of("findings", findings_of(book, causes, check_id)),
        "checks": frame_of("checks", [_check(book, i) for i in identities if not i.empty]),
    }


def check_id(identity: Identity) -> str:
    """Public id of a check: hash of the rule and its terms."""
    ids = [f.fact["fact_id"] for f in identity.figures if f.fact is not None]
    return hashlib.sha256("|".join((identity.rule, *ids)).encode()).hexdigest()[:16]


def _check(book: Book, identity: Identity) -> dict[str, object]:
    ids = [f.fact["fact_id"] for f in identity.figures if f.fact is not None]
    return {
        "check_id": check_id(identity), "document_id": book.document_id, "rule": identity.rule, "outcome": identity.outcome,
        "trivial": identity.trivial,
        "left_yuan": _yuan(sum(f.value for f in identity.left)), "right_yuan": _yuan(sum(f.value for f in identity.right)),
        "difference_yuan": _yuan(identity.residual), "tolerance_yuan": _yuan(identity.tolerance2, 2 * SCALE), "fact_ids": ids,
        "table_id": book.sheets[identity.table].table_id if identity.table is not None else None, "detail": identity.detail,
    }


def _yuan(value: int, scale: int = SCALE) -> Decimal:
    return Decimal(value) / scale

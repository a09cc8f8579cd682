"""The audit of one document: frames in, frames with checks, claims, findings and trust out. The one entry of this folder."""

from __future__ import annotations

import polars as pl

from pipelines.audit import claims_match, claims_meaning, rules, wording
from pipelines.audit.amounts import check_amounts
from pipelines.audit.claims import corroborated_facts, read_claims
from pipelines.audit.codes import code_findings
from pipelines.audit.coverage import account
from pipelines.audit.scores import score_checks, score_rows
from pipelines.normalise.normalise import frame_of
from pipelines.understand.understand import Understood
from schemas.reference import SUBJECT_FILES

VERSION = "7"
REFERENCE_FILES = (*rules.FILES, *claims_meaning.FILES, *wording.FILES, claims_match.ITEM_FILE, *SUBJECT_FILES.values())


def audit(frames: dict[str, pl.DataFrame], understood: Understood) -> dict[str, pl.DataFrame]:
    """Check a document's amounts against one another and against its text; set trust; fill relations checks, claims and findings."""
    if understood.context is None:
        return frames
    amounts = check_amounts(frames, understood)
    claims = read_claims(frames, understood)
    score_account, score_findings = score_rows(understood.document_id, score_checks(frames))
    said = claims.findings(amounts.suspects())
    checks = [*amounts.checks(), *claims.checks(said), *score_account]
    with_amounts = set(frames["facts"]["table_kind"].unique()) | _kinds_with_indicators(frames)
    checks += account(understood.document_id, understood.tables, with_amounts, checks)
    return frames | {
        "facts": amounts.facts(frames["facts"], corroborated_facts(claims)),
        "checks": frame_of("checks", checks),
        "claims": frame_of("claims", claims.records()),
        "findings": frame_of("findings", [
            *amounts.findings(), *said, *code_findings(frames, understood),
            *wording.wording_findings(understood), *score_findings,
        ]),
    }


def _kinds_with_indicators(frames: dict[str, pl.DataFrame]) -> set[str]:
    given = frames["indicators"].select("table_id").unique().join(frames["tables"], on="table_id")
    return set(given["table_kind"].drop_nulls())

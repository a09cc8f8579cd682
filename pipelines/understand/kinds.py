"""What kind of table it is: from its title, its columns and its rows together, with the evidence and how sure it is.

Here: which of them decides. Titles are read by the vocabulary (`title_patterns.csv`); what tells a table without one by its columns
and rows is data, too (`kind_signatures.csv`). Not here: what the columns mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pipelines.understand.columns import DESCRIPTORS, NAMED_ITEM
from pipelines.understand.grid import Grid
from pipelines.understand.logical import Column
from pipelines.understand.subjects import SubjectBook
from pipelines.understand.text import bare
from pipelines.understand.vocabulary import SIGNATURES_FILE
from schemas import reference

PERFORMANCE_KINDS = (
    "department_performance_targets",
    "project_performance_targets",
    "department_performance_self_evaluation",
    "project_performance_self_evaluation",
    "performance_base_data",
)
_INDICATOR_HEADER = re.compile(r"[一二三]级指标|绩效指标|指标名称|指标内容|指标值")
_TAXES, _FEW_TAXES = "101", 2  # 税收收入; two of its names are no chance
_AND = " & "
_FIRST_ROWS, _LABELS, _FORM_ROWS = 30, 4, 12


class Signature(NamedTuple):
    """What tells one kind: patterns that the heads must all have, one that they must not, one that some row's label must have."""

    kind: str
    sure: float
    heads: tuple[re.Pattern[str], ...]
    without: re.Pattern[str] | None
    rows: re.Pattern[str] | None

    def fits(self, heads: str, labels: Iterable[str]) -> bool:
        """Whether a table with these heads (in one text, | between them) and labels of rows is of the kind."""
        if not all(p.search(heads) for p in self.heads) or (self.without and self.without.search(heads)):
            return False
        return self.rows is None or any(self.rows.search(label) for label in labels)


def kind_of(
    title: tuple[str | None, str | None, float], grid: Grid, levels: list[list[str]], columns: list[Column], body: list[int],
    document_kind: str, book: SubjectBook,
) -> tuple[str, float, tuple[str, ...]]:
    """Kind, confidence and evidence. `title`: the printed one, the kind it names, and how surely; `levels`: the header's texts.

    Without a title that names a kind the columns decide, with less confidence; where they do not, either, the kind is `other`.
    """
    heads = [t for row in levels for t in row if t]
    joined = " ".join(dict.fromkeys(heads))
    printed, kind, sure = title
    evidence: list[str] = [f"title:{printed}"] if kind and kind != "other" else []
    lines = " ".join(t for r in body[:_FIRST_ROWS] for t in grid.row(r)[:_LABELS])
    indicator = len(_INDICATOR_HEADER.findall(f"{joined} {lines}")) >= 2
    if document_kind.startswith("government_") and kind not in PERFORMANCE_KINDS:
        return "government_level", 0.8, ("document_kind",)
    if kind not in PERFORMANCE_KINDS and _collects_taxes(grid, columns, body, book):
        return "government_level", 0.8, ("rows:taxes",)
    if indicator and kind not in PERFORMANCE_KINDS:
        labels = " ".join(grid.row(r)[0] for r in range(min(grid.n_rows, _FORM_ROWS)) if grid.row(r))
        kind, sure = ("project_performance_targets" if "项目名称" in joined + labels else "department_performance_targets"), 0.7
        evidence.append("columns:指标")
    if kind is None:
        kind, sure, found = _of_columns(grid, heads, joined, body)
        evidence.extend(found)
    if kind in PERFORMANCE_KINDS and not indicator and kind != "performance_base_data" and any(c.role == "amount" for c in columns):
        evidence.append("no indicator columns")
    return kind, sure, tuple(evidence)


def _collects_taxes(grid: Grid, columns: list[Column], body: list[int], book: SubjectBook) -> bool:
    """Whether rows are taxes (税收收入, 增值税 ...): revenue of a government, which a town prints beside its own tables as a department."""
    labels = [c.column for c in columns if c.role in DESCRIPTORS]
    named = {bare(grid.own(r, c)) for r in body for c in labels}
    return sum(any(code.startswith(_TAXES) for code in book.candidates("income", name)) for name in named if name) >= _FEW_TAXES


def _of_columns(grid: Grid, heads: list[str], joined: str, body: list[int]) -> tuple[str, float, list[str]]:
    """Kind, confidence and evidence of a table without a title that names one."""
    if len(set(NAMED_ITEM.findall(joined))) >= 3:
        return "three_public", 0.7, ["columns:三公"]
    said = "|".join(bare(h) for h in dict.fromkeys(heads))
    labels = [bare(t) for r in body[:_FIRST_ROWS] for t in grid.row(r)[:_LABELS]]
    for signature in _signatures(reference.reference_bytes(SIGNATURES_FILE)):
        if signature.fits(said, labels):
            return signature.kind, signature.sure, [f"columns:{_AND.join(p.pattern for p in signature.heads)}"]
    return "other", 0.3, []


@lru_cache(maxsize=4)
def _signatures(_: bytes) -> tuple[Signature, ...]:
    def pattern(text: str) -> re.Pattern[str] | None:
        return re.compile(text) if text else None

    return tuple(
        Signature(
            row["table_kind"], float(row["confidence"]), tuple(re.compile(p) for p in row["heads"].split(_AND)),
            pattern(row["without"]), pattern(row["rows"]),
        )
        for row in reference.rows(SIGNATURES_FILE)
    )

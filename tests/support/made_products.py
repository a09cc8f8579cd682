"""Products of made-up budget documents, as the stages before publishing would hand them on: for tests of state and publishing.

Amounts are given in whole 万元 and printed so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import polars as pl

from pipelines.publish.batches import Product, write_batch
from pipelines.publish.state import Offer, State
from schemas.columns import ColumnParts, column_code
from schemas.registry import empty_frame, polars_schema

TOTAL = ColumnParts()
BASIC, PROJECT = ColumnParts(expenditure_type="basic"), ColumnParts(expenditure_type="project")
GENERAL, FUND = ColumnParts(funding="general_public_budget"), ColumnParts(funding="government_fund_budget")


def digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Row:
    """One printed row: its label, amounts by column (None: blank) and place in the table."""

    label: str
    amounts: Sequence[int | None]
    role: str = "detail"
    code: str | None = None
    leaf: bool = True
    scheme: str = ""
    entity: str | None = None
    project: str | None = None


@dataclass(frozen=True)
class Table:
    """One table of amounts."""

    kind: str
    columns: Sequence[ColumnParts]
    rows: Sequence[Row]
    side: str = "expenditure"


@dataclass(frozen=True)
class Made:
    """One document: what makes it distinct is `seed`; the body that publishes it is known by its name."""

    seed: str
    entity: str = "某市某局"
    year: int = 2026
    kind: str = "department_budget"
    tables: Sequence[Table] = ()
    parent: str | None = None
    changes: Mapping[str, object] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.seed.encode()).hexdigest()

    @property
    def document_id(self) -> str:
        return self.sha256[:16]

    def offer(self, name: str | None = None) -> Offer:
        return Offer(name or f"{self.seed}.pdf", self.sha256, 1000 + len(self.seed), "application/pdf")

    def product(self) -> Product:
        return Product(self.document_id, frames_of(self))


def entity_id(name: str) -> str:
    return digest("entity", name)


def frames_of(made: Made) -> dict[str, pl.DataFrame]:
    """All relations of the document's product."""
    facts, tables, cells = [], [], []
    for table_no, table in enumerate(made.tables):
        table_id = digest("table", made.seed, table_no)
        before = len(facts)
        for row_no, row in enumerate(table.rows, start=1):
            cells.append({"table_id": table_id, "row_no": row_no, "column_no": 0, "row_span": 1, "column_span": 1, "text": row.label,
                          "cell_confidence": 1.0})
            for column_no, (parts, amount) in enumerate(zip(table.columns, row.amounts, strict=True), start=1):
                if amount is None:
                    continue
                facts.append(_fact(made, table, table_id, table_no, row, row_no, parts, column_no, amount))
                cells.append({"table_id": table_id, "row_no": row_no, "column_no": column_no, "row_span": 1, "column_span": 1,
                              "text": str(amount), "cell_confidence": 1.0})
        n = len(facts) - before
        tables.append({
            "table_id": table_id, "document_id": made.document_id, "table_no": table_no, "title": table.kind, "table_kind": table.kind,
            "declared_unit": "万元", "n_rows": len(table.rows) + 1, "n_columns": len(table.columns) + 1, "method": "made",
            "confidence": 1.0, "emptiness": "filled", "status": "understood", "n_numbers": n, "n_facts": n, "n_other": 0, "n_rejected": 0,
            "n_not_understood": 0,
        })
    document = {
        "document_id": made.document_id, "sha256": made.sha256, "bytes": 1000, "media_type": "application/pdf", "status": "loaded",
        "entity_id": entity_id(made.entity), "entity_name": made.entity, "region_code": "110000", "fiscal_year": made.year,
        "document_kind": made.kind, "numbers_total": len(facts), "numbers_facts": len(facts), "numbers_other": 0, "numbers_rejected": 0,
        "numbers_not_understood": 0, "personal_data_removed": 0, "reader_version": "made",
    } | dict(made.changes)
    entities = [{
        "entity_id": entity_id(made.entity), "name": made.entity, "region_code": "110000",
        "parent_entity_id": entity_id(made.parent) if made.parent else None, "valid_from": made.year, "valid_to": made.year,
    }]
    aliases = [{"entity_id": entity_id(made.entity), "alias": made.entity}]
    given = {"documents": [document], "tables": tables, "cells": cells, "facts": facts, "dim_entity": entities, "dim_entity_alias": aliases}
    return {name: _frame(name, given.get(name, [])) for name in (
        "documents", "tables", "cells", "facts", "indicators", "statistics", "rejects", "claims", "checks", "findings", "dim_entity",
        "dim_entity_alias",
    )}


def _frame(relation: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    if not rows:
        return empty_frame(relation)
    schema = polars_schema(relation)
    return pl.DataFrame(rows, schema={name: schema[name] for name in schema if name in rows[0]})


def _fact(
    made: Made, table: Table, table_id: str, table_no: int, row: Row, row_no: int, parts: ColumnParts, column_no: int, amount: int
) -> dict[str, object]:
    scheme = row.scheme or ("none" if row.code is None else "function")
    return {
        "fact_id": digest("fact", made.document_id, table_no, row_no, column_no), "document_id": made.document_id, "table_id": table_id,
        "row_no": row_no, "column_no": column_no, "department_id": entity_id(made.entity), "department_name": made.entity,
        "entity_id": entity_id(row.entity or made.entity), "entity_name": row.entity or made.entity, "region_code": "110000",
        "document_kind": made.kind, "table_kind": table.kind, "fiscal_year": made.year, "side": table.side, "subject_scheme": scheme,
        "subject_code": row.code, "subject_name": row.label if row.code else None, "row_label": row.label, "project_name": row.project,
        "row_role": row.role, "row_level": len(row.code or "") // 2, "is_leaf": row.leaf and row.role == "detail",
        "column_path": column_code(parts), "column_code": column_code(parts), "funding": parts.funding,
        "expenditure_type": parts.expenditure_type, "budget_period": parts.budget_period, "stage": parts.stage, "measure": parts.measure,
        "column_subject_code": parts.column_subject_code, "amount_yuan": Decimal(amount) * 10000, "raw_text": str(amount), "unit": "万元",
        "increment_yuan": Decimal(10000), "meaning_confidence": 1.0, "trust": "plausible", "occurrence": 0,
    }


EXPENDITURE = Table("expenditure_summary", (TOTAL, BASIC, PROJECT), (
    Row("合计", (100, 60, 40), role="total"),
    Row("一般公共服务支出", (70, 40, 30), code="201", leaf=False),
    Row("政府办公厅（室）及相关机构事务", (70, 40, 30), code="20103", leaf=False),
    Row("行政运行", (40, 40, None), code="2010301"),
    Row("一般行政管理事务", (30, None, 30), code="2010302"),
    Row("社会保障和就业支出", (30, 20, 10), code="208"),
))
INCOME = Table("income_summary", (TOTAL,), (
    Row("一、财政拨款收入", (90,)),
    Row("其中：一般公共预算", (85,), role="of_which"),
    Row("二、事业收入", (10,)),
    Row("本年收入合计", (100,), role="total"),
), side="income")
THREE_PUBLIC = Table("three_public", (GENERAL,), (
    Row("合计", (9,), role="total"),
    Row("因公出国（境）费", (2,)),
    Row("公务用车购置及运行维护费", (4,), role="subtotal"),
    Row("公务用车购置费", (0,)),
    Row("公务用车运行维护费", (4,)),
    Row("公务接待费", (3,)),
    Row("会议费", (5,)),
))
PROJECTS = Table("project_expenditure_summary", (replace(PROJECT), replace(PROJECT, funding="general_public_budget")), (
    Row("合计", (40, 40), role="total"),
    Row("某局", (40, 40), role="subtotal"),
    Row("信息化", (30, 30), project="信息化"),
    Row("培训", (10, 10), project="培训"),
))
USUAL = (EXPENDITURE, INCOME, THREE_PUBLIC, PROJECTS)


def ingest(state: State, documents: Sequence[Made], *, version: str = "1") -> None:
    """Offer documents and hand on their products, as a run would."""
    state.offer([made.offer() for made in documents])
    ids = {made.document_id: made for made in documents}
    due = state.pending("read", version)
    write_batch(state, "read", version, [Product(each.document_id) for each in due])
    due = [each for each in state.pending("understand", version) if each.document_id in ids]
    write_batch(state, "understand", version, [ids[each.document_id].product() for each in due])

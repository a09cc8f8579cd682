"""An understood document becomes frames, one a relation. The one entry of this folder."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from pipelines.normalise.account import count_numbers
from pipelines.normalise.facts import Record, TableFacts, table_facts, table_id
from pipelines.normalise.performance import is_performance, read_performance, says_nothing, without_reprints
from pipelines.normalise.performance_state import PerformanceResult
from pipelines.normalise.performance_targets import FILES as TARGET_FILES
from pipelines.normalise.statistics_text import text_statistics
from pipelines.normalise.statistics_words import FILES as STATISTIC_FILES
from pipelines.understand.context.dimensions import entity_rows
from pipelines.understand.logical import LogicalTable
from pipelines.understand.understand import Understood
from pipelines.understand.vocabulary import vocabulary
from schemas.registry import PRODUCT_RELATIONS, polars_schema

VERSION = "4"
REFERENCE_FILES = (*TARGET_FILES, *STATISTIC_FILES)  # read here and not by understanding: part of the stage's version


def normalise(understood: Understood) -> dict[str, pl.DataFrame]:
    """All product relations of one document, not yet validated (`pipelines.publish.batches.write_batch` does that, a batch at a time).

    Claims, checks and findings are empty here; the audit fills them.
    """
    records: dict[str, list[Record]] = {name: [] for name in PRODUCT_RELATIONS}
    account: Counter[str] = Counter()
    context = understood.context
    if context is not None:
        words = vocabulary()
        forms: list[PerformanceResult] = []
        form: PerformanceResult | None = None
        for table in understood.tables:
            made: TableFacts | PerformanceResult
            if is_performance(table) and table.status != "not_required":
                made = form = read_performance(understood.document_id, table, context, words, form)
                forms.append(form)
            else:
                made, form = table_facts(understood.document_id, table, context, words), None
            records["facts"].extend(made.facts)
            records["rejects"].extend(made.rejects)
            records["statistics"].extend(made.statistics)
            counts = count_numbers(table, made.used)
            account += counts
            records["tables"].append(_table(understood.document_id, table, counts))
            if form is not None and says_nothing(form):
                records["tables"][-1]["emptiness"] = "blank"
            records["cells"].extend(_cells(understood.document_id, table))
        records["indicators"].extend(without_reprints(forms))
        records["statistics"].extend(text_statistics(understood.document_id, understood.lines, context))
        entities, aliases = entity_rows([context])
        records["dim_entity"].extend(entities)
        records["dim_entity_alias"].extend(aliases)
    records["documents"].append(_document(understood, account, len(records["facts"]), len(records["indicators"])))
    return {relation: frame_of(relation, records[relation]) for relation in PRODUCT_RELATIONS}


def frame_of(relation: str, rows: list[Record]) -> pl.DataFrame:
    """Records as a frame of a relation; decimals wider than declared, so that it is validation that refuses what is too fine."""
    schema = polars_schema(relation)
    wide = {name: (pl.Decimal(38, 10) if isinstance(dtype, pl.Decimal) else dtype) for name, dtype in schema.items()}
    if not rows:
        return pl.DataFrame(schema=wide)
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=wide)


def _document(understood: Understood, account: Counter[str], facts: int, indicators: int) -> Record:
    context = understood.context
    if understood.status != "read":
        status, reason = understood.status, understood.reason
    elif facts or indicators:
        status, reason = "loaded", None
    elif not understood.tables:
        status, reason = "no_tables", None
    else:
        status, reason = "not_understood", None
    record: dict[str, Any] = {
        "document_id": understood.document_id, "sha256": understood.sha256, "bytes": understood.bytes, "media_type": understood.media_type,
        "status": status, "reason": reason, "pages": len(understood.pages) or None,
        "personal_data_removed": understood.personal_data_removed, "reader_version": understood.reader_version,
        "numbers_total": account["total"], "is_current": True,
    }
    for kind in ("facts", "indicators", "statistics", "other", "rejected", "not_understood"):
        record[f"numbers_{kind}"] = account[kind]
    record["numbers_other"] += account["indicators"] + account["statistics"]  # both are told apart beside it
    if context is not None:
        record |= {
            "entity_id": context.entity_id, "entity_name": context.entity_name, "entity_code": context.entity_code,
            "region_code": context.region_code, "fiscal_year": context.fiscal_year, "document_kind": context.document_kind,
        }
    return record


def _table(document_id: str, table: LogicalTable, counts: Counter[str]) -> Record:
    return {
        "table_id": table_id(document_id, table), "document_id": document_id, "table_no": table.table_no, "title": table.title,
        "table_kind": table.kind, "declared_unit": table.unit, "first_page": table.first_page, "last_page": table.last_page,
        "n_rows": table.n_rows, "n_columns": table.n_columns, "header_rows": len(table.header_rows), "method": table.method,
        "confidence": table.confidence, "emptiness": table.emptiness, "status": table.status, "reason": table.reason,
        "n_numbers": counts["total"], "n_facts": counts["facts"],
        "n_other": counts["other"] + counts["indicators"] + counts["statistics"], "n_rejected": counts["rejected"],
        "n_not_understood": counts["not_understood"], "evidence": "; ".join(table.kind_evidence) or None,
        "sheet": table.sheet, "reading_note": table.reading_note,
    }


def _cells(document_id: str, table: LogicalTable) -> list[Record]:
    own = table_id(document_id, table)
    return [
        {
            "table_id": own, "row_no": c.row, "column_no": c.column, "row_span": c.row_span, "column_span": c.column_span, "text": c.text,
            "page": c.page, "x0": c.box[0] if c.box else None, "top": c.box[1] if c.box else None,
            "x1": c.box[2] if c.box else None, "bottom": c.box[3] if c.box else None,
            "original_text": c.original, "cell_confidence": c.confidence, "sheet_cell": c.place,
        }
        for c in table.cells
    ]

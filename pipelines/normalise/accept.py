"""Every frame passes its pandera model before it is stored; what does not becomes rejects, and the account of numbers says so.

Here: validation of whole batches (a batch costs hardly more than a document). Not here: the models (schemas), storing (publish).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from schemas.registry import PRODUCT_RELATIONS
from schemas.validation import validate


def accept(products: Sequence[dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """Concatenate the products of several documents, split every relation into good rows and rejects, and correct the accounts.

    Facts that a rule refuses move from `numbers_facts` to `numbers_rejected` of their document and table. Raises `SchemaMismatch` when
    a frame does not fit its relation at all.
    """
    joined = {
        relation: pl.concat([p[relation] for p in products if relation in p], how="diagonal_relaxed")
        for relation in PRODUCT_RELATIONS if any(relation in p for p in products)
    }
    refused: list[pl.DataFrame] = [joined.pop("rejects")] if "rejects" in joined else []
    documents, tables = joined.pop("documents"), joined.pop("tables", None)
    out: dict[str, pl.DataFrame] = {}
    for relation, frame in joined.items():
        out[relation], bad = validate(relation, frame)
        if len(bad):
            refused.append(bad)
            if relation == "facts":
                documents = _moved(documents, bad, "document_id", "numbers_facts", "numbers_rejected")
                tables = _moved(tables, bad, "table_id", "n_facts", "n_rejected") if tables is not None else None
    for relation, whole in (("documents", documents), ("tables", tables)):
        if whole is not None:
            out[relation], bad = validate(relation, whole)
            if len(bad):
                refused.append(bad)
    if refused:
        out["rejects"] = validate("rejects", pl.concat(refused, how="diagonal_relaxed")).good
    return out


def _moved(frame: pl.DataFrame, bad: pl.DataFrame, key: str, source: str, target: str) -> pl.DataFrame:
    counts = bad.group_by(key).agg(pl.len().cast(pl.Int32).alias("_bad"))
    return frame.join(counts, on=key, how="left").with_columns(
        (pl.col(source) - pl.col("_bad").fill_null(0)).alias(source), (pl.col(target) + pl.col("_bad").fill_null(0)).alias(target),
    ).drop("_bad")

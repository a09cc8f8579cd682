"""Which facts the views that may be summed count, and what came of it.

Here: the two relations chosen at publishing. Not here: the views themselves.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from schemas import fields
from schemas import vocabularies as words
from schemas.fields import Texts, column
from schemas.relations.base import About, RelationModel


class Summable(RelationModel):
    """One row a leaf amount that a view counts."""

    _about: ClassVar = About(
        "summable",
        "可加总事实",
        "summable facts",
        "可加总视图所计的事实：每笔钱只计一次，发布时选定",
        "the facts that the views that may be summed count, each amount of money once; chosen at publishing",
        key=("summable_view", "fact_id"),
    )

    summable_view: str = column("视图", "view", "计入的视图", "the view that counts it", words=words.VIEW)
    document_id: str = fields.document_id()
    table_id: str = fields.table_id()
    fact_id: str = column("事实编号", "fact", "见 facts", "see facts", pattern=fields.ID_PATTERN)
    item: str = column("项目", "item", "“三公”事项或收入来源", "item of travel, vehicles and reception, or source of income", null=True)


class SummableTotals(RelationModel):
    """One row a document and view: its sum and the printed total."""

    _about: ClassVar = About(
        "summable_totals",
        "可加总视图的合计",
        "totals of the summable views",
        "每份文档在每个可加总视图中的合计与印出合计之差",
        "each document's sum in each view that may be summed, and how far the printed total is from it",
        key=("summable_view", "document_id"),
    )

    summable_view: str = column("视图", "view", "视图", "the view", words=words.VIEW)
    document_id: str = fields.document_id()
    source_tables: Texts = column("来源表", "source tables", "选用的表格", "the tables it counts")
    source_kind: str = column("来源表种类", "kind of source", "选用表格的种类", "kind of the tables it counts", words=words.TABLE_KIND)
    sum_yuan: fields.Sum = fields.money("合计（元）", "sum", "视图中的合计，元", "sum in the view, in yuan", null=False)
    printed_yuan: fields.Sum = fields.money(
        "印出合计（元）", "printed total", "来源表印出的合计，元", "total that the source prints, in yuan; null where it prints none"
    )
    difference_yuan: fields.Sum = fields.money("差额（元）", "difference", "合计减印出合计，元", "sum less printed total, in yuan")
    tolerance_yuan: fields.Sum = fields.money("容差（元）", "tolerance", "舍入容许的差额，元", "difference that rounding explains, in yuan")
    n_leaves: pl.Int32 = column("末级数", "leaves", "计入的金额数", "number of amounts counted", least=1)

"""What is not money: performance indicators and counted things.

Here: indicators and statistics. Not here: amounts of money.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import polars as pl

from schemas import fields
from schemas import vocabularies as words
from schemas.fields import column
from schemas.relations.base import About, RelationModel


def _form_id() -> Any:
    """The printed form that indicators and statistics share."""
    return column(
        "绩效表编号", "form", "所在的一份绩效表（一个项目一份），跨页、同表多份时各不相同；不在绩效表内则为空",
        "the performance form it stands in, one a project, whatever pages and tables it covers; null outside such forms",
        null=True, pattern=fields.ID_PATTERN,
    )


class Indicators(RelationModel):
    """One row a performance indicator."""

    _about: ClassVar = About(
        "indicators",
        "绩效指标",
        "indicators",
        "绩效目标与自评中的每个指标一行",
        "one row an indicator of performance targets and self-evaluations",
        key=("indicator_id",),
    )

    indicator_id: str = column("编号", "indicator id", "稳定的编号", "stable id", pattern=fields.ID_PATTERN)
    document_id: str = fields.document_id()
    table_id: str = fields.table_id(null=True)
    page: pl.Int32 = fields.page()
    scope: str = column("范围", "scope", "department（整体）或项目名称", "department, or the project's name")
    level1: str = column("一级指标", "level 1", "一级指标", "first level", null=True)
    level2: str = column("二级指标", "level 2", "二级指标", "second level", null=True)
    indicator: str = column("指标", "indicator", "三级指标名称", "name of the indicator")
    target_text: str = column("目标值原文", "target as printed", "目标值原文", "target as printed", null=True)
    target_operator: str = column(
        "目标比较符", "target operator", "目标值的比较符", "comparison of the target", null=True, words=words.TARGET_OPERATOR
    )
    target_value: float = column(
        "目标值", "target value", "目标的数值，不能成为数值则为空", "the target as a number; null where it is none", null=True
    )
    target_unit: str = column("目标单位", "target unit", "目标值的单位", "unit of the target", null=True)
    actual_text: str = column("完成值原文", "actual as printed", "完成值原文", "actual value as printed", null=True)
    actual_value: float = column("完成值", "actual value", "完成值的数值", "the actual value as a number", null=True)
    points: float = column("分值", "points", "分值（权重）", "points it is worth", null=True)
    score: float = column("得分", "score", "得分", "points it was given", null=True)
    form_id: str = _form_id()


class Statistics(RelationModel):
    """One row a counted thing."""

    _about: ClassVar = About(
        "statistics",
        "统计量",
        "statistics",
        "编制人数、车辆、房屋面积、采购数量等非金额的数",
        "counted things that are not money: headcount, vehicles, floor space, quantities procured",
        key=("statistic_id",),
    )

    statistic_id: str = column("编号", "statistic", "稳定的编号", "stable id", pattern=fields.ID_PATTERN)
    document_id: str = fields.document_id()
    table_id: str = fields.table_id(null=True)
    page: pl.Int32 = fields.page()
    entity_id: str = column("单位编号", "entity", "所属单位", "whose it is", null=True, pattern=fields.ID_PATTERN)
    name: str = column("名称", "name", "所计之物", "what is counted")
    value: Annotated[pl.Decimal, fields.MONEY_PRECISION, fields.MONEY_SCALE] = column("数值", "value", "数值", "the number")
    unit: str = column("单位", "unit", "计数单位", "unit it is counted in", null=True)
    as_of: str = column("时点", "as of", "所说的时点或年度", "date or year it speaks of", null=True)
    source: str = column("出处", "source", "表格或文字", "table or text", words=words.STATISTIC_SOURCE)
    form_id: str = _form_id()

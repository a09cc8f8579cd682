"""The long table: one row an amount of money printed in a document's tables.

Here: facts. Not here: counted things, targets and sentences.
"""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl

from schemas import fields
from schemas import vocabularies as words
from schemas.fields import Money, column
from schemas.relations.base import About, RelationModel

_FUNDING_PATTERN = f"^({'|'.join(words.FUNDING.codes)}|carryover\\.({'|'.join(words.FUNDING.codes)}))$"


def _subject(zh: str, en: str, about_zh: str, about_en: str) -> Any:
    return column(zh, en, about_zh, about_en, null=True, pattern=fields.SUBJECT_CODE_PATTERN)


class Facts(RelationModel):
    """One row an amount of money."""

    _about: ClassVar = About(
        "facts",
        "事实",
        "facts",
        "文档表格中印出的每个金额一行；印出的零是事实，空白不是。直接加总会重复，请用可加总视图",
        "one row an amount of money printed in a table; a printed zero is a fact, a blank is not. Totals stand beside their parts: "
        "sum the views, not this",
        key=("fact_id",),
    )

    fact_id: str = column(
        "事实编号",
        "fact",
        "文档、页、表序、行、列、次序的哈希",
        "hash of document, page, table number, row, column and occurrence",
        pattern=fields.ID_PATTERN,
    )
    document_id: str = fields.document_id()
    table_id: str = fields.table_id()
    page: pl.Int32 = fields.page()
    row_no: pl.Int32 = fields.row_no()
    column_no: pl.Int32 = fields.column_no()
    x0: float = fields.edge("左", "left edge")
    top: float = fields.edge("上", "top edge")
    x1: float = fields.edge("右", "right edge")
    bottom: float = fields.edge("下", "bottom edge")
    department_id: str = column("部门编号", "department", "公布者", "who published it", null=True, pattern=fields.ID_PATTERN)
    department_name: str = column("部门名称", "department name", "公布者名称", "name of who published it", null=True)
    entity_id: str = column(
        "单位编号",
        "entity",
        "资金所属单位：行中列出的预算单位，否则为部门",
        "whose money: the row's budget unit, else the department",
        null=True,
        pattern=fields.ID_PATTERN,
    )
    entity_name: str = column("单位名称", "entity name", "资金所属单位名称", "name of whose money it is", null=True)
    entity_code: str = column("单位编码", "entity code", "印出的单位编码", "code of the unit as printed", null=True)
    region_code: str = column("行政区划代码", "region", "GB/T 2260 代码", "GB/T 2260 code", null=True, pattern=fields.REGION_CODE_PATTERN)
    document_kind: str = column("文档种类", "document kind", "文档种类", "kind of document", null=True, words=words.DOCUMENT_KIND)
    table_kind: str = column("表格种类", "table kind", "表格种类", "kind of table", words=words.TABLE_KIND)
    fiscal_year: pl.Int32 = column(
        "年度", "fiscal year", "金额所说的年度（上年栏为上年）", "year the amount speaks of", null=True, least=1990, most=2100
    )
    side: str = column("收支方向", "side", "收入或支出", "income or expenditure", null=True, words=words.SIDE)
    subject_scheme: str = column(
        "科目体系", "subject scheme", "行的主要分类", "the row's primary classification", words=words.SUBJECT_SCHEME
    )
    subject_code: str = _subject(
        "科目编码", "subject code", "完整的官方编码，地方扩展保留全码", "full official code; local extensions stay whole"
    )
    subject_name: str = column("科目名称", "subject name", "官方名称", "official name", null=True)
    function_code: str = _subject("功能分类", "function code", "行中印出的功能分类编码", "function code, where a row prints several")
    economic_department_code: str = _subject(
        "部门经济分类", "department economic code", "行中印出的部门经济分类编码", "department economic code, where a row prints several"
    )
    economic_government_code: str = _subject(
        "政府经济分类", "government economic code", "行中印出的政府经济分类编码", "government economic code, where a row prints several"
    )
    printed_code: str = column("印出编码", "printed code", "印出的编码（去空白）", "code as printed, white space removed", null=True)
    row_label: str = column("行名", "row label", "印出的行名（去空白）", "label of the row as printed, white space removed", null=True)
    project_name: str = column("项目名称", "project", "该行自己的项目", "the row's own project", null=True)
    row_role: str = column("行角色", "row role", "明细、小计、合计或其中", "detail, subtotal, total or of which", words=words.ROW_ROLE)
    row_level: pl.Int32 = column("行级次", "row level", "在表内层级中的级次", "level in the table's own hierarchy", null=True, least=0)
    parent_row_no: pl.Int32 = column("上级行", "parent row", "上级行的行号", "row number of the parent row", null=True, least=0)
    is_leaf: bool = column("末级", "is leaf", "没有下级明细行", "no detail row stands below it")
    column_path: str = column(
        "栏目路径", "column path", "印出的表头路径，各级以 / 相连", "printed header path, levels joined by ' / '", null=True
    )
    column_code: str = column(
        "栏目编码",
        "column code",
        "规范栏目（见 dim_column），未理解为空",
        "canonical column, see dim_column; null if not understood",
        null=True,
    )
    funding: str = column(
        "资金来源",
        "funding",
        "资金来源；结转的来源写作 carryover.<来源>",
        "source of funding; a part of the carry-over as carryover.<source>",
        null=True,
        pattern=_FUNDING_PATTERN,
    )
    expenditure_type: str = column(
        "支出类型", "expenditure type", "基本、项目等", "basic, project and their parts", null=True, words=words.EXPENDITURE_TYPE
    )
    budget_period: str = column(
        "资金年度", "budget period", "本年安排或上年结转", "this year's or carried over", null=True, words=words.BUDGET_PERIOD
    )
    stage: str = column(
        "阶段", "stage", "预算、调整预算、决算或增减", "budget, adjusted budget, final accounts or change", null=True, words=words.STAGE
    )
    measure: str = column("计量", "measure", "金额或政府采购", "amount or procurement", null=True, words=words.MEASURE)
    column_subject_code: str = _subject(
        "栏目科目", "column's subject", "栏目本身是科目时的编码", "code where the columns are themselves subjects"
    )
    amount_yuan: Money = fields.money(
        "金额（元）", "amount", "对印出数字的最佳读法，元，精确小数", "our best reading of what is printed, in yuan, exact", null=False
    )
    raw_text: str = column("原文", "raw text", "印出的数字", "the number as printed")
    first_reading_text: str = column(
        "首次读法", "first reading", "被修复前的读法", "the reading that was replaced when repaired", null=True
    )
    unit: str = column("单位", "unit", "生效的单位", "unit in force", null=True)
    increment_yuan: Money = fields.money(
        "末位值（元）", "increment", "印出末位的一个单位值多少元", "what one unit of its last printed digit is worth, in yuan"
    )
    meaning_confidence: float = fields.share(
        "含义置信度", "meaning confidence", "种类、科目、栏目的把握，0 到 1", "how sure kind, subject and column are, 0 to 1"
    )
    trust: str = column("可信度", "trust", "可信度", "whether identities prove it", words=words.TRUST)
    suggested_yuan: Money = fields.money(
        "应为（元）", "suggested", "有证明时的应有金额", "what it should have been, where there is a proof, in yuan"
    )
    occurrence: pl.Int32 = column("次序", "occurrence", "同一单元格内的次序", "which number of its cell, from 0", null=True, least=0)
    notes: str = column("备注", "notes", "得出含义时的规则与疑点", "rules applied and doubts on the way to its meaning", null=True)
    fact_no: pl.Int64 = column(
        "事实序号", "fact number", "随入库递增的整数，不属于内容", "integer that grows with ingestion; not content", null=True, least=0
    )

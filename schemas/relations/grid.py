"""What stands in a document: logical tables and their raw cells, and what was refused.

Here: relations of the printed grid. Not here: what the numbers mean.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from schemas import fields
from schemas import vocabularies as words
from schemas.fields import column
from schemas.relations.base import About, RelationModel


class Tables(RelationModel):
    """One row a logical table, stitched over its pages."""

    _about: ClassVar = About(
        "tables",
        "表格",
        "tables",
        "每个逻辑表格一行（已跨页拼接）",
        "one row a logical table, stitched over its pages",
        key=("table_id",),
    )

    table_id: str = fields.table_id()
    document_id: str = fields.document_id()
    table_no: pl.Int32 = column("表序", "number", "文档中的表格序号", "number of the table in its document", least=0)
    title: str = column("标题", "title", "印出的标题", "title as printed", null=True)
    table_kind: str = column(
        "表格种类", "kind", "表格种类（见 dim_table_kind）", "kind of table, see dim_table_kind", null=True, words=words.TABLE_KIND
    )
    declared_unit: str = column("声明单位", "declared unit", "印出的金额单位", "unit of amounts as printed", null=True)
    first_page: pl.Int32 = column("首页", "first page", "首页页码", "first page", null=True, least=1)
    last_page: pl.Int32 = column("末页", "last page", "末页页码", "last page", null=True, least=1)
    n_rows: pl.Int32 = column("行数", "rows", "行数", "number of rows", least=0)
    n_columns: pl.Int32 = column("列数", "columns", "列数", "number of columns", least=0)
    header_rows: pl.Int32 = column("表头行数", "header rows", "表头行数", "number of header rows", null=True, least=0)
    method: str = column("读取方法", "method", "读取方法", "how it was read", null=True)
    confidence: float = fields.share("读取置信度", "confidence", "读取的置信度，0 到 1", "how sure the reading is, 0 to 1")
    emptiness: str = column("空表类型", "emptiness", "空表类型", "whether and how it is empty", null=True, words=words.EMPTINESS)
    status: str = column("状态", "status", "理解的结果", "whether it was understood", words=words.TABLE_STATUS)
    reason: str = column("原因", "reason", "未理解的原因", "why it was not understood", null=True)
    n_numbers: pl.Int32 = column("数字数", "numbers", "表中的数字总数", "numbers in the table", null=True, least=0)
    n_facts: pl.Int32 = column("事实数", "as facts", "成为事实的数字", "numbers that became facts", null=True, least=0)
    n_other: pl.Int32 = column(
        "其他数字",
        "as others",
        "编码、行号等及指标、统计量中的数字",
        "codes, row numbers and the like, and those of indicators and statistics",
        null=True,
        least=0,
    )
    n_rejected: pl.Int32 = column("拒收数", "rejected", "被规则拒收的数字", "numbers a rule refused", null=True, least=0)
    n_not_understood: pl.Int32 = column("未理解数", "not understood", "未能理解的数字", "numbers not understood", null=True, least=0)
    evidence: str = column("判断依据", "evidence", "种类、单位、年度的判断依据", "what its kind, unit and year were decided by", null=True)
    sheet: str = column("工作表", "sheet", "所在工作表；不是工作簿则为空", "sheet of a workbook; null elsewhere", null=True)
    reading_note: str = column(
        "读取说明",
        "reading note",
        "读取时略去或存疑之处（隐藏行列、无结果的公式等）",
        "what the reader left out or doubts: hidden rows and columns, formulas without result",
        null=True,
    )


class Cells(RelationModel):
    """The raw grid. The document is found through `tables`."""

    _about: ClassVar = About(
        "cells",
        "单元格",
        "cells",
        "原始网格；合并单元格在其左上角出现一次",
        "the raw grid; a merged cell stands once, at its top left",
        key=("table_id", "row_no", "column_no"),
    )

    table_id: str = fields.table_id()
    row_no: pl.Int32 = fields.row_no()
    column_no: pl.Int32 = fields.column_no()
    row_span: pl.Int32 = column("跨行", "row span", "所占行数", "rows it covers", least=1)
    column_span: pl.Int32 = column("跨列", "column span", "所占列数", "columns it covers", least=1)
    text: str = column("文字", "text", "印出的文字（已规范化）", "text as printed, normalised")
    page: pl.Int32 = fields.page()
    x0: float = fields.edge("左", "left edge")
    top: float = fields.edge("上", "top edge")
    x1: float = fields.edge("右", "right edge")
    bottom: float = fields.edge("下", "bottom edge")
    original_text: str = column(
        "原文", "original text", "规范化前的文字，仅在不同时保留", "text before normalising, where it differs", null=True
    )
    cell_confidence: float = fields.share("单元格置信度", "cell confidence", "读取的置信度，0 到 1", "how sure the reading is, 0 to 1")
    sheet_cell: str = column("工作表单元格", "sheet cell", "工作表中的位置，如 C7", "place in the workbook's sheet, such as C7", null=True)


class Rejects(RelationModel):
    """Rows that a schema or rule refused."""

    _about: ClassVar = About(
        "rejects",
        "拒收",
        "rejects",
        "被模式或规则拒收的行",
        "rows that a schema or rule refused",
    )

    document_id: str = fields.document_id(null=True)
    table_id: str = column("表格编号", "table", "所在逻辑表格", "the logical table it stands in", null=True)
    page: pl.Int32 = column("页码", "page", "所在页", "page it stands on", null=True)
    row_no: pl.Int32 = column("行号", "row", "逻辑表格中的行", "row in the logical table", null=True)
    column_no: pl.Int32 = column("列号", "column", "逻辑表格中的列", "column in the logical table", null=True)
    relation: str = column("关系", "relation", "拒收它的关系", "relation that refused it")
    rule: str = column("规则", "rule", "拒收它的规则", "rule that refused it")
    raw_text: str = column("原文", "raw text", "印出的文字或不合规的值", "text as printed, or the value that was refused", null=True)

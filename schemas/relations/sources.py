"""What was offered and what it turned out to be: inputs and documents.

Here: relations about files and contents. Not here: anything that stands inside a document.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from schemas import fields
from schemas import vocabularies as words
from schemas.fields import Moment, column
from schemas.relations.base import About, RelationModel


class Inputs(RelationModel):
    """One row a path ever offered."""

    _about: ClassVar = About(
        "inputs",
        "输入",
        "inputs",
        "每个提交过的路径一行，任何文件都有一行和一个最终状态",
        "one row a path ever offered; any file gets a row and a final status",
        key=("input_id",),
    )

    input_id: str = column("输入编号", "input", "来源名的哈希", "hash of the source name", pattern=fields.ID_PATTERN)
    source_name: str = column(
        "来源名",
        "source name",
        "相对所给目录的路径；给出单个文件时为文件名；压缩包成员为 包!成员",
        "path relative to the folder given, or the file's name; members of an archive as archive!member",
    )
    document_id: str = fields.document_id(null=True)
    status: str = column("状态", "status", "最终状态", "final status", words=words.INPUT_STATUS)
    reason: str = column(
        "原因",
        "reason",
        "状态的原因（如 encrypted、scanned）",
        "reason of the status, such as encrypted or scanned",
        null=True,
        pattern=fields.WORD_PATTERN,
    )
    first_seen: Moment = column("首次提交", "first seen", "首次提交的时间（UTC）", "when it was first offered, UTC")
    last_seen: Moment = column("最近提交", "last seen", "最近一次提交的时间（UTC）", "when it was last offered, UTC")
    detail: str = column("说明", "detail", "给操作者的一句说明", "one sentence for the operator: what was found and what to do", null=True)


class Documents(RelationModel):
    """One row a distinct content."""

    _about: ClassVar = About(
        "documents",
        "文档",
        "documents",
        "每份不同内容一行；分析视图只用 is_current 的版本",
        "one row a distinct content; the analyst views use those that are current",
        key=("document_id",),
    )

    document_id: str = fields.document_id()
    source_name: str = column("来源名", "source name", "首个输入的来源名", "source name of its first input", null=True)
    sha256: str = column("SHA-256", "SHA-256", "内容的 SHA-256", "SHA-256 of the content", pattern=r"^[0-9a-f]{64}$")
    bytes: pl.Int64 = column("字节数", "bytes", "内容的字节数", "size of the content in bytes", least=0)
    media_type: str = column("媒体类型", "media type", "按内容识别的类型", "type sniffed from the content, never from the name", null=True)
    status: str = column("状态", "status", "处理结果", "what became of it", words=words.DOCUMENT_STATUS)
    reason: str = column("原因", "reason", "状态的原因", "reason of the status", null=True, pattern=fields.WORD_PATTERN)
    entity_id: str = column(
        "部门编号", "entity", "公布者（见 dim_entity）", "who published it, see dim_entity", null=True, pattern=fields.ID_PATTERN
    )
    entity_name: str = column("部门名称", "entity name", "公布者名称", "name of the publisher", null=True)
    entity_code: str = column("部门编码", "entity code", "印出的部门或单位编码", "code of the department or unit as printed", null=True)
    region_code: str = column(
        "行政区划代码",
        "region",
        "GB/T 2260 代码（见 dim_region）",
        "GB/T 2260 code, see dim_region",
        null=True,
        pattern=fields.REGION_CODE_PATTERN,
    )
    fiscal_year: pl.Int32 = column(
        "预算年度", "fiscal year", "文档所属年度", "year the document is about", null=True, least=1990, most=2100
    )
    document_kind: str = column("文档种类", "kind", "文档种类", "kind of document", null=True, words=words.DOCUMENT_KIND)
    publication_id: str = column(
        "公布编号",
        "publication",
        "同一部门、年度、种类的一次公布",
        "one publication: entity, year and kind",
        null=True,
        pattern=fields.ID_PATTERN,
    )
    edition_no: pl.Int32 = column(
        "版次",
        "edition",
        "同一公布内的版次，现行者最大",
        "edition within the publication; the current one is the highest",
        null=True,
        least=1,
    )
    is_current: bool = column("现行", "is current", "是否为现行版本", "whether it is (part of) the current edition", null=True)
    superseded_by: str = column(
        "被取代", "superseded by", "取代它的文档", "the document that took its place", null=True, pattern=fields.DOCUMENT_ID_PATTERN
    )
    pages: pl.Int32 = column("页数", "pages", "页数；无页的格式为空", "number of pages; null where there are none", null=True, least=0)
    numbers_total: pl.Int32 = column(
        "数字总数",
        "numbers",
        "表格中的数字总数，等于以下四项之和（合并单元格计一次）",
        "numbers in its tables, a merged cell once: the sum of the four counts below",
        null=True,
        least=0,
    )
    numbers_facts: pl.Int32 = column("事实数", "as facts", "成为事实的数字", "numbers that became facts", null=True, least=0)
    numbers_other: pl.Int32 = column(
        "其他数字",
        "as others",
        "编码、行号、日期、填充，以及指标和统计量中的数字",
        "codes, row numbers, dates, fillers, and those of indicators and statistics",
        null=True,
        least=0,
    )
    numbers_rejected: pl.Int32 = column("拒收数", "rejected", "被规则拒收的数字", "numbers a rule refused", null=True, least=0)
    numbers_not_understood: pl.Int32 = column("未理解数", "not understood", "未能理解的数字", "numbers not understood", null=True, least=0)
    personal_data_removed: pl.Int32 = column(
        "已去除个人信息", "personal data removed", "替换为〔个人信息〕的处数", "places replaced by 〔个人信息〕", null=True, least=0
    )
    ingested_at: Moment = column("入库时间", "ingested at", "首次提交的时间（UTC）", "when its content was first offered, UTC", null=True)
    reader_version: str = column("读取器版本", "reader version", "读取所用代码的版本", "version of the code that read it", null=True)
    numbers_indicators: pl.Int32 = column(
        "指标中的数字", "in indicators", "其他数字中属于指标的", "of the others: numbers in indicators", null=True, least=0
    )
    numbers_statistics: pl.Int32 = column(
        "统计量中的数字", "in statistics", "其他数字中属于统计量的", "of the others: numbers in statistics", null=True, least=0
    )
    document_no: pl.Int64 = column(
        "入库序号", "document number", "随入库递增的整数，不属于内容", "integer that grows with ingestion; not content", null=True, least=0
    )

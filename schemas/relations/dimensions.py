"""What facts refer to: subjects, bodies, regions, kinds of table, columns; and the publication itself.

Here: dimensions and the one row that says what a reader has. Not here: amounts.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from schemas import fields
from schemas import vocabularies as words
from schemas.fields import Moment, column
from schemas.relations.base import About, RelationModel


class DimSubject(RelationModel):
    """政府收支分类科目."""

    _about: ClassVar = About(
        "dim_subject",
        "科目",
        "subjects",
        "政府收支分类科目：功能、部门经济、政府经济、收入",
        "official classification of revenue and expenditure: function, both economic classifications, income",
        key=("scheme", "code", "valid_from"),
    )

    scheme: str = column("体系", "scheme", "科目体系", "classification", words=words.SUBJECT_SCHEME)
    code: str = column("编码", "code", "官方编码", "official code", pattern=fields.SUBJECT_CODE_PATTERN)
    name: str = column("名称", "name", "官方名称", "official name")
    level: pl.Int32 = column("级次", "level", "1 类、2 款、3 项", "1 class (类), 2 item (款), 3 sub-item (项)", least=1, most=3)
    parent_code: str = column("上级编码", "parent", "上级科目编码", "code of the parent", null=True, pattern=fields.SUBJECT_CODE_PATTERN)
    valid_from: pl.Int32 = column(
        "最早所见年度",
        "valid from",
        "文件中所见的最早年度，非官方有效期",
        "first year it was seen in documents, not the official validity",
        null=True,
    )
    valid_to: pl.Int32 = column(
        "最近所见年度",
        "valid to",
        "文件中所见的最近年度，非官方有效期",
        "last year it was seen in documents, not the official validity",
        null=True,
    )
    confidence: str = column("可靠度", "confidence", "来源可靠度", "how sure the row is", words=words.SUBJECT_CONFIDENCE)


class DimEntity(RelationModel):
    """Departments and units."""

    _about: ClassVar = About(
        "dim_entity",
        "单位",
        "entities",
        "部门与预算单位；编号为地区与规范名称的哈希",
        "departments and budget units; the id is a hash of region and normalised official name",
        key=("entity_id",),
    )

    entity_id: str = column(
        "单位编号", "entity", "地区与规范名称的哈希", "hash of region and normalised official name", pattern=fields.ID_PATTERN
    )
    name: str = column("名称", "name", "官方名称", "official name")
    region_code: str = column("行政区划代码", "region", "GB/T 2260 代码", "GB/T 2260 code", null=True, pattern=fields.REGION_CODE_PATTERN)
    parent_entity_id: str = column("上级单位", "parent", "主管部门", "the department it belongs to", null=True, pattern=fields.ID_PATTERN)
    level: str = column("层级", "level", "department（部门）或 unit（单位）", "department or unit", null=True, pattern=fields.WORD_PATTERN)
    valid_from: pl.Int32 = column("最早所见年度", "valid from", "文件中所见的最早年度", "first year it was seen in documents", null=True)
    valid_to: pl.Int32 = column("最近所见年度", "valid to", "文件中所见的最近年度", "last year it was seen in documents", null=True)


class DimEntityAlias(RelationModel):
    """Other names of departments and units."""

    _about: ClassVar = About(
        "dim_entity_alias",
        "单位别名",
        "entity aliases",
        "文件中印出的单位名称",
        "names of departments and units as documents print them",
        key=("entity_id", "alias"),
    )

    entity_id: str = column("单位编号", "entity", "见 dim_entity", "see dim_entity", pattern=fields.ID_PATTERN)
    alias: str = column("别名", "alias", "印出的名称", "name as printed")


class DimRegion(RelationModel):
    """行政区划."""

    _about: ClassVar = About(
        "dim_region",
        "行政区划",
        "regions",
        "GB/T 2260 行政区划，含已撤销代码",
        "administrative divisions by GB/T 2260, abolished codes included",
        key=("code",),
    )

    code: str = column("代码", "code", "GB/T 2260 代码", "GB/T 2260 code", pattern=fields.REGION_CODE_PATTERN)
    name: str = column("名称", "name", "名称", "name")
    level: str = column("级别", "level", "省级、地级、县级", "province, prefecture or county", words=words.REGION_LEVEL)
    parent_code: str = column("上级代码", "parent", "上级代码", "code of the parent", null=True, pattern=fields.REGION_CODE_PATTERN)
    valid_from: pl.Int32 = column("起始年度", "valid from", "起始年度，未知为空", "first year; null where not known", null=True)
    valid_to: pl.Int32 = column("截止年度", "valid to", "撤销年度，现行为空", "year it was abolished; null while current", null=True)
    full_name: str = column("全称", "full name", "含上级的全称", "name with those above it")
    successor_code: str = column(
        "后继代码", "successor", "撤销后的代码", "code that took its place", null=True, pattern=fields.REGION_CODE_PATTERN
    )


class DimTableKind(RelationModel):
    """表格种类."""

    _about: ClassVar = About(
        "dim_table_kind",
        "表格种类",
        "kinds of table",
        "表格种类与可加总视图选用来源表的优先次序",
        "kinds of table, and the order in which the views that may be summed prefer them",
        key=("table_kind",),
    )

    table_kind: str = column("种类", "kind", "种类", "kind", words=words.TABLE_KIND)
    name_zh: str = column("中文名", "name in Chinese", "中文名", "name in Chinese")
    name_en: str = column("英文名", "name in English", "英文名", "name in English")
    priority: pl.Int32 = column("优先次序", "priority", "越小越优先", "the smaller, the sooner a view takes it", least=0)


class DimColumn(RelationModel):
    """规范栏目."""

    _about: ClassVar = About(
        "dim_column",
        "规范栏目",
        "canonical columns",
        "事实中出现的规范栏目及其名称",
        "canonical columns that occur in facts, with their labels",
        key=("column_code",),
    )

    column_code: str = column("栏目编码", "column", "非默认各部分以 . 相连", "its parts that are not the default, joined by '.'")
    label_zh: str = column("中文名", "label in Chinese", "中文名", "label in Chinese")
    label_en: str = column("英文名", "label in English", "英文名", "label in English")


class Publication(RelationModel):
    """What a reader has before him."""

    _about: ClassVar = About(
        "publication",
        "发布",
        "publication",
        "本文件是哪一版，一行",
        "which version this file is: one row",
        key=("version",),
    )

    version: pl.Int64 = column("版本", "version", "版本号", "number of the version", least=1)
    published_at: Moment = column("发布时间", "published at", "发布时间（UTC）", "when it was published, UTC")
    code_version: str = column("代码版本", "code version", "生成它的代码版本", "version of the code that made it")
    n_documents: pl.Int64 = column("文档数", "documents", "文档数", "number of documents", least=0)
    content_hash: str = column(
        "内容哈希",
        "content hash",
        "内容相同则相同，与时间和入库次序无关",
        "the same for the same content, whatever the times and the order of ingestion",
        pattern=r"^[0-9a-f]{64}$",
    )

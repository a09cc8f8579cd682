"""What the views hold: for each the columns it takes over from a relation, by name, and those of its own, with labels.

Here: declarations. Not here: the SQL of the views (pipelines/publish/sql/views), one file a view.
"""

from __future__ import annotations

import polars as pl

from schemas.relations.base import About
from schemas.view_parts import Own, Taken, View

_WAN = pl.Decimal(24, 8)
_SUM = pl.Decimal(38, 4)
_MONEY, _MONEY_DIFFERENCE = pl.Decimal(20, 4), pl.Decimal(21, 4)
_COUNT = pl.Int64


def _taken(relation: str, names: str) -> Taken:
    return Taken(relation, tuple(names.split()))


_REGION_NAME = Own("region_name", pl.String(), "行政区划", "region", "行政区划全称", "full name of the region")
_WHOSE = (
    _taken("facts", "document_id department_id department_name entity_id entity_name region_code"),
    _REGION_NAME,
    _taken("facts", "document_kind fiscal_year stage"),
)
_AMOUNT = (
    _taken("facts", "amount_yuan"),
    Own("amount_wan_yuan", _WAN, "金额（万元）", "amount in 万元", "金额，万元，精确", "amount in ten thousand yuan, exact"),
    _taken("facts", "table_kind trust fact_id"),
)


def _count(name: str, zh: str, en: str) -> Own:
    return Own(name, _COUNT(), zh, en)


def _balance(name: str, zh: str, en: str) -> tuple[Own, ...]:
    return (
        Own(f"{name}_sum_yuan", _SUM, f"{zh}合计（元）", f"sum of {en}", f"视图中的{zh}合计，元", f"sum of {en} in the view, in yuan"),
        Own(
            f"{name}_printed_yuan",
            _SUM,
            f"{zh}印出合计（元）",
            f"printed total of {en}",
            f"来源表印出的{zh}合计，元",
            f"total of {en} that the source prints",
        ),
        Own(
            f"{name}_difference_yuan",
            _SUM,
            f"{zh}差额（元）",
            f"difference of {en}",
            f"{zh}合计减印出合计，元",
            f"sum less printed total of {en}",
        ),
    )


def _flag(name: str, zh: str, en: str, about_zh: str = "", about_en: str = "") -> Own:
    return Own(name, pl.Boolean(), zh, en, about_zh, about_en)


def _has(kind: str, zh: str, en: str) -> Own:
    return _flag(f"has_{kind}", f"有{zh}", f"has {en}")


_QUALITY_FLAGS = tuple(
    _flag(f"{name}_balanced", f"{zh}相符", f"{en} balanced", f"{zh}差额在舍入容差之内", f"the difference of {en} is within rounding")
    for name, zh, en in (
        ("expenditure", "支出", "expenditure"),
        ("income", "收入", "income"),
        ("three_public", "“三公”", "三公"),
        ("projects", "项目支出", "projects"),
    )
)

VIEWS: dict[str, View] = {
    view.about.name: view
    for view in (
        View(
            About(
                "v_expenditure",
                "支出视图",
                "expenditure",
                "末级支出金额，每笔只计一次，可直接加总",
                "leaf amounts of expenditure, each counted once: may be summed",
                kind="view",
            ),
            (
                *_WHOSE,
                _taken("facts", "subject_scheme subject_code"),
                Own(
                    "subject_name",
                    pl.String(),
                    "科目名称",
                    "subject",
                    "官方名称，无科目时为行名",
                    "official name, or the row's label where there is no subject",
                ),
                Own(
                    "basic_or_project",
                    pl.String(),
                    "基本或项目",
                    "basic or project",
                    "basic、project、carried_forward、其他类型或 not_split",
                    "basic, project, carried_forward, another type, or not_split",
                ),
                _taken("facts", "expenditure_type funding budget_period column_subject_code"),
                *_AMOUNT,
            ),
        ),
        View(
            About(
                "v_income",
                "收入视图",
                "income",
                "末级收入金额，每笔只计一次，可直接加总",
                "leaf amounts of income, each counted once: may be summed",
                kind="view",
            ),
            (
                *_WHOSE,
                Own(
                    "source",
                    pl.String(),
                    "收入来源",
                    "source",
                    "资金来源词表中的来源，未能识别为 total",
                    "source by the vocabulary of funding; total where not known",
                ),
                Own("source_label", pl.String(), "印出来源", "source as printed", "印出的行名", "label of the row as printed"),
                _taken("facts", "subject_scheme subject_code subject_name budget_period"),
                *_AMOUNT,
            ),
        ),
        View(
            About(
                "v_three_public",
                "“三公”视图",
                "travel abroad, vehicles, reception",
                "“三公”经费各项，每笔只计一次，可直接加总",
                "items of 三公 expenditure, each counted once: may be summed",
                kind="view",
            ),
            (
                *_WHOSE,
                Own(
                    "item",
                    pl.String(),
                    "项目",
                    "item",
                    "abroad、reception、vehicles、vehicle_purchase、vehicle_running，未细分为 total",
                    "abroad, reception, vehicles, vehicle_purchase, vehicle_running; total where not split",
                ),
                Own("item_label", pl.String(), "印出项目", "item as printed", "印出的项目名", "label of the item as printed"),
                _taken("facts", "funding"),
                *_AMOUNT,
            ),
        ),
        View(
            About(
                "v_projects",
                "项目支出视图",
                "projects",
                "各项目的末级金额，每笔只计一次，可直接加总",
                "leaf amounts of projects, each counted once: may be summed",
                kind="view",
            ),
            (
                *_WHOSE,
                Own(
                    "project_name",
                    pl.String(),
                    "项目名称",
                    "project",
                    "项目名称，无项目名时为行名",
                    "name of the project, or the row's label",
                ),
                _taken("facts", "subject_scheme subject_code subject_name expenditure_type funding budget_period"),
                *_AMOUNT,
            ),
        ),
        View(
            About(
                "v_indicators",
                "绩效指标视图",
                "indicators",
                "现行版本的绩效指标及其部门与年度",
                "indicators of current editions with the body and year they belong to",
                kind="view",
            ),
            (
                _taken("indicators", "indicator_id document_id"),
                _taken("documents", "entity_id entity_name region_code fiscal_year document_kind"),
                _taken(
                    "indicators",
                    "scope level1 level2 indicator target_text target_operator target_value target_unit actual_text "
                    "actual_value points score table_id page",
                ),
            ),
        ),
        View(
            About(
                "v_coverage",
                "覆盖视图",
                "coverage",
                "按地区、年度、种类、状态：每份文档有哪些常见表格",
                "by region, year, kind and status: which usual tables each document has",
                kind="view",
            ),
            (
                _taken("documents", "region_code"),
                _REGION_NAME,
                _taken(
                    "documents",
                    "fiscal_year document_kind status reason document_id source_name entity_id entity_name is_current numbers_facts",
                ),
                Own(
                    "table_kinds",
                    pl.List(pl.String()),
                    "表格种类",
                    "kinds of table",
                    "文档中已识别的表格种类",
                    "kinds of table recognised in the document",
                ),
                _has("income_expenditure_summary", "收支总表", "an income and expenditure summary"),
                _has("income_summary", "收入总表", "an income summary"),
                _has("expenditure_summary", "支出总表", "an expenditure summary"),
                _has("fiscal_appropriation_summary", "财政拨款收支总表", "a fiscal appropriation summary"),
                _has("general_public_expenditure", "一般公共预算支出表", "general public expenditure"),
                _has("general_public_basic_expenditure", "一般公共预算基本支出表", "general public basic expenditure"),
                _has("three_public", "“三公”经费表", "三公 expenditure"),
                _has("government_fund", "政府性基金预算表", "government funds"),
                _has("state_capital", "国有资本经营预算表", "state capital budget"),
                _has("performance", "绩效表", "performance tables"),
            ),
        ),
        View(
            About(
                "v_provenance",
                "出处视图",
                "provenance",
                "每个金额的出处：文档、页、表、格、表头、原文",
                "where each amount stands: document, page, table, cell, header, print",
                kind="view",
            ),
            (
                _taken("facts", "fact_id document_id"),
                _taken("documents", "source_name sha256"),
                Own("publisher", pl.String(), "公布者", "publisher", "文档的公布者", "who published the document"),
                Own("document_year", pl.Int32(), "文档年度", "year of the document", "文档所属年度", "year the document is about"),
                _taken("facts", "page"),
                _taken("tables", "sheet"),
                _taken("cells", "sheet_cell"),
                _taken("tables", "table_no"),
                Own("table_title", pl.String(), "表格标题", "title of the table", "印出的标题", "title as printed"),
                _taken(
                    "facts",
                    "table_kind row_no column_no x0 top x1 bottom row_label column_path raw_text unit amount_yuan "
                    "first_reading_text meaning_confidence trust",
                ),
                _taken("tables", "method"),
                Own(
                    "reading_confidence",
                    pl.Float64(),
                    "读取置信度",
                    "confidence of the reading",
                    "表格读取的置信度",
                    "how sure the table's reading is",
                ),
                _taken("documents", "reader_version"),
            ),
        ),
        View(
            About(
                "v_quality",
                "质量视图",
                "quality",
                "每份文档：理解与验证了多少，视图合计与印出合计之差",
                "one row a document: what was understood and proved, and how far the views are from the printed totals",
                kind="view",
            ),
            (
                _taken("documents", "document_id source_name entity_name fiscal_year document_kind status is_current"),
                *_balance("expenditure", "支出", "expenditure"),
                *_balance("income", "收入", "income"),
                *_balance("three_public", "“三公”", "三公"),
                *_balance("projects", "项目支出", "projects"),
                *_QUALITY_FLAGS,
                _count("n_facts", "事实数", "facts"),
                _count("n_verified", "已验证", "verified facts"),
                _count("n_plausible", "未被检验", "plausible facts"),
                _count("n_disputed", "有矛盾", "disputed facts"),
                _count("n_repaired", "已修复", "repaired facts"),
                _count("n_checks_passed", "通过的检查", "checks passed"),
                _count("n_checks_failed", "未通过的检查", "checks failed"),
                _count("n_checks_not_made", "未能进行的检查", "checks not made"),
                _count("n_rules_checked", "检查过的规则", "rules that were checked"),
                _count("n_rules_insufficient", "因资料不全未能检查的规则", "rules for which tables or amounts could not be read"),
                _count("n_rules_not_applicable", "不适用的规则", "rules that do not apply to what the document prints"),
                _count("n_amounts_not_covered", "未被任何关系覆盖的金额", "amounts that no identity reaches"),
                _count("n_tables_not_checked", "未能检查的表格", "tables of which nothing could be checked"),
                _count("n_errors", "错误数", "errors found"),
                _count("n_warnings", "警告数", "warnings found"),
                _count("n_notes", "提示数", "notes found"),
                _taken("documents", "numbers_total numbers_facts numbers_other numbers_rejected numbers_not_understood"),
            ),
        ),
        View(
            About(
                "v_understanding",
                "理解视图",
                "understanding",
                "每个表格：多少数字被理解，其余为什么没有",
                "one row a table: how many of its numbers were understood, and why the others were not",
                kind="view",
            ),
            (
                _taken("documents", "document_id source_name entity_name fiscal_year document_kind"),
                _taken(
                    "tables",
                    "table_id table_no title table_kind sheet first_page last_page status reason reading_note emptiness method confidence "
                    "n_numbers n_facts n_other n_rejected n_not_understood",
                ),
                Own(
                    "understood_share",
                    pl.Float64(),
                    "理解率",
                    "share understood",
                    "已有归属的数字之比",
                    "share of its numbers that have a place",
                ),
                _count("n_facts_without_column", "栏目未理解的事实", "facts without a canonical column"),
                Own(
                    "least_confidence",
                    pl.Float64(),
                    "最低含义置信度",
                    "least confidence",
                    "表中事实的最低含义置信度",
                    "least meaning_confidence of its facts",
                ),
            ),
        ),
        View(
            About(
                "v_trusted_facts",
                "可信事实视图",
                "trusted facts",
                "金额已验证、含义明确的现行事实；任何未知都使其落选",
                "current facts whose amount is proved and whose meaning is known; anything unknown keeps a fact out",
                kind="view",
            ),
            (Taken("facts", ()),),
        ),
        View(
            About(
                "v_edition_differences",
                "版次差异视图",
                "differences between editions",
                "较早版次与现行版次在同类表中不同的金额，一行一处；表不在两版之中者不比较",
                "one row an amount in which an earlier edition differs from the current one, in kinds of table that both have",
                kind="view",
            ),
            (
                _taken("documents", "publication_id document_id"),
                _taken("facts", "entity_id table_kind fiscal_year stage side subject_code row_label project_name"),
                Own("column_name", pl.String(), "列", "column", "规范列代码，否则为印出的表头", "canonical column, or the printed header"),
                Own("difference", pl.String(), "差异", "difference", "changed 金额不同；only_earlier、only_current 仅一版有",
                    "changed, only_earlier or only_current"),
                Own("earlier_yuan", _MONEY, "较早版次金额（元）", "earlier amount"),
                Own("current_yuan", _MONEY, "现行版次金额（元）", "current amount"),
                Own("difference_yuan", _MONEY_DIFFERENCE, "差额（元）", "difference in yuan", "现行减较早", "current less earlier"),
                Own("earlier_page", pl.Int32(), "较早版次页码", "page in the earlier edition"),
                Own("current_page", pl.Int32(), "现行版次页码", "page in the current edition"),
                Own("earlier_fact_id", pl.String(), "较早版次事实编号", "fact of the earlier edition"),
                Own("current_fact_id", pl.String(), "现行版次事实编号", "fact of the current edition"),
            ),
        ),
    )
}

"""What was checked and what was found: checks, findings and claims.

Here: relations the audit fills. Not here: its rules.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from schemas import fields
from schemas import vocabularies as words
from schemas.fields import Money, Texts, column
from schemas.relations.base import About, RelationModel


class Checks(RelationModel):
    """One row an identity applied."""

    _about: ClassVar = About(
        "checks",
        "检查",
        "checks",
        "每次应用的恒等关系一行，包括未能检查的",
        "one row an identity applied, those that could not be checked included",
        key=("check_id",),
    )

    check_id: str = column("检查编号", "check", "规则与各项的哈希", "hash of the rule and its terms", pattern=fields.ID_PATTERN)
    document_id: str = fields.document_id()
    rule: str = column("规则", "rule", "恒等关系的名称", "name of the identity", pattern=fields.WORD_PATTERN)
    outcome: str = column("结果", "outcome", "检查结果", "outcome", words=words.OUTCOME)
    trivial: bool = column(
        "平凡", "trivial", "少于两个不同的非零项，不能证明什么", "fewer than two distinct non-zero terms: proves nothing", null=True
    )
    left_yuan: Money = fields.money("左边（元）", "left side")
    right_yuan: Money = fields.money("右边（元）", "right side")
    difference_yuan: Money = fields.money("差额（元）", "difference")
    tolerance_yuan: Money = fields.money("容差（元）", "tolerance", "舍入容许的差额，元", "difference that rounding explains, in yuan")
    fact_ids: Texts = column("各项", "facts", "参与的事实", "the facts that take part", null=True)
    table_id: str = column("表格编号", "table", "所在逻辑表格，跨表时为空", "the table it holds in; null across tables", null=True)
    detail: str = column("说明", "detail", "恒等关系的文字说明", "the identity in words", null=True)


class Findings(RelationModel):
    """One row a cause found."""

    _about: ClassVar = About(
        "findings",
        "问题",
        "findings",
        "每个原因一行：在哪里、印的是什么、应为什么、凭什么",
        "one row a cause: where, what is printed, what it should be, and by what proof",
        key=("finding_id",),
    )

    finding_id: str = column("问题编号", "finding", "稳定的编号", "stable id", pattern=fields.ID_PATTERN)
    document_id: str = fields.document_id()
    rule: str = column("规则", "rule", "问题规则", "rule", words=words.FINDING_RULE)
    severity: str = column("严重程度", "severity", "严重程度", "severity", words=words.SEVERITY)
    verdict: str = column("判断", "verdict", "公布有误还是读取有误", "whether the publication or our reading is wrong", words=words.VERDICT)
    fact_id: str = column("事实编号", "fact", "有问题的金额", "the amount in question", null=True, pattern=fields.ID_PATTERN)
    page: pl.Int32 = fields.page()
    subject_code: str = column("科目编码", "subject code", "所涉科目", "subject concerned", null=True)
    printed: str = column("公布", "printed", "公布的数或文字", "what is printed", null=True)
    expected: str = column("应为", "expected", "应有的数或文字", "what it should be", null=True)
    proofs: Texts = column("依据", "proofs", "作为证明的检查", "the checks that prove it", null=True)
    message_zh: str = column("中文说明", "message in Chinese", "一句中文说明", "one sentence in Chinese")
    message_en: str = column("英文说明", "message in English", "一句英文说明", "one sentence in English")
    claim_id: str = column(
        "文字金额编号", "claim", "所涉的文字金额", "the amount in the text in question", null=True, pattern=fields.ID_PATTERN
    )
    x0: float = fields.edge("左", "left edge")
    top: float = fields.edge("上", "top edge")
    x1: float = fields.edge("右", "right edge")
    bottom: float = fields.edge("下", "bottom edge")


class Claims(RelationModel):
    """One row an amount in the running text."""

    _about: ClassVar = About(
        "claims",
        "文字金额",
        "claims",
        "正文中的金额及其与表格的核对",
        "amounts in the running text, compared with the tables",
        key=("claim_id",),
    )

    claim_id: str = column("编号", "claim", "稳定的编号", "stable id", pattern=fields.ID_PATTERN)
    document_id: str = fields.document_id()
    page: pl.Int32 = fields.page()
    sentence: str = column("句子", "sentence", "所在句子", "the sentence")
    subject_code: str = column("科目编码", "subject code", "所说科目", "subject it speaks of", null=True)
    subject_text: str = column("所说事项", "subject text", "句中所说的事项", "what it speaks of, as printed", null=True)
    funding: str = column("资金来源", "funding", "资金来源", "source of funding", null=True)
    expenditure_type: str = column(
        "支出类型", "expenditure type", "支出类型", "type of expenditure", null=True, words=words.EXPENDITURE_TYPE
    )
    fiscal_year: pl.Int32 = column("年度", "fiscal year", "所说年度", "year it speaks of", null=True, least=1990, most=2100)
    stage: str = column("阶段", "stage", "预算、决算等", "budget, final accounts", null=True, words=words.STAGE)
    amount_yuan: Money = fields.money("金额（元）", "amount")
    change_yuan: Money = fields.money("增减额（元）", "change")
    change_percent: Money = column("增减率（%）", "change in percent", "增减率，百分数", "change, in percent", null=True)
    share_percent: Money = column("占比（%）", "share in percent", "占比，百分数", "share, in percent", null=True)
    outcome: str = column("核对结果", "outcome", "与表格核对的结果", "outcome of the comparison", null=True, words=words.CLAIM_OUTCOME)
    fact_id: str = column("事实编号", "fact", "与之核对的事实", "the fact it was compared with", null=True, pattern=fields.ID_PATTERN)

"""The account of what could be checked: of each rule that left no check in a document a row that says why.

Here: one row of `checks` for each such rule, `not_applicable` (the document prints nothing it speaks of) or `insufficient_data` (it may
well, but tables were not understood, or not read). With the rows of the checks themselves, every document has at least one row a rule:
no finding never means not looked. Not here: single amounts and tables that no identity reaches (`amounts`), rules between documents
(pipelines.publish.compared).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pipelines.audit.rules import Rule, rules
from pipelines.normalise.facts import hash_id
from pipelines.understand.logical import LogicalTable

Record = dict[str, Any]
_ELSEWHERE = ("documents",)  # kinds of rule that another stage accounts for


def account(document_id: str, tables: Iterable[LogicalTable], with_amounts: Collection[str], checks: Iterable[Record]) -> list[Record]:
    """Rows of `checks` for the rules that have none. `with_amounts` are the kinds of table that gave amounts or indicators."""
    listed = list(tables)
    looked = {row["rule"] for row in checks}
    lost = [t for t in listed if t.status == "not_understood"]
    out = []
    for rule in rules().values():
        if rule.rule in looked or rule.kind in _ELSEWHERE:
            continue
        outcome, why = _reason(rule, listed, with_amounts, lost)
        out.append({
            "check_id": hash_id(document_id, "account", rule.rule), "document_id": document_id, "rule": rule.rule, "outcome": outcome,
            "trivial": True, "fact_ids": [], "detail": f"{rule.zh}：{why}",
        })
    return out


def _reason(rule: Rule, tables: list[LogicalTable], with_amounts: Collection[str], lost: list[LogicalTable]) -> tuple[str, str]:
    if rule.kind == "text":
        return "not_applicable", "正文没有可与表格核对的金额" if rule.whole == "table" else "正文没有同时写明金额、增减额与增减率的语句"
    for group in rule.needs:
        if any(kind in with_amounts for kind in group):
            continue
        there = [t for t in tables if t.kind in group]
        torn = [t for t in there if t.status == "not_understood"]
        if torn:
            return "insufficient_data", f"表{torn[0].table_no}未能理解"
        if there:
            return "not_applicable", f"表{there[0].table_no}没有金额"
        if lost:
            return "insufficient_data", f"未见所需表格（{'、'.join(group)}），另有{len(lost)}张表未能理解"
        return "not_applicable", f"文档没有所需表格（{'、'.join(group)}）"
    if not with_amounts:
        return ("insufficient_data", f"{len(lost)}张表未能理解") if lost else ("not_applicable", "文档的表格没有金额")
    return "not_applicable", "没有同时印出所需各项，或同样各项已按另一规则检查"

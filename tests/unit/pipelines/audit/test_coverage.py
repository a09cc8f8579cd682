"""Every rule leaves at least one row in every document: checked, or why not. No finding never looks like not looked."""

from __future__ import annotations

import polars as pl
from audited_forms import audited, budget, document

from pipelines.audit.rules import rules

HERE = {rule.rule for rule in rules().values() if rule.kind != "documents"}


def reasons(frames: dict[str, pl.DataFrame]) -> dict[str, tuple[str, str]]:
    """Outcome and words of the rules that left no check of amounts."""
    rows = frames["checks"].filter((pl.col("fact_ids").list.len() == 0) & pl.col("table_id").is_null())
    return {r: (o, d) for r, o, d in rows.select("rule", "outcome", "detail").iter_rows()}


def test_each_rule_has_a_row() -> None:
    frames = audited(document(budget()))
    assert set(frames["checks"]["rule"]) >= HERE
    assert HERE - set(reasons(frames)) >= {"row_type_total", "tree_subject", "total_rows"}


def test_a_rule_whose_tables_are_not_there_says_which() -> None:
    outcome, why = reasons(audited(document(budget())))["bound_reception"]
    assert outcome == "not_applicable"
    assert "three_public" in why


def test_a_table_that_was_not_understood_leaves_its_rules_without_data() -> None:
    torn = "政府性基金预算支出表\n\n甲|乙|丙\n12.50|34.10|77.25\n56.30|78.45|11.11\n"
    frames = audited(document(budget()) + torn)
    assert reasons(frames)["bound_fund"][0] == "insufficient_data"  # the table it needs is there, torn
    assert reasons(frames)["bound_reception"][0] == "insufficient_data"  # the torn table may be the one it needs
    assert reasons(frames)["bound_reception"][1].endswith("另有1张表未能理解")


def test_a_document_without_amounts_was_not_looked_at() -> None:
    frames = audited("一、部门职责\n\n负责水务工作。\n")
    assert {outcome for outcome, _ in reasons(frames).values()} == {"not_applicable"}
    assert set(reasons(frames)) == HERE


def test_an_unreadable_cell_leaves_its_sums_without_data() -> None:
    cells = budget()
    cells["2010302", "项目支出"] = "23?.18"
    frames = audited(document(cells))
    outcomes = frames["checks"].filter(pl.col("fact_ids").list.len() > 0)["outcome"].to_list()
    assert "insufficient_data" in outcomes
    assert "fail" not in outcomes


TEXT = "\n\n2026年支出预算{}万元，比上年增加20.00万元，增长{}%。\n"


def text_checks(frames: dict[str, pl.DataFrame], rule: str) -> pl.DataFrame:
    return frames["checks"].filter((pl.col("rule") == rule) & (pl.col("outcome") != "not_applicable"))


def test_an_amount_in_the_text_is_a_check_of_the_fact_it_means() -> None:
    frames = audited(document(budget()) + TEXT.format("1,206.68", "1.69"))
    (row,) = text_checks(frames, "text_amount").iter_rows(named=True)
    (fact,) = frames["facts"].filter(pl.col("fact_id") == row["fact_ids"][0]).iter_rows(named=True)
    assert (row["outcome"], row["left_yuan"], row["right_yuan"]) == ("pass", fact["amount_yuan"], fact["amount_yuan"])
    assert text_checks(frames, "text_arithmetic")["outcome"].to_list() == ["pass"]


def test_findings_in_the_text_name_the_check_that_proves_them() -> None:
    frames = audited(document(budget()) + TEXT.format("1,306.68", "9.69"))
    found = {f["rule"]: f for f in frames["findings"].iter_rows(named=True)}
    failed = {c["check_id"]: c["rule"] for c in frames["checks"].filter(pl.col("outcome") == "fail").iter_rows(named=True)}
    assert {rule: [failed[p] for p in found[rule]["proofs"]] for rule in ("narrative_amount", "narrative_arithmetic")} == {
        "narrative_amount": ["text_amount"], "narrative_arithmetic": ["text_arithmetic"]}

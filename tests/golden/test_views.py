"""The views that may be summed: over each sample their sum is the total that the document prints."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import golden_truth as truth
import pytest

# view: the tables to take the printed total from, the first that the document has; the labels of its total row; the side
TOTALS = {
    "v_expenditure": (
        ("expenditure_summary", "income_expenditure_summary", "general_public_expenditure"), ("合计", "支出总计", "本年支出合计"),
        "expenditure"),
    "v_income": (("income_summary", "income_expenditure_summary"), ("合计", "收入总计"), "income"),
    "v_three_public": (("three_public",), ("合计",), "expenditure"),
    "v_projects": (("project_expenditure_summary",), ("合计",), "expenditure"),
}


def printed_total(sample: str, view: str) -> Decimal | None:
    """What the document prints as the total of its own year and stage; None when it has no such table."""
    kinds, labels, side = TOTALS[view]
    known = truth.about(sample)
    stage = "final_accounts" if known["document_kind"].endswith("final_accounts") else "budget"
    rows = [r for r in truth.read(sample, "expected")
            if r["side"] == side and r["stage"] == stage and r["fiscal_year"] == str(known["fiscal_year"]) and not r["subject_code"]]
    for kind in kinds:
        for label in labels:
            amounts = [Decimal(r["amount_yuan"]) for r in rows if r["table_kind"] == kind and r["row_label"] == label]
            if amounts:
                return amounts[0]  # 合计 is the first amount of its row
    return None


CASES = [(s, v, t) for s in truth.SAMPLES for v in TOTALS if (t := printed_total(s, v)) is not None]


@pytest.mark.parametrize(("sample", "view", "total"), CASES, ids=[f"{s}-{v}" for s, v, _ in CASES])
def test_the_sum_is_the_printed_total(connection: duckdb.DuckDBPyConnection, sample: str, view: str, total: Decimal) -> None:
    editions = connection.execute(
        "select list(document_id) from documents where publication_id = (select publication_id from documents where source_name = ?)",
        [truth.about(sample)["file"]]).fetchone()
    assert editions is not None
    found = connection.execute(
        f"select sum(amount_yuan), count(*), count(distinct fact_id) from {view} where list_contains(?, document_id)", editions).fetchone()
    assert found is not None
    assert found[0] == total
    assert found[1] == found[2]


def test_every_view_is_tested_on_several_documents() -> None:
    for view in TOTALS:
        assert sum(v == view for _, v, _ in CASES) >= 3, view


def test_two_editions_are_one_publication(connection: duckdb.DuckDBPyConnection) -> None:
    """Samples 09 and 13 are the same budget: one of them is current, and the views count only that one."""
    found = connection.execute(
        "select count(distinct publication_id), list(edition_no order by edition_no), count(*) filter (is_current), count(superseded_by)"
        " from documents where source_name in ('09-rotated-pages.pdf', '13-second-edition.xlsx')").fetchone()
    assert found == (1, [1, 2], 1, 1)


def test_quality_shows_no_difference(connection: duckdb.DuckDBPyConnection) -> None:
    """`v_quality` compares the same sums with the totals as the pipeline reads them."""
    wrong = connection.execute(
        "select source_name, expenditure_difference_yuan, income_difference_yuan, three_public_difference_yuan, projects_difference_yuan"
        " from v_quality where coalesce(expenditure_difference_yuan, 0) <> 0 or coalesce(income_difference_yuan, 0) <> 0"
        " or coalesce(three_public_difference_yuan, 0) <> 0 or coalesce(projects_difference_yuan, 0) <> 0").fetchall()
    assert wrong == []

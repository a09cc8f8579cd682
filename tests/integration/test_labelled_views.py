"""The views that may be summed, on the hand-labelled documents where they are at hand: sums meet the printed totals.

The documents are not part of the project: without the folder `../shared` this is skipped.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"
KINDS = {"expenditure_summary": "v_expenditure", "income_summary": "v_income", "three_public": "v_three_public",
         "project_expenditure_summary": "v_projects"}
WHOLE = ("三公", "合计", "总计")  # what a total row's label holds, the surest first: a 合计 may count meetings among 三公

pytestmark = pytest.mark.skipif(not (SHARED / "truth").is_dir(), reason="the labelled documents are not at hand")


def labelled() -> dict[tuple[str, str], Decimal]:
    """The total that each labelled table prints for its document's own year, by document and view."""
    found: dict[tuple[str, str], Decimal] = {}
    for path in sorted((SHARED / "truth").glob("*_*.csv")):
        if path.name.startswith("seeds"):
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["stage"] == "budget" and row["table_kind"] in KINDS]
        year = max(row["fiscal_year"] for row in rows)
        for kind, view in KINDS.items():
            own = [row for row in rows if row["table_kind"] == kind and row["fiscal_year"] == year and row["measure"] == "amount"]
            for word in WHOLE:
                totals = [Decimal(row["amount_yuan"]) for row in own if word in row["row_label"]]
                if totals:
                    found[rows[0]["doc"], view] = max(totals)
                    break
    return found


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    warehouse = tmp_path_factory.mktemp("labelled") / "yusuan.duckdb"
    documents = sorted({str(SHARED / "corpus" / name) for name, _ in labelled()})
    command = [sys.executable, "-c", "from assets.cli.app import main; main()", "ingest", *documents, "--warehouse", str(warehouse)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(warehouse), read_only=True) as opened:
        yield opened


def test_sums_over_a_document_are_its_printed_totals(connection: duckdb.DuckDBPyConnection) -> None:
    off = {}
    for (name, view), total in labelled().items():
        row = connection.execute(
            f"select sum(v.amount_yuan), count(*), any_value(t.tolerance_yuan), any_value(t.printed_yuan) from {view} v "
            "join documents d using (document_id) join summable_totals t on t.document_id = d.document_id and t.summable_view = ? "
            "where ends_with(d.source_name, ?)", [view, name.rsplit("/", 1)[-1]]).fetchone()
        assert row is not None
        amount, n, tolerance, printed = row
        if n == 0 or printed != total or abs(amount - total) > tolerance:
            off[name, view] = (total, row)
    assert off == {}


def test_enough_is_labelled_to_mean_something() -> None:
    assert len(labelled()) >= 9

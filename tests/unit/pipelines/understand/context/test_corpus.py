"""Real documents beside this checkout, against a table read off their covers. Skipped where they are absent."""

import csv
from pathlib import Path

import pytest

from pipelines.read.reader import read_document
from pipelines.understand.context.context import document_context

HERE = Path(__file__).resolve()
CORPUS = HERE.parents[6] / "shared" / "corpus"
ROWS = list(csv.DictReader((HERE.parent / "corpus.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared documents are not beside this checkout")
@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_entity_region_year_and_kind(row: dict[str, str]) -> None:
    context = document_context(read_document(CORPUS / row["file"]))
    found = {
        "entity_name": context.entity_name, "entity_code": context.entity_code or "", "region_code": context.region_code,
        "fiscal_year": str(context.fiscal_year), "document_kind": context.document_kind,
    }
    assert found == {key: row[key] for key in found}

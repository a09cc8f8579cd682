"""Covers of many styles, invented for the purpose: one line of `covers.csv` each (lines of a page divided by |)."""

import csv
from pathlib import Path

import pytest

from pipelines.read.document import Block, Document, TextLine, document_of
from pipelines.understand.context.context import document_context

CASES = list(csv.DictReader((Path(__file__).parent / "covers.csv").read_text(encoding="utf-8").splitlines()))


def pages(*texts: str, paged: bool = True) -> Document:
    blocks: list[Block] = [
        TextLine(line, page=number if paged else None) for number, text in enumerate(texts, start=1) for line in text.split("|")
    ]
    return document_of(blocks, sha256="0" * 64, n_bytes=1, media_type="application/pdf")


@pytest.mark.parametrize("paged", [True, False], ids=["pages", "flow"])
@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_cover_is_read(case: dict[str, str], paged: bool) -> None:
    context = document_context(pages(case["cover"], case["rest"], paged=paged))
    found = {
        "entity_name": context.entity_name or "", "region_code": context.region_code or "", "fiscal_year": str(context.fiscal_year),
        "document_kind": context.document_kind,
    }
    assert found == {key: case[key] for key in found}


def test_an_empty_document_says_nothing() -> None:
    context = document_context(pages(""))
    assert (context.entity_name, context.region_code, context.fiscal_year, context.document_kind) == (None, None, None, "other")
    assert context.confidence == {"entity_name": 0.0, "region": 0.0, "fiscal_year": 0.0, "document_kind": 0.0}


def test_a_report_that_mentions_budgets_is_none() -> None:
    context = document_context(pages("某某市财政局2025年度|法治政府建设报告", "一、深化预算管理，推进预算公开|二、加强收支监督"))
    assert context.document_kind == "other"

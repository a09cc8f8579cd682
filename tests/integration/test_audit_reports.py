"""`yusuan audit` and `yusuan decide` on a published warehouse: the sheet, the marked copy, and decisions that stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pypdfium2 as pdfium
import pytest
from text_documents import publish_texts
from typer.testing import CliRunner, Result

from assets.cli.app import app

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
PDF, SHEET = "10-two-mistakes.pdf", "13-second-edition.xlsx"


def yusuan(*arguments: object) -> Result:
    """One command, in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="yusuan")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("w") / "w.duckdb"
    result = yusuan("ingest", SAMPLES / PDF, SAMPLES / SHEET, "--warehouse", made, "--workers", "1")
    assert result.exit_code == 0, result.output
    return made


def found(warehouse: Path, *more: object) -> list[dict[str, Any]]:
    result = yusuan("audit", "--warehouse", warehouse, "--format", "json", *more)
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def test_the_screen_shows_both_values_and_both_languages(warehouse: Path) -> None:
    shown = yusuan("audit", "--warehouse", warehouse, "--document", PDF).stdout
    for finding in found(warehouse, "--document", PDF):
        for text in (finding["printed"], finding["expected"], finding["message_zh"], finding["message_en"], finding["finding_id"]):
            assert (text or "") in shown


def test_the_sheet_has_a_row_a_finding(warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "sheet.xlsx"
    assert yusuan("audit", "--warehouse", warehouse, "--format", "xlsx", "--output", target).exit_code == 0
    rows = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))
    assert {"页码", "表", "行", "列", "公布数", "应为", "依据"} <= set(rows[0])
    assert sorted(str(row[-1]) for row in rows[1:]) == sorted(f["finding_id"] for f in found(warehouse))


def test_the_marked_copy_has_the_pages_and_a_legend(warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "marked.pdf"
    result = yusuan("audit", "--warehouse", warehouse, "--document", PDF, "--marked", out)
    assert result.exit_code == 0, result.output
    source, copy = pdfium.PdfDocument(SAMPLES / PDF), pdfium.PdfDocument(out)
    assert len(copy) > len(source)
    legend = "".join(copy[n].get_textpage().get_text_range() for n in range(len(source), len(copy)))
    assert "核对意见" in legend
    for document in (source, copy):
        document.close()


@pytest.mark.parametrize("arguments", [("--marked", "x.pdf"), ("--document", SHEET, "--marked", "x.pdf", "--all")])
def test_only_one_pdf_can_be_marked(warehouse: Path, tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = yusuan("audit", "--warehouse", warehouse, *arguments)
    assert (result.exit_code != 0) == ("--document" not in arguments or bool(found(warehouse, "--document", SHEET)))
    assert not (tmp_path / "x.pdf").exists()


def test_a_decision_is_kept_over_a_new_run(warehouse: Path) -> None:
    first = found(warehouse, "--document", PDF)[0]["finding_id"]
    assert yusuan("decide", first, "false_alarm", "--reason", "口径不同", "--warehouse", warehouse).exit_code == 0
    again = yusuan("ingest", SAMPLES / PDF, "--warehouse", warehouse, "--force", "--workers", "1")
    assert again.exit_code == 0, again.output
    assert first not in {f["finding_id"] for f in found(warehouse)}
    (kept,) = (f for f in found(warehouse, "--all") if f["finding_id"] == first)
    assert (kept["decision"], kept["reason"]) == ("false_alarm", "口径不同")


def test_what_is_no_finding_cannot_be_decided(warehouse: Path) -> None:
    assert yusuan("decide", "zz", "accepted", "--warehouse", warehouse).exit_code == 2
    assert yusuan("decide", "a", "perhaps", "--warehouse", warehouse).exit_code == 2


def test_explain_shows_what_the_text_says_of_a_fact(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row = connection.sql("select fact_id, sentence from claims where outcome = 'agrees' and fact_id is not null limit 1").fetchone()
    assert row is not None
    assert row[1] in yusuan("explain", row[0], "--warehouse", warehouse).stdout


EDITION = """宁川县统计局2026年部门预算

宁川县统计局2026年部门预算情况说明

2026年一般公共预算支出表
单位：万元

科目编码|科目名称|合计|基本支出|项目支出
201|一般公共服务支出|{total}|812.45|237.40
20105|统计信息事务|{total}|812.45|237.40
2010501|行政运行|812.45|812.45|0
2010502|一般行政管理事务|237.40|0|237.40
{more}合计||1049.85|812.45|237.40
"""


def test_findings_are_of_current_editions_unless_others_are_asked_for(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    corrected = EDITION.format(total="1049.85", more="2010504|信息事务|0|0|0\n")
    publish_texts(warehouse, [EDITION.format(total="1094.85", more=""), corrected])
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.sql("select distinct f.document_id, is_current from findings f join documents using (document_id)").fetchall()
    ((earlier, current),) = rows
    assert not current
    assert found(warehouse) == []
    assert "superseded" in yusuan("audit", "--warehouse", warehouse).stderr
    assert {f["document_id"] for f in found(warehouse, "--superseded")} == {earlier}
    assert {f["document_id"] for f in found(warehouse, "--document", earlier)} == {earlier}

"""The forms of a report say every finding once, with its place and both values; text stays text; boxes stand on the very cells."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pipelines.audit.report.entry import entries
from pipelines.audit.report.marked import MarkingFailed, mark_pdf
from pipelines.audit.report.sheet import COLUMNS, correction_sheet
from pipelines.audit.report.text import proof_lines

WIDTH, HEIGHT = 400, 300
BOX = (100.0, 50.0, 180.0, 70.0)


def row(**more: Any) -> dict[str, Any]:
    return {
        "finding_id": "a" * 16, "document_id": "d" * 16, "document": "安宁县水务局", "severity": "error", "verdict": "publisher",
        "rule": "hierarchy_sum", "page": 1, "table_title": "收支总表", "row_label": "行政运行", "column_path": "合计 / 小计",
        "fact_id": "f" * 16, "printed": "12.60万元", "expected": "16.20万元", "message_zh": "第1页应为16.20万元。",
        "message_en": "Page 1 should read 16.20.",
        "x0": BOX[0], "top": BOX[1], "x1": BOX[2], "bottom": BOX[3], "claim_id": None,
    } | more


def test_entries_are_numbered_by_document_page_and_severity() -> None:
    found = entries([
        row(finding_id="1" * 16, page=2), row(finding_id="2" * 16, severity="note"), row(finding_id="3" * 16),
        row(finding_id="4" * 16, page=None),
    ])
    assert [(e.number, e.finding_id[0]) for e in found] == [(1, "4"), (2, "3"), (3, "2"), (4, "1")]


def test_printed_text_has_place_values_and_both_languages() -> None:
    text = "\n".join(proof_lines(entries([row(), row(finding_id="b" * 16, decision="accepted", reason="已核实")])))
    place = ("安宁县水务局", "第1页", "收支总表")
    for part in (*place, "12.60万元 → 应为 16.20万元", "第1页应为16.20万元。", "Page 1 should read 16.20.", "accepted：已核实"):
        assert part in text


@pytest.mark.parametrize("printed", ["=1+1", "+5", "-5", "@SUM(A1)", '=HYPERLINK("http://x.example")', "http://x.example", "007"])
def test_cells_of_the_sheet_are_text_never_formulas(tmp_path: Path, printed: str) -> None:
    target = tmp_path / "sheet.xlsx"
    correction_sheet(entries([row(printed=printed, row_label=printed)]), target)
    sheet = openpyxl.load_workbook(target).active
    names = [c.value for c in sheet[1]]
    assert names == [name for name, _ in COLUMNS]
    for name in ("公布数", "行"):
        cell = sheet.cell(2, names.index(name) + 1)
        assert (cell.value, cell.data_type, cell.hyperlink) == (printed, "s", None)


def test_an_empty_sheet_has_its_head(tmp_path: Path) -> None:
    correction_sheet([], tmp_path / "sheet.xlsx")
    assert openpyxl.load_workbook(tmp_path / "sheet.xlsx").active.max_row == 1


def page(path: Path, rotation: int = 0, crop: bool = False) -> Path:
    """A blank page that shows as WIDTH × HEIGHT, whatever its /Rotate; when cropped, cut out of a larger one."""
    width, height = (WIDTH, HEIGHT) if rotation % 180 == 0 else (HEIGHT, WIDTH)
    margin = 30 if crop else 0
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width + 2 * margin, height + 2 * margin))
    canvas.drawString(margin + 20, margin + 20, "12.60")
    canvas.save()
    document = pdfium.PdfDocument(buffer.getvalue())
    if crop:
        document[0].set_cropbox(margin, margin, margin + width, margin + height)
    document[0].set_rotation(rotation)
    document.save(str(path))
    document.close()
    return path


def reddish(picture: Image.Image, x: float, y: float) -> bool:
    red, green, blue = picture.getpixel((int(x), int(y)))[:3]  # type: ignore[index]
    return red > green + 10 and red > blue + 10


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [False, True])
def test_the_box_stands_on_the_cell_however_the_page_is_turned(tmp_path: Path, rotation: int, crop: bool) -> None:
    out = tmp_path / "out.pdf"
    assert mark_pdf(page(tmp_path / "in.pdf", rotation, crop), entries([row()]), out) == 1
    document = pdfium.PdfDocument(out)
    picture = document[0].render(scale=1).to_pil().convert("RGB")
    assert picture.size == (WIDTH, HEIGHT)
    assert reddish(picture, 140, 60)
    for x, y in ((140, 30), (140, 90), (60, 60), (220, 60), (260, 240)):
        assert not reddish(picture, x, y)
    assert len(document) == 2  # the legend
    document.close()


def test_the_pages_keep_their_text_and_the_legend_says_the_proof(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    mark_pdf(page(tmp_path / "in.pdf"), entries([row(), row(finding_id="b" * 16, page=None, x0=None, message_en="Without a place.")]), out)
    document = pdfium.PdfDocument(out)
    first, legend = (document[n].get_textpage().get_text_range() for n in (0, 1))
    assert "12.60" in first
    assert "Page 1 should read 16.20." in legend
    assert "Without a place." in legend
    document.close()


def test_personal_data_is_not_given_away(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    mark_pdf(page(tmp_path / "in.pdf"), entries([row()]), out, hidden={1: [(10.0, 260.0, 80.0, 290.0)]})
    document = pdfium.PdfDocument(out)
    assert "12.60" not in document[0].get_textpage().get_text_range()
    picture = document[0].render(scale=1).to_pil().convert("RGB")
    assert picture.getpixel((40, 275)) != (255, 255, 255)
    assert reddish(picture, 140, 60)
    document.close()


def test_what_is_no_pdf_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(b"no pdf")
    with pytest.raises(MarkingFailed, match=r"in\.pdf cannot be opened"):
        mark_pdf(tmp_path / "in.pdf", [], tmp_path / "out.pdf")

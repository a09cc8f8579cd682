"""Scans: turned upright, their grid found from the picture, their text read with its doubt."""

from __future__ import annotations

import io
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pikepdf
import pypdfium2
import pytest
from drawn_tables import DrawnCell, DrawnTable, Hand, draw, text
from reportlab.pdfgen.canvas import Canvas
from scanned_pages import Picture, pdf_of, picture_of, place, scanned

from pipelines.read.document import Document, RawTable, TextLine
from pipelines.read.pdf import scan_reader
from pipelines.read.pdf.ocr import OcrMissingError, Recogniser, is_installed, recogniser
from pipelines.read.pdf.reader import read_pdf
from pipelines.read.pdf.scan import read_scanned_page
from pipelines.read.pdf.scan_grid import find_grids, find_rules
from pipelines.read.pdf.scan_image import black, lies_sideways, skew_of, upright
from pipelines.read.pdf.scan_reader import pages_to_recognise, read_scanned_pdf
from pipelines.read.pdf.scan_regions import picture_regions
from pipelines.read.pdf.scan_text import DOUBTFUL

SCALE = 200 / 72
needs_engine = pytest.mark.skipif(not is_installed(), reason="the [ocr] extra is not installed")

TABLE = DrawnTable(
    (70, 120, 80, 80, 80), (18, 18, 20, 20, 20, 20),
    (
        DrawnCell(0, 0, "Code", 2, 1, "centre"), DrawnCell(0, 1, "Name", 2, 1, "centre"), DrawnCell(0, 2, "Budget 2025", 1, 3, "centre"),
        DrawnCell(1, 2, "Total", align="centre"), DrawnCell(1, 3, "Staff", align="centre"), DrawnCell(1, 4, "Projects", align="centre"),
        DrawnCell(2, 0, "201"), DrawnCell(2, 1, "Services"), DrawnCell(2, 2, "1,755.35", align="right"),
        DrawnCell(2, 3, "655.35", align="right"), DrawnCell(2, 4, "1,100.00", align="right"),
        DrawnCell(3, 0, "20103"), DrawnCell(3, 1, "Offices"), DrawnCell(3, 2, "513.72", align="right"), DrawnCell(3, 3), DrawnCell(3, 4),
        DrawnCell(4, 0, "2010301"), DrawnCell(4, 1, "Running"), DrawnCell(4, 2, "39.07", align="right"),
        DrawnCell(4, 3, "39.07", align="right"), DrawnCell(4, 4, "0", align="right"),
        DrawnCell(5, 0, "Sum", 1, 2, "centre"), DrawnCell(5, 2, "29.49", align="right"),
        DrawnCell(5, 3, "8.06", align="right"), DrawnCell(5, 4),
    ),
)


def table_picture(style: str = "lines") -> Picture:
    return picture_of(draw([[TABLE]], Hand(style)))


def grid_of(picture: Picture) -> list[set[tuple[int, int, int, int]]]:
    image = upright(picture, SCALE)
    grids, _ = find_grids(find_rules(black(image.grey), SCALE), SCALE)
    return [{(c.row, c.column, c.row_span, c.column_span) for c in grid.cells} for grid in grids]


def spans(table: DrawnTable) -> set[tuple[int, int, int, int]]:
    return {(c.row, c.column, c.row_span, c.column_span) for c in table.cells}


def filled(table: RawTable) -> set[tuple[int, int, int, int, str]]:
    return {(c.row, c.column, c.row_span, c.column_span, c.text.replace(" ", "")) for c in table.cells if c.text}


WRITTEN = {(r, c, rs, cs, t.replace(" ", "")) for r, c, rs, cs, t in TABLE.grid if t}


@pytest.mark.parametrize("skew", [-3.0, -0.4, 0.0, 0.7, 5.0])
def test_skew_is_found_to_a_twentieth_of_a_degree(skew: float) -> None:
    assert skew_of(scanned(table_picture(), skew=skew, noise=6)) == pytest.approx(skew, abs=0.05)


@pytest.mark.parametrize("turns", range(4))
def test_boxes_go_back_to_the_page_as_shown(turns: int) -> None:
    page = np.full((300, 200), 255, np.uint8)
    page[50:60, 20:40] = 0
    image = upright(page, 2.0, origin=(100, 200), turns=turns, skew=0.0)
    ys, xs = np.nonzero(image.grey == 0)
    assert image.box(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1) == (110, 225, 120, 230)


def test_text_that_runs_up_the_page_is_noticed() -> None:
    assert not lies_sideways(table_picture(), SCALE)
    assert lies_sideways(np.ascontiguousarray(np.rot90(table_picture())), SCALE)


@pytest.mark.parametrize("style", ["lines", "double", "broken", "tinted", "open", "thick", "rectangles"])
@pytest.mark.parametrize("skew", [0.0, 1.3])
def test_the_grid_is_found_in_any_hand(style: str, skew: float) -> None:
    assert grid_of(scanned(table_picture(style), skew=skew, noise=5)) == [spans(TABLE)]


def test_a_frame_and_large_letters_are_no_tables() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(400, 300))
    canvas.rect(50, 50, 300, 200)
    canvas.setFont("Helvetica-Bold", 34)
    canvas.drawString(70, 180, "HEIHEI THTH")
    canvas.drawString(70, 120, "LILIEFEF")
    canvas.save()
    assert grid_of(picture_of(out.getvalue())) == []


def test_pictures_with_text_over_them_and_small_ones_are_not_looked_into() -> None:
    images = np.array([[50, 100, 300, 200], [50, 200.5, 300, 320], [0, 0, 595, 842], [400, 600, 430, 630]], np.float64)
    x, y = np.linspace(50, 500, 90), np.full(90, 700.0)
    assert picture_regions(images, x, y, 595, 842) == [(50, 100, 300, 320)]


def read(data: bytes) -> Document:
    return read_scanned_pdf(data, sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("skew", [-3.0, 0.0, 2.0])
def test_a_box_on_a_skewed_page_knows_its_place_on_the_upright_one(skew: float, turns: int) -> None:
    image = upright(np.full((600, 400), 255, np.uint8), 2.0, origin=(10, 20), turns=turns, skew=skew)
    assert image.place(image.box(40, 50, 340, 90)) == pytest.approx((50, 40), abs=0.2)


@needs_engine
@pytest.mark.parametrize("skew", [-2.5, 2.5])
def test_lines_above_a_table_are_read_before_it_however_the_page_is_turned(skew: float) -> None:
    """On the page as shown the left corner of the table stands above the unit at the right, or the right corner above the title."""

    def unit(canvas: Canvas) -> None:
        text(canvas, sum(TABLE.widths) - 20, sum(TABLE.heights) + 66, "10,000.00", 9)

    data = draw([[TABLE]], above="20260101", extra=unit)
    blocks = read(pdf_of(scanned(picture_of(data), skew=skew))).blocks
    assert [block.text if isinstance(block, TextLine) else "" for block in blocks] == ["20260101", "10,000.00", ""]


@needs_engine
@pytest.mark.parametrize(("skew", "turns"), [(0.8, 0), (-0.5, 1), (0.0, 2)])
def test_a_scanned_table_is_read_whichever_way_up(skew: float, turns: int) -> None:
    document = read(pdf_of(scanned(table_picture(), skew=skew, noise=5, turns=turns)))
    (table,) = document.tables
    assert (document.status, document.pages[0].path, table.method) == ("read", "ocr", "ocr")
    assert filled(table) == WRITTEN
    assert {(c.row, c.column, c.row_span, c.column_span) for c in table.cells} == spans(TABLE)
    assert all(0 < cell.confidence <= 1 for cell in table.cells)
    page = document.pages[0]
    for cell in table.cells:
        assert cell.box is not None
        assert 0 <= cell.box[0] < cell.box[2] <= (page.width or 0) + 1
        assert 0 <= cell.box[1] < cell.box[3] <= (page.height or 0) + 1


@needs_engine
def test_a_table_as_a_picture_in_a_page_of_text_is_put_where_it_stands() -> None:
    picture = scanned(table_picture(), noise=4)
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(595, 842))
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 780, "The budget of the department in 2025 is as follows.")
    canvas.drawString(220, 752, "Table 3 Expenditure by function")
    canvas.drawString(440, 736, "Unit: 10,000 yuan")
    place(canvas, picture, 60, 480, picture.shape[1] / SCALE, picture.shape[0] / SCALE)
    canvas.drawString(60, 440, "The figures include what was carried over from the year before.")
    canvas.showPage()
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 780, "The second page has text only.")
    canvas.save()
    document = read(out.getvalue())
    (table,) = document.tables
    assert [block.text.split()[0] if isinstance(block, TextLine) else "…" for block in document.blocks] == [
        "The", "Table", "Unit:", "…", "The", "The"]
    assert filled(table) == WRITTEN
    assert table.box is not None
    assert table.box == pytest.approx((100, 842 - 480 - 236 + 60, 530, 842 - 480 - 60), abs=4)
    assert (document.pages[0].path, document.pages[0].tables) == ("prose", 1)


@needs_engine
def test_dust_makes_no_figure_wrong_without_a_doubt() -> None:
    (table,) = read(pdf_of(scanned(table_picture(), skew=0.6, noise=5, dust=80, seed=3))).tables
    right = {(r, c): string for r, c, _, _, string in WRITTEN}
    figures = [cell for cell in table.cells if right.get((cell.row, cell.column), "-")[0].isdigit()]
    assert len(figures) == 12
    assert all(cell.text == right[cell.row, cell.column] or cell.confidence <= DOUBTFUL for cell in figures)
    assert sum(cell.text == right[cell.row, cell.column] for cell in figures) >= 10


def chart_page(picture: Picture) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(595, 842))
    canvas.drawString(60, 780, "Income by source")
    place(canvas, picture, 42, 480, 517, 210)
    canvas.save()
    return out.getvalue()


def bars() -> Picture:
    picture = np.full((400, 800), 255, np.uint8)
    picture[100:390, 100:200] = 80
    picture[200:390, 300:400] = 120
    return picture


def coloured_bars() -> Picture:
    picture = np.full((280, 690, 3), 255, np.uint8)
    for height in (60, 97, 134, 171, 209, 246):
        picture[height, 130:622] = (224, 230, 241)
    picture[121:247, 213:294] = (109, 158, 235)
    picture[61:247, 458:539] = (255, 0, 0)
    return picture


@pytest.mark.parametrize("chart", [bars, coloured_bars])
def test_a_chart_is_no_table_and_needs_no_engine(monkeypatch: pytest.MonkeyPatch, chart: Callable[[], Picture]) -> None:
    def refuse() -> Recogniser:
        raise AssertionError("the engine was asked for")

    monkeypatch.setattr(scan_reader, "recogniser", refuse)
    data = chart_page(chart())
    first = read_pdf(data, sha256="0" * 64, n_bytes=len(data))
    assert pages_to_recognise(first) == [1]
    again = read_scanned_pdf(data, "0" * 64, len(data), first)
    assert again.tables == ()
    assert again.lines == first.lines


@needs_engine
def test_figures_between_the_bars_of_a_chart_are_no_table() -> None:
    picture = np.full((280, 690, 3), 255, np.uint8)
    for height in (60, 97, 134, 171, 209, 246):
        picture[height, 130:622] = (224, 230, 241)
    for n, top in enumerate((127, 61, 98, 150)):
        x = 150 + n * 470 // 4
        picture[top:247, x : x + 60] = ((109, 158, 235), (255, 0, 0))[n % 2]
        cv2.putText(picture, f"{1234.5 + 311 * n}", (x - 4, top - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (40, 40, 40), 1, cv2.LINE_AA)
    document = read(chart_page(picture))
    assert document.tables == ()
    assert document.pages[0].note == "pictures without tables"


def test_a_document_with_nothing_to_recognise_comes_back_unchanged() -> None:
    data = draw([[TABLE]])
    first = read_pdf(data, sha256="0" * 64, n_bytes=len(data))
    assert read_scanned_pdf(data, "0" * 64, len(data), first) is first


def test_without_the_engine_a_scan_stays_quarantined_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Recogniser:
        raise OcrMissingError("the [ocr] extra is not installed")

    monkeypatch.setattr(scan_reader, "recogniser", missing)
    document = read(pdf_of(table_picture()))
    assert (document.status, document.reason, document.tables) == ("quarantined", "scanned", ())
    assert "[ocr]" in (document.detail or "")


@needs_engine
def test_only_the_pages_that_need_it_are_read_again() -> None:
    """The first reading of the other pages is kept as it is, even where it says something else than the page."""
    plain, scan = draw([[TABLE]]), pdf_of(scanned(table_picture(), noise=4))
    with pikepdf.open(io.BytesIO(plain)) as pdf, pikepdf.open(io.BytesIO(scan)) as other:
        pdf.pages.extend(other.pages)
        out = io.BytesIO()
        pdf.save(out)
    data = out.getvalue()
    first = read_pdf(data, sha256="0" * 64, n_bytes=len(data))
    marked = msgspec.structs.replace(first, tables=tuple(msgspec.structs.replace(t, note="kept") for t in first.tables))
    document = read_scanned_pdf(data, "0" * 64, len(data), marked)
    assert [(t.page, t.method, t.note) for t in document.tables] == [(1, "lattice", "kept"), (2, "ocr", None)]
    assert [page.path for page in document.pages] == ["ruled", "ocr"]


@needs_engine
def test_pieces_of_different_widths_keep_their_order() -> None:
    image = upright(table_picture(), SCALE)
    (grid,), _ = find_grids(find_rules(black(image.grey), SCALE), SCALE)
    boxes = {(cell.row, cell.column): cell.box for cell in grid.cells}
    written = {(2, 2): "1,755.35", (5, 0): "Sum", (4, 0): "2010301", (2, 0): "201"}
    pieces = [image.grey[top + 4 : bottom - 4, left + 4 : right - 4] for left, top, right, bottom in map(boxes.__getitem__, written)]
    assert [r.text for r in recogniser().read(pieces)] == list(written.values())
    assert recogniser().read([]) == []


RENDERED = Path(__file__).parents[6] / "shared" / "corpus" / "odd"


@needs_engine
@pytest.mark.skipif(not RENDERED.is_dir(), reason="the corpus beside the repository is not here")
def test_a_real_scan_can_be_read() -> None:
    pdf = pypdfium2.PdfDocument(RENDERED / "scan_2.pdf")
    try:
        page = read_scanned_page(pdf[0], 1, recogniser())
    finally:
        pdf.close()
    text = "".join(block.text for block in page.blocks if isinstance(block, TextLine))
    assert "12,954.16" in text
    assert page.tables == []


def test_grainy_paper_is_no_ink() -> None:
    clean = table_picture()
    grain = np.random.default_rng(1).normal(0, 16, clean.shape)
    grainy = np.clip(clean * 0.9 + grain, 0, 255).astype(np.uint8)
    assert (black(grainy) > 0).mean() < 1.8 * (black(clean) > 0).mean()
    (grid,), _ = find_grids(find_rules(black(grainy), SCALE), SCALE)
    (same,), _ = find_grids(find_rules(black(clean), SCALE), SCALE)
    assert [(c.row, c.column, c.row_span, c.column_span) for c in grid.cells] == [
        (c.row, c.column, c.row_span, c.column_span) for c in same.cells]

"""Scans: turned upright, their grid found from the picture, their text read with its doubt."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path

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
from pipelines.read.pdf.ocr import OcrMissingError, Reading, Recogniser, decode, is_installed, recogniser
from pipelines.read.pdf.ocr_lines import TextInk, lines_in_cell
from pipelines.read.pdf.reader import read_pdf
from pipelines.read.pdf.scan import read_scanned_page
from pipelines.read.pdf.scan_grid import find_grids, find_rules
from pipelines.read.pdf.scan_image import Grey, black, lies_sideways, skew_of, upright
from pipelines.read.pdf.scan_reader import pages_to_recognise, read_scanned_pdf
from pipelines.read.pdf.scan_regions import picture_regions
from pipelines.read.pdf.scan_specks import CERTAIN, after_second_look, without_specks
from pipelines.read.pdf.scan_text import DOUBTFUL, is_number, joined, looks_numeric

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


def probabilities(*frames: dict[str, float]) -> np.ndarray:
    """CTC output over the alphabet below; what is not given goes to the blank."""
    out = np.zeros((len(frames), len(ALPHABET)), np.float32)
    for row, frame in zip(out, frames, strict=True):
        for character, p in frame.items():
            row[ALPHABET.index(character)] = p
        row[0] = 1 - row[1:].sum()
    return out


ALPHABET = ["blank", *"0123456789.,O-，"]


def test_a_line_is_as_sure_as_its_least_certain_character_and_keeps_its_other_readings() -> None:
    reading = decode(probabilities({"3": 0.99}, {}, {"8": 0.7, "3": 0.28}, {}, {"5": 0.98}), ALPHABET)
    assert (reading.text, reading.alternatives) == ("385", ("335",))
    assert reading.confidence == pytest.approx(0.7, abs=1e-3)
    assert reading.mean == pytest.approx((0.99 + 0.7 + 0.98) / 3, abs=1e-3)


def test_a_point_that_may_be_missing_is_another_reading_and_a_doubt() -> None:
    reading = decode(probabilities({"3": 0.99}, {".": 0.4}, {"8": 0.99}), ALPHABET)
    assert (reading.text, reading.alternatives) == ("38", ("3.8",))
    assert reading.confidence == pytest.approx(0.6, abs=1e-3)


def test_width_variants_of_one_character_are_no_doubt() -> None:
    reading = decode(probabilities({"1": 1.0}, {",": 0.5, "，": 0.49}, {"2": 1.0}), ALPHABET)
    assert reading.alternatives == ()
    assert reading.confidence == pytest.approx(0.99, abs=1e-3)


def test_a_letter_that_looks_like_a_digit_is_one_among_digits_only_and_never_surely() -> None:
    among = decode(probabilities({"1": 0.99}, {"O": 0.99}, {}, {".": 0.99}), ALPHABET)
    assert (among.text, among.alternatives) == ("10.", ("1O.",))
    assert among.confidence <= 0.5
    assert decode(probabilities({"O": 0.6, "0": 0.35}), ALPHABET).text == "0"


def test_nothing_read_has_no_confidence() -> None:
    assert decode(probabilities({}, {}), ALPHABET) == Reading("", 0.0)


@pytest.mark.parametrize("text", ["1,755.35", "-3.5", "(3.50)", "0", "2010301", "37.3%", "1，234", "（12）"])
def test_printed_numbers_are_numbers(text: str) -> None:
    assert looks_numeric(text)
    assert is_number(text)
    assert joined([Reading(text, 0.99)])[1] == 0.99


@pytest.mark.parametrize("text", ["1,75.35", "37..5", "7.35.1", "77 77", ",513.72", "5l3.72"])
def test_what_looks_like_a_number_and_is_none_is_doubtful_and_stays_as_read(text: str) -> None:
    string, confidence, _ = joined([Reading(text, 0.99)])
    assert string == text
    assert confidence <= DOUBTFUL


def test_a_cell_of_several_lines_is_as_sure_as_its_worst_line() -> None:
    text, confidence, others = joined([Reading("一般公共", 0.9, ("一股公共",)), Reading("", 0.0), Reading("预算", 0.8)])
    assert (text, confidence, others) == ("一般公共预算", 0.8, ("一股公共预算",))


def test_a_pair_of_brackets_has_one_width_and_dust_alone_is_a_blank_cell() -> None:
    assert joined([Reading("(二）政府性基金预算收入", 0.9)])[0] == "（二）政府性基金预算收入"
    assert joined([Reading("(一)一般公共预算", 0.9)])[0] == "(一)一般公共预算"
    assert joined([Reading("·", 0.9)]) == ("", DOUBTFUL, ("·",))


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


def chart_page() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(595, 842))
    canvas.drawString(60, 780, "Income by source")
    picture = np.full((400, 800), 255, np.uint8)
    picture[100:390, 100:200] = 80
    picture[200:390, 300:400] = 120
    place(canvas, picture, 60, 480, 400, 200)
    canvas.save()
    return out.getvalue()


def test_a_chart_is_no_table_and_needs_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Recogniser:
        raise AssertionError("the engine was asked for")

    monkeypatch.setattr(scan_reader, "recogniser", refuse)
    data = chart_page()
    first = read_pdf(data, sha256="0" * 64, n_bytes=len(data))
    assert pages_to_recognise(first) == [1]
    again = read_scanned_pdf(data, "0" * 64, len(data), first)
    assert again.tables == ()
    assert again.lines == first.lines


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
def test_batches_of_different_widths_keep_their_order() -> None:
    engine = recogniser()
    picture = table_picture()
    boxes = ((0, 0, 200, 40), (0, 0, 60, 40))
    blank = [picture[t:b, x0:x1] for x0, t, x1, b in boxes]
    assert [r.text for r in engine.read(blank)] == ["", ""]
    assert engine.read([]) == []


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
    assert "2022年市财政安排市市场监管局项目年初预算12,954.16" in text
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


def drawn_figure(*specks: tuple[int, int]) -> Grey:
    """Ink of seven digits with two commas and a point at their foot, 255 on 0, and specks (left, top) of five pixels."""
    ink = np.zeros((40, 150), np.uint8)
    for n in range(7):
        ink[10:27, 20 + 16 * n : 30 + 16 * n] = 255
    for x, height in ((32, 8), (80, 8), (112, 5)):
        ink[22 : 22 + height, x : x + 4] = 255
    for x, y in specks:
        ink[y : y + 5, x : x + 5] = 255
    return ink


@pytest.mark.parametrize("speck", [(4, 16), (4, 24), (64, 1), (140, 23), (60, 33)])
def test_specks_are_small_marks_that_stand_neither_at_the_foot_nor_between_digits(speck: tuple[int, int]) -> None:
    ink = drawn_figure(speck)
    cleared = without_specks(np.asarray(255 - ink, np.uint8), ink)
    assert cleared is not None
    assert (cleared == 255 - drawn_figure()).all()


def test_points_commas_and_signs_are_no_specks() -> None:
    ink = drawn_figure()
    ink[17:19, 4:14] = 255  # a minus sign
    assert without_specks(np.asarray(255 - ink, np.uint8), ink) is None


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ("·369,314.94", "369,314.94", True), ("210.", "210", True), ("88201,993.94", "201,993.94", True),
        ("1,234.5·6", "123456", False), ("31.744.67", "21,744.67", False), (".82,729.13", "82,729.1", False), ("210.", "21", False),
    ],
)
def test_a_second_look_counts_where_it_is_a_figure_of_the_same_digits(first: str, second: str, counts: bool) -> None:
    kept = after_second_look(Reading(first, 0.9), Reading(second, 0.99))
    assert (kept.text == second) is counts
    assert not counts or (kept.confidence <= CERTAIN and kept.alternatives == (first,))


def test_a_line_of_specks_beside_a_line_of_text_is_no_line() -> None:
    ink = np.zeros((80, 160), np.uint8)
    ink[40:57, 20:140:14] = 255
    for x in range(20, 140, 14):
        ink[40:57, x : x + 9] = 255
    line = (20, 40, 141, 57)
    for x in (30, 90):
        ink[10:16, x : x + 6] = 255
    text = TextInk(ink, ink, np.zeros_like(ink), 25.0)
    assert len(lines_in_cell(text, (0, 0, 160, 80))) == 1
    assert lines_in_cell(text, (0, 0, 160, 80))[0][1::2] == line[1::2]
    ink[10:12, 60:84] = 255  # 一, wrapped to a line of its own
    assert len(lines_in_cell(text, (0, 0, 160, 80))) == 2

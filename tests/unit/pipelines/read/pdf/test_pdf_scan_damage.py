"""Scans with something over or under their print: seals, holes, paper seen aslant, rules worn to pieces."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from drawn_tables import DrawnCell, DrawnTable, Hand, draw, simple_table
from scanned_pages import Picture, picture_of, scanned

from pipelines.read.pdf.ocr import Reading, is_installed, recogniser
from pipelines.read.pdf.scan import READABLE, read_picture
from pipelines.read.pdf.scan_cells import cells_of, crumbs, is_worn, sides
from pipelines.read.pdf.scan_figures import held_against_ink, speaks_against
from pipelines.read.pdf.scan_grid import find_grids, find_rules
from pipelines.read.pdf.scan_image import PageImage, black, upright
from pipelines.read.pdf.scan_marks import beside, without_holes, without_seals
from pipelines.read.pdf.scan_specks import after_second_look
from pipelines.read.pdf.scan_text import DOUBTFUL, doubtful
from pipelines.read.pdf.scan_warp import straightened

SCALE = 200 / 72
needs_engine = pytest.mark.skipif(not is_installed(), reason="the [ocr] extra is not installed")

TABLE = DrawnTable(
    (90, 110, 110, 110), (20, 20, 20, 20, 20, 20, 20, 20),
    (
        DrawnCell(0, 0, "Code", 2, 1, "centre"), DrawnCell(0, 1, "Budget", 1, 3, "centre"),
        DrawnCell(1, 1, "Total", align="centre"), DrawnCell(1, 2, "Staff", align="centre"), DrawnCell(1, 3, "Projects", align="centre"),
        *(DrawnCell(r, 0, f"2010{r}") for r in range(2, 8)),
        *(DrawnCell(r, c, f"{r}{c},{r}5{c}.7{r}", align="right") for r in range(2, 8) for c in (1, 2, 3)),
    ),
)
SPANS = {(c.row, c.column, c.row_span, c.column_span) for c in TABLE.cells}
FIGURES = {(c.row, c.column): c.text for c in TABLE.cells if c.row > 1 and c.column}


def table_picture() -> Picture:
    return picture_of(draw([[TABLE]], Hand("lines")))


def spans_of(image: PageImage) -> list[set[tuple[int, int, int, int]]]:
    grids, _ = find_grids(find_rules(black(image.grey), SCALE), SCALE)
    return [{(c.row, c.column, c.row_span, c.column_span) for c in grid.cells} for grid in grids]


def in_colour(picture: Picture) -> npt.NDArray[np.uint8]:
    return np.repeat(picture[..., None], 3, axis=2).copy()


def sealed(picture: Picture, centre: tuple[int, int], across: float = 40.0) -> npt.NDArray[np.uint8]:
    """A picture in colours with a red round seal over it; `across` in millimetres."""
    radius = round(across / 2 / 25.4 * 200)
    mask = np.zeros(picture.shape, np.uint8)
    cv2.circle(mask, centre, radius, 255, 8)
    for n in range(12):
        angle = 2 * np.pi * n / 12
        at = (round(centre[0] + 0.75 * radius * np.cos(angle)), round(centre[1] + 0.75 * radius * np.sin(angle)))
        cv2.rectangle(mask, (at[0] - 9, at[1] - 9), (at[0] + 9, at[1] + 9), 255, 3)
    share = cv2.GaussianBlur(mask, (5, 5), 0)[..., None] / 255 * 0.85
    colour = in_colour(picture)
    return np.asarray(colour * (1 - share) + np.minimum(colour, (205, 35, 40)) * share, dtype=np.uint8)


def test_a_red_seal_is_taken_out_and_the_print_under_it_stays() -> None:
    picture = table_picture()
    cleared = without_seals(sealed(picture, (700, 450)), SCALE)
    assert (np.abs(cleared.astype(int) - picture) > 40).mean() < 0.002
    assert (cleared[picture < 60] < 110).mean() > 0.98


def test_red_print_is_no_seal() -> None:
    colour = in_colour(table_picture())
    title = colour[:, :].copy()
    title[40:70, 300:900] = (200, 30, 30)  # a red bar, as over a heading
    title[110:180, 250:300:12] = (200, 30, 30)
    grey = without_seals(title, SCALE)
    assert grey[55, 600] < 120
    assert (grey[120:170, 252:300:12] < 120).any()


@needs_engine
def test_figures_under_a_seal_are_read() -> None:
    grey = without_seals(sealed(table_picture(), (700, 450)), SCALE)
    _, (table,), _ = read_picture(upright(grey, SCALE), 1, recogniser())
    assert {(c.row, c.column): c.text for c in table.cells if (c.row, c.column) in FIGURES} == FIGURES


def test_a_punched_hole_is_painted_over_and_what_stands_beside_it_may_be_gone() -> None:
    picture = table_picture()
    picture[:] = np.where(picture > 128, 245, 20)
    before = picture.copy()
    cv2.circle(picture, (120, 520), 24, 25, -1)
    cleared, (hole,) = without_holes(picture, SCALE)
    disc = cv2.circle(np.zeros_like(picture), (120, 520), 24, 255, -1) > 0
    assert (cleared[disc] > 200).all()
    assert (cleared[:, 200:] == before[:, 200:]).all()
    assert beside((150, 510, 230, 530), [hole], 24.0)
    assert not beside((250, 510, 330, 530), [hole], 24.0)
    assert not beside((150, 600, 230, 620), [hole], 24.0)


def test_dark_fields_and_large_letters_are_no_holes() -> None:
    picture = np.full((400, 600), 250, np.uint8)
    picture[50:120, 40:500] = 30  # a dark heading
    cv2.circle(picture, (300, 260), 8, 30, -1)  # a bullet
    cleared, holes = without_holes(picture, SCALE)
    assert holes == []
    assert cleared is picture


@needs_engine
def test_a_figure_with_a_hole_over_its_end_is_doubtful() -> None:
    image = upright(table_picture(), SCALE)
    (grid,), _ = find_grids(find_rules(black(image.grey), SCALE), SCALE)
    box = next(cell.box for cell in grid.cells if (cell.row, cell.column) == (4, 2))
    cv2.circle(image.grey, (box[2] - 30, (box[1] + box[3]) // 2), 24, 25, -1)
    _, (table,), _ = read_picture(image, 1, recogniser())
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    assert cells[4, 2].confidence <= DOUBTFUL
    assert (cells[6, 2].text, cells[6, 2].confidence > DOUBTFUL) == (FIGURES[6, 2], True)


def photographed(picture: Picture, by: float) -> Picture:
    height, width = picture.shape
    square = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    slanting = square + np.array([(0.9, 0.4), (-0.5, 0.9), (0.3, -0.7), (-0.6, 0.2)], np.float32) * np.float32(by) * (width, height)
    return np.asarray(
        cv2.warpPerspective(picture, cv2.getPerspectiveTransform(square, slanting.astype(np.float32)), (width, height), borderValue=(255,)),
        dtype=np.uint8,
    )


@pytest.mark.parametrize("by", [0.012, 0.03])
def test_a_page_seen_aslant_is_made_straight(by: float) -> None:
    image = upright(photographed(table_picture(), by), SCALE)
    assert image.aslant
    assert spans_of(image) == [SPANS]
    box = image.box(300, 200, 400, 240)
    assert image.place(box) == pytest.approx((200, 300), abs=8)


def test_a_straight_page_is_left_as_it_is() -> None:
    assert straightened(black(table_picture()), SCALE) is None
    assert not upright(scanned(table_picture(), skew=1.1, noise=5), SCALE).aslant


def worn(picture: Picture, share: float, seed: int = 5) -> Picture:
    """Rules with bites taken out of them, a few points long, over `share` of their length."""
    random = np.random.default_rng(seed)
    ink = np.asarray(picture < 128, np.uint8) * 255
    level, plumb = (cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)) for shape in ((1, 60), (60, 1)))
    rules = cv2.bitwise_or(level, plumb)
    noise = cv2.GaussianBlur(random.normal(0, 1, picture.shape).astype(np.float32), (0, 0), 3)
    bites = noise > np.quantile(noise, 1 - share)
    out = picture.copy()
    out[(cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0) & bites] = 255
    return out


@pytest.mark.parametrize("share", [0.05, 0.09])
def test_worn_rules_still_make_the_grid(share: float) -> None:
    assert spans_of(upright(worn(table_picture(), share), SCALE)) == [SPANS]


def test_no_cell_has_a_corner_that_points_inwards() -> None:
    below = np.array([[True, True], [False, True], [True, True]])
    beside = np.array([[True, False, True], [True, True, True]])
    assert cells_of(below, beside) == ([(0, 0, 2, 2)], True)


def test_flat_pieces_on_the_lines_are_left_of_rules_and_points_are_not() -> None:
    ink = np.zeros((200, 300), np.uint8)
    ink[99:102, 40:60] = 255  # on the line
    ink[98:102, 80:84] = 255  # a point that touches it
    ink[150:153, 40:60] = 255  # a dash in a cell
    left = crumbs(ink, [20, 100, 180], [10, 290], SCALE)
    assert left[100, 50] == 255
    assert not left[98:102, 80:84].any()
    assert not left[140:160].any()


def test_the_point_at_the_end_of_a_wrapped_line_is_no_speck() -> None:
    first, second = Reading("820.", 0.99), Reading("820", 0.99)
    assert after_second_look(first, second, wrapped=True) is first
    assert after_second_look(first, second).text == "820"


def test_a_doubt_keeps_the_text_and_names_the_other_reading() -> None:
    reading = doubtful(Reading("110000", 0.99, ("119000",)), "140000")
    assert (reading.text, reading.confidence, reading.alternatives) == ("110000", DOUBTFUL, ("140000", "119000"))


NARROW = DrawnTable(
    (60, 40, 40), (22, 34, 22),
    (
        DrawnCell(0, 0, "Year"), DrawnCell(0, 1, "A"), DrawnCell(0, 2, "B"),
        DrawnCell(1, 0, "2026"), DrawnCell(1, 1, "820.\n10"), DrawnCell(1, 2, "371.\n68"),
        DrawnCell(2, 0, "2025"), DrawnCell(2, 1), DrawnCell(2, 2),
    ),
)


@needs_engine
def test_a_figure_wrapped_at_its_point_keeps_it() -> None:
    image = upright(scanned(picture_of(draw([[NARROW]], Hand("lines"))), noise=4), SCALE)
    _, (table,), _ = read_picture(image, 1, recogniser())
    cells = {(cell.row, cell.column): cell.text for cell in table.cells}
    assert (cells[1, 1], cells[1, 2]) == ("820.10", "371.68")


def marks(*boxes: tuple[int, int, int, int]) -> Picture:
    """Ink (255 on 0) of marks by left, top, width, height; digits are 10 wide and 20 high, on a foot at 30."""
    ink = np.zeros((40, 200), np.uint8)
    for x, y, w, h in boxes:
        ink[y:y + h, x:x + w] = 255
    return ink


def digits(*lefts: int) -> list[tuple[int, int, int, int]]:
    return [(x, 10, 10, 20) for x in lefts]


@pytest.mark.parametrize(
    ("text", "ink", "why"),
    [
        ("1234", marks(*digits(20, 34, 48, 62)), None),
        ("12.34", marks(*digits(20, 34, 54, 68), (47, 27, 3, 3)), None),
        ("1234", marks(*digits(20, 34, 54, 68), (47, 27, 3, 3)), "a point was not read"),
        ("123", marks(*digits(20, 34, 48, 62)), "more marks than digits"),
        ("88", marks((20, 10, 24, 20)), None),  # they touch
        ("38.9378", marks(*digits(20, 34, 54, 68, 130, 144), (47, 27, 3, 3)), "white within it"),
        ("-25", marks(*digits(20, 34), (8, 19, 4, 3)), "its sign is a speck"),
        ("-25", marks(*digits(24, 38), (8, 19, 10, 3)), None),
        ("1", marks((20, 19, 24, 3)), "a dash"),
        ("1", marks((20, 10, 3, 20)), "a stroke"),
        ("25", marks(*digits(20, 34), (6, 10, 7, 4)), "a mark beside it was not read"),
        ("25", marks(*digits(20, 34), (196, 0, 2, 30), (193, 33, 2, 3)), None),  # what is left of the cell's right side
        ("合计", marks(*digits(20, 34, 48, 62)), None),
    ],
)
def test_ink_speaks_against_a_figure_that_is_not_printed_so(text: str, ink: Picture, why: str | None) -> None:
    assert speaks_against(text, ink) == why


def test_one_contradiction_is_one_doubt_and_several_are_a_poor_page() -> None:
    good, bad = marks(*digits(20, 34)), marks(*digits(20, 34, 48))
    boxes = [(0, 40 * n, 200, 40 * n + 40) for n in range(20)]
    readings = [Reading("12", 0.99)] * 19 + [Reading("合计", 0.99)]
    one = held_against_ink(readings, boxes, np.vstack([bad] + [good] * 19))
    assert [r.confidence <= DOUBTFUL for r in one] == [True] + [False] * 19
    poor = held_against_ink(readings, boxes, np.vstack([bad] * 3 + [good] * 17))
    assert [r.confidence <= DOUBTFUL for r in poor] == [True] * 19 + [False]
    assert [r.text for r in poor] == [r.text for r in readings]


@needs_engine
def test_a_point_that_stands_off_behind_a_one_is_read() -> None:
    figures = [["21,251.72", "1.17"], ["71,751.77", "11.1"]]
    image = upright(picture_of(draw([[simple_table(figures)]], Hand("lines"))), SCALE)
    _, (table,), _ = read_picture(image, 1, recogniser())
    assert [cell.text for cell in table.cells] == [text for row in figures for text in row]


MERGED = DrawnTable(
    (60, 60, 60, 60), (20, 20, 20, 20, 20),
    (
        *(DrawnCell(0, c, "2026") for c in range(4)), DrawnCell(1, 0, "HEHEHE", 2, 1, "centre"),
        *(DrawnCell(r, c, f"{r}01.11") for r in (1, 2) for c in (1, 2, 3)),
        DrawnCell(3, 0, "IHEHILIHEHTHEFHI", 1, 4, "centre"), *(DrawnCell(4, c, "17") for c in range(4)),
    ),
)


@pytest.mark.parametrize("noise", [0.0, 12.0])
def test_strokes_in_line_with_the_rules_round_a_merged_cell_are_no_worn_rules(noise: float) -> None:
    image = upright(scanned(picture_of(draw([[MERGED]], Hand("lines"))), skew=0.4, noise=noise), SCALE)
    assert spans_of(image) == [{(c.row, c.column, c.row_span, c.column_span) for c in MERGED.cells}]


def test_only_a_grid_with_gaps_is_worn() -> None:
    ink = np.zeros((100, 200), bool)
    ink[[10, 50, 90], 10:191] = ink[10:91, 10] = ink[10:91, 100] = ink[10:91, 190] = True
    below, beside = sides(ink, ink, [10, 50, 90], [10, 100, 190], 3, 0.55)
    assert below.all()
    assert beside.all()
    assert not is_worn(below, beside, ink, [10, 50, 90], [10, 100, 190])
    ink[:, 20:190:10] = False
    assert is_worn(below, beside, ink, [10, 50, 90], [10, 100, 190])


@needs_engine
def test_rubbish_at_the_edge_of_the_paper_says_nothing_of_how_surely_a_table_is_read() -> None:
    """Else the page would be taken to lie upside down, and be read twice."""
    picture = table_picture()
    random = np.random.default_rng(2)
    image = upright(picture, SCALE)
    for y in range(10, picture.shape[0] - 30, 40):
        for x in (8, 60):
            image.grey[y:y + 20, x:x + 20] = np.repeat(np.repeat(random.integers(0, 2, (5, 5)) * 255, 4, 0), 4, 1)
    lines, (table,), certain = read_picture(image, 1, recogniser())
    assert len(lines) >= 5
    assert certain >= READABLE
    assert {(c.row, c.column): c.text for c in table.cells if (c.row, c.column) in FIGURES} == FIGURES

"""Text of scans: how sure a line is, what is a number, which marks are specks and no text."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.read.pdf.ocr import Reading, decode
from pipelines.read.pdf.ocr_lines import TextInk, lines_in_cell
from pipelines.read.pdf.scan_image import Grey
from pipelines.read.pdf.scan_specks import CERTAIN, after_second_look, without_specks
from pipelines.read.pdf.scan_text import DOUBTFUL, is_number, joined, looks_numeric


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

"""Pictures of cells where there are no pages: the asked cell is marked, Chinese is legible, the size has a limit."""

from pathlib import Path

import pytest
from PIL import Image

from assets.drawing import FONT, draw_cells, frame_cell

RED = (220, 40, 40)


def grid(rows: int, columns: int) -> list[tuple[int, int, int, int, str]]:
    return [(row, column, 1, 1, f"科目{row}.{column}") for row in range(rows) for column in range(columns)]


def reds(path: Path) -> list[tuple[int, int]]:
    with Image.open(path) as image:
        return [(x, y) for x in range(image.width) for y in range(image.height) if image.getpixel((x, y)) == RED]


def test_the_asked_cell_is_marked_and_no_other(tmp_path: Path) -> None:
    draw_cells(grid(2, 3), (1, 2), tmp_path / "a.png", max_pixels=10**6)
    xs, ys = zip(*reds(tmp_path / "a.png"), strict=True)
    with Image.open(tmp_path / "a.png") as image:
        assert (min(xs), max(xs)) == (image.width * 2 // 3, image.width - 1)
        assert (min(ys), max(ys)) == (image.height // 2, image.height - 1)


def test_a_wide_table_is_cut_to_the_cells_near_the_asked_one(tmp_path: Path) -> None:
    draw_cells(grid(3, 200), (1, 120), tmp_path / "a.png", max_pixels=200_000)
    with Image.open(tmp_path / "a.png") as image:
        assert image.width * image.height <= 200_000
    assert reds(tmp_path / "a.png")


def test_spans_and_very_long_text_do_no_harm(tmp_path: Path) -> None:
    cells = [(0, 0, 1, 3, "长" * 5_000), (1, 0, 2, 1, "\x00\n"), (1, 1, 1, 1, ""), (2, 2, 1, 1, "-")]
    draw_cells(cells, (2, 2), tmp_path / "a.png", max_pixels=10**6)
    assert reds(tmp_path / "a.png")


def test_without_cells_there_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no cells"):
        draw_cells([], (0, 0), tmp_path / "a.png", max_pixels=10**6)


def test_a_cut_page_has_its_cell_framed(tmp_path: Path) -> None:
    Image.new("RGB", (200, 100), (255, 255, 255)).save(tmp_path / "cut.png")  # a page of 100 points, cut at 2 pixels a point
    frame_cell(tmp_path / "cut.png", (30.0, 30.0, 70.0, 40.0), 40.0, 100.0)
    xs, _ = zip(*reds(tmp_path / "cut.png"), strict=True)
    assert (min(xs), max(xs)) == (60, 140)


def test_the_font_comes_with_its_licence() -> None:
    assert FONT.is_file()
    assert "SIL OPEN FONT LICENSE" in FONT.with_name("OFL.txt").read_text(encoding="utf-8")  # type: ignore[attr-defined]

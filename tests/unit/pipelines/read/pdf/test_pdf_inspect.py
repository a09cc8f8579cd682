"""Pictures of grids and cells."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_tables import Hand, draw, simple_table

from pipelines.read.pdf.inspect import crop, draw_grid
from pipelines.read.pdf.reader import read_pdf

TABLE = simple_table([["科目", "金额"], ["办公费", "12.50"]])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "一 份.pdf"
    path.write_bytes(draw([[TABLE]], Hand(rotate=90)))
    return path


def picture(path: Path) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)


def test_the_grid_is_drawn_where_the_rules_are(file: Path, tmp_path: Path) -> None:
    document = read_pdf(file, sha256="0" * 64, n_bytes=1)
    image = picture(draw_grid(file, 1, tmp_path / "网格.png", document.tables, document.lines))
    box = document.tables[0].box
    assert box is not None
    edge = image[round(2 * box[1]) - 1 : round(2 * box[1]) + 2, round(box[0] + box[2])]
    assert (edge[:, 2].astype(int) - edge[:, 1] > 100).any()  # red along the upper rule


def test_a_cell_can_be_cut_out_and_parts_of_it_painted_over(file: Path, tmp_path: Path) -> None:
    cell = next(c for c in read_pdf(file, sha256="0" * 64, n_bytes=1).tables[0].cells if c.text == "12.50")
    assert cell.box is not None
    shown = picture(crop(file, 1, cell.box, tmp_path / "a.png", margin=2))
    covered = picture(crop(file, 1, cell.box, tmp_path / "b.png", margin=2, hidden=[cell.box]))
    assert shown.mean() > 200
    assert covered.mean() < 100
    assert shown.shape[1] == pytest.approx(4 * (cell.box[2] - cell.box[0] + 4), abs=6)


def test_pictures_have_a_limit(file: Path, tmp_path: Path) -> None:
    image = picture(crop(file, 1, (-1e6, -1e6, 1e6, 1e6), tmp_path / "a.png", max_pixels=10_000))
    assert image.shape[0] * image.shape[1] <= 10_500


def test_pages_and_boxes_that_are_not_there_are_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pages 1 to 1"):
        crop(file, 2, (0, 0, 10, 10), tmp_path / "a.png")
    with pytest.raises(ValueError, match="does not lie on page"):
        crop(file, 1, (5000, 5000, 5010, 5010), tmp_path / "a.png")

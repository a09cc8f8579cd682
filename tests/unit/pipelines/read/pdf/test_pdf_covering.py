"""Text painted over: a figure under an opaque patch is not read, one under a stamp or a highlight is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from drawn_tables import Hand, draw, simple_table, text
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import Document
from pipelines.read.pdf.reader import read_pdf

TABLE = simple_table([["科目", "金额"], ["行政运行", ""]], width=80, height=30)
X, Y, WIDTH, HEIGHT = 121.0, 61.0, 78.0, 28.0  # inside the empty cell


def old(canvas: Canvas) -> None:
    text(canvas, X + 4, Y + 10, "11.11", 9)


def new(canvas: Canvas) -> None:
    text(canvas, X + 4, Y + 10, "12.50", 9)


def box(canvas: Canvas, red: float = 1, green: float = 1, blue: float = 1, alpha: float = 1) -> None:
    canvas.saveState()
    canvas.setFillColorRGB(red, green, blue, alpha=alpha)
    canvas.rect(X, Y, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.restoreState()


def picture(canvas: Canvas, alpha: int) -> None:
    image = Image.new("RGBA", (40, 20), (255, 255, 255, alpha))
    canvas.drawImage(ImageReader(image), X, Y, WIDTH, HEIGHT, mask="auto")


def read(*steps: Callable[[Canvas], None], hand: Hand | None = None) -> Document:
    def extra(canvas: Canvas) -> None:
        for step in steps:
            step(canvas)

    data = draw([[TABLE]], hand or Hand(), extra=extra)
    return read_pdf(data, sha256="0" * 64, n_bytes=len(data))


def amount(document: Document) -> str:
    (table,) = document.tables
    return next(c.text for c in table.cells if (c.row, c.column) == (1, 1))


@pytest.mark.parametrize("patch", [box, lambda c: picture(c, 255)], ids=["rectangle", "picture"])
@pytest.mark.parametrize("hand", [Hand(), Hand(rotate=90)], ids=["upright", "turned"])
def test_a_figure_under_a_patch_is_not_read(patch: Callable[[Canvas], None], hand: Hand) -> None:
    document = read(old, patch, new, hand=hand)
    assert amount(document) == "12.50"
    assert [page.digits_hidden for page in document.pages] == [4]


def test_nor_is_one_in_a_form() -> None:
    def form(canvas: Canvas) -> None:
        canvas.beginForm("mended")
        old(canvas)
        box(canvas)
        new(canvas)
        canvas.endForm()
        canvas.doForm("mended")

    assert amount(read(form)) == "12.50"


@pytest.mark.parametrize("cover", [
    lambda c: box(c, 1, 1, 0, alpha=0.3), lambda c: picture(c, 90), lambda c: c.rect(X, Y, WIDTH, HEIGHT, stroke=1, fill=0),
], ids=["highlight", "stamp", "frame"])
def test_a_figure_that_shines_through_is_read(cover: Callable[[Canvas], None]) -> None:
    assert amount(read(old, cover)) == "11.11"


def test_a_tint_below_the_text_hides_nothing() -> None:
    assert amount(read(lambda c: box(c, 0.8, 0.9, 1), new)) == "12.50"


def test_a_patch_beside_the_figure_hides_nothing() -> None:
    def half(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(X, Y, 10, HEIGHT, stroke=0, fill=1)

    assert amount(read(old, half)) == "11.11"

"""A few cells of a table drawn as a picture, for formats that have no pages.

Here: a plain grid with text, the asked cell marked. Not here: which cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = resources.files("assets.fonts").joinpath("NotoSansSC-GB2312.ttf")

Box = tuple[float, float, float, float]
Placed = tuple[int, int, int, int, str]  # row, column, row span, column span, text

_WIDTH, _LINE, _PAD, _SIZE = 150, 20, 6, 14  # pixels: a column, a line of text, padding, the letters
_MAX_LINES = 4
_MARK, _RULE, _INK, _PAPER, _TINT = (220, 40, 40), (150, 150, 150), (20, 20, 20), (255, 255, 255), (255, 246, 214)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    """The font that comes with the package: pictures look the same on every machine."""
    return ImageFont.truetype(BytesIO(FONT.read_bytes()), _SIZE)


def draw_cells(cells: Sequence[Placed], marked: tuple[int, int], out: Path, *, max_pixels: int) -> None:
    """Draw cells in their rows and columns (gaps between shown rows are closed) and mark one. Raises ValueError without cells."""
    if not cells:
        raise ValueError("the warehouse has no cells of this table")
    rows = {row: n for n, row in enumerate(sorted({cell[0] for cell in cells}))}
    columns = {column: n for n, column in enumerate(sorted({cell[1] for cell in cells}))}
    lines = {cell: _wrapped(cell[4], _WIDTH * cell[3] - 2 * _PAD) for cell in cells}
    heights = [_LINE + 2 * _PAD] * len(rows)
    for cell in cells:
        if cell[2] == 1:
            heights[rows[cell[0]]] = max(heights[rows[cell[0]]], _LINE * len(lines[cell]) + 2 * _PAD)
    tops = [sum(heights[:n]) for n in range(len(heights) + 1)]
    width, height = _WIDTH * len(columns) + 1, tops[-1] + 1
    if width * height > max_pixels:
        near = [cell for cell in cells if abs(cell[1] - marked[1]) < abs(_farthest(cells, marked[1]))]
        draw_cells(near, marked, out, max_pixels=max_pixels)
        return
    image = Image.new("RGB", (width, height), _PAPER)
    pen = ImageDraw.Draw(image)
    for cell in sorted(cells, key=lambda cell: (cell[0], cell[1]) == marked):  # the marked one last, so that its frame is whole
        n, m = rows[cell[0]], columns[cell[1]]
        bottom = tops[min(n + sum(1 for row in rows if cell[0] <= row < cell[0] + cell[2]), len(rows))]
        right = min(m + sum(1 for column in columns if cell[1] <= column < cell[1] + cell[3]), len(columns))
        here = (cell[0], cell[1]) == marked
        frame = (m * _WIDTH, tops[n], right * _WIDTH, bottom)
        pen.rectangle(frame, fill=_TINT if here else None, outline=_MARK if here else _RULE, width=3 if here else 1)
        pen.multiline_text((frame[0] + _PAD, frame[1] + _PAD), "\n".join(lines[cell]), fill=_INK, font=_font(), spacing=_LINE - _SIZE)
    image.save(out, format="PNG")


def frame_cell(picture: Path, box: Box, margin: float, page_width: float) -> None:
    """Frame the cell in a picture that was cut from its page with a margin; all lengths in points of the page."""
    left, top = max(0.0, box[0] - margin), max(0.0, box[1] - margin)
    with Image.open(picture) as image:
        scale = image.width / (min(page_width, box[2] + margin) - left)
        edges = [(box[0] - left) * scale, (box[1] - top) * scale, (box[2] - left) * scale, (box[3] - top) * scale]
        ImageDraw.Draw(image).rectangle(edges, outline=_MARK, width=3)
        image.save(picture, format="PNG")


def _farthest(cells: Sequence[Placed], column: int) -> int:
    return max((cell[1] - column for cell in cells), key=abs)


def _wrapped(text: str, width: int) -> list[str]:
    """Text broken to a width, at most a few lines."""
    font, lines = _font(), [""]
    for character in " ".join(text.split()):
        if font.getlength(lines[-1] + character) > width and lines[-1]:
            lines.append("")
        lines[-1] += character
    return lines if len(lines) <= _MAX_LINES else [*lines[: _MAX_LINES - 1], lines[_MAX_LINES - 1][:-1] + "…"]

"""Running text: the lines of a page outside its tables, and which of them are running headers, footers and page numbers.

Here: lines with box and size; roles, from how lines repeat over pages. Not here: what the text says.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import msgspec
import numpy as np

from pipelines.read.document import PageReading, TextLine
from pipelines.read.pdf.glyphs import Glyphs
from pipelines.read.pdf.variants import normalised
from pipelines.read.pdf.writing import Ints, joined_line, written

_PAGE_NUMBER: Final = re.compile(
    r"[-—–－·\s]*(?:第\s*)?(?:\d{1,4}|[IVXivx]{1,6})\s*(?:页)?(?:\s*[/，,共]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–－·\s]*",
)
_DIGITS: Final = re.compile(r"\d+")
_LARGER: Final = 1.12  # times the usual size: headings are set at least so much larger
_SHORT: Final = 50  # characters: headings are no longer
_SENTENCE: Final = re.compile("[：:]|[。；，、,;.]$")  # a label with its value (单位：万元), or part of a sentence
_MARGIN: Final = 0.11  # of the page's height: running headers and footers stand no further from the edge


def lines_of(glyphs: Glyphs, which: Ints, page_no: int) -> list[TextLine]:
    """Lines formed by the characters `which`, from top to bottom; boxes on the page as shown."""
    if not len(which):
        return []
    owner = np.full(len(glyphs), -1, np.int64)
    owner[which] = 0
    out: list[TextLine] = []
    for text in written(glyphs, owner):
        starts = [n for n, piece in enumerate(text.pieces) if piece.before in (0, 3)]
        firsts = np.array([text.pieces[n].first for n in starts])
        members = text.members
        x0 = np.minimum.reduceat(glyphs.x0[members], firsts).tolist()
        top = np.minimum.reduceat(glyphs.cy[members] - 0.5 * glyphs.em[members], firsts).tolist()
        x1 = np.maximum.reduceat(glyphs.x1[members], firsts).tolist()
        bottom = np.maximum.reduceat(glyphs.cy[members] + 0.5 * glyphs.em[members], firsts).tolist()
        size = np.maximum.reduceat(glyphs.em[members], firsts).tolist()
        for n, (a, b) in enumerate(zip(starts, [*starts[1:], len(text.pieces)], strict=True)):
            box = glyphs.to_shown((x0[n], top[n], x1[n], bottom[n]))
            string = joined_line(text.pieces[a:b])
            out.append(TextLine(text=string if glyphs.plain else normalised(string), page=page_no, box=box, size=round(size[n], 1)))
    return out


def with_roles(lines: list[TextLine], pages: list[PageReading]) -> list[TextLine]:
    """Mark running headers and footers, and headings.

    Running: page numbers, and lines that repeat near the edge of a third of the pages (at least three). Headings: short lines
    in larger type than most of the document's text.
    """
    sizes = {page.page: (page.width or 0.0, page.height or 0.0) for page in pages}
    sideways = _sideways(lines)
    edges = [_edge(line, sizes, sideways) for line in lines]
    repeats = Counter((edge, _DIGITS.sub("#", line.text)) for edge, line in zip(edges, lines, strict=True) if edge)
    often = max(3, len(pages) // 3)
    usual = Counter[float]()
    for line in lines:
        if line.size:
            usual[line.size] += len(line.text)
    large = _LARGER * usual.most_common(1)[0][0] if usual else 0.0
    out: list[TextLine] = []
    for edge, line in zip(edges, lines, strict=True):
        if edge and (_PAGE_NUMBER.fullmatch(line.text) or repeats[edge, _DIGITS.sub("#", line.text)] >= often):
            line = msgspec.structs.replace(line, role=edge)
        elif line.role == "text" and (line.size or 0.0) > large and len(line.text) <= _SHORT and not _SENTENCE.search(line.text):
            line = msgspec.structs.replace(line, role="heading")
        out.append(line)
    return out


def _sideways(lines: list[TextLine]) -> dict[int, bool]:
    """Pages shown with most of their text on its side (wide tables on upright paper), and whether they are read from the right."""
    votes, ends = Counter[int](), dict[int, tuple[float, float]]()
    for line in lines:
        if line.box and line.page is not None and len(line.text) > 1:
            x0, top, x1, bottom = line.box
            votes[line.page] += len(line.text) if bottom - top > x1 - x0 else -len(line.text)
            ends[line.page] = (ends.get(line.page, (x0, x0))[0], x0)  # in reading order: the first line and the last
    return {page: ends[page][0] > ends[page][1] for page, vote in votes.items() if vote > 0}


def _edge(line: TextLine, sizes: dict[int, tuple[float, float]], sideways: dict[int, bool]) -> str | None:
    """Which edge of the page, as it is read, a line stands at."""
    if line.box is None or line.page is None:
        return None
    x0, start, x1, end = line.box
    width, size = sizes.get(line.page, (0.0, 0.0))
    if line.page in sideways:
        start, end, size = (width - x1, width - x0, width) if sideways[line.page] else (x0, x1, width)
    if end < _MARGIN * size:
        return "header"
    return "footer" if start > (1 - _MARGIN) * size else None

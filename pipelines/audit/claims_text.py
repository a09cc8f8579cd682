"""The running text (正文) as paragraphs: printed lines joined again, each position with its page and box.

Here: which lines belong together, one form of punctuation that keeps every position. Not here: what the text says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.read.document import Box, TextLine
from pipelines.understand.fragments import is_page_number
from pipelines.understand.text import compact

_FORM = str.maketrans({
    "(": "（", ")": "）", ",": "，", ":": "：", ";": "；", "％": "%", "[": "（", "]": "）", "【": "（", "】": "）", "．": ".",
    "﹣": "-", "－": "-", "−": "-",
    "〔": "（", "〕": "）", '"': "“", "”": "“", "＂": "“", "《": "“", "》": "“", "!": "！", "?": "？",
})
_ENDS = "。！？：:；;"
_LATIN = 0x2E7F  # characters above are two columns wide
_HAN = "一二三四五六七八九十"
_NEW = re.compile(rf"^(?:[{_HAN}]{{1,3}}[、.．]|（[{_HAN}\d]{{1,3}}）|\d{{1,2}}[、.．](?!\d)|第[{_HAN}]+部分|#|[①-⑳]|注：)")
_OPEN_END = re.compile(r"[\d.，、（“-]$|万$|其中：?$")
_RESUMES = re.compile(r"^[，、。；）]")
_UNIT_START, _NUMBER_END = re.compile(r"^(?:[百千万亿]*元|%)"), re.compile(r"\d[百千万亿]*$")  # 元氏县 after words begins a line of its own
_AMOUNT_START = re.compile(r"^\d[\d，.]*[百千万亿]*元")
_MARGIN = 42.0  # points by which a line that ends a paragraph stops short of the right margin
_TITLE = 110.0  # the same for a line without closing punctuation
_INDENT = 12.0
_BEYOND, _FEW = 8, 20  # columns more than which, and one in how many, lines of a wrapped file are longer
_WRAPPED, _FULL, _FEWEST = (24, 100), 0.8, 6  # columns at which text files are wrapped; how full such lines are; how many show it


@dataclass(frozen=True)
class Paragraph:
    """One paragraph without white space. `raw` is as printed, `text` the same with punctuation in one form; positions are the same."""

    raw: str
    text: str
    starts: tuple[int, ...]
    lines: tuple[TextLine, ...]

    def line(self, position: int) -> TextLine:
        """The printed line a position stands on."""
        return self.lines[bisect_right(self.starts, position) - 1]

    def page(self, position: int) -> int | None:
        """The page a position stands on."""
        return self.line(position).page

    def box(self, position: int) -> Box | None:
        """The box of the printed line a position stands on."""
        return self.line(position).box

    def sentence(self, position: int) -> str:
        """The sentence around a position, as printed but without white space."""
        start = max(self.text.rfind(mark, 0, position) for mark in "。！？") + 1
        ends = [n for mark in "。！？" if (n := self.text.find(mark, position)) >= 0]
        return self.raw[start : min(ends) + 1 if ends else len(self.raw)]


def form(text: str) -> str:
    """Compact, punctuation in one form; as long as `compact(text)`."""
    return compact(text).translate(_FORM)


def paragraphs(lines: Iterable[TextLine]) -> list[Paragraph]:
    """The paragraphs of a document's running text, in reading order; running headers, footers and page numbers left out."""
    own = [line for line in lines if line.role not in ("header", "footer") and line.text.strip() and not is_page_number(line.text)]
    right = _right_margins(own)
    full = _full_width(own)
    out: list[list[TextLine]] = []
    for line in own:
        if out and not _begins(out[-1], line, right, full):
            out[-1].append(line)
        else:
            out.append([line])
    return [_paragraph(group) for group in out]


def _right_margins(lines: Sequence[TextLine]) -> dict[int | None, float]:
    """By page, the right edge that lines of running text reach."""
    edges: dict[int | None, list[float]] = {}
    for line in lines:
        if line.box is not None:
            edges.setdefault(line.page, []).append(line.box[2])
    return {page: max(found) for page, found in edges.items()}


def _columns(text: str) -> int:
    """How wide a line is in a text file: Chinese characters take two columns."""
    return sum(2 if ord(mark) > _LATIN else 1 for mark in text)


def _full_width(lines: Sequence[TextLine]) -> float | None:
    """The columns from which a line of a text file goes on in the next: where most lines break within a sentence at one width."""
    own = [line.text for line in lines if line.box is None and line.role == "text"]
    broken = sorted(_columns(text) for text in own if form(text)[-1:] not in _ENDS)
    if len(broken) < _FEWEST or not _WRAPPED[0] <= (widest := broken[-1 - len(broken) // 10]) <= _WRAPPED[1]:
        return None
    longer = sum(_columns(text) > widest + _BEYOND for text in own)
    full = [text for text in own if form(text)[-1:] not in _ENDS and _columns(text) >= _FULL * widest]
    prose = sum(any(mark in form(text) for mark in "，、。；") for text in full)  # a list of titles has none
    shows = len(full) >= _FEWEST and 2 * len(full) >= len(broken) and 2 * prose >= len(full)
    return _FULL * widest if shows and _FEW * longer <= len(own) else None


def _begins(before: Sequence[TextLine], line: TextLine, right: dict[int | None, float], full: float | None = None) -> bool:
    last = before[-1]
    end, start = form(last.text), form(line.text)
    if _is_heading(line, right) or _is_heading(last, right):
        return True
    goes_on = full is not None and (_AMOUNT_START.match(start) or (_columns(last.text) >= full and not _NEW.match(start)))
    if last.box is None and goes_on and end[-1:] not in _ENDS:
        return False
    if last.box is None or line.box is None:
        return not (end[-1:] not in _ENDS and (_OPEN_END.search(end) or _resumes(end, start)))
    if _resumes(end, start):
        return False
    short = last.box[2] < right[last.page] - _MARGIN
    if _NEW.match(start) and (short or end[-1:] in _ENDS):
        return True
    if end[-1:] in _ENDS:
        left = min(part.box[0] for part in before if part.box is not None and part.page == last.page)
        return short or line.box[0] > left + _INDENT
    return last.box[2] < right[last.page] - _TITLE and not _OPEN_END.search(end)


def _resumes(end: str, start: str) -> bool:
    """Whether a line can only go on with the one before: a closing mark, or the unit of the number that the other ends with."""
    return bool(_RESUMES.match(start)) or bool(_UNIT_START.match(start) and _NUMBER_END.search(end))


def _is_heading(line: TextLine, right: dict[int | None, float]) -> bool:
    """A heading stops short of the right margin; a line of text set in a heading's type does not."""
    if line.role != "heading" or line.box is None:
        return line.role == "heading"
    return line.box[2] < right[line.page] - _MARGIN


def _paragraph(lines: Sequence[TextLine]) -> Paragraph:
    raw, starts, length = [], [], 0
    for line in lines:
        starts.append(length)
        raw.append(compact(line.text))
        length += len(raw[-1])
    whole = "".join(raw)
    return Paragraph(whole, whole.translate(_FORM), tuple(starts), tuple(lines))

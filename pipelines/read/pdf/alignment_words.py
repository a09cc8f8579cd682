"""Pieces of text on a page without a closed grid: atoms (what is set solid) on lines, the material of tables by alignment.

Here: cutting lines at gaps, telling numbers from words. Not here: which atoms form a table (`alignment_regions`), columns, rows.

Coordinates are points of the upright page, y downwards. An atom's `members` are whatever the caller numbered: characters of a
text layer, or recognised lines of a scan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.glyphs import Glyphs

_SAME_LINE: Final = 0.4  # em: centres closer than this are one line
_SPLIT: Final = 0.4  # em: a wider gap may part two cells; the blank between 2025 and 年 is 0.25, two cells' padding 0.5
_TIGHT: Final = 0.1  # em: an amount and its unit, or a number and the word it counts, stand closer or are told by the word
_WHOLE: Final = re.compile(r"\d{1,7}")
_FIGURE: Final = re.compile(rf"[-−－—]?(?:\d{{1,3}}(?:[,，]\d{{3}})+(?:\.\d+)?|\d+\.\d+)|{_WHOLE.pattern}")
_UNIT: Final = r"元|[万亿千百倍]|个(?!人)|平方|台|套|人(?![员民大才力口])|辆|次|年(?![初末终])|月|米|公[里斤顷吨]"  # what a number counts
_LABEL: Final = re.compile(rf"(?!{_UNIT})(?:\d{{1,2}}[．.、]|[（(](?:[\d一二三四五六七八九十]{{1,2}}[)）])?)?[一-鿿]")
_CODED: Final = re.compile(rf"\d{{3,7}}[-－—]?(?!{_UNIT})[一-鿿]{{2}}")  # a label that begins with its code
_CODE: Final = re.compile(r"[1-5]\d{2}(?:\d{2}){0,2}")
_ITEM: Final = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.．)）]")
_FIRST_OF_TWO: Final = re.compile(r"[-−－—]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)\.\d{1,2}|\d{1,3}")
_NUMBER_AND_LABEL: Final = re.compile(r"[-−－—]?\d.*[一-鿿]")
_DIGITS: Final = re.compile(r"[-−－—]?\d[\d.,，]*")
_ALIGNED: Final = 3  # numbers that end at one place stand in a column
_FEW_GAPS: Final = 3
_SPREAD: Final = 2.4  # em: the widest gap inside a spaced-out word (合　计)
_SPREAD_FAR: Final = 8.0  # em: the same inside words whose characters head nothing alone
_SPACED_FAR: Final = frozenset({"收入", "支出", "合计", "小计", "总计"})
_SPREAD_LEAST: Final = 3  # characters; of two only the words below are known to be one
_EVEN: Final = 0.3  # em: the spaces of a spread word differ by less
COLUMNS_OF_CODES: Final = frozenset("类款项目")
_OF_NUMBERS: Final = frozenset({"栏次", "行次"})
_BESIDE_NUMBERS: Final = _OF_NUMBERS | COLUMNS_OF_CODES
# words of two characters that headers and totals print spaced out; 类 款 项 stay apart: they are columns of their own
_SPACED: Final = frozenset({
    "收入", "支出", "合计", "小计", "总计", "项目", "金额", "备注", "名称", "编码", "代码", "单位", "序号", "科目", "类别", "部门",
    "行次", "栏次",
})
_NUMBER: Final = re.compile(r"[-−－—+(（]?[\d,，.．]*\d[\d,，.．]*[)）]?[%％]?|[-—－]{1,2}")
_FILLER: Final = re.compile(r"[*＊×xX/—－-]{1,3}|\d{1,2}|[一二三四五六七八九十]{1,2}|[A-Z]|[(（]?\d{1,2}[=＝+＋\-－\d()（）]*[)）]?")
_LEADER: Final = re.compile(r"[.．·…‥。]{4,}|…{2,}")


class UnclearError(Exception):
    """A stretch of a page looks like a table, and its grid cannot be told for sure: it stays text. The message says what was unclear."""


@dataclass(frozen=True)
class Atom:
    """A stretch of text set solid on one line."""

    text: str
    x0: float
    x1: float
    y: float  # centre
    em: float
    members: tuple[int, ...]

    @property
    def centre(self) -> float:
        """Middle, across the page."""
        return (self.x0 + self.x1) / 2

    @property
    def is_number(self) -> bool:
        """An amount, a code, a percentage, or the dash that stands for none."""
        return _NUMBER.fullmatch(self.text) is not None

    @property
    def is_filler(self) -> bool:
        """What a row of column numbers or marks is made of (1, **, 栏次 numbers)."""
        return _FILLER.fullmatch(self.text) is not None


@dataclass(frozen=True)
class Line:
    """Atoms side by side."""

    atoms: tuple[Atom, ...]
    y: float
    em: float

    @property
    def is_filler(self) -> bool:
        """A row of column numbers; the one that says so (栏次) may also name the columns of codes (类 款 项 栏次 1 2 3)."""
        besides = _BESIDE_NUMBERS if any(atom.text == "栏次" for atom in self.atoms) else _OF_NUMBERS
        return len(self.atoms) > 1 and all(atom.is_filler or atom.text in besides for atom in self.atoms)

    @property
    def has_leader(self) -> bool:
        """Dots that lead to a page number (目录)."""
        text = "".join(atom.text for atom in self.atoms)
        return _LEADER.search(text) is not None and text[-1].isdigit() and text[0] not in ".．·…"


def lines_of_atoms(atoms: list[Atom]) -> list[Line]:
    """Group atoms into lines by their centres, top to bottom; spaced-out words are put together."""
    lines: list[list[Atom]] = []
    for atom in sorted(atoms, key=lambda a: a.y):
        if lines and atom.y - lines[-1][0].y <= _SAME_LINE * min(atom.em, lines[-1][0].em):
            lines[-1].append(atom)
        else:
            lines.append([atom])
    out = []
    for members in lines:
        row = tuple(_respaced(sorted(members, key=lambda a: a.x0)))
        out.append(Line(row, float(np.median([a.y for a in row])), max(a.em for a in row)))
    return out


def _respaced(row: list[Atom]) -> list[Atom]:
    out: list[Atom] = []
    for atom in _spread_words(row):
        last = out[-1] if out else None
        spread = _SPREAD_FAR if last and last.text + atom.text in _SPACED_FAR else _SPREAD
        if last and last.text + atom.text in _SPACED and len(atom.text) == 1 and atom.x0 - last.x1 <= spread * atom.em:
            out[-1] = _joined([last, atom])
        else:
            out.append(atom)
    return out


def _joined(atoms: list[Atom]) -> Atom:
    first = atoms[0]
    return Atom("".join(a.text for a in atoms), first.x0, atoms[-1].x1, first.y, first.em, tuple(m for a in atoms for m in a.members))


def _spread_words(row: list[Atom]) -> list[Atom]:
    """Words spread over their cell (收 入 总 计): three characters or more, one by one, as far from each other. Not 类 款 项."""
    if len(row) < _SPREAD_LEAST or sum(len(atom.text) == 1 for atom in row) < _SPREAD_LEAST:
        return row
    out: list[Atom] = []
    start = 0
    while start < len(row):
        stop = start + 1
        while stop < len(row) and _is_spread(row[start:stop + 1]):
            stop += 1
        run = row[start:stop]
        if len(run) >= _SPREAD_LEAST and not {atom.text for atom in run} & COLUMNS_OF_CODES:
            out.append(_joined(run))
        else:
            out.append(row[start])
            stop = start + 1
        start = stop
    return out


def _is_spread(atoms: list[Atom]) -> bool:
    gaps = [b.x0 - a.x1 for a, b in pairwise(atoms)]
    alone = all(len(atom.text) == 1 and "一" <= atom.text <= "鿿" for atom in atoms)
    return alone and max(gaps) <= _SPREAD * atoms[0].em and max(gaps) - min(gaps) <= _EVEN * atoms[0].em


def set_in_columns(glyphs: Glyphs, which: npt.NDArray[np.int64]) -> bool:
    """Whether enough lines of the characters `which` have gaps and figures for a table without rules: a quick look, to spare prose."""
    if not len(which):
        return False
    order, starts, same_line = _cut(glyphs, which)
    if len(starts) < 2 * _FEW_GAPS:
        return False
    gap = (glyphs.x0[order[starts[1:]]] - glyphs.x1[order[starts[1:] - 1]]) / glyphs.em[order[starts[1:]]]
    figure = (glyphs.codes[order[starts[1:]]] >= 0x30) & (glyphs.codes[order[starts[1:]]] <= 0x39)
    return int((same_line[1:] & (gap > 1.0) & figure).sum()) >= _FEW_GAPS


def atoms_of_glyphs(glyphs: Glyphs, which: npt.NDArray[np.int64]) -> list[Atom]:
    """The characters `which` as atoms, cut at gaps and where the line changes."""
    if not len(which):
        return []
    order, starts, _ = _cut(glyphs, which)
    ends = np.append(starts[1:], len(order))
    text = glyphs.codes[order].astype("<u4").tobytes().decode("utf-32-le", "replace")
    middles = (np.add.reduceat(glyphs.cy[order], starts) / (ends - starts)).tolist()
    sizes = np.maximum.reduceat(glyphs.em[order], starts).tolist()
    left, right = glyphs.x0[order[starts]].tolist(), glyphs.x1[order[ends - 1]].tolist()
    members = order.tolist()
    atoms = [
        Atom(text[a:b], left[n], right[n], middles[n], sizes[n], tuple(members[a:b]))
        for n, (a, b) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True))
    ]
    pairs = [_parted(atom, glyphs) for atom in atoms]
    ends = np.array([a.x1 for a in atoms if a.is_number] + [pair[0].x1 for pair in pairs if pair])
    return [
        piece for atom, pair in zip(atoms, pairs, strict=True)
        for piece in (pair if pair and _is_set_right(pair[0], ends) else (atom,))
    ]


def _parted(atom: Atom, glyphs: Glyphs) -> tuple[Atom, Atom] | None:
    """A number and the label that a gap sets off from it (184.98 一、农林水支出), where an atom may be both."""
    if not _NUMBER_AND_LABEL.match(atom.text):
        return _two_numbers(atom, glyphs) if len(atom.text) > 2 and _DIGITS.fullmatch(atom.text) else None
    for at in range(1, len(atom.text)):
        x1, x0 = float(glyphs.x1[atom.members[at - 1]]), float(glyphs.x0[atom.members[at]])
        if x0 - x1 > _TIGHT * atom.em and _is_pair(atom.text[:at], atom.text[at:]):
            return _cut_at(atom, at, x1, x0)
    return None


def _is_pair(number: str, label: str) -> bool:
    """Whether a number and what follows it can be two cells: an amount may stand before a code, too; a code and its name are one."""
    if _CODE.fullmatch(number) and not _ITEM.match(label):
        return False
    labels = _LABEL.match(label) or ("." in number and _CODED.match(label))
    return bool(labels and _FIGURE.fullmatch(number))


def _two_numbers(atom: Atom, glyphs: Glyphs) -> tuple[Atom, Atom] | None:
    """An amount or line number and the code or amount of the next column (1,786.79 30217): the only space in it sets them apart."""
    x0, x1 = glyphs.x0[list(atom.members[1:])], glyphs.x1[list(atom.members[:-1])]
    spaces = np.flatnonzero(x0 - x1 > _TIGHT * atom.em)
    if len(spaces) != 1 or not _FIRST_OF_TWO.fullmatch(atom.text[:(at := int(spaces[0]) + 1)]) or not _FIGURE.fullmatch(atom.text[at:]):
        return None
    return _cut_at(atom, at, float(x1[at - 1]), float(x0[at - 1]))


def _cut_at(atom: Atom, at: int, x1: float, x0: float) -> tuple[Atom, Atom]:
    return (
        Atom(atom.text[:at], atom.x0, x1, atom.y, atom.em, atom.members[:at]),
        Atom(atom.text[at:], x0, atom.x1, atom.y, atom.em, atom.members[at:]),
    )


def _is_set_right(number: Atom, ends: npt.NDArray[np.float64]) -> bool:
    """Whether a number ends a column: an amount says so itself, a whole number (31 一、…) where others end, too. `ends`: of all numbers."""
    return not _WHOLE.fullmatch(number.text) or int((np.abs(ends - number.x1) <= _TIGHT * number.em).sum()) >= _ALIGNED


def _cut(
    glyphs: Glyphs, which: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The characters in reading order, where each atom starts, and whether it stands on the line of the one before."""
    line = _line_numbers(glyphs.cy[which], glyphs.em[which])
    sequence = np.lexsort((glyphs.x0[which], line))
    order, line = which[sequence], line[sequence]
    x0, x1, size = glyphs.x0[order], glyphs.x1[order], glyphs.em[order]
    cut = (x0[1:] - x1[:-1] > _SPLIT * np.minimum(size[1:], size[:-1])) | (np.diff(line) > 0)
    starts = np.concatenate([[0], cut.nonzero()[0] + 1])
    return order, starts, np.concatenate([[False], np.diff(line[starts]) == 0])


def _line_numbers(y: npt.NDArray[np.float64], em: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Number of each character's line, from top to bottom."""
    order = np.argsort(y, kind="stable")
    new = np.diff(y[order]) > _SAME_LINE * np.minimum(em[order][1:], em[order][:-1])
    number = np.concatenate([[0], np.cumsum(new)])
    out = np.empty(len(y), np.int64)
    out[order] = number
    return out

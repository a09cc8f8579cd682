"""From placed characters to strings: order within a cell or a line, and the joining of what was broken.

Here: line finding by baseline, blanks from gaps, joining of wrapped lines. Not here: where a character belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.glyphs import Glyphs, steps_down

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_SAME_LINE: Final = 0.45  # em: baselines closer than this are one line
_BLANK: Final = 0.28  # em: a gap wider than this is a blank
_LATIN_BLANK: Final = 0.17  # em: the same between Latin letters and digits, whose blank is narrow
_OVER: Final = 0.75  # of a character's width: how far the same character must cover itself to be one that was printed twice
_DOWNWARDS: Final = 3  # steps downwards that a cell written in columns has at least
_MOSTLY: Final = 0.7  # of its steps: the others lead to the next column
_WIDE: Final = 2.0  # em: a gap wider than this separates two things on one line
_WHOLE: Final = re.compile(r"[-−－—+(（]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:[.．]\d+)?[%％)）]?|[-−－—+]?[.．]\d+")
_UNFINISHED: Final = re.compile(r"\.\d?$")  # an amount that lacks its last decimals
_PADDING: Final = 11.0  # points: what word processors leave free left and right of a cell's text together
_LIST_ITEM: Final = re.compile(r"\d+(?:[、）)]|[.．](?!\d))")


class Piece(msgspec.Struct, gc=False):
    """A stretch of characters between breaks. `before`: 0 first, 1 after a blank, 2 after a wide gap, 3 on a new line."""

    text: str
    before: int
    first: int  # of the owner's members
    line_x0: float  # where its line starts and where this stretch ends, along the writing
    x1: float


class Written(msgspec.Struct, gc=False):
    """Characters of one owner in reading order: their numbers, and the pieces they form."""

    owner: int
    members: Ints
    pieces: list[Piece]


def written(glyphs: Glyphs, owner: Ints) -> Iterator[Written]:
    """The characters of each owner ≥ 0, in reading order, owners ascending."""
    inside = (owner >= 0).nonzero()[0]
    if not len(inside):
        return
    along, across = _axes(glyphs)
    if glyphs.downwards >= _DOWNWARDS:
        along, across = _in_columns(glyphs, owner, inside, along, across)
    order = inside[np.lexsort((across[inside], owner[inside]))]
    em, own, level = glyphs.em[order], owner[order], across[order]
    new_owner, new_line = np.ones(len(order), bool), np.ones(len(order), bool)
    new_owner[1:] = own[1:] != own[:-1]
    new_line[1:] = new_owner[1:] | (level[1:] - level[:-1] > _SAME_LINE * np.minimum(em[1:], em[:-1]))
    order = order[np.lexsort((along[order], np.cumsum(new_line)))]
    start, end = _ends(glyphs, order)
    em, codes = glyphs.em[order], glyphs.codes[order]
    twice = np.zeros(len(order), bool)
    twice[1:] = (codes[1:] == codes[:-1]) & (end[:-1] - start[1:] > _OVER * (end[1:] - start[1:])) & ~new_line[1:]
    if twice.any():  # but one glyph that stands for two equal characters: pdfium gives both the same box, and never two glyphs one place
        twice[1:] &= (np.diff(glyphs.index[order]) != 1) | (start[1:] != start[:-1])
    if twice.any():  # the same character printed over itself, to look bold or shaded
        left_over = owner.copy()
        left_over[order[twice]] = -1
        yield from written(glyphs, left_over)
        return
    latin = codes < 0x80
    gap = (start[1:] - end[:-1]) / np.minimum(em[1:], em[:-1])
    kind = np.full(len(order), 3, np.int8)
    kind[1:] = np.where(gap > _WIDE, 2, gap > np.where(latin[1:] & latin[:-1], _LATIN_BLANK, _BLANK))
    kind[new_line] = 3
    text = codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "replace")
    bounds = [*new_owner.nonzero()[0].tolist(), len(order)]
    breaks = kind.nonzero()[0]
    first_break = np.searchsorted(breaks, bounds).tolist()
    all_breaks, kinds, owners = breaks.tolist(), kind.tolist(), own[bounds[:-1]].tolist()
    left, right = start.tolist(), end.tolist()
    for n, (a, b) in enumerate(pairwise(bounds)):
        if first_break[n + 1] - first_break[n] == 1:
            yield Written(owners[n], order[a:b], [Piece(text[a:b], 0, 0, left[a], right[b - 1])])
            continue
        cuts = [*all_breaks[first_break[n] : first_break[n + 1]], b]
        pieces: list[Piece] = []
        line_x0 = left[a]
        for i, j in pairwise(cuts):
            if kinds[i] == 3:
                line_x0 = left[i]
            pieces.append(Piece(text[i:j], kinds[i] if i > a else 0, i - a, line_x0, right[j - 1]))
        yield Written(owners[n], order[a:b], pieces)


def _axes(glyphs: Glyphs) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Along the writing, and from line to line; sideways characters read along the page's height."""
    if not glyphs.turn.any():
        return glyphs.x0, glyphs.y
    turn = glyphs.turn
    along = np.select([turn == 1, turn == -1, turn == 2], [-glyphs.bottom, glyphs.top, -glyphs.x1], glyphs.x0)
    across = np.select([turn == 1, turn == -1, turn == 2], [glyphs.x1, -glyphs.x0, -glyphs.top], glyphs.y)
    return along, across + 1e5 * np.abs(turn)  # characters that stand differently never share a line


def _in_columns(glyphs: Glyphs, owner: Ints, inside: Ints, along: Floats, across: Floats) -> tuple[Floats, Floats]:
    """The axes with the characters of cells written downwards in several columns (竖排, the first column on the right) in one line.

    The page's content has them in the order they are read: nearly every character stands below the one before it.
    """
    own = owner[inside]
    together = own[1:] == own[:-1]
    down = together & steps_down(glyphs.pick(inside))
    if np.count_nonzero(down) < _DOWNWARDS:
        return along, across
    steps, lower = np.bincount(own[1:][together], minlength=own.max() + 1), np.bincount(own[1:][down], minlength=own.max() + 1)
    for cell in ((lower >= _DOWNWARDS) & (lower >= _MOSTLY * steps)).nonzero()[0].tolist():
        members = inside[own == cell]
        em = float(glyphs.em[members[0]])
        back = np.diff(across[members]) < -0.8 * em
        if back.any() and bool((np.diff(along[members])[back] < -0.8 * em).all()):
            along, across = along.copy(), across.copy()
            along[members], across[members] = np.arange(len(members), dtype=np.float64), across[members[0]]
    return along, across


def _ends(glyphs: Glyphs, order: Ints) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Start and end of each character along its own writing direction."""
    turn = glyphs.turn[order]
    start, end = glyphs.x0[order], glyphs.x1[order]
    if not turn.any():
        return start, end
    top, bottom = glyphs.top[order], glyphs.bottom[order]
    start = np.select([turn == 1, turn == -1], [-bottom, top], start)
    end = np.select([turn == 1, turn == -1], [-top, bottom], end)
    return start, end


def is_figure(text: str) -> bool:
    """Whether a text is one well-formed figure: an amount, a code, a percentage."""
    return bool(_WHOLE.fullmatch(text))


def joined_cell(pieces: list[Piece], width: float) -> str:
    """One cell's text. `width`: of the cell; a line that fills it was broken for want of room.

    Figures broken over lines or printed with blanks become one figure where that gives a well-formed one; Chinese is
    joined without blanks; words in Latin letters keep one blank.
    """
    if len(pieces) == 1:
        return pieces[0].text
    solid = "".join(piece.text for piece in pieces)
    if _WHOLE.fullmatch(solid) and all(_one_figure(a, b, width) for a, b in pairwise(pieces)):
        return solid
    out = pieces[0].text
    for left, right in pairwise(pieces):
        out += (" " if _apart(left, right, width) else "") + right.text
    return out


def _one_figure(left: Piece, right: Piece, width: float) -> bool:
    """Whether two stretches of figures may be one: broken because the line was full, or set with blanks between the digits."""
    if right.before == 3:
        short_of_decimals = bool(_UNFINISHED.search(left.text)) and len(right.text) <= 2 and right.text.isdigit()
        return _full(left, width) or short_of_decimals or not _WHOLE.fullmatch(left.text)
    return min(len(left.text), len(right.text)) <= 2 or left.text[-1] in ",." or right.text[0] in ",."


def _full(piece: Piece, width: float) -> bool:
    """Whether a line left no room for one more of its letters (and some padding)."""
    drawn = piece.x1 - piece.line_x0
    letter = drawn / max(1, len(piece.text))
    return width - drawn < 1.2 * letter + _PADDING


def _apart(left: Piece, right: Piece, width: float) -> bool:
    """Whether a blank belongs between two stretches."""
    a, b = left.text[-1], right.text[0]
    if not (a.isascii() and b.isascii() and (a.isalnum() or a in ".,%)") and (b.isalnum() or b in "(-.")):
        return False
    if right.before < 3 or a.isalpha() or b.isalpha():
        return True
    return bool(_LIST_ITEM.match(right.text)) or not _full(left, width)


def joined_line(pieces: list[Piece]) -> str:
    """One line of running text: a wide gap becomes two blanks; a small one a blank, but not between Chinese characters."""
    out = pieces[0].text
    for left, right in pairwise(pieces):
        if right.before == 2:
            out += "  "
        elif left.text[-1].isascii() and right.text[0].isascii():
            out += " "
        out += right.text
    return out

"""How far two readings of one page agree, cell by cell.

Here: pairing the tables of two readings, and which cells of the first the second confirms. Not here: making either reading, or what
follows from a disagreement (`second_opinion`).

The second reader runs the characters of neighbouring cells together, and the lines of a tall cell into one another. That says nothing
against the characters: a cell is confirmed by a text of its own, or by a longer one that is used up, to its last digit, by cells of the
first reading. A digit that only one of the two has is never confirmed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.read.document import RawTable
from pipelines.read.pdf.variants import normalised

Texts = dict[tuple[int, int], str]

_KNOWN: Final = 0.5  # of a table's texts: with fewer in the first reading, it did not find that table
_USED: Final = "\0"  # stands where a text has been explained, so that what remains on both sides is not run together


@dataclass(frozen=True)
class Agreement:
    """Counts are of cells with text, in those tables of the first reading that the second one found too.

    `same`: the same text in the same row and column; `confirmed`: the text is in the other reading. `by_table`: the share of confirmed
    cells for each table of the first reading, None for one that the second did not find (it leaves out nearly empty ones). `only_there`:
    how many tables only the second one found. `failure`: why there is no second reading at all.
    """

    page: int
    cells: int = 0
    same: int = 0
    confirmed: int = 0
    by_table: tuple[float | None, ...] = ()
    only_there: int = 0
    failure: str | None = None

    @property
    def answered(self) -> bool:
        """Whether the second reading says anything: of cells, of a table that the first lacks, or that there is indeed no table."""
        return self.failure is None and bool(self.cells or self.only_there or not self.by_table)


def agreement(page_no: int, here: Sequence[RawTable], there: Sequence[RawTable]) -> Agreement:
    """Compare two readings of a page. Tables are paired by what they have in common, best pairs first."""
    texts_here, texts_there = [texts_of(table) for table in here], [texts_of(table) for table in there]
    partner = _partners(texts_here, texts_there)
    unpaired = [cells for j, cells in enumerate(texts_there) if j not in partner.values()]
    same = confirmed = total = 0
    by_table: list[float | None] = []
    for i, cells in enumerate(texts_here):
        if i not in partner:
            by_table.append(None)
            continue
        other = texts_there[partner[i]]
        down, right = _shift(cells, other)
        same += sum(other.get((r + down, c + right)) == text for (r, c), text in cells.items())
        found = _confirmed(list(cells.values()), list(other.values()), [text for table in unpaired for text in table.values()])
        confirmed, total = confirmed + found, total + len(cells)
        by_table.append(found / len(cells))
    known = Counter(text for cells in texts_here for text in cells.values())
    only = sum(bool(cells) and (Counter(cells.values()) & known).total() < _KNOWN * len(cells) for cells in unpaired)
    return Agreement(page_no, total, same, confirmed, tuple(by_table), only)


def texts_of(table: RawTable) -> Texts:
    """Plain texts of a table by row and column, counting only rows and columns that hold any text."""
    cells = {(cell.row, cell.column): _plain(cell.text) for cell in table.cells}
    cells = {place: text for place, text in cells.items() if text}
    rows = {r: n for n, r in enumerate(sorted({r for r, _ in cells}))}
    columns = {c: n for n, c in enumerate(sorted({c for _, c in cells}))}
    return {(rows[r], columns[c]): text for (r, c), text in cells.items()}


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", normalised(text)).split())


def _partners(here: list[Texts], there: list[Texts]) -> dict[int, int]:
    """For tables of the first reading, the table of the second that has most of their texts."""
    pairs = sorted(
        ((_common(a, b), i, j) for i, a in enumerate(here) for j, b in enumerate(there)), key=lambda pair: (-pair[0], pair[1:]),
    )
    partner: dict[int, int] = {}
    for common, i, j in pairs:
        if common and i not in partner and j not in partner.values():
            partner[i] = j
    return partner


def _common(a: Texts, b: Texts) -> int:
    return (Counter(a.values()) & Counter(b.values())).total()


def _shift(here: Texts, there: Texts) -> tuple[int, int]:
    """By how many rows and columns one reading is set off against the other (a title row more): the most usual one among unique texts."""
    counts_here, counts_there = Counter(here.values()), Counter(there.values())
    places = {text: place for place, text in there.items() if counts_there[text] == 1}
    votes = Counter(
        (places[text][0] - r, places[text][1] - c) for (r, c), text in here.items() if counts_here[text] == 1 and text in places
    )
    return max(votes, key=lambda shift: (votes[shift], shift == (0, 0))) if votes else (0, 0)


def _confirmed(here: list[str], there: list[str], elsewhere: list[str]) -> int:
    """How many texts of one table the other reading has, in its partner or (where it cut one table in two) in an unpaired table."""
    left, other = Counter(here) - Counter(there), Counter(there) - Counter(here)
    found = left & Counter(elsewhere)
    left, other = left - found, other + (Counter(elsewhere) - found)
    texts = sorted(other.elements(), key=len, reverse=True)
    together = left - _explaining(_USED.join(texts), left, here)  # texts cut at other places
    for text in texts:
        left = left - _explaining(text, left, here)
    return len(here) - min(left.total(), together.total())


def _explaining(text: str, left: Counter[str], known: list[str]) -> Counter[str]:
    """Which of the unconfirmed texts a longer one is made of; none when a digit of it remains unexplained."""
    rest, taken = text, Counter[str]()
    for part in sorted(left, key=len, reverse=True):
        while taken[part] < left[part] and part in rest:
            rest = rest.replace(part, _USED, 1)
            taken[part] += 1
    letters = Counter(rest.replace(_USED, ""))
    for part in sorted(left, key=len, reverse=True):  # lines of a tall cell read into one another: all its characters, in another order
        while taken[part] < left[part] and not part.isascii() and Counter(part) <= letters:
            letters -= Counter(part)
            taken[part] += 1
    for part in sorted(set(known), key=len, reverse=True):  # the rest may be a cell that stands elsewhere once more
        if any(map(str.isdigit, letters)) and any(map(str.isdigit, part)) and Counter(part) <= letters:
            letters -= Counter(part)
    return Counter() if any(map(str.isdigit, letters)) else taken

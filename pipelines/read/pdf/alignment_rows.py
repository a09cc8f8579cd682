"""Rows of an unruled table: texts wrapped over lines put together, lines that belong to one row, levels of a header.

Here: blocks (the text of one cell), body rows, header levels with the rows and columns each header cell covers. Not here: where
columns part (`alignment_columns`), whether it is a table at all (`alignment`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from pipelines.read.pdf.alignment_columns import covered, shared
from pipelines.read.pdf.alignment_words import Atom, Line, UnclearError

_SAME_ROW: Final = 0.35  # em
_MARKER: Final = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、.．]|其中[:：]")
_BRACKETS: Final = re.compile(r"[（(].*?[）)]")
_WRAP: Final = 1.55  # em: lines of one cell stand closer than this, rows further apart
_OPEN: Final = 2.0  # em: so much further down a text goes on whose bracket is open
_WRAP_OF_ROWS: Final = 0.85  # of the smallest distance between rows with numbers
_MAX_HEIGHTS: Final = 8  # levels of a header; more would be another table
_LEVEL: Final = 0.45  # em: how far a header text may stand from the middle of the levels it covers


@dataclass
class Block:
    """The text of one cell: atoms from top to bottom, the columns it reaches into, the rows it is given."""

    atoms: list[Atom]
    first: int
    last: int
    lines: list[int] = field(default_factory=list)
    rows: tuple[int, int] = (0, 0)

    @property
    def y(self) -> float:
        """Middle of the block."""
        return (self.atoms[0].y + self.atoms[-1].y) / 2

    @property
    def em(self) -> float:
        """Size of its text."""
        return max(atom.em for atom in self.atoms)

    @property
    def x0(self) -> float:
        """Left end."""
        return min(atom.x0 for atom in self.atoms)

    @property
    def x1(self) -> float:
        """Right end."""
        return max(atom.x1 for atom in self.atoms)

    @property
    def is_number(self) -> bool:
        """A single number."""
        return len(self.atoms) == 1 and self.atoms[0].is_number


def leaves_of(lines: list[Line], middle: float) -> list[tuple[float, float]]:
    """Extents of the header texts with nothing below them, before any column is known; `middle` as for `header_cells`."""
    blocks = blocks_of(lines, None, []) if lines else []
    return [
        (block.x0, block.x1) for block in blocks
        if not above_others(block, middle)
        and not any(other.y > block.y + 0.6 * block.em and other.x0 < block.x1 and other.x1 > block.x0 for other in blocks)
    ]


def above_others(block: Block, middle: float) -> bool:
    """Whether a header text stands too high to reach down to the header's end: then something stands below it."""
    return block.y < middle - 0.3 * block.em


def blocks_of(lines: list[Line], edges: list[float] | None, separators: list[float], in_body: bool = False) -> list[Block]:
    """Put the lines of each cell together. `separators`: rules that no cell crosses. In the body cells may touch one another."""
    numbered = [line.y for line in lines if any(atom.is_number for atom in line.atoms) and not line.is_filler]
    pitch = min((b - a for a, b in pairwise(numbered) if b - a > 0.6 * lines[0].em), default=1e9)
    blocks: list[Block] = []
    for n, line in enumerate(lines):
        for atom in line.atoms:
            first, last = covered(atom.x0, atom.x1, atom.em, edges) if edges else (0, 0)
            home = None if line.is_filler else next(
                (b for b in reversed(blocks) if _continues(b, atom, first, last, lines, n, pitch, separators)), None)
            if home is None:
                blocks.append(Block([atom], first, last, [n]))
            else:
                home.atoms.append(atom)
                home.lines.append(n)
                home.first, home.last = min(home.first, first), max(home.last, last)
    return [piece for block in blocks for piece in _parted(block, blocks)] if in_body else blocks


def _is_open(block: Block) -> bool:
    """Whether a bracket of the text is still to be closed."""
    text = "".join(atom.text for atom in block.atoms)
    return text.count("（") + text.count("(") > text.count("）") + text.count(")")


def _parted(block: Block, blocks: list[Block]) -> list[Block]:
    """Cells that touch above one another, taken apart: each is as high above the middle of its row as below."""
    if len(block.lines) < 2:
        return [block]
    beside = [
        other for other in sorted(blocks, key=lambda b: b.y)
        if other is not block and len(other.lines) == 1 and not _beside(other, block)
        and block.atoms[0].y - 0.3 * block.em <= other.y <= block.atoms[-1].y + 0.3 * block.em
    ]
    for anchors in (beside, [other for other in beside if other.is_number]):
        middles: list[float] = []
        for other in anchors:
            if not middles or other.y - middles[-1] > 0.4 * block.em:
                middles.append(other.y)
        cuts = _matched([atom.y for atom in block.atoms], middles, 0.4 * block.em) if len(middles) > 1 else None
        if cuts is not None:
            ends = [0, *cuts, len(block.atoms)]
            return [Block(block.atoms[a:b], block.first, block.last, block.lines[a:b]) for a, b in pairwise(ends)]
    return [block]


def _matched(lines: list[float], middles: list[float], slack: float) -> list[int] | None:
    """Where to cut lines so that each group is centred on one of `middles`, in order; None when that cannot be."""
    groups = len(middles)
    # best[k][n]: the first n lines shared among the first k middles: largest miss, and where the last group starts
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for k in range(groups):
        row: dict[int, tuple[float, int]] = {}
        for start, (miss, _) in best[k].items():
            for stop in range(start + 1, len(lines) + 1):
                worst = max(miss, abs((lines[start] + lines[stop - 1]) / 2 - middles[k]))
                if worst <= slack and (stop not in row or worst < row[stop][0]):
                    row[stop] = (worst, start)
        best.append(row)
    if len(lines) not in best[groups]:
        return None
    cuts: list[int] = []
    stop = len(lines)
    for k in range(groups, 1, -1):
        stop = best[k][stop][1]
        cuts.append(stop)
    return cuts[::-1]


def _continues(block: Block, atom: Atom, first: int, last: int, lines: list[Line], n: int, pitch: float, separators: list[float]) -> bool:
    """Whether an atom is the next line of a block."""
    above = block.atoms[-1]
    distance = atom.y - above.y
    if 0 < distance <= _OPEN * above.em and _is_open(block) and atom.x0 < block.x1 and atom.x1 > block.x0 and block.lines[-1] != n:
        return not any(above.y < y < atom.y for y in separators)
    if not 0 < distance <= min(_WRAP * min(above.em, atom.em), _WRAP_OF_ROWS * pitch) or block.lines[-1] == n:
        return False
    if block.last < first or block.first > last or atom.x0 >= block.x1 or atom.x1 <= block.x0 or lines[block.lines[-1]].is_filler:
        return False
    if any(above.y < y < atom.y for y in separators) or atom.is_number or above.is_number:
        return False
    if all(any(a.is_number for a in lines[i].atoms) for i in (block.lines[-1], n)):
        return False  # two lines with figures of their own are two rows
    if len(block.lines) <= 2 and _MARKER.match(atom.text) and _MARKER.match(block.atoms[0].text):
        return False  # the next item of a list of rows
    em = min(above.em, atom.em)
    middle = abs(atom.centre - above.centre) <= 0.7 * em
    indent = abs(atom.x0 - block.x0)
    return middle or indent <= 0.3 * em or (indent <= 2.2 * em and above.x1 >= atom.x1 - 1.5 * em)


def body_rows(blocks: list[Block]) -> tuple[list[list[Block]], bool]:
    """Blocks that form one row, rows from top to bottom, and whether texts are set in the middle of their cells' height.

    Where texts wrap, what stands beside them tells whether cells are set by their middle, their first line or their last.
    """
    wrapped = [block for block in blocks if len(block.lines) > 1]
    single = [block.y for block in blocks if len(block.lines) == 1]
    ways = (lambda b: b.y, lambda b: b.atoms[0].y, lambda b: b.atoms[-1].y)
    fits = [sum(any(abs(way(block) - y) <= _SAME_ROW * block.em for y in single) for block in wrapped) for way in ways]
    best = max(range(len(ways)), key=lambda n: (fits[n], -n))
    rows: list[list[Block]] = []
    heights: list[float] = []
    for block in sorted(blocks, key=ways[best]):
        height = ways[best](block)
        if rows and height - heights[-1] <= _SAME_ROW * block.em and not any(_beside(block, other) for other in rows[-1]):
            rows[-1].append(block)
        else:
            rows.append([block])
            heights.append(height)
    return rows, best == 0


def _beside(one: Block, other: Block) -> bool:
    return one.first <= other.last and other.first <= one.last


@dataclass(frozen=True)
class HeaderCell:
    """A header text with the levels and columns it covers (inclusive)."""

    block: Block
    rows: tuple[int, int]
    columns: tuple[int, int]


def header_cells(
    blocks: list[Block], edges: list[float], top: float | None, bottom: float | None, middle: float, amounts: frozenset[int] = frozenset(),
) -> tuple[list[HeaderCell], int]:
    """The fields of a header's texts, and the number of its levels. Raises UnclearError.

    `top` and `bottom` are the rules (or the last level's end) round the header texts, None where there are none; `middle` is the
    header's middle height, below which every text lies that has nothing under it; `amounts`: the columns that hold amounts.
    """
    if not blocks:
        return [], 0
    parents = [block for block in blocks if above_others(block, middle) or _has_below(block, blocks)]
    leaves = [block for block in blocks if block not in parents]
    if not parents:
        return [HeaderCell(block, (0, 0), (block.first, block.last)) for block in leaves], 1
    levels = _fitting_levels(blocks, parents, leaves, top, bottom)
    for block in blocks:
        block.rows = _rows_of(block, levels, block in leaves)
    taken = {
        (level, column) for leaf in leaves for level in range(leaf.rows[0], leaf.rows[1] + 1) for column in range(leaf.first, leaf.last + 1)
    }
    cells = [HeaderCell(leaf, leaf.rows, (leaf.first, leaf.last)) for leaf in leaves]
    names = {leaf.first: "".join(atom.text for atom in leaf.atoms) for leaf in leaves}
    walls: set[int] = set()  # a boundary that a parent above ends at
    for level in range(len(levels) - 1):
        row = sorted((p for p in parents if p.rows[0] == level), key=lambda p: p.x0)
        if not row:
            continue
        given = _given(row, level, taken, walls, edges, {leaf.first: leaf.x0 for leaf in leaves}, names, amounts)
        for parent, columns in zip(row, given, strict=True):
            cells.append(HeaderCell(parent, parent.rows, columns))
            walls |= {columns[0], columns[1] + 1}
            taken |= {(n, column) for n in range(parent.rows[0], parent.rows[1] + 1) for column in range(columns[0], columns[1] + 1)}
    return cells, len(levels) - 1


def _given(
    row: list[Block], level: int, taken: set[tuple[int, int]], walls: set[int], edges: list[float], starts: dict[int, float],
    names: dict[int, str], amounts: frozenset[int],
) -> list[tuple[int, int]]:
    """The columns of each parent on one level: free runs of columns shared among the parents that stand over them.

    `starts`, `names`: where the lowest header text of a column begins, and what it says.
    """
    out: list[tuple[int, int]] = []
    runs: list[list[int]] = []
    for column in range(len(edges) - 1):
        if (level, column) in taken:
            continue
        if runs and runs[-1][-1] == column - 1 and column not in walls:
            runs[-1].append(column)
        else:
            runs.append([column])
    for run in runs:
        low, high = edges[run[0]], edges[run[-1] + 1]
        members = [parent for parent in row if low <= (parent.x0 + parent.x1) / 2 <= high]
        if not members:
            continue
        centres = [(parent.x0 + parent.x1) / 2 for parent in members]
        given = shared(centres, run[0], run[-1], edges, [(parent.first, parent.last) for parent in members])
        left = _set_left(members, run, starts, 0.1 if given else 0.3)
        if left and given != left and (given is None or not _centred(members, given, edges)):
            given = left
        given = given or _repeated(members, run, names) or _of_amounts(members, run, amounts)
        if given is None:
            raise UnclearError(f"which columns stand under {'、'.join(''.join(a.text for a in m.atoms) for m in members)}")
        out.extend(given)
    if len(out) != len(row):
        raise UnclearError("a header text stands over columns that have headers of their own")
    return out


def _set_left(parents: list[Block], run: list[int], starts: dict[int, float], near: float) -> list[tuple[int, int]] | None:
    """The columns of parents that begin where a column's own header does: each reaches to the next; None where one does not."""
    begun = [next((c for c in run if c in starts and abs(starts[c] - p.x0) <= near * p.em), None) for p in parents]
    firsts = [c for c in begun if c is not None]
    if len(firsts) < len(parents) or firsts[0] != run[0] or any(b <= a for a, b in pairwise(firsts)):
        return None
    return [(a, b - 1) for a, b in pairwise([*firsts, run[-1] + 1])]


def _repeated(parents: list[Block], run: list[int], names: dict[int, str]) -> list[tuple[int, int]] | None:
    """The columns of parents over one and the same list of heads (项目 金额 | 项目 金额): each over one turn; None where it is not so."""
    first = _BRACKETS.sub("", names.get(run[0], ""))
    begun = [c for c in run if first and _BRACKETS.sub("", names.get(c, "")) == first]
    turns = [(a, b - 1) for a, b in pairwise([*begun, run[-1] + 1])]
    if len(turns) != len(parents) or any(not a <= p.first <= p.last <= b for p, (a, b) in zip(parents, turns, strict=True)):
        return None
    return turns


def _of_amounts(parents: list[Block], run: list[int], amounts: frozenset[int]) -> list[tuple[int, int]] | None:
    """The columns of two parents, one over codes and names (项目), one over amounts (本年支出); None where it is not so."""
    cuts = [b for a, b in pairwise(run) if (a in amounts) != (b in amounts)]
    if len(parents) != 2 or len(cuts) != 1 or cuts[0] not in amounts or parents[0].last >= cuts[0] or parents[1].first < cuts[0]:
        return None
    return [(run[0], cuts[0] - 1), (cuts[0], run[-1])]


def _centred(parents: list[Block], given: list[tuple[int, int]], edges: list[float]) -> bool:
    """Whether each parent stands in the very middle of the columns it is given."""
    return all(abs((edges[a] + edges[b + 1] - p.x0 - p.x1) / 2) <= 0.15 * p.em for p, (a, b) in zip(parents, given, strict=True))


def _has_below(block: Block, blocks: list[Block]) -> bool:
    return any(other is not block and _under(other, block) for other in blocks)


def _under(low: Block, high: Block) -> bool:
    """Whether a block stands below another one, in a column that the other reaches into."""
    lower = low.y > high.y + 0.6 * min(low.em, high.em) and low.atoms[0].y > high.atoms[-1].y
    return lower and low.first <= high.last and high.first <= low.last


def _clusters(values: list[tuple[float, float]]) -> list[float]:
    """Distinct heights, by closeness in em."""
    out: list[list[float]] = []
    for y, em in sorted(values):
        if out and y - out[-1][-1] <= 0.5 * em:
            out[-1].append(y)
        else:
            out.append([y])
    return [float(np.median(group)) for group in out]


def _fitting_levels(blocks: list[Block], parents: list[Block], leaves: list[Block], top: float | None, bottom: float | None) -> list[float]:
    """Ends of the header's levels. Raises UnclearError.

    Some parents stand on one level, others reach over several: the largest set of heights is taken that explains all texts.
    """
    heights = _clusters([(block.y, block.em) for block in parents])
    low = [leaf.y for leaf in leaves if leaf.y > heights[-1] + 0.6 * leaf.em]
    if not low:
        raise UnclearError("the header's last level has no texts")
    problem = UnclearError("")
    em = max(block.em for block in blocks)
    first = min(block.atoms[0].y for block in blocks)
    tops = [top] if top is not None else [first - em * step / 10 for step in range(5, 19)]
    for size in range(len(heights), 0, -1):
        fitting: list[tuple[float, list[float]]] = []
        for chosen in combinations(heights[:_MAX_HEIGHTS], size):
            for start in tops:
                try:
                    ends = _levels([*chosen, max(low)], start, bottom, em)
                    fitting.append((max(_miss(block, ends, *_rows_of(block, ends, block in leaves)) for block in blocks), ends))
                except UnclearError as error:
                    problem = error
        if fitting:
            return min(fitting)[1]
    raise problem


def _levels(centres: list[float], top: float, bottom: float | None, em: float) -> list[float]:
    """Ends of the levels from the middles of their texts: each level is as high above its middle as below."""
    ends = [top]
    for centre in centres:
        ends.append(2 * centre - ends[-1])
    if any(b - a < 0.9 * em for a, b in pairwise(ends)):
        raise UnclearError(f"header levels of middles {[round(c) for c in centres]} overlap")
    if bottom is not None and abs(ends[-1] - bottom) > 0.7 * em:
        raise UnclearError(f"header levels of middles {[round(c) for c in centres]} end at {ends[-1]:.0f}, the header at {bottom:.0f}")
    return ends


def _miss(block: Block, levels: list[float], first: int, last: int) -> float:
    """How far a block is from the middle of levels first…last."""
    return abs((levels[first] + levels[last + 1]) / 2 - block.y)


def _rows_of(block: Block, levels: list[float], is_leaf: bool) -> tuple[int, int]:
    """The levels whose common middle is nearest to the block's; a text with nothing below it reaches down to the last, if that fits."""
    last = len(levels) - 2
    found = sorted(
        ((_miss(block, levels, a, b), b - a, a, b) for a in range(last + 1) for b in range(a, last + 1)),
        key=lambda found: (round(found[0] / block.em, 1), found[1]),
    )
    down = [one for one in found if one[3] == last] if is_leaf else []
    best = down[0] if down and down[0][0] <= _LEVEL * block.em else found[0]
    if best[0] > _LEVEL * block.em:
        raise UnclearError(f"the level of {''.join(a.text for a in block.atoms)}")
    return best[2], best[3]

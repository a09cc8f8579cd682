"""A row that understanding put in the wrong place of the hierarchy, put right where the amounts leave no doubt.

A subject printed by name only (其他社会保障缴费 between 30110 and 30113) may be resolved to another level, and stands then outside its
parent. If the parent misses exactly this row's amounts, in every column, the row belongs to it; if it has exactly these too many,
it does not.
Rows whose code is printed are never moved: a gap of theirs is a mistake of the document.
Here: moving rows, for the audit only. Not here: sums.
"""

from __future__ import annotations

from pipelines.audit.sheet import Block, Sheet
from pipelines.audit.tree import Forest, Node

Vector = tuple[int, ...]
_TELLING = 3  # digits of an amount that make an agreement no chance
_NEAR = 4_000_000  # steps: 0.04 万元, the rounding of a few terms


def mend(sheet: Sheet, block: Block, trees: Forest) -> None:
    """Move rows of doubtful place below the parent that misses them, or out of the parent that has them too many."""
    outside = {id(n) for n in trees.totals}
    _own_row_above_units(sheet, block, trees)
    for node in trees.nodes:
        if not node.children or id(node) in outside:
            continue
        gap = _gap(sheet, block, node)
        if gap is None:
            continue
        inside = _inside(node)
        last = max(n.at for n in inside)
        for other in trees.nodes[node.at + 1: last + 2]:
            if other not in inside and id(other) not in outside and _movable(other, node) and _equal(_amounts(sheet, block, other), gap):
                _detach(other, trees)
                other.parent = node
                node.children.append(other)
                break
        else:
            for child in node.children:
                if _movable(child, node) and _equal(_amounts(sheet, block, child), tuple(-g for g in gap)):
                    _detach(child, trees)
                    trees.roots.append(child)
                    trees.roots.sort(key=lambda n: n.at)
                    break


def _own_row_above_units(sheet: Sheet, block: Block, trees: Forest) -> None:
    """The department's own line above its units (杭州市公安局 = 本级 + 支队 …) holds them, where it equals their sum in every column."""
    first, rest = (trees.roots[0], trees.roots[1:]) if trees.roots else (None, [])
    if first is None or len(rest) < 2 or first.children or not first.is_unit or not all(r.is_unit for r in rest):
        return
    first.children = list(rest)
    if _gap(sheet, block, first) is None:
        for node in rest:
            node.parent = first
        trees.roots[:] = [first]
    else:
        first.children = []


def _amounts(sheet: Sheet, block: Block, node: Node) -> Vector:
    return tuple(f.value if (f := sheet.grid.get((node.row.row, c.column))) else 0 for c in block.columns)


def _gap(sheet: Sheet, block: Block, node: Node) -> Vector | None:
    """What the parent prints beyond its children, by column; None when nothing is missing beyond rounding."""
    out, slack = [], []
    for c in block.columns:
        figures = [sheet.grid[at] for n in (node, *node.children) if (at := (n.row.row, c.column)) in sheet.grid]
        own = sheet.grid.get((node.row.row, c.column))
        out.append(2 * (own.value if own else 0) - sum(f.value for f in figures))
        slack.append(sum(f.increment for f in figures))
    if not any(2 * abs(g) > s for g, s in zip(out, slack, strict=True)):
        return None
    return tuple(g if 2 * abs(g) > s else 0 for g, s in zip(out, slack, strict=True))


def _equal(amounts: Vector, gap: Vector) -> bool:
    """Whether a row's amounts are the gap in every column; one column may have a mistake of its own if another one tells."""
    pairs = [(a, g) for a, g in zip(amounts, gap, strict=True) if a or g]
    same = [a for a, g in pairs if a and abs(a - g) <= max(abs(g) // 100_000, _NEAR)]
    wrong = len(pairs) - len(same)
    return bool(same) and (not wrong or (wrong == 1 and any(len(str(abs(a)).rstrip("0")) >= _TELLING for a in same)))


def _movable(node: Node, parent: Node) -> bool:
    row = node.row
    doubtful = row.printed_code is None or row.code is None or row.scheme != parent.row.scheme or row.doubt is not None
    return doubtful and row.role != "of_which"


def _inside(node: Node) -> list[Node]:
    out = [node]
    for child in (*node.children, *node.of_which):
        out.extend(_inside(child))
    return out


def _detach(node: Node, trees: Forest) -> None:
    if node.parent is not None:
        node.parent.children = [c for c in node.parent.children if c is not node]
        node.parent = None
    else:
        trees.roots[:] = [r for r in trees.roots if r is not node]

"""The rows of a block as a forest: who stands under whom, by code, unit and the levels that understanding found.

Here: parents and kinds of edges, for the audit only (a coded row never stands under a code that is not the beginning of its own).
Not here: sums.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.audit.sheet import Block
from pipelines.understand.logical import Row
from pipelines.understand.text import bare, enumerator_level


@dataclass(slots=True)
class Node:
    """One row with the rows below it. `of_which` are those that need not add up."""

    at: int  # position in the block
    row: Row
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    of_which: list[Node] = field(default_factory=list)

    @property
    def is_unit(self) -> bool:
        """Whether the row is a budget unit's own line."""
        return bool(self.row.entity) and bare(self.row.label) == bare(self.row.entity or "")

    @property
    def kind(self) -> str:
        """What kind of edge leads to its children: subject, unit or group."""
        return "tree_unit" if self.is_unit else "tree_subject" if self.row.code else "tree_group"


@dataclass(slots=True)
class Forest:
    """All nodes in order; `totals` (合计, 总计, 小计 without rows of their own) stand outside the trees."""

    nodes: list[Node]
    roots: list[Node]
    totals: list[Node]


def codes_of(row: Row) -> list[str]:
    """The codes by which a row may have its place: its own, and the printed one where its name means another (an older year's 30307)."""
    printed = row.printed_code or ""
    own = row.code or ""
    if row.doubt and printed != own and printed.isdigit() and len(printed) in (5, 7) and printed[0] == own[:1]:
        return [own, printed]
    return [own]


def forest(block: Block) -> Forest:
    """The trees of a block."""
    nodes = [Node(n, row) for n, row in enumerate(block.rows)]
    by_row = {node.row.row: node for node in nodes}
    parents = {row.parent for row in block.rows if row.parent is not None}
    totals = [n for n in nodes if n.row.role == "total" or (n.row.role == "subtotal" and n.row.row not in parents and n.row.code is None)]
    outside = {id(n) for n in totals}
    roots: list[Node] = []
    latest: dict[tuple[str | None, str, str], Node] = {}  # (unit, scheme, code) → last row that printed it
    tops: dict[tuple[str | None, str, int], Node] = {}  # (unit, scheme, length of code) → last coded row that stands under no code
    for node in nodes:
        if id(node) in outside:
            continue
        row = node.row
        above = by_row.get(row.parent) if row.parent is not None else None
        if row.code:
            above = _coded_parent(node, above, latest, tops)
            if above is None or not above.row.code:
                tops[(row.entity, row.scheme, len(row.code))] = node
            for code in codes_of(row):
                latest[(row.entity, row.scheme, code)] = node
        if above is None or id(above) in outside:
            roots.append(node)
            continue
        node.parent = above
        (above.of_which if row.role == "of_which" else above.children).append(node)
    return Forest(nodes, [r for r in roots if r.row.role != "of_which"], totals)


def _is_group(node: Node) -> bool:
    """Whether a row without a code may hold coded ones: a unit, 一、…, 基本支出."""
    return node.is_unit or bool(enumerator_level(node.row.label)) or node.row.expenditure_type is not None


def _coded_parent(
    node: Node, above: Node | None, latest: dict[tuple[str | None, str, str], Node], tops: dict[tuple[str | None, str, int], Node],
) -> Node | None:
    row = node.row
    found = [
        parent for code in codes_of(row) for length in (5, 3)
        if length < len(code) and (parent := latest.get((row.entity, row.scheme, code[:length]))) is not None
    ]
    if found:
        return max(found, key=lambda parent: parent.at)  # the nearest above
    while above is not None and above.row.code:
        above = above.parent
    before = tops.get((row.entity, row.scheme, len(row.code or "")))
    if above is not None and before is not None and before.parent is not above and not _is_group(above):
        return before.parent  # a name that was not resolved, between two classes, is no group
    return above

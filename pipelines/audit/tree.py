"""The rows of a block as a forest: who stands under whom, by code, unit and the levels that understanding found.

Here: parents and kinds of edges, for the audit only (a coded row never stands under a code that is not the beginning of its own).
Not here: sums.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.audit.sheet import Block
from pipelines.understand.logical import Row
from pipelines.understand.text import bare


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


def forest(block: Block) -> Forest:
    """The trees of a block."""
    nodes = [Node(n, row) for n, row in enumerate(block.rows)]
    by_row = {node.row.row: node for node in nodes}
    parents = {row.parent for row in block.rows if row.parent is not None}
    totals = [n for n in nodes if n.row.role == "total" or (n.row.role == "subtotal" and n.row.row not in parents and n.row.code is None)]
    outside = {id(n) for n in totals}
    roots: list[Node] = []
    latest: dict[tuple[str | None, str, str], Node] = {}  # (unit, scheme, code) → last row that printed it
    for node in nodes:
        if id(node) in outside:
            continue
        row = node.row
        above = by_row.get(row.parent) if row.parent is not None else None
        if row.code:
            above = _coded_parent(node, above, latest)
            latest[(row.entity, row.scheme, row.code)] = node
        if above is None or id(above) in outside:
            roots.append(node)
            continue
        node.parent = above
        (above.of_which if row.role == "of_which" else above.children).append(node)
    return Forest(nodes, [r for r in roots if r.row.role != "of_which"], totals)


def _coded_parent(node: Node, above: Node | None, latest: dict[tuple[str | None, str, str], Node]) -> Node | None:
    row = node.row
    code = row.code or ""
    for length in (5, 3):
        if length < len(code):
            found = latest.get((row.entity, row.scheme, code[:length]))
            if found is not None and found is not node:
                return found
    while above is not None and above.row.code:
        above = above.parent
    return above

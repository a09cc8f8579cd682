"""camelot's lattice parser, fed with rules and characters read by pdfium.

camelot finds the joints, the table boxes and the row and column anchors; here are its inputs and the edges of cells, by how
much of a side is ruled, so that a rule that stops short or runs over still counts. Text is placed by character elsewhere
(`placing`). Private methods of camelot-py are overridden: the version is pinned.

camelot's y points up; everything else in this package has y downwards. The flip stays inside this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from camelot.parsers import Lattice

from pipelines.read.pdf.glyphs import Glyphs
from pipelines.read.pdf.pdfium import Floats
from pipelines.read.pdf.rules import Rules, Segment

NEAR: Final = 2.5  # points: a rule this close to a row's or column's edge is that edge
_RULED: Final = 0.5  # of a cell's side: ruled when at least this much is drawn
MEET: Final = 2.0  # points: rules that end this close to one another meet


@dataclass(frozen=True)
class Grid:
    """One table's row and column edges, y downwards, and which stretches of them are ruled."""

    xs: Floats  # column edges, n_columns + 1
    ys: Floats  # row edges, n_rows + 1
    vertical: npt.NDArray[np.bool_]  # (n_rows, n_columns + 1): edge at xs[c] ruled in row r
    horizontal: npt.NDArray[np.bool_]  # (n_rows + 1, n_columns): edge at ys[r] ruled in column c

    @property
    def n_rows(self) -> int:
        """Rows of the grid."""
        return len(self.ys) - 1

    @property
    def n_columns(self) -> int:
        """Columns of the grid."""
        return len(self.xs) - 1


class PdfiumLattice(Lattice):
    """camelot's `Lattice`, engine vector, without its own PDF reading."""

    def __init__(self) -> None:
        super().__init__(engine="vector")
        self._rules = Rules([], [])
        self._height = 0.0
        self.grids: list[Grid] = []

    def grids_of(self, rules: Rules, glyphs: Glyphs, page_no: int) -> list[Grid]:
        """The closed grids of one page, from top to bottom; those without any text are left out."""
        self._rules, self._height, self.grids = rules, glyphs.frame.height, []
        self.prepare_page_parse("", None, (glyphs.frame.width, glyphs.frame.height), page_no, [], [glyphs], [], "", {})
        self.extract_tables()
        return self.grids

    def _flip(self, segments: list[Segment]) -> list[Segment]:
        return [(x0, self._height - y1, x1, self._height - y0) for x0, y0, x1, y1 in segments]

    def _generate_table_bbox(self) -> None:
        self.pdf_image = self.threshold = None
        self.horizontal_segments = self._flip(self._rules.horizontal)
        self.vertical_segments = self._flip(self._rules.vertical)
        self.table_bbox_parses = {box: {"joints": points} for box, points in joints(self.horizontal_segments, self.vertical_segments)}
        self._compute_table_anchors()

    def _generate_columns_and_rows(self, bbox: Any, user_cols: Any) -> tuple[Any, Any, Any, Any]:
        parse = self.table_bbox_parses[bbox]
        columns, rows = list(pairwise(parse["col_anchors"])), list(pairwise(parse["row_anchors"]))
        return columns, rows, self.vertical_segments, self.horizontal_segments

    def _generate_table(self, table_idx: int, bbox: Any, cols: Any, rows: Any, **kwargs: Any) -> None:
        xs = np.array([cols[0][0], *(c[1] for c in cols)])
        ys = self._height - np.array([rows[0][0], *(r[1] for r in rows)])
        self.grids.append(_grid(xs, ys, self._rules))  # instead of camelot's Table: text is placed by character

    def _reject_table(self, table: Any) -> bool:
        """Nothing is rejected: a nearly empty table of budgets (no 三公, no 政府性基金) is information."""
        return False


def joints(horizontal: list[Segment], vertical: list[Segment]) -> list[tuple[Segment, list[tuple[float, float]]]]:
    """Per group of rules that cross: its box, and its joints.

    The same as camelot's `find_joints_from_lines`, which asks every pair of rules in Python, but for two things: a joint is
    given once a row and once a column, which is all that the anchors need, and tables without outer rules need fewer joints.
    """
    h, v = np.array(horizontal), np.array(vertical)
    crossing = (
        (v[None, :, 0] >= h[:, None, 0] - MEET) & (v[None, :, 0] <= h[:, None, 2] + MEET)
        & (h[:, None, 1] >= v[None, :, 1] - MEET) & (h[:, None, 1] <= v[None, :, 3] + MEET)
    )
    out: list[tuple[Segment, list[tuple[float, float]]]] = []
    waiting = crossing.any(axis=1)
    while waiting.any():
        rows = np.zeros(len(h), bool)
        rows[int(waiting.argmax())] = True
        size = 0
        columns = np.zeros(len(v), bool)
        while int(rows.sum()) > size:  # until no further rule crosses the group
            size = int(rows.sum())
            columns = np.asarray(crossing[rows].any(axis=0))
            rows = np.asarray(crossing[:, columns].any(axis=1))
        waiting &= ~rows
        if size + int(columns.sum()) < 3:
            continue
        hs, vs = h[rows], v[columns]
        box = (
            float(min(hs[:, 0].min(), vs[:, 0].min())), float(min(vs[:, 1].min(), hs[:, 1].min())),
            float(max(hs[:, 2].max(), vs[:, 2].max())), float(max(vs[:, 3].max(), hs[:, 3].max())),
        )
        xs, ys = sorted(set(vs[:, 0].tolist())), sorted(set(hs[:, 1].tolist()))
        out.append((box, [(x, ys[0]) for x in xs] + [(xs[0], y) for y in ys[1:]]))
    return out


def _grid(xs: Floats, ys: Floats, rules: Rules) -> Grid:
    vertical = np.zeros((len(ys) - 1, len(xs)))
    horizontal = np.zeros((len(ys), len(xs) - 1))
    _cover(vertical.T, xs, ys, [(x, lo, hi) for x, lo, _, hi in rules.vertical])
    _cover(horizontal, ys, xs, [(y, lo, hi) for lo, y, hi, _ in rules.horizontal])
    return Grid(xs, ys, vertical >= _RULED, horizontal >= _RULED)


def _cover(share: Floats, across: Floats, along: Floats, rules: list[tuple[float, float, float]]) -> None:
    """Add to share[edge, stretch] how much of each stretch of each edge the rules draw."""
    if not rules:
        return
    table = np.array(rules)
    table = table[(table[:, 2] > along[0]) & (table[:, 1] < along[-1])]
    if not len(table):
        return
    edge = np.abs(table[:, :1] - across[None, :]).argmin(axis=1)
    near = np.abs(table[:, 0] - across[edge]) <= NEAR
    table, edge = table[near], edge[near]
    drawn = np.minimum(table[:, 2:3], along[None, 1:]) - np.maximum(table[:, 1:2], along[None, :-1])
    np.add.at(share, edge, np.maximum(drawn, 0) / (along[1:] - along[:-1]))

"""camelot's lattice parser, fed with rules and characters read by pdfium.

camelot finds the joints, the table boxes and the row and column anchors; here are its inputs and the edges of cells, by how
much of a side is ruled, so that a rule that stops short or runs over still counts. Text is placed by character elsewhere
(`placing`). Private methods of camelot-py are overridden: the version is pinned.

camelot's y points up; everything else in this package has y downwards. The flip stays inside this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from camelot.core import Table
from camelot.image_processing import find_joints_from_lines
from camelot.parsers import Lattice

from pipelines.read.pdf.glyphs import Glyphs
from pipelines.read.pdf.pdfium import Floats
from pipelines.read.pdf.rules import Rules, Segment

_NEAR: Final = 2.5  # points: a rule this close to a row's or column's edge is that edge
_RULED: Final = 0.5  # of a cell's side: ruled when at least this much is drawn
_SLACK: Final = 1.5  # points: text may stand this far outside the outer rules


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


class PdfiumLattice(Lattice):  # type: ignore[misc]
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
        joints = find_joints_from_lines(self.horizontal_segments, self.vertical_segments)
        self.table_bbox_parses = {box: {"joints": points} for box, points in joints.items()}
        self._compute_table_anchors()

    def _generate_columns_and_rows(self, bbox: Any, user_cols: Any) -> tuple[Any, Any, Any, Any]:
        parse = self.table_bbox_parses[bbox]
        columns, rows = parse["col_anchors"], parse["row_anchors"]
        return list(zip(columns, columns[1:], strict=False)), list(zip(rows, rows[1:], strict=False)), self.vertical_segments, self.horizontal_segments

    def _generate_table(self, table_idx: int, bbox: Any, cols: Any, rows: Any, **kwargs: Any) -> Table:
        xs = np.array([cols[0][0], *(c[1] for c in cols)])
        ys = self._height - np.array([rows[0][0], *(r[1] for r in rows)])
        self.grids.append(_grid(xs, ys, self._rules))
        return None

    def _reject_table(self, table: Any) -> bool:
        """Nothing is rejected: a nearly empty table of budgets (no 三公, no 政府性基金) is information."""
        return False


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
    near = np.abs(table[:, 0] - across[edge]) <= _NEAR
    table, edge = table[near], edge[near]
    drawn = np.minimum(table[:, 2:3], along[None, 1:]) - np.maximum(table[:, 1:2], along[None, :-1])
    np.add.at(share, edge, np.clip(drawn, 0, None) / np.diff(along)[None, :])

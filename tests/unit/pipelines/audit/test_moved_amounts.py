"""An amount in the column beside its own is sent back, though a sum that may well not apply stays broken."""

from __future__ import annotations

import pytest

from pipelines.audit.identity import Identity
from pipelines.audit.locate import locate
from pipelines.audit.sheet import SCALE, Figure
from pipelines.audit.shifted import Move, shifted


def row(*yuan: int) -> list[Figure]:
    """The cells of one row, whole yuan each; a nought is a blank."""
    return [Figure(n, v * SCALE, SCALE, 0, 1, n, fact={"fact_id": str(n)} if v else None) for n, v in enumerate(yuan)]


def moves(strength: float) -> list[Move]:
    """合计 9565, 小计 9565 = 人员 6890 + 公用 (blank), 项目 2675, which belongs under 公用. A sum down 项目 is broken anyway."""
    whole, basic, staff, running, project = cells = row(9565, 9565, 6890, 0, 2675)
    elsewhere = Figure(5, 70_000 * SCALE, SCALE, 0, 2, 4, fact={"fact_id": "5"})
    live = [
        Identity("row", "row_sum", (whole,), (basic, project)), Identity("row", "row_sum", (basic,), (staff, running)),
        Identity("total_rows", "total_sum", (elsewhere,), (project,), strength),
    ]
    figures = [*cells, elsewhere]
    touching = {f.no: [n for n, i in enumerate(live) if any(g.no == f.no for g in i.figures)] for f in figures}
    return shifted(live, touching, figures)


def test_a_sum_that_may_not_apply_does_not_keep_an_amount_in_the_wrong_column() -> None:
    assert [(m.source, m.target, m.mended) for m in moves(0.6)] == [(4, 3, (0, 1))]


@pytest.mark.parametrize("strength", [0.7, 1.0])
def test_a_sum_that_surely_applies_must_be_mended_too(strength: float) -> None:
    assert moves(strength) == []


@pytest.mark.parametrize(("beside", "doubtful"), [(245, {4}), (246, set())])
def test_an_amount_that_is_the_gap_of_the_next_column_is_in_doubt(beside: int, doubtful: set[int]) -> None:
    """Nothing adds up to the amount beside the blank, so nothing proves the move; but the sum of the blank's column misses just this."""
    def cell(no: int, row: int, column: int, yuan: int) -> Figure:
        return Figure(no, yuan * SCALE, SCALE, 0, row, column, fact={"fact_id": str(no)} if yuan else None)

    figures = [cell(0, 0, 2, 1245), cell(1, 1, 2, 0), cell(2, 2, 2, 640), cell(3, 3, 2, 360), cell(4, 1, 1, beside)]
    (cause,) = locate(figures, [Identity("tree_subject", "hierarchy_sum", (figures[0],), tuple(figures[1:4]), group=("down", 0))])
    assert not cause.cells
    assert cause.beside == doubtful


def test_of_a_sole_row_and_its_total_either_may_stand_in_the_wrong_column() -> None:
    """合计 and the only row below it print the same amount in different columns: nothing says which of the two is right."""
    def cell(no: int, place: int, column: int, yuan: int) -> Figure:
        return Figure(no, yuan * SCALE, SCALE, 0, place, column, fact={"fact_id": str(no)} if yuan else None)

    figures = [cell(0, 1, 0, 507), cell(1, 1, 1, 0), cell(2, 2, 0, 0), cell(3, 2, 1, 507)]
    live = [
        Identity("total_rows", "total_sum", (figures[0],), (figures[2],)),
        Identity("total_rows", "total_sum", (figures[1],), (figures[3],)),
    ]
    touching = {f.no: [n for n, i in enumerate(live) if any(g.no == f.no for g in i.figures)] for f in figures}
    assert shifted(live, touching, figures) == []
    elsewhere = Figure(4, 507 * SCALE, SCALE, 1, 1, 0, fact={"fact_id": "4"})
    live.append(Identity("same_cell", "cross_table", (elsewhere,), (figures[2],)))  # another table says that the row's is wrong
    touching |= {2: [0, 2], 4: [2]}
    assert [(m.source, m.target) for m in shifted(live, touching, [*figures, elsewhere])] == [(3, 2)]

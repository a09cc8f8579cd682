"""Which performance tables go on from the table before: forms and lists over several pages whose pages were not stitched.

A form changes its columns on the way, so the next page's grid often has other columns than the page before, and no title. Evidence: the
next page, no title of its own (or the same one), no beginning of a form, columns where the others stood or words of indicators. A table
that goes on takes the kind of the one before and says `continues:<table_no>` in its evidence; its reader takes scope and columns over.
"""

from __future__ import annotations

import re

import msgspec

from pipelines.understand.kinds import PERFORMANCE_KINDS
from pipelines.understand.logical import LogicalTable
from pipelines.understand.performance_words import PerformanceWords, performance_words
from pipelines.understand.performance_zones import form_grid, own_cells
from pipelines.understand.text import bare, canon, compact

CONTINUES = "continues:"
_TARGET = re.compile(r"^(?:[≥≤＝=><]|[><]=|定性)")
_NUMBERED = re.compile(r"^指标\d+[：:]")
_FILLED = re.compile(r"\d(?!\d*分?）)")  # a number other than the weights that the form itself prints, 分值（90分）
_PART = re.compile(  # a part of a form, named in a line of its own
    r"^(?:项目|部门|单位)?(?:中?长期|中期|年度|当年|实施期|总体|整体)(?:绩效)?(?:总?目标|指标)表?$")
_FIRST_ROWS = 4
_EDGE = 4.0  # points by which the same rule may miss on two pages


def follow_forms(tables: list[LogicalTable]) -> list[LogicalTable]:
    """The same tables, those that go on from the performance table before them marked, and of its kind."""
    words = performance_words()
    out: list[LogicalTable] = []
    for table in tables:
        before = out[-1] if out else None
        if before is not None and before.kind in PERFORMANCE_KINDS and _follows(before, table, words):
            changed = table.kind != before.kind
            out.append(msgspec.structs.replace(
                table, kind=before.kind, kind_confidence=min(before.kind_confidence, 0.6) if changed else table.kind_confidence,
                kind_evidence=(*table.kind_evidence, f"{CONTINUES}{before.table_no}"), unit=table.unit or before.unit,
                status="understood" if table.kind == "other" else table.status, reason=None if table.kind == "other" else table.reason,
                rows=() if changed else table.rows,
            ))
        else:
            out.append(table)
        if out[-1].kind in PERFORMANCE_KINDS and out[-1].emptiness == "blank" and any(_FILLED.search(canon(c.text)) for c in table.cells):
            out[-1] = msgspec.structs.replace(out[-1], emptiness="filled")
    return out


def continues(table: LogicalTable) -> bool:
    """Whether a table was marked as going on from the one before."""
    return any(e.startswith(CONTINUES) for e in table.kind_evidence)


def _follows(before: LogicalTable, table: LogicalTable, words: PerformanceWords) -> bool:
    if table.kind not in ("other", *PERFORMANCE_KINDS):
        return False
    same_title = table.title is not None and before.title is not None and bare(table.title) == bare(before.title)
    part = table.title is not None and _is_part(before, table)
    if table.title is not None and not same_title and not part and not _seems_cell(table.title, before):
        return False
    if before.last_page is not None and table.first_page is not None:
        if not 0 <= table.first_page - before.last_page <= 1:
            return False
    elif not same_title:
        return False
    if _begins(table, words):
        return same_title and _same_beginning(before, table) and not _has_fresh_form(before, table, words)
    alike = _same_edges(before, table) and (table.kind != "other" or _labels(table, words) > 1)
    return same_title or part or _marks(table, words) > 0 or alike or _all_edges(before, table)


def _seems_cell(title: str, before: LogicalTable) -> bool:
    """A side label printed without its rule on the next page is read as a title."""
    t = canon(title)
    return len(t) <= 10 and any(canon(c.text) == t and c.row_span > 2 for c in before.cells)


def _is_part(before: LogicalTable, table: LogicalTable) -> bool:
    """Whether the title is a line within a form (年度绩效目标表 over its list), on the page where the form's first part ends."""
    return _PART.match(bare(table.title or "")) is not None and table.first_page == before.last_page and _same_extent(before, table)


def _same_extent(before: LogicalTable, table: LogicalTable) -> bool:
    """Whether both reach from the same left edge to the same right one, whatever columns stand between."""
    ours, theirs = ([c.box for c in t.cells if c.box is not None] for t in (table, before))
    if not ours or not theirs:
        return False
    left, right = (abs(f(b[i] for b in ours) - f(b[i] for b in theirs)) for f, i in ((min, 0), (max, 2)))
    return left < _EDGE and right < _EDGE


def _labels(table: LogicalTable, words: PerformanceWords) -> int:
    """How many rows begin with a label that forms print (项目资金来源, 年度绩效目标 …)."""
    return sum(1 for c in table.cells if c.column == 0 and words.label_role(c.text) is not None)


def _begins(table: LogicalTable, words: PerformanceWords) -> bool:
    """Whether a form begins here: 项目名称 or 部门名称 with a value, in the first rows."""
    grid = form_grid(table)
    for r in range(min(_FIRST_ROWS, grid.n_rows)):
        cells = own_cells(grid, r)
        if 2 <= len(cells) <= 6 and any(words.label_role(c.text) in ("project", "department") for c in cells[::2]):
            others = [c for c in cells if words.header_role(c.text)]
            if len(others) <= len(cells) / 2:
                return True
    return False


def _row_texts(table: LogicalTable, r: int) -> list[str]:
    return [canon(c.text) for c in table.cells if c.row == r and compact(c.text)]


def _same_beginning(before: LogicalTable, table: LogicalTable) -> bool:
    return _row_texts(before, 0) == _row_texts(table, 0) != []


def _has_fresh_form(before: LogicalTable, table: LogicalTable, words: PerformanceWords) -> bool:
    """Whether, after a heading row that is printed again, the rows begin as those of the table before did: a whole form again."""
    return _row_texts(before, 1) == _row_texts(table, 1) != []


def _marks(table: LogicalTable, words: PerformanceWords) -> int:
    return sum(
        1 for c in table.cells
        if (t := compact(c.text)) and len(t) < 30 and (words.level(t) is not None or _NUMBERED.match(t) or _TARGET.match(t))
    )


def _boundaries(table: LogicalTable) -> list[float]:
    found: list[float] = []
    for cell in table.cells:
        if cell.box is not None and not any(abs(cell.box[0] - x) < _EDGE for x in found):
            found.append(cell.box[0])
    return found


def _same_edges(before: LogicalTable, table: LogicalTable) -> bool:
    ours, theirs = _boundaries(table), _boundaries(before)
    return bool(ours) and sum(any(abs(x - y) < _EDGE for y in theirs) for x in ours) >= 0.8 * len(ours)


def _all_edges(before: LogicalTable, table: LogicalTable) -> bool:
    return table.n_columns == before.n_columns and _same_edges(before, table) and _same_edges(table, before)

"""Lists that go on in the next block of the same table (公开06表: three times 科目编码 | 科目名称 | 金额 in a row), seen as one list.

Here: when blocks side by side are one list, and a view of the table in which they stand below one another. Not here: sums.
"""

from __future__ import annotations

from msgspec.structs import replace

from pipelines.audit.sheet import Block, Sheet
from pipelines.understand.logical import Column, Row


def in_one_list(sheet: Sheet) -> Sheet:
    """The table with its blocks below one another, where they go on from left to right; else the table itself. Figures are shared."""
    if not _continued(sheet.blocks):
        return sheet
    first = sheet.blocks[0]
    number = {(block.number, row.row): n for n, (block, row) in enumerate((b, r) for b in sheet.blocks for r in b.rows)}
    rows: list[Row] = []
    view = Sheet(sheet.index, sheet.table, sheet.table_id, [], decimals=sheet.decimals)
    for block in sheet.blocks:
        for row in block.rows:
            if _spans_on(sheet, block, row):
                continue
            own = number[(block.number, row.row)]
            rows.append(replace(row, row=own, parent=number.get((block.number, row.parent)) if row.parent is not None else None))
            for column, shown in zip(block.columns, first.columns, strict=True):
                figure = sheet.grid.get((row.row, column.column))
                if figure is not None:
                    view.grid[(own, shown.column)] = figure
                if (row.row, column.column) in sheet.unreadable:
                    view.unreadable.add((own, shown.column))
    view.blocks = [Block(first.number, rows, first.columns)]
    return view


def _spans_on(sheet: Sheet, block: Block, row: Row) -> bool:
    """Whether a row without a code is only the beginning of a label that spans to the figure of a later block (公用经费合计)."""
    if row.code or any(sheet.printed(row.row, c.column) for c in block.columns):
        return False
    return any((row.row, row.label) == (r.row, r.label) for b in sheet.blocks if b.number > block.number for r in b.rows)


def _continued(blocks: list[Block]) -> bool:
    if len(blocks) < 2 or len({len(b.columns) for b in blocks}) != 1:
        return False
    schemes = [{r.scheme for r in b.rows if r.code} for b in blocks]
    if any(len(s) != 1 for s in schemes) or len(set.union(*schemes)) != 1:
        return False
    if any({r.side for r in b.rows} != {r.side for r in blocks[0].rows} for b in blocks):
        return False
    codes = [[r.code for r in b.rows if r.code] for b in blocks]
    if any(set(a) & set(b) for n, a in enumerate(codes) for b in codes[n + 1:]):
        return False  # the same subjects twice are two lists
    return all(_alike(a, b) for block in blocks[1:] for a, b in zip(blocks[0].columns, block.columns, strict=True))


def _alike(a: Column, b: Column) -> bool:
    if a.meaning is None or b.meaning is None:
        return a.meaning is b.meaning
    return (a.meaning.stage, a.meaning.year, a.meaning.year_offset, a.meaning.measure) == (
        b.meaning.stage, b.meaning.year, b.meaning.year_offset, b.meaning.measure)

"""One group of fragments becomes one LogicalTable: header, columns, blocks, kind, rows.

Here: the order of the steps and the decision whether the table is understood. A table whose header, unit or kind of content cannot
be told keeps its cells and says why.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from pipelines.understand.amounts import is_filler, parse_amount
from pipelines.understand.columns import DESCRIPTORS, NAMED_ITEM, HeaderContext, assign_blocks, column_roles, meanings
from pipelines.understand.fragments import declares_empty
from pipelines.understand.grid import Grid, header_texts
from pipelines.understand.header import find_header, index_row, is_note_row, prose_below, repeated_header
from pipelines.understand.kinds import PERFORMANCE_KINDS, kind_of
from pipelines.understand.logical import Column, LogicalTable, Row
from pipelines.understand.nesting import group_lines, group_projects, group_units
from pipelines.understand.rows import PROJECT_KINDS, RowContext, read_rows
from pipelines.understand.sides import sides_of_lines
from pipelines.understand.source_lines import source_lines
from pipelines.understand.stitch import Group
from pipelines.understand.subjects import SubjectBook
from pipelines.understand.text import bare, canon
from pipelines.understand.torn_headers import with_whole_heads
from pipelines.understand.torn_rows import join_torn_rows
from pipelines.understand.total_heads import heads_of_total
from pipelines.understand.vocabulary import Vocabulary

PROCUREMENT_KINDS = ("procurement", "service_procurement")
_PARTS_OF_CODES = ("类", "款", "项", "目")


def read_table(
    group: Group, number: int, unit: tuple[str | None, int], known: RowContext, words: Vocabulary, book: SubjectBook
) -> LogicalTable:
    """Understand one table. `unit` is the one in force where the table states none, with the number of places that say it."""
    printed, starts = group.grid(), _starts(group)
    grid = with_whole_heads(printed, starts, words)
    header, skipped, body = _zones(group, grid, words)
    below = [] if group.caption.kind in PERFORMANCE_KINDS else prose_below(grid, body)
    body = [r for r in body if r not in below]
    beside_total, grid = heads_of_total(grid, header, body, words)
    levels = [*header_texts(grid, header), *_code_parts(grid, header, skipped), *beside_total]
    columns = assign_blocks(column_roles(grid, levels, body, words))
    body, wrapped = join_torn_rows(grid, starts, body, columns, known)
    skipped = sorted({*skipped, *(r for r in range(grid.n_rows) if r not in body and r not in header and grid.row(r))})
    inside = [t for r in skipped if (r in below or is_note_row(grid, r)) and (t := grid.row(r)[0]) not in group.notes]
    group = replace(group, notes=[*group.notes, *inside])  # a note that a blank row of the sheet parts from the table
    title = (group.caption.title, group.caption.kind, group.caption.sure)
    kind, sure, evidence = kind_of(title, grid, levels, columns, body, known.kind, book)
    side = words.kinds[kind].side if kind in words.kinds else "both"
    heads = HeaderContext(kind, side, group.caption.title, items=not _rows_are_items(grid, columns, body), year=known.year)
    columns = meanings(columns, levels, heads, words, book)
    again = group.caption.unit == unit[0] and unit[1] > 1  # another table says it, too
    stated, evidence_count = (group.caption.unit, 1 + again) if group.caption.unit else (unit[0], min(unit[1], 1))
    rows: list[Row] = []
    blocks = sorted({c.block for c in columns if c.role == "amount"})
    sides = _block_sides(levels, columns, blocks, side)
    status, reason = _status(group, header, columns, body, grid, kind, stated)
    if status == "understood" and kind not in PERFORMANCE_KINDS:
        for block in blocks:
            grouped = sides[block] == "expenditure" and _grouped(grid, [c for c in columns if c.block == block], body, words)
            ctx = replace(known, kind=kind, side=sides[block], two_sided=side == "both", grouped=grouped)
            read = read_rows(grid, body, [c for c in columns if c.block == block], block, ctx)
            leading, slack = _leading(grid, columns, block, body)
            read = group_units(read, leading, slack)
            if kind in PROJECT_KINDS:
                read = group_projects(read, leading)
            elif kind in PROCUREMENT_KINDS:
                read = group_lines(read, leading)
            elif kind == "fiscal_appropriation_summary":
                read = source_lines(read, words)
            rows.extend(sides_of_lines(read) if side == "both" and len(blocks) == 1 else read)
        if kind == "general_public_expenditure" and _mostly_economic(rows):
            kind = "general_public_expenditure_economic"
    pages = [cell.page for cell in grid.cells if cell.page is not None]
    cells = tuple(printed.cells)
    return LogicalTable(
        table_no=number,
        n_rows=grid.n_rows,
        n_columns=grid.n_columns,
        cells=cells,
        title=group.caption.title,
        number=group.caption.number,
        kind=kind,
        kind_confidence=sure,
        kind_evidence=evidence,
        unit=stated,
        unit_evidence=evidence_count,
        year=group.caption.year,
        entity=group.caption.entity,
        first_page=min(pages) if pages else None,
        last_page=max(pages) if pages else None,
        method=group.parts[0][0].table.method,
        confidence=min(f.table.confidence for f, _ in group.parts),
        emptiness=_emptiness(group, grid, columns, body),
        status=status,
        reason=reason,
        header_rows=tuple(header),
        skipped_rows=tuple(skipped),
        columns=tuple(columns),
        rows=tuple(rows),
        note="\n".join(group.notes) or None,
        sheet=group.parts[0][0].table.sheet,
        reading_note="; ".join(dict.fromkeys(f.table.note for f, _ in group.parts if f.table.note)) or None,
        wrapped=tuple(wrapped),
    )


def _code_parts(grid: Grid, header: list[int], skipped: list[int]) -> list[list[str]]:
    """The level 类 | 款 | 项 where it is printed in the row that numbers the columns (类 | 款 | 项 | 栏次 | 1 | 2)."""
    above = header_texts(grid, header)[-1] if header else []
    for r in skipped:
        parts = [t if canon(t := grid.own(r, c)) in _PARTS_OF_CODES else "" for c in range(grid.n_columns)]
        if above and r > header[-1] and sum(map(bool, parts)) > 1:
            return [[part or over for part, over in zip(parts, above, strict=True)]]
    return []


def _rows_are_items(grid: Grid, columns: list[Column], body: list[int]) -> bool:
    """Whether the labels of the rows are items of 三公; then its columns are none, whatever they say of 三公."""
    labels = [c.column for c in columns if c.role in ("label", "project", "name")]
    return any(sum(bool(NAMED_ITEM.search(grid.own(r, c))) for r in body) >= 2 for c in labels)


def _grouped(grid: Grid, columns: list[Column], body: list[int], words: Vocabulary) -> bool:
    """Whether the kinds of spending stand as rows over their lines (一、基本支出 … 二、项目支出 …) and no column says one."""
    if any(c.meaning and c.meaning.expenditure_type for c in columns):
        return False
    labels = [c.column for c in columns if c.role in DESCRIPTORS]
    found = (words.row_words.get(bare(grid.own(r, c))) for r in body for c in labels)
    said = {w.value for w in found if w is not None and w.name == "expenditure_type"}
    return {"basic", "project"} <= said or {"basic_personnel", "basic_operating"} <= said


def _starts(group: Group) -> list[int]:
    """The first grid row of every fragment after the first."""
    lengths = [f.stop - f.start for f, _ in group.parts]
    return [sum(lengths[: n + 1]) for n in range(len(lengths) - 1)]


def _leading(grid: Grid, columns: list[Column], block: int, body: list[int]) -> tuple[dict[int, Decimal], Decimal]:
    """The first amount of each row of a block, and what one unit of its coarsest last digit is worth."""
    first = next(c.column for c in columns if c.role == "amount" and c.block == block)
    found = {r: a for r in body if (a := parse_amount(grid.text(r, first))) is not None}
    return {r: a.value for r, a in found.items()}, max((a.increment for a in found.values()), default=Decimal(0))


def _zones(group: Group, grid: Grid, words: Vocabulary) -> tuple[list[int], list[int], list[int]]:
    """Header rows, skipped rows (captions, index rows, repeated headers, notes) and body rows of the stacked grid."""
    offset = 0
    captions: list[int] = []
    notes: list[int] = []
    for fragment, _ in group.parts:
        captions.extend(r - fragment.start + offset for r in fragment.caption_rows)
        notes.extend(r - fragment.start + offset for r in fragment.note_rows)
        offset += fragment.stop - fragment.start
    first = 0
    while first in captions:
        first += 1
    header, index, begin = find_header(grid, first, words)
    skipped = sorted({*captions, *index, *notes})
    body = []
    for r in range(begin, grid.n_rows):
        if r in skipped:
            continue
        texts = grid.row(r)
        if not texts:
            continue
        if repeated_header(grid, header, r) or is_note_row(grid, r) or (len(texts) > 1 and index_row(grid, r)):
            skipped.append(r)
        else:
            body.append(r)
    return header, sorted(skipped), body


def _block_sides(levels: list[list[str]], columns: list[Column], blocks: list[int], side: str) -> dict[int, str | None]:
    """The side of each block: of a two-sided table from the head over it (收入 | 支出), else the kind's."""
    out: dict[int, str | None] = {}
    for block in blocks:
        own = None
        if side == "both":
            for row in levels:
                heads = {bare(row[c.column]) for c in columns if c.block == block and row[c.column]}
                income = any(re.search(r"收入", h) and "支出" not in h for h in heads)
                spent = any(re.search(r"支出", h) and "收入" not in h for h in heads)
                if income != spent:
                    own = "income" if income else "expenditure"
                    break
            if own is None and len(blocks) == 2:
                own = "income" if block == blocks[0] else "expenditure"
        else:
            own = side
        out[block] = own
    return out


def _status(
    group: Group, header: list[int], columns: list[Column], body: list[int], grid: Grid, kind: str, unit: str | None
) -> tuple[str, str | None]:
    if any((f.table.note or "").startswith("hidden sheet") for f, _ in group.parts):
        return "not_required", "hidden_sheet"  # what the publisher hid is kept, not taken for published
    if kind == "government_level":
        return "not_required", "government_level"
    amounts = [c for c in columns if c.role == "amount"]
    printed = any(parse_amount(grid.text(r, c.column)) for r in body for c in amounts)
    if not header and kind not in PERFORMANCE_KINDS and any(parse_amount(grid.text(r, c)) for r in body for c in range(grid.n_columns)):
        return "not_understood", "no_header"
    if not printed:
        return "understood", None
    described = any(c.role in DESCRIPTORS or c.role == "text" for c in columns if c.column < amounts[-1].column)
    lines = sum(any(parse_amount(grid.text(r, c.column)) for c in amounts) for r in body)
    if not described and kind not in PERFORMANCE_KINDS and lines > (1 if group.caption.title or kind == "three_public" else 0):
        return "not_understood", "no_labels"  # the right half of a table whose left half stands elsewhere
    if unit is None and not any(c.meaning and c.meaning.unit for c in amounts) and kind not in PERFORMANCE_KINDS:
        return "not_understood", "no_unit"
    return "understood", None


def _mostly_economic(rows: list[Row]) -> bool:
    schemes = Counter(row.scheme for row in rows if row.code)
    return schemes["economic_department"] + schemes["economic_government"] > schemes["function"]


def _emptiness(group: Group, grid: Grid, columns: list[Column], body: list[int]) -> str:
    amounts = [a for c in columns if c.role == "amount" for r in body if (a := parse_amount(grid.text(r, c.column))) is not None]
    if any(a.value for a in amounts):
        return "filled"
    texts = [t for r in body for t in grid.row(r) if not is_filler(t) and canon(t) not in ("0", "0.00", "合计")]
    if any(declares_empty(n) for n in [*group.notes, *(t for t in texts if len(t) > 8)]):
        return "declared_empty"
    if amounts:
        return "all_zero"
    roles = {c.role for c in columns}
    written = "text" in roles or ("amount" not in roles and any(ch.isdigit() for t in texts for ch in t))  # a form
    return "filled" if texts and written else "blank"

"""Which fragments make one logical table: captions read, continuations joined, columns lined up.

Here: titles, units and the decision that a fragment goes on. Evidence decides: the same title again, the same header again, or no
header at all and columns that stand where the others stood. Not here: what the table means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from statistics import median

from pipelines.understand.fragments import Fragment, is_note, is_title, title_number, unit_of
from pipelines.understand.grid import Grid, stack
from pipelines.understand.halves import beside, heads_amounts, last_page
from pipelines.understand.header import find_header
from pipelines.understand.text import bare, canon
from pipelines.understand.torn_headers import on_columns_of
from pipelines.understand.vocabulary import Vocabulary

_ENTITY_LINE = re.compile(
    r"^(?:编制|填报|预算|公开|申报|填表)?(?:部门|单位)(?:（(?:单位|部门|公章|盖章)）)?(?:名称|全称)?[：:](?!万?元|千元|亿元)\s*([^：:]{3,40}?)(?:(?:金额)?单位[：:].*)?$"
)
_FORM_KEY = re.compile(
    r"^(?:项目名称|专项(?:（项目）)?名称|部门（?单位）?名称|预算部门|项目（?政策）?名称|政策（?项目）?名称|单位名称|部门名称)$"
)
_YEAR = re.compile(r"(20\d\d)年")
_HEADS_KNOWN = 0.75  # the end of a page may cut a head or two in the middle
_HEADS_ENOUGH = 3  # heads of a header in one row that do not repeat by chance
_CONTINUED = re.compile(r"（?续表?\d*）?|（续）")


@dataclass
class Caption:
    """What the lines around a fragment say of it."""

    title: str | None = None
    number: str | None = None
    kind: str | None = None
    sure: float = 0.0
    unit: str | None = None
    year: int | None = None
    entity: str | None = None


@dataclass
class Group:
    """The fragments of one logical table, with the grid column of each raw column, and its header as found in the first fragment."""

    caption: Caption
    parts: list[tuple[Fragment, list[int]]]
    n_columns: int
    header: list[list[str]]
    notes: list[str] = field(default_factory=list)
    has_header: bool = True
    begin: int = 0  # first body row of the first fragment

    def grid(self) -> Grid:
        """All fragments stacked."""
        return stack(self.parts, self.n_columns)


def caption_of(fragment: Fragment, words: Vocabulary) -> Caption:
    """Title (the nearest line above that is one), number, unit, year and body of a fragment."""
    out = Caption()
    weak: tuple[str, str] | None = None
    for text in reversed(fragment.lines):
        if is_note(text):
            continue
        if out.unit is None:
            out.unit = unit_of(text)
        m = _ENTITY_LINE.match(canon(text))
        if m and out.entity is None:
            out.entity = m.group(1)
            continue
        if out.title is None and is_title(text, words):
            number, rest = title_number(text)
            kind = words.kind_of_title(rest or text)
            if kind is None and not rest:
                out.number = out.number or number
                continue
            out.title, out.kind, out.sure = text.strip(), kind, 0.95 if kind else 0.5
            out.number = number or out.number
            year = _YEAR.search(canon(text))
            out.year = int(year.group(1)) if year else None
        elif out.title is None and weak is None and _heading_like(text) and (kind := words.kind_of_title(text)):
            weak = (text.strip(), kind)
        elif out.title and out.number is None:
            number, rest = title_number(text)
            out.number = number if number and not rest else None
    if out.title is None and weak is not None:
        out.title, out.kind, out.sure = weak[0], weak[1], 0.6
    return out


def _name_by_sheet(caption: Caption, fragment: Fragment, seen: set[str], words: Vocabulary) -> None:
    """Workbooks often name a table on its sheet's tab alone: that names the sheet's first table, if no line does."""
    sheet = fragment.table.sheet
    if not sheet or fragment.stop - fragment.start < 2:
        return
    if caption.title is None and sheet not in seen and (kind := words.kind_of_title(sheet)):
        caption.title, caption.kind, caption.sure = sheet, kind, 0.6
    seen.add(sheet)


def _heading_like(text: str) -> bool:
    t = canon(text)
    return (
        4 <= len(t) <= 40
        and not re.search(r"[。，；]|单位：|\d[\d,]*\.\d|万元", t)
        and bool(re.search(r"收支|支出|收入|三公|绩效|采购|经费", t))
    )


def groups(fragments: list[Fragment], words: Vocabulary) -> list[Group]:
    """Join fragments into logical tables, in reading order."""
    out: list[Group] = []
    sheets: set[str] = set()
    for fragment in fragments:
        caption = caption_of(fragment, words)
        _name_by_sheet(caption, fragment, sheets, words)
        grid = stack([(fragment, list(range(fragment.table.n_columns)))], fragment.table.n_columns)
        start = len(fragment.caption_rows)
        header_rows, _, begin = find_header(grid, start, words)
        header = [[canon(t) for t in grid.row(r)] for r in header_rows]
        previous = out[-1] if out else None
        if previous is not None:
            joined = _beside(previous, fragment, caption, header, words)
            joined = joined or _below_header(previous, fragment, caption, (header, begin), words)
            if joined is not None:
                out[-1] = joined
                continue
        part = _continues(previous, fragment, caption, header, grid, words) if previous else None
        if previous is not None and part is not None:
            previous.parts.append(part)
            previous.notes.extend(fragment.notes)
            if previous.caption.unit is None:
                previous.caption.unit = caption.unit
        else:
            out.append(
                Group(
                    caption,
                    [(fragment, list(range(fragment.table.n_columns)))],
                    fragment.table.n_columns,
                    header,
                    list(fragment.notes),
                    bool(header),
                    begin,
                )
            )
    return out


def _beside(group: Group, fragment: Fragment, caption: Caption, header: list[list[str]], words: Vocabulary) -> Group | None:
    """The group with the fragment as right part of its one piece, where it is one. Title and unit may stand above any part."""
    last, _ = group.parts[-1]
    facing = _on_next_page(fragment, last_page(last))
    if not facing or len(group.parts) > 1 or not group.has_header or _repeats(header, group):
        return None
    named = caption.title if caption.title is None or not heads_amounts(caption.title, words) else None
    if not (named is None or group.caption.title is None or _same_title(named, group.caption.title)):
        return None
    found = beside(last, fragment, group.begin, header, words)
    if found is None:
        return None
    whole, begin = found
    said = group.caption if named is None or group.caption.title is not None else replace(caption, entity=group.caption.entity)
    said = replace(said, unit=group.caption.unit or caption.unit)
    return replace(group, caption=said, parts=[(whole, list(range(whole.table.n_columns)))], n_columns=whole.table.n_columns, begin=begin)


def _below_header(
    group: Group, fragment: Fragment, caption: Caption, found: tuple[list[list[str]], int], words: Vocabulary
) -> Group | None:
    """The group with the fragment below it, where the group is but the upper part of a header. `found`: the fragment's header, its end.

    A form whose first lines stand at the foot of a page (项目名称 | 节水宣传) has values where a list has heads.
    """
    last, _ = group.parts[-1]
    header, begin = found
    facing = _on_next_page(fragment, last.page) and fragment.follows_table
    rows = last.stop - last.start
    if not facing or len(group.parts) > 1 or not group.has_header or group.begin < rows or caption.title is not None:
        return None
    heads = [t for row in group.header for t in row]
    if _repeats(header, group) or sum(map(words.knows, heads)) < _HEADS_KNOWN * len(heads):
        return None
    upper = on_columns_of(last, fragment)
    if upper is None:
        return None
    n = fragment.table.n_columns
    parts = [(part, list(range(n))) for part in (upper, fragment)]
    said = replace(group.caption, unit=group.caption.unit or caption.unit)
    notes = [*group.notes, *fragment.notes]
    return replace(group, caption=said, parts=parts, n_columns=n, header=[*group.header, *header], notes=notes, begin=rows + begin)


def _on_next_page(fragment: Fragment, page: int | None) -> bool:
    return fragment.page is not None and page is not None and fragment.page == page + 1


def _repeats(header: list[list[str]], group: Group) -> bool:
    """Whether a header prints but rows of the group's."""
    return bool(header) and all(row in group.header for row in header)


def _repeats_above_rest(header: list[list[str]], group: Group, words: Vocabulary) -> bool:
    """Whether a header is the group's and what looks like another level of it: the rest of a row torn at the page's end (支出)."""
    whole = len(group.header)
    if not whole or header[:whole] != group.header or (whole == 1 and len(group.header[0]) < _HEADS_ENOUGH):
        return False
    return whole > 1 or not all(words.knows(text) for row in header[whole:] for text in row)


def _same_title(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and bare(_CONTINUED.sub("", canon(a))) == bare(_CONTINUED.sub("", canon(b)))


def _continues(
    group: Group, fragment: Fragment, caption: Caption, header: list[list[str]], grid: Grid, words: Vocabulary
) -> tuple[Fragment, list[int]] | None:
    """A fragment that goes on with the group, and its grid columns; or None when it is a table of its own."""
    last = group.parts[-1][0]
    same_raw = fragment.raw_index == last.raw_index
    if same_raw or (fragment.page is not None and last.page is not None and fragment.page - last.page > 1):
        return None
    if caption.title is not None and not _same_title(caption.title, group.caption.title):
        return None
    if caption.entity and group.caption.entity and bare(caption.entity) != bare(group.caption.entity):
        return None
    if _starts_form(grid, header, group):
        return None
    repeated = _repeats(header, group) or _repeats_above_rest(header, group, words)
    if header and not repeated and fragment.follows_table and group.has_header and _aligned(group, fragment):
        # 结余分配 at the top of a page looks like a header; one that begins a table names a role (项目, 科目编码, 单位名称)
        header = header if any(words.role_of(t) for row in header for t in row) else []
    if header and not repeated:
        return None
    if not header and fragment.prose_before and caption.title is None and not _aligned(group, fragment):
        return None
    if not header and not group.has_header:
        return None
    if not header and caption.unit and not caption.title and group.caption.unit != caption.unit:
        return None
    columns = _columns(group, fragment)
    if columns is not None:
        return fragment, columns
    whole = on_columns_of(fragment, group.parts[0][0]) if fragment.table.n_columns < group.n_columns else None
    return (whole, list(range(group.n_columns))) if whole is not None and group.parts[0][0].table.n_columns == group.n_columns else None


def _starts_form(grid: Grid, header: list[list[str]], group: Group) -> bool:
    """A form (项目名称 | …) that begins again is another table, though title and rows look alike."""
    first = next((grid.row(r) for r in range(grid.n_rows) if grid.row(r)), [])
    again = bool(header) and bool(group.header) and header[0] == group.header[0]
    return bool(first) and len(first) <= 4 and bool(_FORM_KEY.match(bare(first[0]))) and not again


def _columns(group: Group, fragment: Fragment) -> list[int] | None:
    n = fragment.table.n_columns
    if n == group.n_columns:
        return list(range(n))
    ours, theirs = _edges(fragment), _edges(group.parts[0][0])
    if ours is None or theirs is None or n > group.n_columns:
        return None
    out: list[int] = []
    for x0, x1 in ours:
        overlaps = [max(0.0, min(x1, b) - max(x0, a)) for a, b in theirs]
        best = max(range(len(theirs)), key=overlaps.__getitem__)
        if overlaps[best] < 0.5 * (x1 - x0) or (out and best <= out[-1]):
            return None
        out.append(best)
    return out


def _aligned(group: Group, fragment: Fragment) -> bool:
    """Whether every column stands where the group's stood: then even text between the two (an overflowing cell) does not part them."""
    ours, theirs = _edges(fragment), _edges(group.parts[-1][0]) or _edges(group.parts[0][0])
    return (
        ours is not None
        and theirs is not None
        and len(ours) == len(theirs) > 2
        and all(abs(a0 - b0) < 3 and abs(a1 - b1) < 3 for (a0, a1), (b0, b1) in zip(ours, theirs, strict=True))
    )


def _edges(fragment: Fragment) -> list[tuple[float, float]] | None:
    spans: list[list[tuple[float, float]]] = [[] for _ in range(fragment.table.n_columns)]
    for cell in fragment.table.cells:
        if cell.box is not None and cell.column_span == 1:
            spans[cell.column].append((cell.box[0], cell.box[2]))
    if not all(spans):
        return None
    return [(median(a for a, _ in s), median(b for _, b in s)) for s in spans]

"""The few places of a document that can say whose it is: cover, labels, headings, titles, running lines, label cells.

One pass over lines and cells, nothing is decided here. Texts are handed on in `canon` form (no white space, full-width brackets).
"""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from pipelines.read.document import Cell, Document, RawTable, TextLine
from pipelines.understand.context.names import clean_name, looks_like_body, names_a_body
from pipelines.understand.context.rows import cached, reference_rows
from pipelines.understand.text import canon

COVER_LINES, COVER_LENGTH, PROSE = 14, 60, 70
_VALUE = 60  # characters after a label that can hold a name
_CONTENTS = re.compile(r"^目录$|^目次$|^目\W*录$")
_PAGE_NUMBER = re.compile(r"^[-\W]*(?:第?\d{1,4}页?(?:[，,/共]*\d*页?)?|[ivxIVX]+)[-\W]*$")
_SENTENCE = re.compile(r"[.…·]{4,}\d*$|[，。；]|\d万?元|[比较]20\d\d|[比较]上年")  # lines of a contents page, pieces of running text
_HEADING = re.compile(r"三公|预算|决算|绩效|概况|职能|职责|基本情况|情况说明|收支|总表|构成|设置")
_TEXT = re.compile(
    r"预算|决算|三公|主要职[能责]|职能配置|[是为].{0,30}(?:部门|单位|机构|机关|学校|大学|医院)|包括.{2,40}本级|贯彻落实党中央"
    r"|下设|共有(?:公务用)?车|坐落|位于|地处|地址")
_MONEY_UNIT = re.compile(r"单位：(?:人民币)?(亿元|百万元|万元|千元|元)")
_CORNER = re.compile(  # 368某县农业农村局 | 预算年度：2025 | 单位：万元, in one line or one row of a grid
    r"^(?P<name>[^：。，；]{4,60}?)(?:[预决]算年度：?20\d\d年?)?(?:金额)?单位：(?:人民币)?(?:亿元|百万元|万元|千元|元)"
)
_YEAR_LAST = re.compile(r"(?<=[一-鿿])20[0-3]\d年度?$")
_YEAR_LINE = re.compile(r"^（(?:20|二)\S{2,3}年度?）$")
_BOOK = re.compile(  # 2024年海南省省级政府预算表, 重庆市信访办公室（本级）2026年单位预算公开; no enumerator before it
    r"^(?:附件\d*[：:]?|关于)?(?:[一-鿿（）]{2,40}?20\d\d年?(?:度|年度)?|20\d\d年?(?:度|年度)?[一-鿿（）]{2,40}?)"
    r"(?:(?:省|市|区|县|州)级)?(?:部门|单位|政府|财政|整体)(?:（单位）)?(?:综合|收支|支出|总)*(?:预算|决算|绩效自评|绩效评价)"
    r"(?:信息|公开|草案|（草案）|报告|说明|情况|编制|报表|表|书|的|及)*$"
)
_TABLE_HEAD = re.compile(
    r"单位：|表$|^(?:公开|预算|附|决算)?表?[\d一二三四五六七八九十-]{1,4}表?$|表（[^）]{1,12}）$|^(?:部门|单位|填报单位|部门名称)："
)
_COVER_CELLS, _AMOUNT = 10, re.compile(r"\d\.\d|\d,\d{3}|^\d+$|项目|科目|合计")
LONG_CELL = 8  # longer cells are looked through for years
_CELL_YEAR = re.compile(r"(?<![\d\-])(20[0-3]\d)年(?!度?[-至~])")
_CELL = re.compile(r"20[0-3]\d|[部单]|填报|预算|决算|报送|公开|编制|编报|自评|评价|实施|主管|资金|项目|一级|汇总|申报|制表")


class Place(msgspec.Struct, frozen=True):
    """One text that may say something: `kind` is cover · book (a publication's title elsewhere) · heading · title · running · text."""

    text: str
    kind: str
    page: int | None = None


class Labelled(msgspec.Struct, frozen=True):
    """What stands after a label such as 部门名称：. `role` self · supervisor · doer; `place` cover · label · cell."""

    label: str
    value: str
    role: str
    weight: float
    place: str
    page: int | None = None


class Places(msgspec.Struct, frozen=True):
    """Everything worth looking at, by kind, in reading order."""

    cover: tuple[Place, ...]
    headings: tuple[Place, ...]
    titles: tuple[Place, ...]
    text: tuple[Place, ...]
    labelled: tuple[Labelled, ...]
    money_units: tuple[tuple[str, int], ...]
    cell_years: tuple[tuple[int, int], ...]  # years named inside longer cells, with the number of cells


@cached(1)
def _labels() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, float]]]:
    rows = {canon(row["label"]): (row["role"], float(row["weight"])) for row in reference_rows("entity_labels")}
    names = "|".join(map(re.escape, sorted(rows, key=len, reverse=True)))
    in_line = re.compile(rf"(?:(?<![一-鿿])|(?<=[元表]))({names})(?:（[^）]{{1,10}}）)?(?:：|(?=\d{{3}})|(?<=名称)(?=[一-鿿]))")
    in_cell = re.compile(rf"^({names})(?:（[^）]{{1,10}}）)?：?(?P<value>.{{0,60}})$")
    return in_line, in_cell, rows


def _line_labels(text: str, kind: str, page: int | None) -> list[Labelled]:
    pattern, _, rows = _labels()
    matches = list(pattern.finditer(text))
    found: list[Labelled] = []
    if not matches:
        return found
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        role, weight = rows[match[1]]
        value = text[match.end():following.start() if following else match.end() + _VALUE]
        if value:
            found.append(Labelled(match[1], value, role, weight, kind, page))
    return found


def _cell_labels(table: RawTable, titles: list[Place], years: Counter[int]) -> list[Labelled]:
    _, pattern, rows = _labels()
    found: list[Labelled] = []
    at: dict[tuple[int, int], Cell] | None = None
    for cell in table.cells:
        if not 2 <= len(cell.text) <= 400 or not _CELL.search(cell.text):
            continue
        text = canon(cell.text)
        if len(text) > LONG_CELL:
            years.update({int(year) for year in _CELL_YEAR.findall(text)})
        if _YEAR_LINE.match(text):
            titles.append(Place(text, "title", cell.page or table.page))
            continue
        if len(text) > 90:
            continue
        match = pattern.match(text)
        if not match:
            found.extend(_line_labels(text, "cell", cell.page or table.page))
            continue
        role, weight = rows[match[1]]
        value = match["value"].lstrip("：")
        if not value and len(match[1]) > 2:
            at = at or {(c.row, c.column): c for c in table.cells}
            beside = at.get((cell.row, cell.column + cell.column_span))
            value = canon(beside.text) if beside else ""
            if not (value.isdigit() if role == "code" else names_a_body(value)):
                continue  # the label heads a column, and this is the next column's head
        if value:
            found.append(Labelled(match[1], value, role, weight, "cell", cell.page or table.page))
    return found


def _corner(text: str, page: int | None) -> list[Labelled]:
    """The body that stands, without a label, before the unit of money."""
    match = _CORNER.match(text)
    found = clean_name(match["name"]) if match else None
    return [Labelled("单位", found.name, "self", 4.0, "cell", page)] if found and looks_like_body(found.name) else []


def _corner_rows(table: RawTable) -> list[Labelled]:
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.row <= 3 and cell.text:
            rows.setdefault(cell.row, []).append(cell)
    joined = ("".join(canon(cell.text) for cell in sorted(cells, key=lambda c: c.column)) for cells in rows.values() if len(cells) > 1)
    return [label for text in joined if len(text) < PROSE for label in _corner(text, table.page)]


def _is_cover_end(text: str, line: TextLine, first_page: int | None) -> bool:
    turned = first_page is not None and line.page is not None and line.page > first_page
    prose = text[-1] in "。；" or (text[-1] == "：" and "，" in text)
    return turned or len(text) > COVER_LENGTH or prose or bool(_CONTENTS.match(text))


def gather(document: Document) -> Places:
    """The places of a document. Cost: one regex search a line and a cell."""
    cover: list[Place] = []
    headings: list[Place] = []
    titles: list[Place] = []
    prose: list[Place] = []
    labelled: list[Labelled] = []
    money: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    years: Counter[int] = Counter()
    above = ""  # the line before, where it ends in a year: …关于2018年度 | 部门决算信息公开的说明
    on_cover, first_page = True, document.lines[0].page if document.lines else None
    for block in document.blocks:
        if isinstance(block, RawTable):
            titles.extend(_top_cells(block, money))
            if on_cover and _is_boxed_cover(block):
                cover.extend(_cover_cells(block))
                continue
            if on_cover and cover:
                headings.extend(_table_head(cover))
            elif on_cover:
                cover.extend(_cover_cells(block))
            on_cover = False
            labelled.extend((*_cell_labels(block, titles, years), *_corner_rows(block)))
            if block.caption:
                titles.append(Place(canon(block.caption), "title", block.page))
            if block.sheet and len(block.sheet) > 4:
                titles.append(Place(canon(block.sheet), "title", block.page))
            continue
        text = canon(block.text).lstrip("#*")
        if not text or _PAGE_NUMBER.match(text):
            continue
        repeated[text] += 1
        money.update(_MONEY_UNIT.findall(text))
        if block.role in ("header", "footer"):
            headings.append(Place(text, "running", block.page))
            continue
        if on_cover and (_is_cover_end(text, block, first_page) or len(cover) >= COVER_LINES):
            on_cover = False
        if on_cover:
            cover.append(Place(text, "cover", block.page))
        kind = "cover" if on_cover else "label"
        if "单位" in text or "部门" in text or "填报" in text:
            labelled.extend((*_line_labels(text, kind, block.page), *_corner(text, block.page)))
        if on_cover:
            continue
        whole, above = above + text, text if _YEAR_LAST.search(text) and len(text) <= COVER_LENGTH else ""
        text = whole if whole != text and len(whole) <= PROSE else text
        if _YEAR_LINE.match(text):
            titles.append(Place(text, "title", block.page))
        elif len(text) <= COVER_LENGTH and _BOOK.match(text):
            headings.append(Place(text, "running" if repeated[text] > 2 else "book", block.page))
        elif len(text) <= PROSE and _HEADING.search(text) and not _SENTENCE.search(text):
            headings.append(Place(text, "running" if repeated[text] > 2 else "heading", block.page))
        elif _TEXT.search(text):
            prose.append(Place(text, "text", block.page))
    return Places(
        cover=tuple(cover), headings=tuple(headings), titles=tuple(titles), text=tuple(prose), labelled=tuple(labelled),
        money_units=tuple(money.most_common()), cell_years=tuple(years.most_common()),
    )


def _table_head(cover: list[Place]) -> list[Place]:
    """Take the lines off the cover's end that are the title, number and unit of the table that follows."""
    taken: list[Place] = []
    while cover and _TABLE_HEAD.search(cover[-1].text):
        taken.append(cover.pop())
    return [Place(place.text, "heading", place.page) for place in reversed(taken) if _HEADING.search(place.text)]


def _top_cells(table: RawTable, money: Counter[str]) -> list[Place]:
    """Wide or early cells that read like titles: workbooks and torn PDFs print the title inside the grid."""
    found = []
    for cell in table.cells:
        if cell.row <= 4 and 4 <= len(cell.text) <= 90:
            text = canon(cell.text)
            money.update(_MONEY_UNIT.findall(text))
            if _HEADING.search(text):
                found.append(Place(text, "title", cell.page or table.page))
    return found


def _is_boxed_cover(table: RawTable) -> bool:
    """A cover set inside a frame: few cells, no amounts."""
    return len(table.cells) <= _COVER_CELLS and not any(_AMOUNT.search(cell.text) for cell in table.cells)


def _cover_cells(table: RawTable) -> list[Place]:
    """The first table's first cells, for documents that begin with a table (workbooks)."""
    texts = (canon(cell.text) for cell in table.cells if cell.row <= 5 and cell.text)
    return [Place(text, "cover", table.page) for text in texts if 2 <= len(text) <= COVER_LENGTH][:COVER_LINES]

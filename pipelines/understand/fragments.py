"""Raw tables become fragments: cut where a grid holds several tables, captions peeled off, the lines around them attached.

Here: what of a raw grid is caption, body and note, and which printed lines belong to it. Not here: which fragments make one table
(stitch) or what they mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec.structs import replace as moved

from pipelines.read.document import Cell, Document, RawTable, TextLine
from pipelines.understand.context.names import clean_name, names_a_body
from pipelines.understand.context.regions import recognise
from pipelines.understand.text import canon, compact
from pipelines.understand.vocabulary import NOT_NONE_FILE, Vocabulary
from schemas import reference

MAX_CONTEXT_LINES = 14
_AFTER_DASH = r"(?:[-—－]{1,3}[^（）：。，；]{2,16})?"  # 基本支出表--人员经费（工资福利支出）
_TITLE_END = re.compile(rf"(?:表|表格|清单|清单目录){_AFTER_DASH}(?:（[^）]{{0,30}}）|“)*\d?$")
_TITLE_NUMBER = re.compile(
    r"^(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|第[一二三四五六七八九十]+部分|\d+[.、])?"
    r"((?:部门)?(?:公开|预算|附|决算|财决|公|市|批复)?(?:表[一二三四五六七八九十]{1,3}|表\d{1,2}(?:-\d{1,2})?|\d{1,2}(?:-\d{1,2})?表))[：:、.\-]?"
)
_NUMBER_ONLY = re.compile(
    r"^(?:部门)?(?:公开|预算|附|决算|财决|公|批复)?(?:表[一二三四五六七八九十]{1,3}|表\d{1,2}(?:-\d{1,2})?|\d{1,2}(?:-\d{1,2})?表)[：:]?$"
)
_CAPTION = re.compile(
    r"^(?:（?(?:预算|决算)年度[：:]|（?(?:金额)?单位(?:名称|：|:|（)|.{0,12}(?:单位|部门)(?:（[^）]*）)?(?:名称)?[：:]|编制|填报|部门[：:]|公开部门|（?20\d\d年度?）?$|[\d,]{5}年度|预算单位[：:]|单位[:：]?(?:万元|元|千元)|日期|时间[：:]|制表)"
)
_YEAR_LABEL = re.compile(r"^（?(?:预算|决算)年度[：:]?20\d\d")
_COUNTS = re.compile(r"^相关统计(?:数|数据|信息|情况)[：:]?$")  # below the amounts of 三公: a list of counts with a head of its own
_UNIT = re.compile(r"(?:单位|金额)[：:]?（?(?:人民币)?(亿元|百万元|万元|千元|百元|元)")
_SCALED = ("亿元", "万元", "千元", "百元")
_OF_BODIES = re.compile(r"(?:编制|编报|填报|填表|申报|公开|预算|决算|主管|部门|报送)$")  # before 单位：a body's name follows
_NOTE = re.compile(
    r"^(?:注|备注|说明|附注|\*?注释|（?注)(?:\d|[：:.、，]|$)|^（(?:注|备注|说明)|^（?[^。]{0,40}(?:为空表|无(?:此类|相关|该)?.{0,20}(?:收支|支出|收入|数据|预算)|没有.{0,40}(?:支出|收入|预算)).{0,60}$"
)
_DECLARED_EMPTY = re.compile(
    r"空表|无数据|表无数|无(?:此|该|相关|上述)|不涉及|没有(?:使用|安排|发生|相关|政府|国有|收支|.{0,30}(?:支出|收支|收入))|未(?:安排|使用|发生)|本年无发生|无.{0,24}(?:支出|收支|收入|预算|项目|采购|安排|经费)"
)
_MARK = re.compile(r"[无若如]")
_CAPTION_PARTS = re.compile(
    r"\n|(?<=[^算制报额门（）支/、\s])\s*(?=(?:编制|填报|预算)?(?:部门|单位)(?:（[^）]*）)?(?:名称)?[：:])|(?<=.)(?=金额单位)"
)
_PAGE_NUMBER = re.compile(r"^[-—–\s]*\d{1,4}[-—–\s]*$|^第?\d+页|^页\(\d+\)$")


@dataclass
class Fragment:
    """A piece of one raw grid, with what is printed around it.

    `rows`: first and last+1 row of the raw table; `captions`: rows of the grid that are caption; `lines`: printed lines above.
    """

    table: RawTable
    raw_index: int
    start: int
    stop: int
    caption_rows: list[int] = field(default_factory=list)
    note_rows: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # above, in order, captions inside the grid last
    notes: list[str] = field(default_factory=list)  # below
    prose_before: bool = False  # running text stands between this fragment and the one before
    follows_table: bool = False  # nothing but page furniture stands between

    @property
    def page(self) -> int | None:
        """The page the fragment stands on."""
        return self.table.page

    @property
    def is_caption(self) -> bool:
        """Whether all of its rows are caption."""
        return len(self.caption_rows) == self.stop - self.start


def is_title(text: str, words: Vocabulary) -> bool:
    """Whether a printed line is the title of a table of some known kind (ends with 表, no sentence)."""
    t = canon(text)
    if not 3 <= len(t) <= 60 or "。" in t or "；" in t or is_note(t):
        return False
    t = re.sub(r"(?:（续）|续表|（?单位：.*)$", "", t)
    if not _TITLE_END.search(t):
        return False
    return words.kind_of_title(t) is not None or bool(_TITLE_NUMBER.match(t))


def is_page_number(text: str) -> bool:
    """Whether a line is page furniture."""
    return bool(_PAGE_NUMBER.match(compact(text)))


def is_note(text: str) -> bool:
    """Whether a line is a note to a table (注：, 备注：, 本表为空表 ...)."""
    return bool(_NOTE.match(_said(canon(text))))


def declares_empty(text: str) -> bool:
    """Whether a note says that the table above or below it is empty. "若为空表" is a standing remark of the form and says nothing."""
    t = _said(canon(text))
    return bool(_DECLARED_EMPTY.search(t)) and not re.search(r"若|如|空表表示", t)


def _said(text: str) -> str:
    """A text without the words in which 无, 若 and 如 say neither "none" nor "if": 无锡市, 无形资产, 如皋市 (not_none.csv)."""
    return _other_words(reference.reference_bytes(NOT_NONE_FILE)).sub("", text) if _MARK.search(text) else text


@lru_cache(maxsize=4)
def _other_words(_: bytes) -> re.Pattern[str]:
    found = (row["word"] for row in reference.rows(NOT_NONE_FILE))
    return re.compile("|".join(map(re.escape, sorted(found, key=len, reverse=True))))


def unit_of(text: str) -> str | None:
    """The unit of money a line states (单位：万元), or None."""
    t = canon(text)
    return next((m.group(1) for m in _UNIT.finditer(t) if not _begins_a_name(t, m.start(), m.end())), None)


def _begins_a_name(text: str, start: int, end: int) -> bool:
    """Whether the 元 of 单位：元 begins the name of a body: 编制单位：元谋县教育局 states no unit."""
    if text[end - 2 : end] in _SCALED or not re.match("[一-鿿]", text[end:]):
        return False
    place = recognise(text[end - 1 :])
    return bool(_OF_BODIES.search(text[:start])) or (place is not None and place.leading)


def title_number(text: str) -> tuple[str | None, str]:
    """The printed number of a title (公开05表, 表三) and the title without it."""
    t = canon(text)
    m = _TITLE_NUMBER.match(t)
    return (m.group(1), t[m.end() :]) if m else (None, t)


def row_texts(table: RawTable) -> list[list[Cell]]:
    """The non-blank cells of each row, by the row they begin in."""
    rows: list[list[Cell]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        if compact(cell.text):
            rows[cell.row].append(cell)
    return rows


def caption_parts(text: str) -> list[str]:
    """A caption cell's lines: title, body and unit are often printed in one cell, and wraps are joined when read."""
    return [part.strip() for part in _CAPTION_PARTS.split(text) if part.strip()]


def _caption_row(cells: list[Cell], words: Vocabulary, seen: bool) -> bool:
    """Whether a grid row is caption: title, number, unit, name of the body; `seen` once a caption row has been found above.

    A name without a label (368某县农业农村局) is caption beside the unit or the year, or alone below a caption where its code stands
    before it.
    """
    label_open = False
    parts = [canon(part) for cell in sorted(cells, key=lambda c: c.column) for part in caption_parts(cell.text)]
    beside_unit = len(parts) > 1 and any(unit_of(t) or _YEAR_LABEL.match(t) for t in parts)
    for t in parts:
        if is_title(t, words) or _NUMBER_ONLY.match(t) or _CAPTION.match(t) or unit_of(t) or _COUNTS.match(t):
            label_open = t.endswith(("：", ":"))
        elif label_open and len(t) < 40:
            label_open = False
        elif not (names_a_body(t) if beside_unit else seen and len(parts) == 1 and _coded_name(t)):
            return False
    return bool(cells) or seen


def _coded_name(text: str) -> bool:
    """Whether a text is a body's name behind its code."""
    found = clean_name(text)
    return found is not None and found.code is not None and names_a_body(text)


def fragments(document: Document, words: Vocabulary) -> list[Fragment]:
    """All fragments of a document in reading order."""
    out: list[Fragment] = []
    lines: list[TextLine] = []
    for position in document.order:
        if position >= 0:
            lines.append(document.lines[position])
            continue
        index = -position - 1
        table = document.tables[index]
        body_lines = [
            ln for ln in lines if (ln.role not in ("header", "footer") or _heads_table(ln, words)) and not is_page_number(ln.text)]
        pieces = _split(table, index, words)
        if len(pieces) == 1 and pieces[0].is_caption and table.n_rows <= 4:
            lines.extend(_as_lines(pieces[0]))
            continue
        if out:
            _attach_notes(out[-1], body_lines)
        context, prose = _context(body_lines, table.page)
        pieces[0].lines = [*context, *pieces[0].lines]
        if table.caption:
            pieces[0].lines.insert(0, table.caption)
        pieces[0].prose_before = prose
        pieces[0].follows_table = not [t for t in context if not is_note(t)] and not prose
        lines = _as_lines(pieces.pop()) if len(pieces) > 1 and pieces[-1].is_caption else []  # a title at the foot of the page
        out.extend(pieces)
    if out:
        _attach_notes(out[-1], [ln for ln in lines if ln.role not in ("header", "footer")])
    return out


def _as_lines(caption: Fragment) -> list[TextLine]:
    """What a piece that is nothing but caption prints, as lines above the table below, to which it belongs."""
    return [TextLine(text, page=caption.page) for text in caption.lines]


def _heads_table(line: TextLine, words: Vocabulary) -> bool:
    """Whether a line that every page repeats at its top is of the table below: 单位：万元, or the title over one form a page."""
    return line.role == "header" and (unit_of(line.text) is not None or is_title(line.text, words))


def _attach_notes(fragment: Fragment, lines: list[TextLine]) -> None:
    for ln in lines[:6]:
        if is_note(ln.text):
            fragment.notes.append(ln.text)
        elif fragment.notes and len(ln.text) < 60 and ln.page == fragment.page:
            fragment.notes[-1] += ln.text  # a note over several lines
        else:
            break


def _context(lines: list[TextLine], page: int | None) -> tuple[list[str], bool]:
    """The lines that may name a table (nearest prose excluded) and whether prose stands before it."""
    keep: list[str] = []
    for ln in reversed(lines):
        text = ln.text.strip()
        if not text:
            continue
        if len(keep) >= MAX_CONTEXT_LINES or (page is not None and ln.page is not None and ln.page < page - 1):
            return keep[::-1], True
        t = canon(text)
        if (t.endswith("。") or len(t) > 70) and not is_note(text):
            return keep[::-1], True
        keep.append(text)
    return keep[::-1], False


def _split(table: RawTable, index: int, words: Vocabulary) -> list[Fragment]:
    rows = row_texts(table)
    starts = [0]
    seen_body = False
    for r, cells in enumerate(rows):
        alone = len(cells) == 1 and seen_body and not _belongs_to_body(cells[0], table)
        if alone and (is_title(cells[0].text.split("\n")[0], words) or _COUNTS.match(canon(cells[0].text))):
            back = r
            while back - 1 > starts[-1] and (
                not rows[back - 1] or (len(rows[back - 1]) == 1 and _NUMBER_ONLY.match(canon(rows[back - 1][0].text)))
            ):
                back -= 1
            starts.append(back)
            seen_body = False
        elif cells and not _caption_row(cells, words, False):
            seen_body = True
    out = []
    for start, stop in zip(starts, [*starts[1:], table.n_rows], strict=True):
        piece = Fragment(table, index, start, stop)
        r = start
        while r < stop and _caption_row(rows[r], words, bool(piece.caption_rows)) and not _blank_only_tail(rows, r, stop):
            piece.caption_rows.append(r)
            for cell in sorted(rows[r], key=lambda c: c.column):
                piece.lines.extend(caption_parts(cell.text))
            r += 1
        if r < stop and not rows[r] and not piece.caption_rows and any(rows[r:stop]):  # blank rows above a caption inside the grid
            blank = r
            while blank < stop and not rows[blank]:
                blank += 1
            if blank < stop and _caption_row(rows[blank], words, False):
                while blank < stop and _caption_row(rows[blank], words, True) and not _blank_only_tail(rows, blank, stop):
                    for cell in sorted(rows[blank], key=lambda c: c.column):
                        piece.lines.extend(caption_parts(cell.text))
                    blank += 1
                piece.caption_rows.extend(range(r, blank))
        for n in range(stop - 1, start - 1, -1):
            if len(rows[n]) == 1 and is_note(rows[n][0].text) and rows[n][0].column_span * 2 >= table.n_columns:
                piece.note_rows.append(n)
                piece.notes.append(rows[n][0].text)
            elif rows[n]:
                break
        out.append(piece)
    for piece in out if len(out) > 1 else ():
        piece.table = _own_columns(piece)
    return out


def _own_columns(piece: Fragment) -> RawTable:
    """The piece's rows on columns of their own: tables that touch share one grid, and each is cut where the other one has an edge."""
    own = [cell for cell in piece.table.cells if piece.start <= cell.row < piece.stop]
    if not all(cell.box for cell in own):
        return piece.table  # where blank cells are not printed, what is left out says nothing
    own = [cell for cell in own if not _beside_all(cell, piece)]
    edges = sorted({edge for cell in own for edge in (cell.column, cell.column + cell.column_span)})
    if len(edges) < 2:
        return piece.table
    place = {edge: n for n, edge in enumerate(edges)}
    cells = tuple(
        moved(c, column=place[c.column], column_span=place[c.column + c.column_span] - place[c.column]) for c in own
    )
    return moved(piece.table, n_columns=len(edges) - 1, cells=cells)


def _beside_all(cell: Cell, piece: Fragment) -> bool:
    """Whether a blank cell runs along all of a piece: the place that a narrower table leaves beside a wider one."""
    tall = cell.row <= piece.start + 1 and cell.row + cell.row_span >= piece.stop > piece.start + 2
    return tall and not compact(cell.text) and (cell.column == 0 or cell.column + cell.column_span == piece.table.n_columns)


def _belongs_to_body(cell: Cell, table: RawTable) -> bool:
    """A label like 收支总表 in a list of tables (报表目录) stands in a column of its own kind; a title spans the grid."""
    return cell.column_span * 2 < table.n_columns and table.n_columns > 2 and cell.column > 0


def _blank_only_tail(rows: list[list[Cell]], r: int, stop: int) -> bool:
    """Whether nothing is printed from row r on."""
    return not any(rows[r:stop])

"""HTML pages and fragments: running text and tables with row and column spans.

Here: decoding (BOM, meta charset, GB18030), the tree walk, the span algorithm of HTML, tables that only lay out a page, values of form
fields. Not here: scripts, styles, hidden elements and text that is struck through (left out), or what a table means.

A table that holds other tables and prints little itself is layout: it dissolves into its content. Nested tables of a data table
follow it as tables of their own. Tables that the page hides (the panes behind its tabs) are kept and marked like those of hidden sheets.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import lxml.html
import msgspec
from lxml import etree

from pipelines.read.characters import clean, decode, indented
from pipelines.read.document import Block, Cell, RawTable, TextLine
from pipelines.read.failure import ReadFailure
from pipelines.read.grid import grid_blocks

_META: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.IGNORECASE)
_XML: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_SKIP: Final = frozenset({
    "script", "style", "head", "title", "noscript", "template", "iframe", "object", "select", "button", "svg", "math",
})
_STRUCK: Final = frozenset({"del", "s", "strike"})  # figures that the publisher took back: 999123.45 is none
_WRAPPERS: Final = frozenset({"form", "div", "span", "a", "center", "font"})  # between a table and its rows in careless pages
_FIELDS: Final = frozenset({"", "text", "number", "tel"})
_BLOCK: Final = frozenset({
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "nav",
    "main", "aside", "blockquote", "pre", "form", "fieldset", "address", "center", "hr", "body", "html", "figure", "figcaption",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINE_THROUGH: Final = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_NOT_SHOWN: Final = "hidden sheet: the page does not show this table"
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_SPAN: Final = re.compile(r"\d+")
_BETWEEN: Final = re.compile(r"\s*[-_|–—]+\s*")  # between an article's title and its site's name in a tab
_GOVERNMENT: Final = re.compile(r"^[^，。]{2,20}(?:政府|[局厅委]|管委会|委员会|办公室)(?:门户|政务)?(?:网站?)?$")
_SAYS_WHAT: Final = re.compile(r"20\d\d年?.*(?:预算|决算|三公|绩效)|(?:预算|决算|三公|绩效).*20\d\d年?")
_MAX_COLUMN_SPAN: Final = 1_000  # as browsers do
_MAX_ROW_SPAN: Final = 65_534
_BREAK: Final = "\x0b"  # a break that the page shows, as against a line end in the source

Element = Any  # lxml publishes no types


def read_html(data: bytes) -> list[Block]:
    """Blocks of an HTML file in reading order; tables have method `html`. Raises ReadFailure(corrupt) when no text can be decoded."""
    declared = _META.search(data[:8192])
    found = decode(data, declared.group(1).decode("ascii") if declared else None)
    if found is None:
        raise ReadFailure("corrupt", "The file looks like HTML but its bytes are no text in UTF-8, GB18030 or UTF-16; fetch it again.")
    text = _XML.sub("", found[0]).replace("\x00", "").replace(_BREAK, " ")
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser, ensure_head_body=True)
    except etree.ParserError:
        return []  # nothing but blanks or comments
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise ReadFailure("corrupt", "The page nests elements thousands deep, beyond what the parser follows; it is no document.")
    flow = _Flow()
    flow.say(_own_title(root))
    flow.end_line("heading")
    try:
        _walk(root, flow)
    except RecursionError as error:
        raise ReadFailure("corrupt", "The page nests hundreds of tables inside one another; it is no document.") from error
    flow.end_line("text")
    flow.say(_site(root))
    flow.end_line("footer")
    return flow.blocks


def _tags(root: Element) -> dict[str, str]:
    """The page's own tags (ArticleTitle, SiteName, PubDate ...) as government sites must set them."""
    return {(tag.get("name") or "").lower(): tag.get("content") or "" for tag in root.iterdescendants("meta")}


def _tab(root: Element) -> str:
    return " ".join("".join(found.itertext()) for found in root.iterdescendants("title")).strip()


def _site(root: Element) -> str:
    """The name of the government whose site it is, where the head says it: the only place that names the region on some pages."""
    names = (_tags(root).get("sitename") or "", *_BETWEEN.split(_tab(root))[1:])
    return next((clean(name) for name in names if _GOVERNMENT.search(name)), "")


def _own_title(root: Element) -> str:
    """The title of an article that only the page's head says (ArticleTitle of the sites' own tags, else the tab's); empty where the page
    shows it itself, or where it names nothing but the site."""
    title = clean(_tags(root).get("articletitle") or _BETWEEN.split(_tab(root))[0])
    bare = re.sub(r"\s+", "", title)
    if not _SAYS_WHAT.search(bare):
        return ""
    body = root.find("body")
    shown = re.sub(r"\s+", "", "".join(body.itertext() if body is not None else ()))
    return title if bare not in shown else ""


def read_mhtml(data: bytes) -> list[Block]:
    """Blocks of a web page saved as one file (.mht; Word and Excel save it under .doc and .xls too). Raises ReadFailure(corrupt)."""
    message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf"), policy=email.policy.default)
    blocks: list[Block] = []
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            blocks.extend(read_html(content) if isinstance(content, bytes) else [])
    return blocks


@dataclass
class _Flow:
    """What has been read so far: finished blocks, and the pieces of the line being built."""

    blocks: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def say(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)

    def end_line(self, role: str) -> None:
        for line in _text(self.pieces).split("\n"):
            if line:
                self.blocks.append(TextLine(text=line, role=role))
        self.pieces = []


def _text(pieces: list[str]) -> str:
    """Source line ends are blanks, `<br>` and block borders line breaks."""
    return clean(re.sub(r"[ \t\r\n\f]+", " ", "".join(pieces)).replace(_BREAK, "\n"))


def _tag(element: Element) -> str:
    """Name without prefix (Word writes `o:p`); empty for comments and processing instructions."""
    return element.tag.rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _hidden(element: Element) -> bool:
    return bool(_HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None


def _left_out(element: Element) -> bool:
    """Whether an element's text is no part of what the page says at its place; tables are read on their own."""
    tag = _tag(element)
    if tag in _SKIP or tag in _STRUCK or tag == "table" or _hidden(element):
        return True
    return bool(_LINE_THROUGH.search(element.get("style") or ""))


def _field(element: Element) -> str | None:
    """What a form's field shows: the value of an input, the chosen entry of a list."""
    tag = _tag(element)
    if tag == "input" and (element.get("type") or "").lower() in _FIELDS and not _hidden(element):
        return element.get("value")
    if tag == "select" and not _hidden(element):
        options = list(element.iterdescendants("option"))
        chosen = next((option for option in options if option.get("selected") is not None), options[0] if options else None)
        return None if chosen is None else "".join(chosen.itertext()).strip()
    return None


def _hidden_tables(element: Element) -> list[Block]:
    """The tables of data in a part of the page that is not shown."""
    outermost = [element] if _tag(element) == "table" else [
        table for table in element.iterdescendants("table") if not any(above is not element for above in table.iterancestors("table"))
    ]
    tables = (block for table in outermost for block in _read_table(table) if isinstance(block, RawTable))
    return [msgspec.structs.replace(table, note=_NOT_SHOWN) for table in tables]


def _walk(element: Element, flow: _Flow, role: str = "text") -> None:
    """The content of one element in the order of the page; without recursion, for bad pages nest thousands deep."""
    roles = [role]
    walker = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        if event in ("comment", "pi"):
            flow.say(node.tail)
            continue
        tag = _tag(node)
        inside = node is not element
        left_out = inside and _left_out(node)
        if event == "start":
            if left_out:
                walker.skip_subtree()
                if tag == "table" or _hidden(node):
                    found = _hidden_tables(node) if _hidden(node) else _read_table(node)
                    if found:
                        flow.end_line(roles[-1])
                        flow.blocks.extend(found)
                continue
            if inside and tag == "br":
                flow.say(_BREAK)
            if inside and tag in _BLOCK:
                flow.end_line(roles[-1])
                roles.append("heading" if tag in _HEADINGS else roles[-1])
            flow.say(node.text)
        elif inside:
            if tag in _BLOCK and not left_out:
                flow.end_line(roles.pop())
            flow.say(node.tail)


def _read_table(table: Element) -> list[Block]:
    """One table as blocks: its caption, itself or its lines, and what is nested in it."""
    nested = [inner for inner in table.iterdescendants("table") if next(inner.iterancestors("table")) is table]
    caption = next((clean(" ".join(c.itertext())) for c in table.iterchildren("caption")), None)
    cells = _place(table)
    if nested and not _prints_data(cells):
        return _dissolve(table)
    found = grid_blocks(cells, method="html", caption=caption or None)
    for inner in nested:
        found.extend(_read_table(inner))
    return found


def _prints_data(cells: list[Cell]) -> bool:
    """Whether a table with tables inside still is one of data: three rows of two texts beside the nested ones."""
    rows: dict[int, int] = {}
    for cell in cells:
        if cell.text and len(cell.text) < 200:
            rows[cell.row] = rows.get(cell.row, 0) + 1
    return sum(1 for count in rows.values() if count > 1) >= 3


def _dissolve(table: Element) -> list[Block]:
    """The content of a layout table, cell by cell."""
    flow = _Flow()
    for child in _rows_and_captions(table):
        for part in ([child] if _tag(child) == "caption" else list(child)):
            if _tag(part) in _SKIP or not _tag(part) or _hidden(part):
                continue
            _walk(part, flow)
            flow.end_line("text")
    return flow.blocks


def _rows_and_captions(table: Element) -> list[Element]:
    """Rows and captions in the order in which the page shows them: the foot may be written before the body."""
    parts: dict[str, list[Element]] = {"thead": [], "tbody": [], "tfoot": []}
    for part, child in _below(table, "tbody", ("tr", "caption")):
        parts[part].append(child)
    return [*parts["thead"], *parts["tbody"], *parts["tfoot"]]


def _below(node: Element, part: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
    """The wanted children of a table or row with the part of the table they stand in, through what careless pages put between."""
    for child in node:
        tag = _tag(child)
        if tag in wanted:
            yield part, child
        elif tag in ("thead", "tbody", "tfoot") and "tr" in wanted and not _hidden(child):
            yield from _below(child, tag, wanted)
        elif tag in _WRAPPERS and not _hidden(child):
            yield from _below(child, part, wanted)


def _span(value: str | None, most: int) -> int:
    """A span attribute as browsers read it: leading digits, 1 when senseless."""
    found = _SPAN.match((value or "").strip())
    return min(max(int(found.group()[:9]), 0), most) if found else 1


def _place(table: Element) -> list[Cell]:
    """Cells at their grid positions, by the table algorithm of the HTML standard. A cell's text leaves out tables nested in it."""
    rows = [row for row in _rows_and_captions(table) if _tag(row) == "tr" and not _hidden(row)]
    ends = _group_ends(rows)
    taken: dict[tuple[int, int], bool] = {}
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        column = 0
        for _, element in _below(row, "", ("td", "th")):
            if _hidden(element):
                continue
            while taken.get((r, column)):
                column += 1
            wide = _span(element.get("colspan"), _MAX_COLUMN_SPAN) or 1
            high = min(_span(element.get("rowspan"), _MAX_ROW_SPAN) or len(rows), ends[r] - r)
            if len(taken) + wide * high > 5_000_000:
                raise ReadFailure("too_large", "A table of this page spans more than five million cells; it is no budget table.")
            for covered in range(r, r + high):
                for across in range(column, column + wide):
                    taken[covered, across] = True
            text, indent = _cell_text(element)
            cells.append(Cell(row=r, column=column, text=text, original=indent, row_span=high, column_span=wide))
            column += wide
    return cells


def _group_ends(rows: list[Element]) -> list[int]:
    """For each row where its head, body or foot ends: no row span reaches further, whatever it says."""
    groups = [next((above for above in row.iterancestors("thead", "tbody", "tfoot", "table")), None) for row in rows]
    ends = [len(rows)] * len(rows)
    for r in range(len(rows) - 2, -1, -1):
        ends[r] = ends[r + 1] if groups[r] is groups[r + 1] else r + 1
    return ends


def _cell_text(element: Element) -> tuple[str, str | None]:
    """A cell's text, and the same with leading blanks where it has such as HTML shows (no-break and ideographic ones)."""
    pieces: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        if event in ("comment", "pi"):
            pieces.append(node.tail or "")
            continue
        tag = _tag(node)
        inside = node is not element
        left_out = inside and _left_out(node)
        if event == "start":
            if inside:
                pieces.append(_field(node) or "")
            if left_out:
                walker.skip_subtree()
                continue
            if inside and (tag in _BLOCK or tag == "br"):
                pieces.append(_BREAK)
            pieces.append(node.text or "")
        elif inside:
            if tag in _BLOCK and not left_out:
                pieces.append(_BREAK)
            pieces.append(node.tail or "")
    text = _text(pieces)
    indent = indented("".join(pieces).strip("\t\r\n\f " + _BREAK)) if text and "\n" not in text else None
    return text, indent

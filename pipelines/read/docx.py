"""Word documents (.docx): paragraphs, tables with merged cells, nested tables, text boxes, running headers and footers.

Here: the walk over WordprocessingML (ECMA-376 part 1, chapter 17). Deleted, moved-away, hidden and struck text is left out, inserted text
is kept; field codes are left out, their results kept. Not here: numbering that Word makes up (自动编号), pictures, what a table means.

The package is opened only after every part was checked: XML with a document type or entities is refused, never resolved.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import docx
import msgspec
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from pipelines.read.characters import clean, indented
from pipelines.read.document import Block, Cell, TextLine
from pipelines.read.failure import ReadFailure
from pipelines.read.grid import grid_blocks
from pipelines.read.limits import DEFAULT, Limits
from pipelines.read.package import check_package

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TRANSPARENT: Final = frozenset({
    f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple", "bdo", "dir")
})
_GONE: Final = frozenset({f"{_W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "instrText", "delText", "delInstrText", "rt")})
_UNREAD: Final = ("vanish", "strike", "dstrike")  # runs that are hidden, or struck through: what the publisher took back
_TYPES: Final = "[Content_Types].xml"
_OTHER_MAIN: Final = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document|template)\.macroEnabled|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml"
)
_FOOTNOTES: Final = ("footnotes", "endnotes")

Element = Any  # lxml publishes no types


def read_docx(data: bytes, limits: Limits = DEFAULT) -> list[Block]:
    """Blocks of a .docx in reading order; tables have method `docx`. Raises ReadFailure (corrupt, too_large)."""
    parts = check_package(data, limits)
    try:
        document = docx.Document(io.BytesIO(_as_plain_document(data)))
        body = document.element.body
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        message = f"The Word file could not be opened ({type(error).__name__}: {error}); save it anew in Word."
        raise ReadFailure("corrupt", message) from error
    headings = {style.style_id for style in document.styles if (style.name or "").lower().startswith(("heading", "title", "标题"))}
    reader = _Reader(headings)
    blocks: list[Block] = []
    blocks.extend(_running(document, "header"))
    blocks.extend(reader.blocks(body))
    for part in document.part.package.iter_parts():
        if str(part.partname).rpartition("/")[2].partition(".")[0] in _FOOTNOTES:
            notes = etree.fromstring(part.blob, parser=etree.XMLParser(resolve_entities=False, no_network=True))
            blocks.extend(block for note in notes if note.get(f"{_W}type") is None for block in reader.blocks(note))
    blocks.extend(_running(document, "footer"))
    if not blocks and any(name.startswith("word/media/") for name in parts):
        raise ReadFailure("scanned", "The Word file holds pictures and no text; they have to be recognised (OCR) before they can be read.")
    return blocks


def unread_parts(data: bytes) -> str | None:
    """What of a .docx is shown and not read, in words: pictures (tables among them, perhaps) and embedded objects such as workbooks."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
    pictures = sum(1 for name in names if name.startswith("word/media/") and not name.lower().endswith((".emf", ".wmf")))
    objects = sum(1 for name in names if name.startswith("word/embeddings/"))
    told = [f"{kind}: {count}" for kind, count in (("pictures", pictures), ("embedded objects", objects)) if count]
    return f"{', '.join(told)}; not read" if told else None


def _as_plain_document(data: bytes) -> bytes:
    """The package with its main part declared as an ordinary document: python-docx opens no .docm and no templates, which read the same."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if _TYPES not in package.namelist():
            return data
        types = package.read(_TYPES)
        plain = _OTHER_MAIN.sub(b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", types)
        if plain == types:
            return data
        rewritten = io.BytesIO()
        with zipfile.ZipFile(rewritten, "w") as target:
            for name in package.namelist():
                target.writestr(name, plain if name == _TYPES else package.read(name))
    return rewritten.getvalue()


def _running(document: Any, kind: str) -> list[TextLine]:
    """Page headers or footers of all sections, each text once."""
    seen: dict[str, None] = {}
    for section in document.sections:
        for name in (kind, f"first_page_{kind}", f"even_page_{kind}"):
            part = getattr(section, name)
            if part.is_linked_to_previous:
                continue
            for paragraph in part._element.iter(f"{_W}p"):
                text = clean(_run_text(paragraph)).replace("\n", " ")
                if text:
                    seen[text] = None
    return [TextLine(text=text, role=kind) for text in seen]


def _attribute(element: Element | None, name: str = "val") -> str | None:
    return None if element is None else element.get(f"{_W}{name}")


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdigit() else default


def _on(element: Element | None) -> bool:
    """A toggle property: present and not switched off."""
    return element is not None and _attribute(element) not in ("0", "false", "off")


def _run_text(paragraph: Element) -> str:
    """The visible text of a paragraph without that of its text boxes."""
    pieces: list[str] = []

    def gather(node: Element) -> None:
        for child in node:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str):
                continue
            if tag == f"{_W}t":
                pieces.append(child.text or "")
            elif tag == f"{_W}r":
                if not any(_on(child.find(f"{_W}rPr/{_W}{name}")) for name in _UNREAD):
                    gather(child)
            elif tag in (f"{_W}tab", f"{_W}ptab"):
                pieces.append("\t")
            elif tag in (f"{_W}br", f"{_W}cr"):
                pieces.append("\n")
            elif tag == f"{_W}noBreakHyphen":
                pieces.append("-")
            elif tag in _TRANSPARENT or tag in (f"{_W}ruby", f"{_W}rubyBase") or tag == f"{_MC}AlternateContent":
                gather(_choice(child) if tag == f"{_MC}AlternateContent" else child)

    gather(paragraph)
    return "".join(pieces)


def _choice(alternative: Element) -> Element:
    """The branch of an AlternateContent to read: the first choice with content, else the fallback. Both print the same."""
    for name in ("Choice", "Fallback"):
        for branch in alternative.findall(f"{_MC}{name}"):
            if len(branch):
                return branch
    return alternative


def _text_boxes(node: Element) -> Iterator[Element]:
    """Text boxes anchored in a paragraph, outermost ones, each once."""
    for child in node:
        if child.tag == f"{_W}txbxContent":
            yield child
        elif child.tag in (f"{_W}del", f"{_W}moveFrom"):
            continue
        elif child.tag == f"{_MC}AlternateContent":
            branches = [b for b in child if next(b.iter(f"{_W}txbxContent"), None) is not None]
            if branches:
                yield from _text_boxes(branches[0])
        elif len(child):
            yield from _text_boxes(child)


class _Reader:
    """The walk over one document's blocks; holds only the ids of its heading styles."""

    def __init__(self, headings: set[str]) -> None:
        self._headings = headings

    def blocks(self, container: Element) -> Iterator[Block]:
        """Blocks of a body, text box, note or cell, in order."""
        for child in container:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif child.tag in _TRANSPARENT:
                yield from self.blocks(child)
            elif child.tag == f"{_MC}AlternateContent":
                yield from self.blocks(_choice(child))

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        properties = paragraph.find(f"{_W}pPr")
        style = _attribute(properties.find(f"{_W}pStyle")) if properties is not None else None
        outline = properties is not None and properties.find(f"{_W}outlineLvl") is not None
        role = "heading" if outline or style in self._headings else "text"
        for line in clean(_run_text(paragraph)).split("\n"):
            if line:
                yield TextLine(text=line, role=role)
        for box in _text_boxes(paragraph):
            yield from self.blocks(box)

    def _table(self, table: Element) -> Iterator[Block]:
        cells, nested = self._place(table)
        if nested and len(cells) <= 2:
            yield from (TextLine(text=part) for cell in cells for part in cell.text.split("\n") if part)
        else:
            caption = clean(_attribute(table.find(f"{_W}tblPr/{_W}tblCaption")) or "") or None
            yield from grid_blocks(cells, method="docx", caption=caption)
        for inner in nested:
            yield from inner

    def _place(self, table: Element) -> tuple[list[Cell], list[list[Block]]]:
        """Cells at their grid positions, vertical merges as row spans, and the blocks of tables nested in them."""
        cells: list[Cell] = []
        nested: list[list[Block]] = []
        open_merges: dict[int, int] = {}  # grid column -> index of the cell that goes on below
        for r, row in enumerate(_rows(table)):
            column = _number(_attribute(row.find(f"{_W}trPr/{_W}gridBefore")), 0)
            merges: dict[int, int] = {}
            previous: int | None = None
            for element in _cells(row):
                properties = element.find(f"{_W}tcPr")
                span = max(1, _number(_attribute(properties.find(f"{_W}gridSpan")) if properties is not None else None, 1))
                merge = properties.find(f"{_W}vMerge") if properties is not None else None
                across = properties.find(f"{_W}hMerge") if properties is not None else None
                if across is not None and _attribute(across) != "restart" and previous is not None:
                    cells[previous] = _widened(cells[previous], columns=span)
                    column += span
                    continue
                goes_on = merge is not None and _attribute(merge) != "restart"
                if goes_on and column in open_merges and cells[open_merges[column]].row + cells[open_merges[column]].row_span == r:
                    above = open_merges[column]
                    cells[above] = _widened(cells[above], rows=1)
                    merges[column] = above
                    previous = None
                else:
                    text, indent, inner = self._content(element)
                    cells.append(Cell(row=r, column=column, text=text, column_span=span, original=indent))
                    nested.extend(inner)
                    previous = len(cells) - 1
                    if merge is not None:
                        merges[column] = previous
                column += span
            open_merges = merges
        return cells, nested

    def _content(self, element: Element) -> tuple[str, str | None, list[list[Block]]]:
        """A cell's own text, the same with leading blanks if it has any, and the blocks of each table nested in it."""
        texts: list[str] = []
        nested: list[list[Block]] = []

        def gather(node: Element) -> None:
            for child in node:
                if child.tag == f"{_W}p":
                    for block in self._paragraph(child):
                        if isinstance(block, TextLine):
                            texts.append(block.text)
                        else:
                            nested.append([block])  # a table in a text box
                elif child.tag == f"{_W}tbl":
                    nested.append(list(self._table(child)))
                elif child.tag in _TRANSPARENT:
                    gather(child)

        gather(element)
        text = "\n".join(texts)
        first = next(element.iter(f"{_W}p"), None)
        indent = indented(_run_text(first)) if first is not None and "\n" not in text else None
        return text, indent if indent and indent.strip() == text else None, nested


def _widened(cell: Cell, *, rows: int = 0, columns: int = 0) -> Cell:
    return msgspec.structs.replace(cell, row_span=cell.row_span + rows, column_span=cell.column_span + columns)


def _rows(node: Element) -> Iterator[Element]:
    """Table rows, through content controls; rows that are hidden or deleted under track changes are left out."""
    for child in node:
        if child.tag == f"{_W}tr":
            if child.find(f"{_W}trPr/{_W}del") is None and not _on(child.find(f"{_W}trPr/{_W}hidden")):
                yield child
        elif child.tag in _TRANSPARENT:
            yield from _rows(child)


def _cells(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _cells(child)

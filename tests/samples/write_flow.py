"""Blocks → Word, Excel, HTML (GB18030) and tab-separated text. Same blocks, same bytes: archives are written again with a fixed date.

None of these formats has pages of its own, so the expected facts of such a sample have no page.
"""

from __future__ import annotations

import datetime
import html
import io
import zipfile
from pathlib import Path

import xlsxwriter
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from model import YUAN_PER, Block, Table, Text

LONG_AGO = datetime.datetime(2026, 1, 1)


def write_docx(blocks: tuple[Block, ...], path: Path) -> None:
    """A Word document: titles as centred paragraphs, the unit as a right-aligned one, merged cells as Word merges them."""
    document = Document()
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    properties = document.core_properties
    properties.created = properties.modified = LONG_AGO
    properties.author = properties.last_modified_by = "yusuan samples"
    for block in blocks:
        if isinstance(block, Text):
            p = document.add_heading(block.text, 1) if block.style == "heading" else document.add_paragraph(block.text)
            if block.style == "cover":
                p.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif isinstance(block, Table):
            if block.number:
                document.add_paragraph(block.number)
            document.add_paragraph(block.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
            if block.show_unit:
                line = f"{block.filler}　　单位：{block.unit}" if block.filler else f"单位：{block.unit}"
                document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
            table = document.add_table(len(block.head) + len(block.body), block.n_columns, style="Table Grid")
            for p in block.placed():
                cell = table.cell(p.row, p.column)
                if p.cell.rows > 1 or p.cell.cols > 1:
                    cell = cell.merge(table.cell(p.row + p.cell.rows - 1, p.column + p.cell.cols - 1))
                cell.text = p.cell.text
                if p.cell.style == "money":
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            document.add_paragraph(block.note)
    buffer = io.BytesIO()
    document.save(buffer)
    _rewrite(buffer, path)


def write_xlsx(blocks: tuple[Block, ...], path: Path) -> None:
    """A workbook with a sheet a table, text on a first sheet; amounts are numbers with a number format, merged ranges real."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": LONG_AGO, "author": "yusuan samples"})
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    top = book.add_format({"border": 1, "text_wrap": True, "align": "center", "valign": "vcenter", "bold": True})
    title = book.add_format({"align": "center", "bold": True, "font_size": 14})
    right = book.add_format({"align": "right"})
    texts = [b.text for b in blocks if isinstance(b, Text)]
    if texts:
        sheet = book.add_worksheet("说明")
        sheet.set_column(0, 0, 100)
        for r, text in enumerate(texts):
            sheet.write_string(r, 0, text)
    for i, block in enumerate((b for b in blocks if isinstance(b, Table)), 1):
        sheet = book.add_worksheet(f"{i}")
        last = block.n_columns - 1
        sheet.write_string(0, 0, block.number)
        sheet.merge_range(1, 0, 1, last, block.title, title)
        sheet.write_string(2, 0, block.filler)
        if block.show_unit:
            sheet.write_string(2, last, f"单位：{block.unit}", right)
        for p in block.placed():
            c = p.cell
            form = top if c.style == "head" else plain
            r, k = p.row + 3, p.column
            if c.rows > 1 or c.cols > 1:
                sheet.merge_range(r, k, r + c.rows - 1, k + c.cols - 1, c.text, form)
            elif c.yuan is not None:
                money = book.add_format({"border": 1, "num_format": "#,##0.00"})
                sheet.write_number(r, k, float(c.yuan / YUAN_PER[block.unit]), money)
            else:
                sheet.write_string(r, k, c.text, form)
        if block.note:
            sheet.write_string(3 + len(block.head) + len(block.body), 0, block.note)
    book.close()
    _rewrite(buffer, path)


def write_html(blocks: tuple[Block, ...], path: Path, encoding: str = "gb18030") -> None:
    """A page as an office suite exports it: GB18030, rowspan and colspan, the title in a row above the header."""
    out = [f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"><title></title></head><body>']
    for block in blocks:
        if isinstance(block, Text):
            tag = {"cover": "h1", "heading": "h2"}.get(block.style, "p")
            out.append(f"<{tag}>{html.escape(block.text)}</{tag}>")
        elif isinstance(block, Table):
            n = block.n_columns
            out.append('<table border="1" cellspacing="0">')
            out.append(f'<tr><td colspan="{n}" align="center"><b>{html.escape(block.title)}</b></td></tr>')
            if block.show_unit:
                out.append(f'<tr><td colspan="{n}" align="right">单位：{block.unit}</td></tr>')
            row_now = -1
            for p in block.placed():
                while row_now < p.row:
                    out.append("</tr><tr>" if row_now >= 0 else "<tr>")
                    row_now += 1
                spans = (f' rowspan="{p.cell.rows}"' if p.cell.rows > 1 else "") + (f' colspan="{p.cell.cols}"' if p.cell.cols > 1 else "")
                align = ' align="right"' if p.cell.style == "money" else ""
                out.append(f"<td{spans}{align}>{html.escape(p.cell.text) or '&nbsp;'}</td>")
            out.append("</tr></table>")
            if block.note:
                out.append(f"<p>{html.escape(block.note)}</p>")
    out.append("</body></html>\n")
    path.write_bytes("\n".join(out).encode(encoding))


def write_text(blocks: tuple[Block, ...], path: Path) -> None:
    """Text as converters leave it: a row a line, cells parted by tabs, merged cells as blanks, markdown headings."""
    out: list[str] = []
    for block in blocks:
        if isinstance(block, Text):
            out += [("# " if block.style in ("cover", "heading") else "") + block.text, ""]
        elif isinstance(block, Table):
            out += [block.number, ""] if block.number else []
            out += [block.title, ""]
            if block.show_unit:
                out += [f"单位：{block.unit}", ""]
            grid = [[""] * block.n_columns for _ in range(len(block.head) + len(block.body))]
            for p in block.placed():
                grid[p.row][p.column] = p.cell.text.strip("　")
            out += ["\t".join(row) for row in grid]
            out += ["", block.note] if block.note else [""]
            out.append("")
    path.write_text("\n".join(out), encoding="utf-8", newline="\n")


def _rewrite(buffer: io.BytesIO, path: Path) -> None:
    """Write a zip archive's members again, in their order, with one date, so that the bytes do not depend on the clock."""
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for info in source.infolist():
            fixed = zipfile.ZipInfo(info.filename, LONG_AGO.timetuple()[:6])
            fixed.compress_type, fixed.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            target.writestr(fixed, source.read(info))

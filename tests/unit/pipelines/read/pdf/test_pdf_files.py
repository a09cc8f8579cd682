"""Whole files: what cannot be read is said, hidden text is left out, memory does not grow with the pages."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import psutil
import pytest
from drawn_tables import SONG, Hand, draw, simple_table, text
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import Document, PageReading, RawTable, TextLine, decode, encode
from pipelines.read.pdf.pdfium import Page
from pipelines.read.pdf.reader import PageReaders, read_pdf
from pipelines.read.pdf.scan_regions import PICTURED
from pipelines.read.reader import READER_VERSION, read_bytes

TABLE = simple_table([["科目", "金额"], ["办公费", "12.50"], ["印刷费", "3.00"]])
FONT = Path(__file__).parents[4] / "samples" / "fonts" / "NotoSansSC-samples.ttf"


def read(data: bytes, readers: PageReaders | None = None) -> Document:
    return read_pdf(data, sha256="0" * 64, n_bytes=len(data), readers=readers)


def saved(data: bytes, change: Callable[[pikepdf.Pdf], None] | None = None, **options: object) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if change:
            change(pdf)
        out = io.BytesIO()
        pdf.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def picture_page(with_text: str = "") -> bytes:
    from PIL import Image

    noise = Image.frombytes("L", (60, 40), random.Random(1).randbytes(2400))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200), invariant=1)
    canvas.drawImage(ImageReader(noise), 0, 0, 300, 200)
    if with_text:
        hidden = canvas.beginText(20, 100)
        hidden.setTextRenderMode(3)
        hidden.setFont("Helvetica", 9)
        hidden.textOut(with_text)
        canvas.drawText(hidden)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_file_with_a_password_is_quarantined_as_encrypted() -> None:
    locked = saved(draw([[TABLE]]), encryption=pikepdf.Encryption(owner="a", user="b"))
    assert (read(locked).status, read(locked).reason) == ("quarantined", "encrypted")


def test_a_file_that_only_forbids_printing_is_read() -> None:
    assert len(read(saved(draw([[TABLE]]), encryption=pikepdf.Encryption(owner="a", user=""))).tables) == 1


def test_broken_files_are_quarantined_as_corrupt() -> None:
    whole = draw([[TABLE]])
    no_pages = io.BytesIO()
    pikepdf.new().save(no_pages)
    for data in (b"", b"%PDF-1.7 nothing", whole[: len(whole) // 3], no_pages.getvalue()):
        document = read(data)
        assert (document.status, document.reason) == ("quarantined", "corrupt")
        assert "PDFium" not in (document.detail or "")
        assert (document.detail or "").endswith("; fetch it again.")


def test_what_became_of_a_pdf_names_the_version_of_its_reader() -> None:
    for data in (draw([[TABLE]]), b"%PDF-1.7 nothing"):
        assert read_bytes(data, "a.pdf").reader_version == READER_VERSION


def test_pictures_of_pages_are_scans_even_with_hidden_text_over_them() -> None:
    for data in (picture_page(), picture_page(with_text="1234567890 and more hidden words")):
        document = read(data)
        assert (document.status, document.reason, document.pages[0].path) == ("quarantined", "scanned", "scanned")
        assert not document.lines


def test_scanned_pages_go_to_the_reader_given_for_them() -> None:
    def scanned(page: Page, number: int) -> tuple[list[TextLine], list[RawTable], PageReading]:
        return [TextLine(text="recognised", page=number)], [], PageReading(page=number, path="ocr", width=page.frame.width)

    document = read(picture_page(), PageReaders(scanned=scanned))
    assert (document.status, [line.text for line in document.lines]) == ("read", ["recognised"])


def letters_as_figures(canvas: Canvas, rows: int) -> None:
    """Text as designers send it to the printer: every letter a filled figure with curves, in the cells of a table."""
    for row in range(rows):
        for column in range(20):
            x, y = 100 + 15 * column, 700 - 30 * row
            path = canvas.beginPath()
            path.circle(x, y, 5)
            path.circle(x, y, 3)
            canvas.drawPath(path, stroke=0, fill=1, fillMode=0)
    for row in range(rows + 1):
        canvas.line(90, 715 - 30 * row, 400, 715 - 30 * row)
    for x in (90, 240, 400):
        canvas.line(x, 715, x, 715 - 30 * rows)


@pytest.mark.parametrize(("rows", "title", "path", "pictured"), [
    (10, "", "scanned", False), (10, "部门收入总表与支出总表（二〇二六年）", "prose", True),
    (1, "", "empty", False), (1, "部门收入总表与支出总表（二〇二六年）", "prose", False),
])
def test_letters_drawn_as_figures_are_a_picture(rows: int, title: str, path: str, pictured: bool) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    text(canvas, 100, 760, title, 14)
    letters_as_figures(canvas, rows)
    canvas.showPage()
    canvas.save()
    (page,) = read(out.getvalue()).pages
    assert (page.path, (page.note or "").startswith(PICTURED)) == (path, pictured)


def test_blank_pages_are_empty_not_scanned() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.showPage()
    canvas.save()
    document = read(out.getvalue())
    assert (document.status, document.pages[0].path) == ("read", "empty")


def test_hidden_text_and_text_outside_the_crop_box_are_left_out() -> None:
    def hidden(canvas: Canvas) -> None:
        invisible = canvas.beginText(45, 65)
        invisible.setTextRenderMode(3)
        invisible.setFont("Helvetica", 9)
        invisible.textOut("999")
        canvas.drawText(invisible)
        text(canvas, 10, -18, "888", 9)

    document = read(draw([[TABLE]], Hand(crop=20), extra=hidden))
    everything = "".join(c.text for t in document.tables for c in t.cells) + "".join(line.text for line in document.lines)
    assert "9" not in everything
    assert "8" not in everything
    assert "12.50" in everything


ROWS = (("一般公共服务支出", "1,234.56"), ("社会保障和就业支出", "20.00"), ("卫生健康支出", "3.50"), ("合计", "7.00"))


def embedded(rows: tuple[tuple[str, str], ...] = ROWS) -> bytes:
    """A table set in an embedded subset font: without /ToUnicode nobody can say what its codes mean."""
    pdfmetrics.registerFont(TTFont("Embedded", str(FONT)))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 300), invariant=1)
    canvas.setFont("Embedded", 9)
    for n, (name, amount) in enumerate(rows):
        canvas.drawString(43, 236 - 20 * n, name)
        canvas.drawString(180, 236 - 20 * n, amount)
    for n in range(5):
        canvas.line(40, 250 - 20 * n, 300, 250 - 20 * n)
    for x in (40, 170, 300):
        canvas.line(x, 250, x, 170)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _without_meaning(pdf: pikepdf.Pdf) -> None:
    for entry in pdf.objects:
        if isinstance(entry, pikepdf.Dictionary) and "/ToUnicode" in entry:
            del entry["/ToUnicode"]


def _wrong_meaning(pdf: pikepdf.Pdf) -> None:
    for entry in pdf.objects:
        if isinstance(entry, pikepdf.Dictionary) and "/ToUnicode" in entry:
            table = entry["/ToUnicode"].read_bytes()
            turned = re.sub(rb"<([0-9A-Fa-f]{4})>(?=\s*\n)", lambda m: b"<%04X>" % ((int(m[1], 16) * 7 + 0x3500) % 0x9FFF), table)
            entry["/ToUnicode"].write(turned)


@pytest.mark.parametrize("damage", [_without_meaning, _wrong_meaning])
def test_fonts_without_meaning_are_never_loaded_as_rubbish(damage: Callable[[pikepdf.Pdf], None]) -> None:
    assert read(embedded()).tables[0].cells[0].text == "一般公共服务支出"
    document = read(saved(embedded(), damage))
    assert document.pages[0].path == "unreadable_font"
    assert (document.status, document.reason, document.tables, document.lines) == ("quarantined", "scanned", (), ())


def _another_meaning(first: int) -> Callable[[pikepdf.Pdf], None]:
    """Every Chinese character means one of the sixty from `first` on; figures keep their meaning."""
    def change(pdf: pikepdf.Pdf) -> None:
        for entry in pdf.objects:
            if isinstance(entry, pikepdf.Dictionary) and "/ToUnicode" in entry:
                table = entry["/ToUnicode"].read_bytes()
                entry["/ToUnicode"].write(re.sub(
                    rb"<([0-9A-Fa-f]{4})>(?=\s*\n)",
                    lambda m: b"<%04X>" % (first + int(m[1], 16) % 60) if int(m[1], 16) >= 0x2E80 else m[0], table))

    return change


@pytest.mark.parametrize("first", [0xC0, 0x2701, 0x3500], ids=["accents", "ornaments", "rare characters"])
def test_figures_that_read_right_do_not_vouch_for_the_letters_beside_them(first: int) -> None:
    """As distilled PostScript leaves it: more figures than letters, and only the letters have lost their meaning."""
    rows = tuple((name * 2, "1,234,567,890,123.45，6,789,012,345,678.90") for name, _ in ROWS)
    document = read(saved(embedded(rows), _another_meaning(first)))
    assert [page.path for page in document.pages] == ["unreadable_font"]
    assert read(embedded(rows)).pages[0].path == "ruled"


@pytest.mark.parametrize("first", [0x621, 0xF40, 0x1820, 0xA000, 0xAC00], ids=["Uyghur", "Tibetan", "Mongolian", "Yi", "Korean"])
def test_scripts_of_the_regions_are_no_rubbish(first: int) -> None:
    """Labels in another script than Chinese."""
    assert read(saved(embedded(), _another_meaning(first))).pages[0].path == "ruled"


def _some_meaning(meaning: dict[int, bytes]) -> Callable[[pikepdf.Pdf], None]:
    """Changes what single characters of the fonts mean: code point → UTF-16 in hexadecimal."""
    def change(pdf: pikepdf.Pdf) -> None:
        for entry in pdf.objects:
            if isinstance(entry, pikepdf.Dictionary) and "/ToUnicode" in entry:
                table = entry["/ToUnicode"].read_bytes()
                entry["/ToUnicode"].write(
                    re.sub(rb"<([0-9A-Fa-f]{4})>(?=\s*\n)", lambda m: b"<%s>" % meaning.get(int(m[1], 16), m[1]), table))

    return change


def test_a_character_without_meaning_is_no_sign() -> None:
    """The font says nothing of its 5: neither -0.00 nor 20.00 may come of 50.00 and 520.00."""
    texts = [c.text for t in read(saved(embedded(), _some_meaning({ord("5"): b"0000"}))).tables for c in t.cells]
    assert texts[:2] == ["一般公共服务支出", "1,234.\ufffd6"]
    assert "3.\ufffd0" in texts


def test_one_glyph_that_stands_for_two_equal_digits_is_two() -> None:
    """The 7 of the font is a ligature that means 00: 7.00 is 00.00."""
    texts = [c.text for t in read(saved(embedded(), _some_meaning({ord("7"): b"00300030"}))).tables for c in t.cells]
    assert texts[-2:] == ["合计", "00.00"]


@pytest.mark.parametrize("kind", ["Widget", "FreeText"])
def test_what_stands_in_form_fields_and_text_notes_is_read(kind: str) -> None:
    def fill_in(pdf: pikepdf.Pdf) -> None:
        font = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))
        shown = pdf.make_stream(b"BT /F 9 Tf 4 5 Td (7.25) Tj ET")
        shown.update(pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 80, 18],
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)),
        ))
        field = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name("/" + kind), Rect=[120, 60, 200, 78], F=4, FT=pikepdf.Name.Tx,
            AP=pikepdf.Dictionary(N=shown),
        ))
        pdf.pages[0].Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field] if kind == "Widget" else [])

    table = simple_table([["科目", "金额"], ["办公费", "12.50"], ["印刷费", ""]])
    texts = [c.text for t in read(saved(draw([[table]]), fill_in)).tables for c in t.cells]
    assert texts == ["科目", "金额", "办公费", "12.50", "印刷费", "7.25"]


def test_one_unreadable_page_does_not_condemn_the_others() -> None:
    with pikepdf.open(io.BytesIO(draw([[TABLE]]))) as pdf, pikepdf.open(io.BytesIO(picture_page())) as other:
        pdf.pages.append(other.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    document = read(out.getvalue())
    assert (document.status, [p.path for p in document.pages]) == ("read", ["ruled", "scanned"])


def test_documents_survive_being_written() -> None:
    document = read(draw([[TABLE]], above="部门支出总表"))
    assert decode(encode(document)) == document


def test_many_pages_need_no_more_memory_than_few() -> None:
    with pikepdf.open(io.BytesIO(draw([[TABLE]]))) as pdf:
        for _ in range(399):
            pdf.pages.append(pdf.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    process = psutil.Process()
    read(draw([[TABLE]] * 2))
    before = process.memory_info().rss
    document = read(out.getvalue())
    assert [table.page for table in document.tables] == [page.page for page in document.pages] == list(range(1, 401))
    assert process.memory_info().rss - before < 12_000_000

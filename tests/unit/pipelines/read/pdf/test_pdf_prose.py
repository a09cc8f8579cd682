"""Text outside tables: lines in reading order, running headers and footers marked."""

from __future__ import annotations

import io

import pikepdf
import pytest
from drawn_tables import draw, simple_table, text
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import RawTable, TextLine
from pipelines.read.pdf.reader import read_pdf


def pages(*contents: list[tuple[float, float, float, str]]) -> bytes:
    """Pages of (x, y from the bottom, size, text)."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for content in contents:
        for x, y, size, string in content:
            text(canvas, x, y, string, size)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(data: bytes) -> list[TextLine]:
    return list(read_pdf(data, sha256="0" * 64, n_bytes=1).lines)


def test_lines_come_from_top_to_bottom_whatever_order_they_were_drawn_in() -> None:
    found = lines(pages([(80, 500, 12, "第二行"), (80, 520, 12, "第一行"), (80, 480, 12, "第三行2026年")]))
    assert [line.text for line in found] == ["第一行", "第二行", "第三行2026年"]


def test_a_line_is_one_line_whatever_fonts_and_sizes_it_mixes() -> None:
    found = lines(pages([(80, 500, 12, "收入1,234.56万元"), (80, 400, 20, "标题"), (130, 400, 8, "注")]))
    assert [line.text for line in found] == ["收入1,234.56万元", "标题注"]
    assert found[1].size == 20


def test_unit_and_body_on_one_line_stay_apart() -> None:
    found = lines(pages([(60, 500, 10, "编制单位：某市统计局"), (450, 500, 10, "单位：万元")]))
    assert [line.text for line in found] == ["编制单位：某市统计局  单位：万元"]


def test_page_numbers_and_running_titles_are_marked() -> None:
    content = [
        [(80, 800, 9, "某市统计局2026年部门预算"), (80, 500, 12, f"正文第{n}段，从这里开始写得很长很长"), (280, 40, 9, f"—{n}—")]
        for n in range(1, 5)
    ]
    found = lines(pages(*content))
    assert [line.text for line in found[:3]] == ["某市统计局2026年部门预算", "正文第1段，从这里开始写得很长很长", "—1—"]
    assert [line.role for line in found] == ["header", "text", "footer"] * 4


@pytest.mark.parametrize("turned", [90, 270])
def test_margins_of_a_page_on_its_side_are_those_of_its_text(turned: int) -> None:
    """A unit at the end of its line stands at the foot of the page as shown; it is no running footer, however often it repeats."""
    content = [
        [(80, 800, 9, "某市统计局2026年预算"), (80, 700, 9, f"正文第{n}段，从这里开始"), (545, 650, 9, "单位：元"), (280, 40, 9, f"—{n}—")]
        for n in range(1, 5)
    ]
    with pikepdf.open(io.BytesIO(pages(*content))) as pdf:
        for page in pdf.pages:
            page.rotate(turned, relative=True)
        out = io.BytesIO()
        pdf.save(out)
    assert [line.role for line in lines(out.getvalue())] == ["header", "text", "text", "footer"] * 4


def test_a_title_at_the_top_that_stands_once_is_text() -> None:
    found = lines(pages([(80, 800, 20, "部门收支总表"), (80, 500, 12, "正文写得很长，比题目长得多，")], [(80, 800, 20, "部门收入总表")]))
    assert [line.role for line in found] == ["heading", "text", "heading"]


def test_short_lines_in_large_type_are_headings() -> None:
    body = "主要职能是贯彻执行法律法规，负责全市统计工作。" * 2
    found = lines(pages([(80, 700, 18, "第一部分 部门概况"), (20, 650, 12, body), (80, 600, 18, "大字写的一句话。")]))
    assert [line.role for line in found] == ["heading", "text", "text"]


def test_tables_stand_between_the_lines_around_them() -> None:
    def below(canvas: Canvas) -> None:
        text(canvas, 40, 12, "注：本表为空表。", 8)

    blocks = read_pdf(draw([[simple_table([["科目", "金额"]])]], above="标题", extra=below), sha256="0" * 64, n_bytes=1).blocks
    assert [b.text if not isinstance(b, RawTable) else "table" for b in blocks] == ["标题", "table", "注：本表为空表。"]

"""HTML: spans, layout tables, encodings."""

from email.message import EmailMessage

import pytest

from pipelines.read.document import RawTable, TextLine
from pipelines.read.failure import ReadFailure
from pipelines.read.html import read_html
from pipelines.read.reader import read_bytes
from pipelines.read.sniff import MHTML, sniff

PAGE = """<html><head><meta charset="{0}"><title>不读</title><style>td{{}}</style></head><body><h1>收支总表</h1>
<table><caption>表一</caption>
<tr><td rowspan=2>科目</td><td colspan="2">2026年&nbsp;预算</td></tr>
<tr><td>基本<br>支出</td><td>项目</td></tr>
<tr><td>&nbsp;&nbsp;行政运行</td><td>1,234.50</td><td></td></tr></table><script>var x = "<table>";</script></body></html>"""


def placed(table: object) -> list[tuple[int, int, int, int, str]]:
    assert isinstance(table, RawTable)
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


ENCODINGS = [("gbk", "gb18030"), ("utf-8", "utf-8"), ("gb2312", "utf-8"), ("utf-8", "utf-8-sig"), ("x", "gbk")]


@pytest.mark.parametrize(("declared", "encoding"), ENCODINGS)
def test_spans_and_encodings(declared: str, encoding: str) -> None:
    heading, table = read_html(PAGE.format(declared).encode(encoding))
    assert heading == TextLine(text="收支总表", role="heading")
    assert placed(table) == [
        (0, 0, 2, 1, "科目"), (0, 1, 1, 2, "2026年 预算"), (1, 1, 1, 1, "基本\n支出"), (1, 2, 1, 1, "项目"),
        (2, 0, 1, 1, "行政运行"), (2, 1, 1, 1, "1,234.50"), (2, 2, 1, 1, ""),
    ]
    assert isinstance(table, RawTable)
    assert (table.caption, table.n_rows, table.n_columns) == ("表一", 3, 3)
    assert table.cells[4].original == "  行政运行"


def test_layout_tables_dissolve_and_leaf_tables_stay() -> None:
    inner = "<table><tr><td>项目</td><td>数</td></tr><tr><td>合计</td><td>5</td></tr></table>"
    blocks = read_html(f"<table><tr><td>首页</td><td><p>部门预算</p>{inner}<p>注：无</p></td></tr></table>".encode())
    assert [block.text for block in blocks if isinstance(block, TextLine)] == ["首页", "部门预算", "注：无"]
    assert [len(block.cells) for block in blocks if isinstance(block, RawTable)] == [4]


def test_tables_that_only_arrange_captions_are_lines() -> None:
    assert read_html("<table><tr><td>编制单位：某局</td><td>单位：万元</td></tr></table>".encode()) == [
        TextLine(text="编制单位：某局"), TextLine(text="单位：万元"),
    ]


def test_title_rows_inside_the_grid_are_lines() -> None:
    rows = "<tr><td>部门名称：某局</td><td>单位：万元</td></tr><tr><td>项目</td><td>数</td></tr><tr><td>合计</td><td>1</td></tr>"
    *lines, table = read_html(f"<table><tr><td colspan=2>收支总表</td></tr>{rows}</table>".encode())
    assert [line.text for line in lines if isinstance(line, TextLine)] == ["收支总表", "部门名称：某局", "单位：万元"]
    assert [cell[4] for cell in placed(table)] == ["项目", "数", "合计", "1"]


def test_senseless_spans_do_not_grow_the_table() -> None:
    (table,) = read_html(b"<table><tr><td rowspan=0>a<td colspan=x>b<tr><td rowspan=60000 colspan=-3>c<tr><td>1<td>2</table>")
    assert isinstance(table, RawTable)
    assert (table.n_rows, table.n_columns) == (3, 4)


def test_pages_saved_as_one_file() -> None:
    body = "<html><meta charset=gb2312><table><tr><td>项目<td>数<tr><td>合计<td>5</table>".encode("gbk")
    message = EmailMessage()
    message.set_content("plain")
    message.add_related(body, "text", "html")
    data = bytes(message)
    assert sniff(data) == MHTML
    document = read_bytes(data, "a.doc")
    assert [cell.text for cell in document.tables[0].cells] == ["项目", "数", "合计", "5"]


def test_hidden_parts_are_left_out() -> None:
    assert read_html('<p>甲<span style="display: none">乙</span>丙</p><div hidden>丁</div>'.encode()) == [TextLine(text="甲丙")]


def test_pages_nested_beyond_reason_are_refused() -> None:
    for page in ("<div>" * 5000 + "x", "<table><tr><td>" * 1500 + "x"):
        with pytest.raises(ReadFailure) as failure:
            read_html(page.encode())
        assert failure.value.reason == "corrupt"


def test_huge_tables_are_refused() -> None:
    with pytest.raises(ReadFailure) as failure:
        read_html(b"<table>" + b"<tr><td rowspan=60000 colspan=1000>x" * 60_000)
    assert failure.value.reason == "too_large"


def test_rows_of_a_form_inside_a_table_are_its_rows() -> None:
    (table,) = read_html(b"<table><form><tr><td>a</td><form><td>b</td></form></tr><tr><td>c</td><td>d</td></tr></form></table>")
    assert [text for *_, text in placed(table)] == ["a", "b", "c", "d"]


def test_the_foot_stands_below_the_body_wherever_it_is_written() -> None:
    page = "<table><tfoot><tr><td>合计<td>3</tfoot><thead><tr><td>项目<td>数</thead><tbody><tr><td>甲<td>3</tbody></table>"
    (table,) = read_html(page.encode())
    assert [text for *_, text in placed(table)] == ["项目", "数", "甲", "3", "合计", "3"]


def test_fields_of_a_form_show_their_values() -> None:
    page = """<table><tr><td>预算</td><td><input value="1,234.5"><input type=hidden value=9></td></tr>
    <tr><td>年</td><td><select><option>2025<option selected>2026</select></td></tr></table>"""
    (table,) = read_html(page.encode())
    assert [text for *_, text in placed(table)] == ["预算", "1,234.5", "年", "2026"]


def test_a_figure_that_is_struck_through_is_not_read_with_the_one_beside_it() -> None:
    page = """<p>共<s>9</s>8项</p><table><tr><td>预算</td><td><del>999</del>123.45</td></tr>
    <tr><td>上年</td><td><span style="text-decoration: line-through">1</span>100</td></tr></table>"""
    line, table = read_html(page.encode())
    assert line == TextLine(text="共8项")
    assert [text for *_, text in placed(table)] == ["预算", "123.45", "上年", "100"]


def test_tables_behind_tabs_are_kept_and_marked() -> None:
    rows = "<tr><td>项目</td><td>数</td></tr><tr><td>合计</td><td>1</td></tr>"
    page = f"""<div>甲</div><div style="display:none"><p>乙</p><table>{rows}</table></div><table hidden>{rows}</table><div>丙</div>"""
    first, tab, other, last = read_html(page.encode())
    assert (first, last) == (TextLine(text="甲"), TextLine(text="丙"))
    assert isinstance(tab, RawTable)
    assert isinstance(other, RawTable)
    assert [(tab.note or "")[:12], (other.note or "")[:12]] == ["hidden sheet"] * 2


def test_a_row_span_ends_with_its_group_of_rows() -> None:
    body = "<tbody><tr><td rowspan=0>甲<td>1<tr><td>2</tbody><tbody><tr><td>乙<td>3</tbody>"
    page = f"<table><thead><tr><td rowspan=3>科目<td>数</thead>{body}</table>"
    (table,) = read_html(page.encode())
    assert placed(table) == [
        (0, 0, 1, 1, "科目"), (0, 1, 1, 1, "数"), (1, 0, 2, 1, "甲"), (1, 1, 1, 1, "1"), (2, 1, 1, 1, "2"),
        (3, 0, 1, 1, "乙"), (3, 1, 1, 1, "3"),
    ]


def test_a_title_that_only_the_head_says_is_read_and_the_sites_government_comes_last() -> None:
    page = """<html><head><meta charset="utf-8"><title>某某局2025年部门预算-安宁市人民政府</title></head><body><p>目录</p></body></html>"""
    assert read_html(page.encode()) == [
        TextLine(text="某某局2025年部门预算", role="heading"), TextLine(text="目录", role="text"),
        TextLine(text="安宁市人民政府", role="footer"),
    ]
    tagged = page.replace("<title>", '<meta name="ArticleTitle" content="某某局2024年部门决算"><title>')
    assert read_html(tagged.encode())[0] == TextLine(text="某某局2024年部门决算", role="heading")


def test_a_title_that_the_page_shows_is_not_read_twice() -> None:
    head = '<head><meta charset="utf-8"><title>某某局2025年部门预算</title></head>'
    page = f"<html>{head}<body><h1>某某局 2025年部门预算</h1></body></html>"
    assert read_html(page.encode()) == [TextLine(text="某某局 2025年部门预算", role="heading")]

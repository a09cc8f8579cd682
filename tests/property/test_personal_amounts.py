"""No amount, however printed, is taken for personal data, and none is changed by its neighbours."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipelines.read.document import Cell, RawTable, document_of
from pipelines.read.personal import scrub_text
from pipelines.read.privacy import scrub_document

# 20805 and not 2080505: seven digits beside 联系电话 may well be a telephone
LABELS = ["合计", "基本支出", "项目支出", "行政运行", "20805", "电话费", "人员经费", "联系人", "联系电话", "负责人", "填表人", "身份证号"]


@st.composite
def amounts(draw: st.DrawFn) -> str:
    """An amount with decimals or separators, as budgets print them."""
    value = Decimal(draw(st.integers(-10**13, 10**13))).scaleb(-draw(st.sampled_from([1, 2, 4, 6])))
    style = draw(st.sampled_from(["{:f}", "{:,f}", "（{:,f}）", "{:f}%", "¥{:,f}", "{:,.0f}.00", "{:f}万元", "{:f} 元"]))
    return style.format(value)


whole_amounts = st.integers(-10**14, 10**14).map(str)


@given(amounts() | whole_amounts)
def test_a_cell_with_an_amount_is_never_touched(text: str) -> None:
    assert scrub_text(text) == (text, 0)


@given(
    st.sampled_from(["安排", "预算总额为", "比上年增加", "电话费", "其中：办公费"]), st.integers(0, 10**14),
    st.sampled_from(["元", "万元", " 万元", "亿元", ".50元"]),
)
def test_an_amount_in_a_sentence_is_never_touched(before: str, value: int, unit: str) -> None:
    text = f"2026年{before}{value}{unit}。"
    assert scrub_text(text) == (text, 0)


@given(st.lists(st.lists(st.one_of(st.sampled_from(LABELS), amounts()), min_size=3, max_size=3), min_size=1, max_size=6))
def test_amounts_beside_any_label_are_never_touched(rows: list[list[str]]) -> None:
    cells = tuple(Cell(row=r, column=c, text=text) for r, row in enumerate(rows) for c, text in enumerate(row))
    table = RawTable(n_rows=len(rows), n_columns=3, cells=cells, method="tsv")
    document = document_of([table], sha256="0" * 64, n_bytes=1, media_type="text/plain")
    assert scrub_document(document) == document

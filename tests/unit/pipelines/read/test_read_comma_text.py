"""Text with commas or semicolons between its fields: tables like those of a sheet."""

import pytest

from pipelines.read.document import RawTable, TextLine
from pipelines.read.reader import read_bytes
from pipelines.read.text import read_text

SHEET = """2026年支出预算表,,
编制单位：云水市林业局,,单位：万元
科目编码,科目名称,合计
213,农林水支出,"1,123.45"
2130201,"  行政
运行",100.40
"""


def cells(table: object) -> list[tuple[int, int, str, str | None]]:
    assert isinstance(table, RawTable)
    return [(cell.row, cell.column, cell.text, cell.place) for cell in table.cells if cell.text]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_sheet_saved_as_csv(encoding: str) -> None:
    document = read_bytes(SHEET.replace("\n", "\r\n").encode(encoding), "x.xls")
    assert [line.text for line in document.lines] == ["2026年支出预算表", "编制单位：云水市林业局", "单位：万元"]
    (table,) = document.tables
    assert table.method == "tsv"
    assert cells(table)[3:] == [
        (1, 0, "213", "A4"), (1, 1, "农林水支出", "B4"), (1, 2, "1,123.45", "C4"),
        (2, 0, "2130201", "A5"), (2, 1, "行政\n运行", "B5"), (2, 2, "100.40", "C5"),
    ]


def test_semicolons() -> None:
    (table,) = read_text("项目;数;数\n合计;1,5;2\n其中;1;2\n")
    assert [text for *_, text, _ in cells(table)] == ["项目", "数", "数", "合计", "1,5", "2", "其中", "1", "2"]


@pytest.mark.parametrize("text", [
    "收入总计1,234.56万元。\n支出总计1,234.56万元。\n",
    "本部门2026年收入,支出均为1,234.56万元,\n比上年增加。\n主要原因是项目增加。\n无其他。\n",
    "甲,乙\n丙,丁\n",
])
def test_running_text_is_no_table(text: str) -> None:
    assert all(isinstance(block, TextLine) for block in read_text(text))


def test_a_text_beyond_all_measure_is_refused_before_it_is_laid_out() -> None:
    document = read_bytes(b"1\t2\t3\n" * 1_700_000, "big.txt")
    assert (document.status, document.reason) == ("quarantined", "too_large")

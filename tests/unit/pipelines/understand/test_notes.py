"""Lines around a table: notes, notes that say it is empty, units; names that hold 无, 如, 若 or begin with 元 say none of these."""

from __future__ import annotations

import pytest
from printed_forms import facts

from pipelines.normalise.normalise import normalise
from pipelines.read.document import Cell, RawTable, TextLine, document_of
from pipelines.understand.fragments import declares_empty, is_note, is_title, unit_of
from pipelines.understand.understand import understand
from pipelines.understand.vocabulary import vocabulary
from schemas import reference


@pytest.mark.parametrize("note", [
    "本部门2026年无政府性基金预算支出，故本表为空表",
    "无锡市某某局2026年无国有资本经营预算支出，本表为空表",
    "如皋市某某局2026年没有使用政府性基金预算拨款安排的支出。",
    "我单位无人员经费支出",
])
def test_a_note_that_says_there_is_nothing(note: str) -> None:
    assert is_note(note)
    assert declares_empty(note)


@pytest.mark.parametrize("note", ["注：若本表为空表，则没有此项支出", "如为空表，表示没有相关支出", "如东县某某局：若为空表，则无相关支出"])
def test_a_standing_remark_of_the_form_says_nothing_of_this_year(note: str) -> None:
    assert not declares_empty(note)


@pytest.mark.parametrize("label", ["无形资产购置支出", "无线电监管业务支出", "三无人员救助经费支出", "无废城市建设项目预算"])
def test_a_row_about_something_whose_name_holds_a_no_is_no_note(label: str) -> None:
    assert not is_note(label)
    assert not declares_empty(label)


def test_no_region_makes_its_titles_notes() -> None:
    words = vocabulary()
    for region in reference.regions():
        title = f"{region.name}某某局2026年政府性基金预算支出表"
        assert is_title(title, words), title
        assert not is_note(title), title
        assert declares_empty(f"{region.name}某某局没有使用政府性基金预算拨款安排的支出"), region.name


def test_no_subject_of_the_classification_is_a_note() -> None:
    for subject in reference.subjects():
        assert not is_note(f"{subject.name}支出"), subject.name
        assert not declares_empty(f"{subject.name}支出"), subject.name


@pytest.mark.parametrize(("line", "unit"), [
    ("编制单位：元谋县某某局    单位：万元", "万元"), ("单位：万元 编制单位：元谋县某某局", "万元"),
    ("预算单位：元阳县某某局", None), ("单位：元氏县某某局", None),
    ("单位：元", "元"), ("金额单位：元 公开01表", "元"), ("单位：元 安宁县某某局", "元"), ("单位：人民币元", "元"),
])
def test_a_body_whose_name_begins_like_a_unit_states_none(line: str, unit: str | None) -> None:
    assert unit_of(line) == unit


def test_the_amounts_of_a_publisher_from_yuanmou_are_in_the_unit_of_the_table() -> None:
    table = "元谋县某某局2026年支出总表\n\n编制单位：元谋县某某局 单位：万元\n\n科目编码|科目名称|合计\n2130301|行政运行|3.00\n"
    (amount,) = [f["amount_yuan"] for f in facts(table, "元谋县某某局2026年部门预算\n\n")]
    assert amount == 30_000


def test_running_text_below_a_table_in_its_sheet_is_no_row_of_it() -> None:
    rows = [
        ["合计", "因公出国（境）费", "公务接待费"], ["9.00", "6.00", "3.00"], ["", "", ""], ["第三部分 预算情况说明", "", ""],
        ["安宁县水务局所有收入和支出均纳入部门预算管理。2026年收支总预算9.00万元。", "", ""],
    ]
    cells = tuple(Cell(r, c, text, page=1) for r, row in enumerate(rows) for c, text in enumerate(row))
    above = [TextLine(text, page=1) for text in ("安宁县水务局2026年部门预算", "“三公”经费支出表", "单位：万元")]
    document = document_of([*above, RawTable(len(rows), 3, cells, "xlsx", page=1)], sha256="0" * 64, n_bytes=1, media_type="text/plain")
    found = normalise(understand(document))["facts"].sort("column_no")
    assert found["raw_text"].to_list() == ["9.00", "6.00", "3.00"]
    assert found["row_label"].to_list() == ["合计", "因公出国（境）费", "公务接待费"]

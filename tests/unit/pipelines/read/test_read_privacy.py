"""Personal data is taken out; amounts, codes and names of bodies are not."""

from pathlib import Path

import pytest

from pipelines.read.document import Cell, RawTable, TextLine, document_of, encode
from pipelines.read.personal import MARK, scrub_text
from pipelines.read.privacy import scrub_document
from pipelines.read.reader import read_bytes
from schemas import reference

M = MARK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("填表人：李明 填报日期：2023.6.15 联系电话：5225060", f"填表人：{M} 填报日期：2023.6.15 联系电话：{M}"),
        ("单位负责人签字：王芳", f"单位负责人签字：{M}"),
        ("部门预算公开联系人:李 明 联系方式:023-62660000", f"部门预算公开联系人:{M} 联系方式:{M}"),
        ("部门主要负责人审签情况：黄小明", f"部门主要负责人审签情况：{M}"),
        ("负 责 人（签章）：阿不都·买买提", f"负 责 人（签章）：{M}"),
        ("制表：赵六 审核：钱七、孙小八", f"制表：{M} 审核：{M}"),
        ("联系人：张老师 13900000000", f"联系人：{M} {M}"),
        ("单位负责人：张三联系电话：0535-6780000、6780001", f"单位负责人：{M}联系电话：{M}"),
        ("经办人 欧阳小明 复核人 李四", f"经办人 {M} 复核人 {M}"),
        ("联系电话：（029）86780000。如有变更", f"联系电话：{M}。如有变更"),
        ("身份证号：11010519491231002X", f"身份证号：{M}"),
        ("身份证号码 110105491231002", f"身份证号码 {M}"),
        ("11010519491231002X", M),
        ("邮箱 someone@example.gov.cn", f"邮箱 {M}"),
        ("填表人：阿卜杜热合曼", f"填表人：{M}"),
        ("填报人：古丽巴哈尔联系电话：5225060", f"填报人：{M}联系电话：{M}"),
        ("经办人：财务科王丽", f"经办人：{M}"),
        ("主要负责人：次仁卓玛", f"主要负责人：{M}"),
        ("责任人：王建国 验收人：李小明", f"责任人：{M} 验收人：{M}"),
    ],
)
def test_personal_data_is_replaced(text: str, expected: str) -> None:
    assert scrub_text(text) == (expected, expected.count(M))
    assert scrub_text(expected) == (expected, 0)


@pytest.mark.parametrize(
    "text",
    [
        "部门主要负责人审签情况：已审签", "联系人：财务科", "负责人：无", "联系人：机关服务中心",
        "责任人：各乡镇", "责任领导：分管领导", "验收人员：30人", "监督人大代表工作",
        "填表人：安全生产监管科", "审核：通过",
        "协助管理下级党委统战部部长，负责下级统战部负责人培训工作",
        "办理12345政务服务热线电话 12345 件", "办公电话费 12345678.00 元", "电话 5,225,060.00", "传真机 1234567 元",
        "拨款13900000000元", "2080505", "110105194912310021", "123456789012345", "1,234,567.89", "安排资金 12345678.90 万元",
        "负责人民建议征集", "主任 专家 成员", "填报单位（盖章）：某某市委统战部", "项目负责人用车 0 辆", "编制人数小计 24 人",
        "经办人：    联系电话：", "统一社会信用代码11330100MB1234567X",
        "项目编码 370600240000001000018", "2025-2026年", "制表日期：2026年3月1日", "单位：万元",
    ],
)
def test_what_is_no_personal_data_is_left_alone(text: str) -> None:
    assert scrub_text(text) == (text, 0)


def table(*rows: list[str]) -> RawTable:
    cells = tuple(Cell(row=r, column=c, text=text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return RawTable(n_rows=len(rows), n_columns=max(map(len, rows)), cells=cells, method="docx")


def scrubbed(*rows: list[str]) -> tuple[list[str], int]:
    document = scrub_document(document_of([table(*rows)], sha256="0" * 64, n_bytes=1, media_type="x"))
    return [cell.text for cell in document.tables[0].cells], document.personal_data_removed


def test_value_beside_its_label() -> None:
    assert scrubbed(["项目负责人", "王芳", "联系电话", "5225060"], ["预算数", "5225060", "项目", "王府井"]) == (
        ["项目负责人", M, "联系电话", M, "预算数", "5225060", "项目", "王府井"], 2,
    )


def test_values_below_their_label() -> None:
    head = ["姓 名", "职务", "电话", "金额"]
    assert scrubbed(head, ["王芳", "科员", "13900000000", "13900000000"], ["李 明", "", "0535-6780000", "5.00"]) == (
        ["姓 名", "职务", "电话", "金额", M, "科员", M, "13900000000", M, "", M, "5.00"], 4,
    )


def test_amounts_beside_labels_are_left_alone() -> None:
    rows = [["联系人", "单位", "电话", "备注"], ["1,234,567.00", "5225060", "522.50", "7654321.12"]]
    assert scrubbed(*rows) == ([text for row in rows for text in row], 0)


def test_label_at_the_end_of_a_line() -> None:
    blocks = [TextLine(text="咨询请拨联系电话：（029）"), TextLine(text="86780000。如有变更"), TextLine(text="12345678 元")]
    document = scrub_document(document_of(list(blocks), sha256="0" * 64, n_bytes=1, media_type="x"))
    assert [line.text for line in document.lines] == ["咨询请拨联系电话：（029）", f"{M}。如有变更", "12345678 元"]


def test_every_text_of_a_document_is_looked_at() -> None:
    cell = Cell(row=0, column=0, text="填表人：李明", original=" 填表人：李明", alternatives=("填表人：李朋",))
    cells = (cell, Cell(row=0, column=1, text="1"))
    raw = RawTable(n_rows=1, n_columns=2, cells=cells, method="ocr", caption="制表人：李明", sheet="联系人：李明")
    data = encode(scrub_document(document_of([raw], sha256="0" * 64, n_bytes=1, media_type="x"))).decode("utf-8", "replace")
    assert "李" not in data
    assert data.count(M) == 5


def test_read_documents_are_scrubbed() -> None:
    document = read_bytes("自评表\n项目\t数\n合计\t1\n填表人：李明 联系电话：5225060\n".encode(), "a.txt")
    assert document.personal_data_removed == 2
    assert document.lines[-1].text == f"填表人：{M} 联系电话：{M}"


def test_a_label_more_is_a_line_in_the_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "誊抄人：李明"
    assert scrub_text(text) == (text, 0)
    packaged = reference.reference_bytes("personal_labels.csv").decode()
    (tmp_path / "personal_labels.csv").write_text(packaged + "誊抄人,person,blank,\n", encoding="utf-8")
    monkeypatch.setenv(reference.OVERRIDE_VARIABLE, str(tmp_path))
    assert scrub_text(text) == (f"誊抄人：{M}", 1)

"""Counted things in sentences."""

from __future__ import annotations

from pipelines.normalise.statistics_text import text_statistics
from pipelines.read.document import TextLine
from pipelines.understand.context.model import DocumentContext, ListedUnit

CONTEXT = DocumentContext(
    document_id="0" * 16,
    entity_id="1" * 16,
    entity_name="安宁县水务局",
    region_code="530100",
    fiscal_year=2026,
    units=(ListedUnit("安宁县水文站"),),
)


def said(*lines: str) -> list[tuple[str, str, str | None, str | None]]:
    found = text_statistics("0" * 16, [TextLine(t, page=1) for t in lines], CONTEXT)
    return [(s["name"], str(s["value"]), s["unit"], s["as_of"]) for s in found]


def test_headcount_with_its_parts_over_wrapped_lines() -> None:
    assert said("截至2025年底，本部门人员编制125人，其中行政编制", "111人，事业编制14人；实有人员119人，其中行政108人，事业11人。") == [
        ("编制人数", "125", "人", "2025-12-31"),
        ("行政编制人数", "111", "人", "2025-12-31"),
        ("事业编制人数", "14", "人", "2025-12-31"),
        ("实有人数", "119", "人", "2025-12-31"),
        ("实有人数（行政）", "108", "人", "2025-12-31"),
        ("实有人数（事业）", "11", "人", "2025-12-31"),
    ]


def test_vehicles_and_equipment_held_and_to_be_bought() -> None:
    text = (
        "（四）国有资产占用及购置情况",
        "截至2025年8月31日，本部门共有车辆3辆，其中：应急保障用车1辆、其他按照规定配备的公务用车2辆；"
        "单价100万元（含）以上设备（不含车辆）1台（套）。2026年安排购置车辆1辆，购置单价100万元以上设备0台（件、套）。",
    )
    assert said(*text) == [
        ("车辆", "3", "辆", "2025-08-31"),
        ("应急保障用车", "1", "辆", "2025-08-31"),
        ("其他用车", "2", "辆", "2025-08-31"),
        ("单价100万元以上设备", "1", "台（套）", "2025-08-31"),
        ("购置车辆", "1", "辆", "2026"),
        ("购置单价100万元以上设备", "0", "台（套）", "2026"),
    ]


def test_floor_space_with_separators_and_decimals() -> None:
    assert said("分布构成情况为：房屋2,411.16平方米，车辆4辆，价值30.5万元。") == [
        ("房屋面积", "2411.16", "平方米", None),
        ("车辆", "4", "辆", None),
    ]


def test_visits_and_receptions_a_second_number_counts_the_people() -> None:
    assert said("因公出国（境）团组2个，累计9人次；公务接待53批次480人次。") == [
        ("因公出国（境）团组数", "2", "个", None),
        ("因公出国（境）人次", "9", "人次", None),
        ("公务接待批次", "53", "批次", None),
        ("公务接待人次", "480", "人次", None),
    ]


def test_a_count_without_a_unit_is_taken_only_after_a_word_for_people() -> None:
    assert said("我局编制数10，实有人数31人，科目编码10，序号3。") == [("编制人数", "10", "人", None), ("实有人数", "31", "人", None)]


def test_changes_amounts_and_counts_of_other_things_are_no_statistics() -> None:
    assert said("比上年增加在职人员3人，公务用车运行费减少2.5万元，举办宣传5次，聘请专家12人，车辆购置税30元，本部门共有车辆辆。") == []


def test_the_same_thing_said_twice_is_one_and_a_units_own_is_the_units() -> None:
    assert len(said("共有车辆3辆。", "共有车辆3辆。")) == 1
    found = text_statistics("0" * 16, [TextLine("安宁县水文站编制人数8人，实有人员7人。", page=4)], CONTEXT)
    assert [s["page"] for s in found] == [4, 4]
    assert all(s["entity_id"] != CONTEXT.entity_id for s in found)


def test_running_headers_and_page_numbers_do_not_break_a_sentence() -> None:
    lines = [
        TextLine("本部门共有车辆", page=1),
        TextLine("— 5 —", page=1),
        TextLine("安宁县水务局2026年部门预算", page=2, role="header"),
        TextLine("12辆。", page=2),
    ]
    (found,) = text_statistics("0" * 16, lines, CONTEXT)
    assert (found["name"], int(found["value"]), found["page"]) == ("车辆", 12, 2)

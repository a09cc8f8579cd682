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


def test_staff_that_is_there_by_kind() -> None:
    assert said("核定行政编制30名，事业编制12名，实有行政人员28人、事业人员11人，离退休人员12人。") == [
        ("行政编制人数", "30", "人", None),
        ("事业编制人数", "12", "人", None),
        ("实有人数（行政）", "28", "人", None),
        ("实有人数（事业）", "11", "人", None),
        ("离退休人数", "12", "人", None),
    ]


def test_posts_counted_in_pieces() -> None:
    assert said("单位共有编制60个，其中行政编制22个，参公编制8个。") == [
        ("编制人数", "60", "个", None),
        ("行政编制人数", "22", "个", None),
        ("参照公务员管理事业编制人数", "8", "个", None),
    ]


def test_offices_and_service_rooms_are_told_from_all_buildings() -> None:
    assert said("房屋建筑面积5,000.25平方米，其中办公用房2,300平方米，业务用房1,200.5平方米。") == [
        ("房屋面积", "5000.25", "平方米", None),
        ("办公用房面积", "2300", "平方米", None),
        ("业务用房面积", "1200.5", "平方米", None),
    ]


def test_vehicles_named_behind_their_number() -> None:
    assert said("公务用车购置支出36万元，主要用于经批准购置的2辆公务用车。") == [("购置车辆", "2", "辆", None)]
    assert said("2026年公务用车运行维护费4.2万元，较2025年年初预算持平，主要是3辆公务车的运行支出。现有机动车3辆。") == [
        ("车辆", "3", "辆", "2026"),
    ]


def test_people_at_meetings_and_trainings() -> None:
    assert said("会议费预算5.6万元，2026年拟召开水利工作会议等会议，人数约400人；拟开展河长培训，人数约80人。") == [
        ("会议人数", "400", "人", "2026"),
        ("培训人数", "80", "人", "2026"),
    ]
    assert said("2026年计划召开会议5次，参会人数300人；举办培训班4期，培训320人次。") == [
        ("会议次数", "5", "次", "2026"),
        ("会议人数", "300", "人", "2026"),
        ("培训次数", "4", "期", "2026"),
        ("培训人数", "320", "人次", "2026"),
    ]


def test_groups_received_with_their_people() -> None:
    assert said("国内公务接待批次53个，人次480人。") == [("公务接待批次", "53", "个", None), ("公务接待人次", "480", "人", None)]
    received = said("全年共接待国内来访团组12个、来访人员85人次。")
    assert received == [("公务接待批次", "12", "个", None), ("公务接待人次", "85", "人次", None)]


def test_what_follows_a_change_is_a_change() -> None:
    assert said("比上年增加在职人员3人，退休2人，其中调入1人。年末退休人员20人。") == [("退休人数", "20", "人", None)]
    assert said("2026年拟新增配置公务用车0辆，其中，机要通信用车1辆。")[-1] == ("购置机要通信用车", "1", "辆", "2026")


def test_goods_bought_in_a_sentence() -> None:
    assert said("2026年采购台式计算机20台，采购社工23名。") == [("采购数量 / 台式计算机", "20", "台", "2026")]


def test_parts_of_a_headcount_named_as_units() -> None:
    assert said("本部门在职人员共有145人，其中参公人员47人、事业单位人员98人。")[1:] == [
        ("在职人数（参公）", "47", "人", None), ("在职人数（事业）", "98", "人", None)]

"""Lists whose indicators are numbered anew within each second level."""

from __future__ import annotations

from typing import Any

from merged_forms import grid, line, records

TITLE = "2026年专项业务经费绩效目标表"


def said(text: str) -> list[tuple[Any, ...]]:
    made = records(line(TITLE), grid(text))
    return [(i["level1"], i["level2"], i["indicator"], i["target_text"]) for i in made["indicators"]]


def test_numbers_that_go_on_are_of_the_level_printed_in_one_of_their_rows() -> None:
    assert [i[1] for i in said("""
项目名称|<|堤防养护|<
一级指标|二级指标|指标内容|指标值
产出指标||指标1：养护长度|≥8公里
^|数量指标|指标2：巡查次数|≥20次
^||指标3：除草面积|≥3万平方米
^|时效指标|指标1：完工时间|2026年11月
^||指标2：响应时间|≤2小时
""")] == ["数量指标"] * 3 + ["时效指标"] * 2


def test_numbers_that_begin_anew_without_a_level_have_none() -> None:
    assert [i[:3] for i in said("""
项目名称|<|堤防养护|<
一级指标|二级指标|指标内容|指标值
产出指标|数量指标|指标1：养护长度|≥8公里
^||指标2：巡查次数|≥20次
^||指标1：养护合格|合格率≥95%
^||指标2：除草干净|合格率≥90%
^|成本指标|指标1：养护单价|≤5万元
""")] == [
        ("产出指标", "数量指标", "指标1：养护长度"),
        ("产出指标", "数量指标", "指标2：巡查次数"),
        ("产出指标", None, "指标1：养护合格"),
        ("产出指标", None, "指标2：除草干净"),
        ("产出指标", "成本指标", "指标1：养护单价"),
    ]


def test_where_every_name_is_the_first_the_level_above_goes_on() -> None:
    assert [i[1] for i in said("""
项目名称|<|堤防养护|<
一级指标|二级指标|指标内容|指标值
产出指标|数量指标|指标1：养护长度|≥8公里
^||指标1：巡查次数|≥20次
""")] == ["数量指标", "数量指标"]


def test_a_name_torn_by_a_rule_is_one_where_its_target_is_merged() -> None:
    assert said("""
项目名称|<|堤防养护|<
一级指标|二级指标|指标内容|指标值
产出指标|数量指标|指标1：养护长|≥8公里
^|^|度和宽度|^
^|^|指标2：巡查次数|≥20次
""") == [
        ("产出指标", "数量指标", "指标1：养护长度和宽度", "≥8公里"),
        ("产出指标", "数量指标", "指标2：巡查次数", "≥20次"),
    ]


def test_names_without_numbers_may_share_a_target() -> None:
    assert [i[2:] for i in said("""
项目名称|<|堤防养护|<
一级指标|二级指标|指标内容|指标值
产出指标|质量指标|养护合格率|100%
^|^|除草合格率|^
""")] == [("养护合格率", "100%"), ("除草合格率", "100%")]


def test_a_second_level_of_another_first_one_does_not_go_on_with_the_one_above() -> None:
    assert [i[:2] for i in said("""
项目名称|<|堤防养护|<
一级指标|二级指标|指标内容|指标值
产出指标|数量指标|养护长度|≥8公里
^|质量指标|养护合格率|100%
|社会效益指标|受益人口|≥2万人
效益指标|^|知晓率|≥90%
||投诉|≤2次
""")] == [("产出指标", "数量指标"), ("产出指标", "质量指标"), *[("效益指标", "社会效益指标")] * 3]


def test_a_printed_first_level_is_kept_whatever_stands_beside_it() -> None:
    assert [i[:2] for i in said("""
项目名称|<|堤防养护|<
一级指标|二级指标|指标内容|指标值
产出指标|数量指标|养护长度|≥8公里
^|社会效益指标|受益人口|≥2万人
""")] == [("产出指标", "数量指标"), ("产出指标", "社会效益指标")]


def test_numbers_go_on_over_the_page_to_the_level_printed_there() -> None:
    first = grid("""
项目名称|<|堤防养护|<
一级指标|二级指标|指标内容|指标值
产出指标|数量指标|指标1：养护长度|≥8公里
^|^|指标2：巡查次数|≥20次
^||指标1：养护合格|合格率≥95%
""")
    rest = grid("""
|质量指标|指标2：除草干净|合格率≥90%
^|^|指标3：无返工|≤1次
""", page=3)
    made = records(line(TITLE), first, rest)
    assert [i["level2"] for i in made["indicators"]] == ["数量指标"] * 2 + ["质量指标"] * 3


def test_points_behind_a_level_are_no_part_of_its_name() -> None:
    assert [i[:2] for i in said("""
项目名称|<|堤防养护|<
一级指标|二级指标|三级指标|指标值
产出指标50分|数量指标20|养护长度|≥8公里
效益指标(30分)|社会效益指标|受益人口|≥2万人
""")] == [("产出指标", "数量指标"), ("效益指标", "社会效益指标")]


def test_a_level_cut_from_its_last_character_is_whole_in_all_its_rows() -> None:
    first = grid("""
项目名称|<|堤防养护|<
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|养护长度|≥8公里
效益指|经济效益指标|减少损失|≥1亿元
""")
    made = records(line(TITLE), first, grid("""
标|社会效益指标|受益人口|≥2万人
满意度指标|服务对象满意度指标|居民满意|≥90%
""", page=3))
    assert [i["level1"] for i in made["indicators"]] == ["产出指标", "效益指标", "效益指标", "满意度指标"]

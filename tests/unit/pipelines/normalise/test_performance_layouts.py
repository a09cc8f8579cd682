"""Layouts of indicator lists that differ from the usual four columns."""

from __future__ import annotations

from typing import Any

from merged_forms import grid, line, records

TITLE = "项目支出绩效目标表"


def said(made: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    return [(i["level1"], i["level2"], i["indicator"], i["target_text"]) for i in made["indicators"]]


def test_a_medium_term_and_a_yearly_list_side_by_side() -> None:
    made = records(
        line(TITLE),
        grid("""
项目名称|<|水文站网建设|<|<|<|<
项目资金（万元）|中期资金总额：|<|300.00|年度资金总额：|<|100.00
^|其中：财政拨款|<|300.00|其中：财政拨款|<|100.00
一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值
产出指标|数量指标|建设站数|≥30个|数量指标|建设站数|≥10个
^|质量指标|验收合格率|100%|质量指标|验收合格率|100%
^|^|||时效指标|完工时间|2026年11月
"""),
    )
    assert said(made) == [
        ("产出指标", "数量指标", "建设站数", "≥30个"),
        ("产出指标", "数量指标", "建设站数", "≥10个"),
        ("产出指标", "质量指标", "验收合格率", "100%"),
        ("产出指标", "质量指标", "验收合格率", "100%"),
        ("产出指标", "时效指标", "完工时间", "2026年11月"),
    ]
    assert [(f["row_label"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("中期资金总额：", 3_000_000),
        ("年度资金总额：", 1_000_000),
        ("其中：财政拨款", 3_000_000),
        ("其中：财政拨款", 1_000_000),
    ]


def test_lists_by_first_level_side_by_side() -> None:
    made = records(
        line("2026年项目支出绩效目标表（单位：万元）"),
        grid("""
项目名称|项目金额|<|绩效指标|<|<|<
^|资金总额|财政拨款|产出指标|<|效益指标|<
^|^|^|三级指标|指标值|三级指标|指标值
河道清淤|60.00|60.00|清淤长度|≥8公里|受益人口|≥2000人
^|^|^|断面合格率|≥95%||
节水宣传|8.00|8.00|宣传场次|≥5场|知晓率|≥90%
"""),
    )
    assert [(i["scope"], i["level1"], i["indicator"], i["target_text"]) for i in made["indicators"]] == [
        ("河道清淤", "产出指标", "清淤长度", "≥8公里"),
        ("河道清淤", "效益指标", "受益人口", "≥2000人"),
        ("河道清淤", "产出指标", "断面合格率", "≥95%"),
        ("节水宣传", "产出指标", "宣传场次", "≥5场"),
        ("节水宣传", "效益指标", "知晓率", "≥90%"),
    ]
    assert [(f["project_name"], f["funding"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("河道清淤", "total", 600_000),
        ("河道清淤", "fiscal_appropriation", 600_000),
        ("节水宣传", "total", 80_000),
        ("节水宣传", "fiscal_appropriation", 80_000),
    ]


def test_a_column_that_explains_the_indicator_is_not_the_indicator() -> None:
    made = records(
        line(TITLE),
        grid("""
项目名称|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|指标属性|指标内容
河道清淤|产出指标|数量指标|清淤长度|>=|8|公里|定量指标|反映完成清淤的公里数
^|效益指标|社会效益指标|受益人口|=|2000|人|定量指标|反映沿岸居民
"""),
    )
    assert said(made) == [("产出指标", "数量指标", "清淤长度", ">=8公里"), ("效益指标", "社会效益指标", "受益人口", "=2000人")]


def test_sign_value_and_unit_below_one_head() -> None:
    made = records(
        line(TITLE),
        grid("""
项目名称|一级指标|二级指标|三级指标|指标值|<|<|权重
^|^|^|^|符号|数值|单位|^
河道清淤|产出指标|数量指标|清淤长度|≥|8|公里|50
^|满意度指标|服务对象满意度指标|居民满意度|≥|90|%|40
"""),
    )
    assert [(i["indicator"], i["target_text"], i["target_unit"], i["points"]) for i in made["indicators"]] == [
        ("清淤长度", "≥8公里", "公里", 50.0),
        ("居民满意度", "≥90%", "%", 40.0),
    ]


def test_half_yearly_values_are_not_the_target() -> None:
    made = records(
        line(TITLE),
        grid("""
一级指标|二级指标|三级指标|半年（程）目标值|全年（程）目标值
产出指标|数量指标|清淤长度|≥3公里|≥8公里
"""),
    )
    assert said(made) == [("产出指标", "数量指标", "清淤长度", "≥8公里")]


def test_words_that_the_page_end_cut_are_joined() -> None:
    form = grid(
        """
项目名称|河道清淤|<|<
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|清淤长度|≥8公里
^|质量指标|清淤后河道断面符合设计
""".replace("符合设计\n", "符合设计|≥95%\n"),
        page=2,
    )
    rest = grid("||要求的比例|\n效益指标|社会效益指标|受益人口|≥2000人\n", page=3)
    made = records(line(TITLE), form, rest)
    assert [i["indicator"] for i in made["indicators"]] == ["清淤长度", "清淤后河道断面符合设计要求的比例", "受益人口"]


def test_a_list_whose_header_was_never_printed() -> None:
    made = records(
        line(TITLE),
        grid("""
项目名称：河道清淤|<|<|<|<
项目资金（万元）|<|年度资金总额|60.00|<
绩效指标|产出指标|数量指标|清淤长度|≥8公里
^|^|质量指标|断面合格率|≥95%
^|满意度指标|服务对象满意度|居民满意度|≥90%
"""),
    )
    assert {i["scope"] for i in made["indicators"]} == {"河道清淤"}
    assert said(made) == [
        ("产出指标", "数量指标", "清淤长度", "≥8公里"),
        ("产出指标", "质量指标", "断面合格率", "≥95%"),
        ("满意度指标", "服务对象满意度", "居民满意度", "≥90%"),
    ]
    assert [int(f["amount_yuan"]) for f in made["facts"]] == [600_000]


def test_a_form_left_blank_is_blank() -> None:
    made = records(
        line("专项资金总体绩效目标表"),
        grid("""
项目名称|<|<|
主管部门|<|实施期限|
资金金额（万元）|年度资金总额：||执行率分值（10分）
一级指标|二级指标|三级指标|指标值
产出指标|数量指标||
^|质量指标||
"""),
    )
    assert (made["facts"], made["indicators"], made["statistics"]) == ([], [], [])
    assert [t["emptiness"] for t in made["tables"]] == ["blank"]


def test_a_level_that_the_page_end_left_without_its_name() -> None:
    form = grid("""
项目名称|河道清淤|<|<
一级指标|二级指标|三级指标|指标值
|数量指标|清淤长度|≥8公里
^|^|清淤方量|≥2万方
^||断面合格率|≥95%
""")
    rest = grid("产出指标|质量指标|验收合格率|100%\n^|时效指标|完工时间|11月\n", page=3)
    made = records(line(TITLE), form, rest)
    assert [i[:3] for i in said(made)] == [
        ("产出指标", "数量指标", "清淤长度"),
        ("产出指标", "数量指标", "清淤方量"),
        ("产出指标", "质量指标", "断面合格率"),
        ("产出指标", "质量指标", "验收合格率"),
        ("产出指标", "时效指标", "完工时间"),
    ]


def test_blanks_in_place_of_merged_levels_go_on_over_the_page() -> None:
    form = grid("""
项目名称|河道清淤|<|<
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|清淤长度|≥8公里
||清淤方量|≥2万方
""")
    rest = grid("|质量指标|验收合格率|100%\n效益指标|社会效益指标|受益人口|≥2000人\n", page=3)
    assert [i[:3] for i in said(records(line(TITLE), form, rest))] == [
        ("产出指标", "数量指标", "清淤长度"),
        ("产出指标", "数量指标", "清淤方量"),
        ("产出指标", "质量指标", "验收合格率"),
        ("效益指标", "社会效益指标", "受益人口"),
    ]


def test_a_unit_of_per_cent_in_a_column_or_in_the_header() -> None:
    made = records(
        line(TITLE),
        grid("""
项目名称|一级指标|二级指标|三级指标|指标性质|指标值|度量单位
河道清淤|产出指标|质量指标|断面合格率|≥|95|百分比
^|满意度指标|服务对象满意度指标|居民满意度|大于等于|90|%
^|效益指标|社会效益指标|信息点击量|≥|2500|频率（频道）次
^|效益指标|生态效益指标|水质改善|定性|良好|其他
"""),
        line("节水项目绩效目标表", page=3),
        grid("""
项目名称|节水宣传|<|<
一级指标|二级指标|三级指标|指标值（%）
产出指标|质量指标|资料合格率|95
^|时效指标|按期完成率|≥98
""", page=3),
    )
    typed = [(i["target_text"], i["target_operator"], i["target_value"], i["target_unit"]) for i in made["indicators"]]
    assert typed == [
        ("≥95百分比", ">=", 95.0, "%"),
        ("大于等于90%", ">=", 90.0, "%"),
        ("≥2500频率（频道）次", ">=", 2500.0, "频率（频道）次"),
        ("良好", None, None, None),
        ("95", None, 95.0, "%"),
        ("≥98", ">=", 98.0, "%"),
    ]


def test_of_targets_by_year_the_one_of_the_documents_year() -> None:
    made = records(
        line("项目支出中期绩效目标表"),
        grid("""
项目名称|<|河道清淤|<|<|<
一级指标|二级指标|三级指标|2025年指标值|2026年指标值|2027年指标值
产出指标|数量指标|清淤长度|≥8公里|≥10公里|≥12公里
"""),
    )
    assert said(made) == [("产出指标", "数量指标", "清淤长度", "≥10公里")]


def test_months_below_the_target_are_not_the_target() -> None:
    made = records(
        line(TITLE),
        grid("""
项目名称|<|河道清淤|<|<
一级指标|二级指标|三级指标|指标值|<
^|^|^|1-6月|全年
产出指标|数量指标|清淤长度|≥3公里|≥8公里
"""),
    )
    assert said(made) == [("产出指标", "数量指标", "清淤长度", "≥8公里")]


def test_a_monitoring_form() -> None:
    made = records(
        line("项目支出绩效目标执行监控表"),
        grid("""
项目名称|<|河道清淤|<|<|<|<|<
项目资金（万元）|<|<|年初预算数|1-7月执行数|1-7月执行率|全年预计执行数|<
^|年度资金总额：|<|60.00|30.00|50.00%|60.00|<
绩效指标|一级指标|二级指标|三级指标|年度指标值|1至7月执行情况|全年预计完成情况|完成可能性
^|产出指标|数量指标|清淤长度|≥8公里|4.2公里|8公里|确定能
^|满意度指标|服务对象满意度指标|居民满意度|≥90%|—|≥90%|有可能
"""),
    )
    assert [(i["indicator"], i["target_text"], i["actual_text"], i["actual_value"]) for i in made["indicators"]] == [
        ("清淤长度", "≥8公里", "4.2公里", 4.2),
        ("居民满意度", "≥90%", None, None),
    ]
    assert [(f["column_path"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("年初预算数", 600_000), ("1-7月执行数", 300_000), ("全年预计执行数", 600_000),
    ]


def test_both_levels_in_one_cell_and_headers_that_say_performance_in_the_middle() -> None:
    made = records(
        line(TITLE),
        grid("""
项目名称|指标类别|绩效指标|指标值|备注
河道清淤|产出指标-数量指标|清淤长度|≥8公里|
^|满意度指标/服务对象满意度指标|居民满意度|≥90%|
"""),
        line("节水宣传绩效目标表", page=3),
        grid("""
项目名称|节水宣传|<|<|<
一级绩效指标|二级绩效指标|三级绩效指标|绩效指标目标值|评分权重
产出指标|数量指标|宣传场次|5场|40
""", page=3),
    )
    assert said(made) == [
        ("产出指标", "数量指标", "清淤长度", "≥8公里"),
        ("满意度指标", "服务对象满意度指标", "居民满意度", "≥90%"),
        ("产出指标", "数量指标", "宣传场次", "5场"),
    ]
    assert made["indicators"][-1]["points"] == 40.0


def test_the_stage_at_the_head_of_a_row_is_that_of_all_its_amounts() -> None:
    made = records(
        line("项目支出绩效自评表"),
        grid("""
项目名称|河道清淤|<|<|<|<|<
项目预算执行情况（万元）|预算数：|60.00|其中：财政拨款|50.00|其他|10.00
^|执行数：|58.00|其中：财政拨款|50.00|其他|8.00
一级指标|二级指标|三级指标|预期指标值|实际完成指标值|自评分值|自评得分
产出指标|数量指标|清淤长度|8公里|8公里|90|89
合计|<|<|<|<|90|89
"""),
    )
    assert [(f["row_label"], f["stage"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("预算数：", "budget", 600_000), ("其中：财政拨款", "budget", 500_000), ("其他", "budget", 100_000),
        ("执行数：", "final_accounts", 580_000), ("其中：财政拨款", "final_accounts", 500_000), ("其他", "final_accounts", 80_000),
    ]
    assert [(i["points"], i["score"]) for i in made["indicators"]] == [(90.0, 89.0)]


def test_labels_with_their_amounts_in_one_cell_are_no_header() -> None:
    made = records(
        line("2025年度部门整体支出绩效自评表"),
        grid("""
部门名称|<|安宁县水务局|<|<|<|<|<
年度预算申请（万元）|<|年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|60.00|66.00|64.35|10|97.50%|9.75
^|其中：一般公共预算：64.35|<|<|其中：基本支出：54.35|<|<|<
^|政府性基金拨款：0|<|<|项目支出：10.00|<|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|原因
产出指标|数量指标|清淤长度|≥8公里|8.2公里|90|90|
"""),
    )
    assert [(f["row_label"], int(f["amount_yuan"])) for f in made["facts"]][3:] == [
        ("其中：一般公共预算", 643_500), ("其中：基本支出", 543_500), ("政府性基金拨款", 0), ("项目支出", 100_000),
    ]


def test_a_list_of_results_by_project() -> None:
    made = records(
        line("2025年度项目支出绩效自评结果汇总表（单位：万元）"),
        grid("""
序号|项目名称|项目实施单位|年初预算数|全年预算数|全年执行数|执行率|自评得分|评价等级
1|河道清淤|安宁县水务局|60.00|66.00|64.35|97.50%|98.25|优
2|节水宣传|河道管理所|8.00|8.00|7.60|95.00%|97.5|优
合计|||68.00|74.00|71.95|97.23%||
"""),
    )
    assert made["indicators"] == []
    assert [(f["project_name"], f["stage"], int(f["amount_yuan"])) for f in made["facts"]][:4] == [
        ("河道清淤", "budget", 600_000), ("河道清淤", "adjusted_budget", 660_000), ("河道清淤", "final_accounts", 643_500),
        ("节水宣传", "budget", 80_000),
    ]
    assert {(s["name"], float(s["value"])) for s in made["statistics"]} >= {("自评得分 / 河道清淤", 98.25), ("执行率 / 节水宣传", 95.0)}


def test_three_years_below_the_target_and_a_list_named_in_a_line_of_its_own() -> None:
    first = grid("""
项目名称|堤防维修养护|<|项目代码|X0101|<
项目总预算|60.00|<|项目当年预算|60.00|<
项目资金来源|资金来源|<|金额|<|<
^|合计|<|60.00|<|<
^|1.一般公共预算财政拨款收入|<|60.00|<|<
""")
    rest = grid("""
目标名称|一级指标|二级指标|指标名称|指标值|<|<|指标值确定依据
^|^|^|^|前年|上年|预计当年实现|^
年度绩效目标1|产出指标|数量指标|维修堤防长度|≥6公里|≥7公里|≥8公里|计划标准
^|^|质量指标|验收合格率|95%|98%|100%|计划标准
""", edges=[45.0 * i for i in range(9)], first=300.0)
    found = records(line("项目绩效目标表"), line("单位：万元"), first, line("年度绩效目标表"), rest)
    assert [(i["scope"], i["indicator"], i["target_text"]) for i in found["indicators"]] == [
        ("堤防维修养护", "维修堤防长度", "≥8公里"), ("堤防维修养护", "验收合格率", "100%"),
    ]
    assert {(f["row_label"], f["row_role"], f["project_name"]) for f in found["facts"]} >= {("合计", "total", "堤防维修养护")}


def test_shares_of_a_plan_by_month_are_statistics() -> None:
    made = records(line("1.堤防维修养护绩效目标表"), line("单位：万元"), grid("""
项目编码|P0001|<|项目名称|堤防维修养护
预算规模|预算数|60.00|其中：财政资金|60.00
资金支出计划（%）|3月底|6月底|10月底|12月底
^|25.00|50.00|80.00|100.00
一级指标|二级指标|三级指标|指标描述|指标值
产出指标|数量指标|维修堤防长度|长度|≥8公里
"""))
    assert {(s["name"], s["value"], s["unit"]) for s in made["statistics"]} == {
        ("资金支出计划 / 3月底", 25, "%"), ("资金支出计划 / 6月底", 50, "%"), ("资金支出计划 / 10月底", 80, "%"),
        ("资金支出计划 / 12月底", 100, "%"),
    }
    assert [d["numbers_not_understood"] for d in made["documents"]] == [0]

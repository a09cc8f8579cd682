"""The samples beside the plain budgets: final accounts, performance tables, a department with its units, another edition."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import forms_final as final
from bodies import BIRDS, TEA, WILLOWS
from forms import add
from forms_other import (
    Evaluation,
    Goal,
    Purchase,
    department_targets,
    expenditure_by_unit,
    income_by_unit,
    procurement,
    project_targets,
    self_evaluation,
)
from model import Block, Money, PageBreak, Sample, Text, wan
from prose import NOTICE, amount, contents, cover, overview, percent

WAN = Money("万元", 2)
WAN_ZEROS = Money("万元", 2, zero="print")
YUAN = Money("元", 2, separators=True)


def birds() -> Sample:
    """Final accounts in the nine forms."""
    b, y = BIRDS, BIRDS.year
    titles = (
        "收入支出决算总表",
        "收入决算表",
        "支出决算表",
        "财政拨款收入支出决算总表",
        "一般公共预算财政拨款支出决算表",
        "一般公共预算财政拨款基本支出决算明细表",
        "政府性基金预算财政拨款收入支出决算表",
        "国有资本经营预算财政拨款支出决算表",
        "财政拨款“三公”经费支出决算表",
    )
    income = b.total + final.YEAR_END - b.carryover
    t = dict(final.three_public_items(b, 1))
    first = dict(final.three_public_items(b, 0))
    blocks: list[Block] = [
        *cover(b, f"{y}年度单位决算", f"{y + 1}年9月"),
        *contents(("单位概况", ("主要职责", "机构设置")), (f"{y}年度单位决算表", titles), (f"{y}年度单位决算情况说明", ())),
        *overview(b, ("观测记录洱源湿地候鸟种群。", "组织湿地巡护和野生鸟类救护。"), word="单位"),
        final.summary(b, WAN_ZEROS),
        final.income(b, WAN),
        final.expenditure(b, WAN),
        final.fiscal(b, WAN),
        final.general(b, WAN),
        final.basic_detail(b, WAN),
        *final.empty_forms(b, WAN),
        final.three_public(b, WAN_ZEROS),
        PageBreak(),
        Text(f"第三部分　{y}年度单位决算情况说明", "heading"),
        Text("一、收入支出决算总体情况", "heading"),
        Text(
            f"{y}年度收入总计、支出总计均为{amount(income + b.carryover)}。其中：本年收入{amount(income)}，"
            f"年初结转和结余{amount(b.carryover)}；"
            f"本年支出{amount(b.total)}，年末结转和结余{amount(final.YEAR_END)}。"
        ),
        Text("二、支出决算情况", "heading"),
        Text(
            f"本年支出合计{amount(b.total)}，其中：基本支出{amount(b.sum('basic'))}，占{percent(b.sum('basic'), b.total)}；"
            f"项目支出{amount(b.sum('project'))}，占{percent(b.sum('project'), b.total)}。"
        ),
        Text("三、“三公”经费支出决算情况", "heading"),
        Text(
            f"{y}年度“三公”经费支出预算为{amount(first['合计'])}，支出决算为{amount(t['合计'])}，"
            f"完成预算的{percent(t['合计'], first['合计'])}。"
            f"其中：公务用车运行维护费支出{amount(t['公务用车运行维护费'])}，公务用车保有量{b.vehicles}辆；公务接待费支出{amount(t['公务接待费'])}，"
            "国内公务接待6批次、41人次。"
        ),
    ]
    return Sample(
        "04-final-accounts.pdf",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "unit_final_accounts",
        "the nine forms of final accounts with 行次 and 栏次, three blocks of codes side by side, carry-over of both years",
    )


def tea() -> Sample:
    """Self-evaluations of two projects."""
    b, y = TEA, TEA.year
    zero = Decimal(0)
    one = Evaluation(
        "茶园小气候站维护",
        b.name,
        b.name,
        y,
        (
            ("年度资金总额", wan("45.20"), wan("48.00"), wan("46.08")),
            ("其中：当年财政拨款", wan("45.20"), wan("45.20"), wan("43.28")),
            ("上年结转资金", zero, wan("2.80"), wan("2.80")),
            ("其他资金", zero, zero, zero),
        ),
        "10",
        "96.00%",
        "9.60",
        "维护全县茶园小气候站，保证观测资料连续完整。",
        "全年维护小气候站26个，观测资料可用率达到98.7%。",
        (
            Goal("产出指标", "数量指标", "维护小气候站数量", "≥26个", "26个", "15", "15"),
            Goal("产出指标", "数量指标", "更换传感器数量", "≥40支", "38支", "10", "9.50"),
            Goal("产出指标", "质量指标", "观测资料可用率", "≥98%", "98.7%", "15", "15"),
            Goal("产出指标", "时效指标", "故障修复时间", "≤48小时", "36小时", "10", "10"),
            Goal("产出指标", "成本指标", "单站年维护成本", "≤1.80万元", "1.77万元", "10", "10"),
            Goal("效益指标", "经济效益指标", "减少霜冻损失", "≥300万元", "312万元", "15", "15"),
            Goal("效益指标", "社会效益指标", "茶农知晓率", "≥90%", "92%", "10", "10"),
            Goal("满意度指标", "服务对象满意度指标", "茶农满意度", "≥95%", "96.4%", "5", "5"),
        ),
        "99.10",
    )
    two = Evaluation(
        "霜冻预报服务",
        b.name,
        b.name,
        y,
        (
            ("年度资金总额", wan("28.00"), wan("28.00"), wan("28.00")),
            ("其中：当年财政拨款", wan("28.00"), wan("28.00"), wan("28.00")),
            ("上年结转资金", zero, zero, zero),
            ("其他资金", zero, zero, zero),
        ),
        "10",
        "100.00%",
        "10",
        "在霜冻期前发布分乡镇预报。",
        "发布霜冻预报17期，均在霜冻出现24小时前送达。",
        (
            Goal("产出指标", "数量指标", "发布预报期数", "≥15期", "17期", "20", "20"),
            Goal("产出指标", "质量指标", "预报准确率", "≥85%", "88.2%", "15", "15"),
            Goal("产出指标", "时效指标", "预报提前时间", "≥24小时", "24小时", "15", "15"),
            Goal("效益指标", "生态效益指标", "减少农药使用", "有所减少", "有所减少", "30", "30"),
            Goal("满意度指标", "服务对象满意度指标", "乡镇满意度", "≥95%", "97%", "10", "10"),
        ),
        "100.00",
    )
    blocks: list[Block] = [
        Text(b.name, "cover"),
        Text(f"{y}年度项目支出绩效自评", "cover"),
        Text(NOTICE),
        self_evaluation(one, WAN_ZEROS),
        self_evaluation(two, WAN_ZEROS),
    ]
    return Sample(
        "05-self-evaluation.docx",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "performance_evaluation",
        "Word: two projects' self-evaluations, money by stage and source, indicators with targets, results, points and scores",
    )


def prints() -> Sample:
    """Performance targets as a workbook."""
    name, y = "德格县印版存护中心", 2026
    blocks: list[Block] = [
        Text(f"{name}{y}年预算绩效目标公开"),
        Text(NOTICE),
        department_targets(
            name,
            y,
            (("资金总额", wan("386.40")), ("基本支出", wan("251.90")), ("项目支出", wan("134.50"))),
            "完成馆藏印版除尘、编目和数字影像采集，向公众开放印制工序。",
            (
                Goal("产出指标", "数量指标", "除尘印版数量", "≥9600块"),
                Goal("产出指标", "数量指标", "采集影像数量", "≥12000幅"),
                Goal("产出指标", "质量指标", "编目差错率", "≤0.5%"),
                Goal("产出指标", "时效指标", "编目完成时间", "2026年11月底前"),
                Goal("效益指标", "社会效益指标", "接待观众人次", "≥2.6万人次"),
                Goal("效益指标", "可持续影响指标", "印版保存环境", "明显改善"),
                Goal("满意度指标", "服务对象满意度指标", "观众满意度", "≥95%"),
            ),
            WAN,
        ),
        project_targets(
            "印版影像采集",
            name,
            y,
            (("年度资金总额", wan("86.50")), ("其中：财政拨款", wan("80.00")), ("其他资金", wan("6.50"))),
            "采集馆藏印版正反面影像，建立影像库。",
            (
                Goal("产出指标", "数量指标", "采集影像数量", "≥12000幅"),
                Goal("产出指标", "质量指标", "影像合格率", "≥99%"),
                Goal("产出指标", "时效指标", "采集完成时间", "2026年10月底前"),
                Goal("产出指标", "成本指标", "单幅采集成本", "≤72元"),
                Goal("效益指标", "社会效益指标", "影像库开放比例", "≥60%"),
                Goal("满意度指标", "服务对象满意度指标", "研究者满意度", "≥90%"),
            ),
            WAN_ZEROS,
        ),
        project_targets(
            "印版库房环境改善",
            name,
            y,
            (("年度资金总额", wan("48.00")), ("其中：财政拨款", wan("48.00")), ("其他资金", Decimal(0))),
            "更换库房恒湿设备，改善保存环境。",
            (
                Goal("产出指标", "数量指标", "更换恒湿设备数量", "=6台"),
                Goal("产出指标", "质量指标", "设备验收合格率", "100%"),
                Goal("效益指标", "可持续影响指标", "库房湿度达标天数", "≥350天"),
                Goal("满意度指标", "服务对象满意度指标", "管理人员满意度", "≥95%"),
            ),
            WAN_ZEROS,
        ),
    ]
    return Sample(
        "11-performance-targets.xlsx",
        tuple(blocks),
        name,
        "513330",
        y,
        "department_budget|unit_budget|performance_evaluation",
        "a workbook of performance targets: the department's and two projects', with typed targets (≥, ≤, =, a date, words)",
    )


def willows() -> Sample:
    """A department with its units, in yuan."""
    parent, y = WILLOWS[0], 2026
    purchases = (
        Purchase(parent.name, "办公设备更新", "台式计算机", "12", "台", Decimal(66000), True),
        Purchase(parent.name, "办公设备更新", "复印纸", "200", "包", Decimal(4800), True),
        Purchase(WILLOWS[1].name, "苗圃灌溉改造", "滴灌设备", "3", "套", Decimal(274500), True),
        Purchase(WILLOWS[2].name, "湿地巡护", "无人机", "2", "架", Decimal(139800), False),
    )
    total = add(w.total for w in WILLOWS)
    blocks: list[Block] = [
        *cover(replace(parent), f"{y}年部门预算"),
        Text("部门构成", "heading"),
        Text(f"从预算单位构成看，{parent.name}部门预算包括本级预算和两个下属单位预算：{WILLOWS[1].name}、{WILLOWS[2].name}。"),
        income_by_unit(WILLOWS, YUAN, title="部门收入总表", number="预算公开02表"),
        expenditure_by_unit(WILLOWS, YUAN, title="部门支出总表", number="预算公开03表"),
        procurement(purchases, YUAN, year=y, title="政府采购预算表", number="预算公开11表"),
        PageBreak(),
        Text("收支预算说明", "heading"),
        Text(
            f"{y}年部门收支总预算{amount(total)}，其中：基本支出{amount(add(w.sum('basic') for w in WILLOWS))}，"
            f"项目支出{amount(add(w.sum('project') for w in WILLOWS))}。"
        ),
        Text(
            f"{y}年政府采购预算{amount(add(p.yuan for p in purchases))}，"
            f"其中面向中小企业采购{amount(add(p.yuan for p in purchases if p.small))}。"
        ),
    ]
    return Sample(
        "12-units-and-procurement.pdf",
        tuple(blocks),
        parent.name,
        "652828",
        y,
        "department_budget",
        "a department with two units, in yuan: income by unit, units and their subjects in one column, procurement with quantities",
    )


def other_samples() -> tuple[Sample, ...]:
    """These samples."""
    return (birds(), tea(), prints(), willows())

"""Forms beside the budget proper: performance targets and self-evaluations, tables by budget unit, procurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from forms import add, levels
from model import Body, C, Indicator, Meaning, Money, Table, code, head
from names import FUNCTION

ZERO = Decimal(0)


@dataclass(frozen=True)
class Goal:
    """One indicator of a performance table, in the three levels of the form."""

    level1: str
    level2: str
    name: str
    target: str
    actual: str = ""
    points: str = ""
    score: str = ""


@dataclass(frozen=True)
class Evaluation:
    """One project's self-evaluation: money (年初, 全年, 执行) by source, goals in words, indicators, scores."""

    project: str
    department: str
    unit: str
    year: int
    money: tuple[tuple[str, Decimal, Decimal, Decimal], ...]  # source label, 年初预算, 全年预算, 执行
    rate_points: str
    rate: str
    rate_score: str
    expected: str
    reached: str
    goals: tuple[Goal, ...]
    total_score: str


def _runs(goals: Sequence[Goal], key: int) -> list[int]:
    """For each goal the number of rows its level-1 (key 0) or level-2 (key 1) cell spans, 0 where it is covered."""

    def of(g: Goal) -> tuple[str, ...]:
        return (g.level1, g.level2)[: key + 1]

    out = [0] * len(goals)
    start = 0
    for i in range(1, len(goals) + 1):
        if i == len(goals) or of(goals[i]) != of(goals[start]):
            out[start] = i - start
            start = i
    return out


def self_evaluation(e: Evaluation, m: Money) -> Table:
    """项目支出绩效自评表: one grid of ten columns, everything in it."""
    title = f"{e.year}年度项目支出绩效自评表"
    top = ((head("项目名称"), C(e.project, cols=9)),)
    rows: list[tuple[C, ...]] = [
        (head("主管部门"), C(e.department, cols=4), head("实施单位", cols=2), C(e.unit, cols=3)),
        (
            head("项目资金（万元）", rows=len(e.money) + 1),
            head("", cols=2),
            head("年初预算数"),
            head("全年预算数"),
            head("全年执行数"),
            head("分值"),
            head("执行率"),
            head("得分", cols=2),
        ),
    ]
    for i, (label, first, whole, spent) in enumerate(e.money):
        meaning = Meaning(row_label=label, fiscal_year=e.year)
        rows.append(
            (
                C(label, cols=2),
                m.cell(first, meaning),
                m.cell(whole, meaning, stage="adjusted_budget"),
                m.cell(spent, meaning, stage="final_accounts"),
                *((C(e.rate_points), C(e.rate), C(e.rate_score, cols=2)) if i == 0 else (C("—"), C("—"), C("—", cols=2))),
            )
        )
    rows += [
        (head("年度总体目标", rows=2), head("预期目标", cols=4), head("实际完成情况", cols=5)),
        (C(e.expected, cols=4), C(e.reached, cols=5)),
    ]
    rows.append(
        (
            head("绩效指标", rows=len(e.goals) + 1),
            head("一级指标"),
            head("二级指标"),
            head("三级指标"),
            head("年度指标值"),
            head("实际完成值"),
            head("分值"),
            head("得分"),
            head("偏差原因分析及改进措施", cols=2),
        )
    )
    one, two = _runs(e.goals, 0), _runs(e.goals, 1)
    for i, g in enumerate(e.goals):
        rows.append(
            (
                *([C(g.level1, rows=one[i])] if one[i] else []),
                *([C(g.level2, rows=two[i])] if two[i] else []),
                C(g.name),
                C(g.target),
                C(g.actual),
                C(g.points),
                C(g.score),
                C("无" if g.score == g.points else "天气影响，下年提前组织", cols=2),
            )
        )
    rows.append((head("总分", cols=6), C("100"), C(e.total_score), C("", cols=2)))
    shown = tuple(Indicator(e.project, g.name, g.target, g.actual, g.points, g.score) for g in e.goals)
    return Table(
        "project_performance_self_evaluation",
        title,
        top,
        tuple(rows),
        m.unit,
        widths=(10, 8, 10, 18, 11, 11, 7, 8, 8, 8),
        show_unit=False,
        indicators=shown,
    )


def project_targets(
    name: str, department: str, year: int, money: tuple[tuple[str, Decimal], ...], goal: str, goals: tuple[Goal, ...], m: Money
) -> Table:
    """项目支出绩效目标表: project, money by source, goal, indicators of three levels."""
    rows: list[tuple[C, ...]] = [(head("主管部门"), C(department, cols=2), head("项目属性"), C("延续项目"))]
    rows += [
        (
            head("项目资金（万元）", rows=len(money)) if i == 0 else None,
            head(label, cols=2),
            m.cell(yuan, Meaning(row_label=label, fiscal_year=year)),
            C(""),
        )
        for i, (label, yuan) in enumerate(money)
    ]  # type: ignore[misc]
    rows = [tuple(c for c in row if c is not None) for row in rows]
    rows.append((head("年度绩效目标"), C(goal, cols=4)))
    rows.append((head("一级指标"), head("二级指标"), head("三级指标", cols=2), head("指标值")))
    one, two = _runs(goals, 0), _runs(goals, 1)
    for i, g in enumerate(goals):
        rows.append(
            (
                *([C(g.level1, rows=one[i])] if one[i] else []),
                *([C(g.level2, rows=two[i])] if two[i] else []),
                C(g.name, cols=2),
                C(g.target),
            )
        )
    return Table(
        "project_performance_targets",
        f"{year}年项目支出绩效目标表",
        ((head("项目名称"), C(name, cols=4)),),
        tuple(rows),
        m.unit,
        widths=(12, 12, 20, 12, 16),
        show_unit=False,
        indicators=tuple(Indicator(name, g.name, g.target) for g in goals),
    )


def department_targets(
    department: str, year: int, money: tuple[tuple[str, Decimal], ...], goal: str, goals: tuple[Goal, ...], m: Money
) -> Table:
    """部门整体支出绩效目标表."""
    rows: list[tuple[C, ...]] = [
        (
            head("年度预算（万元）", rows=len(money)),
            head(money[0][0], cols=2),
            m.cell(money[0][1], Meaning(row_label=money[0][0], fiscal_year=year)),
        )
    ]
    rows += [(head(label, cols=2), m.cell(yuan, Meaning(row_label=label, fiscal_year=year))) for label, yuan in money[1:]]
    rows.append((head("年度总体目标"), C(goal, cols=3)))
    rows.append((head("一级指标"), head("二级指标"), head("三级指标"), head("指标值")))
    one, two = _runs(goals, 0), _runs(goals, 1)
    for i, g in enumerate(goals):
        rows.append(
            (*([C(g.level1, rows=one[i])] if one[i] else []), *([C(g.level2, rows=two[i])] if two[i] else []), C(g.name), C(g.target))
        )
    return Table(
        "department_performance_targets",
        f"{year}年部门整体支出绩效目标表",
        ((head("部门名称"), C(department, cols=3)),),
        tuple(rows),
        m.unit,
        widths=(14, 14, 24, 18),
        show_unit=False,
        indicators=tuple(Indicator("department", g.name, g.target) for g in goals),
    )


def income_by_unit(bodies: Sequence[Body], m: Money, *, title: str, number: str) -> Table:
    """收入总表 by budget unit: 单位编码 | 单位名称 | 合计 | 一般公共预算 | 政府性基金预算 | 事业收入 | 其他收入."""
    sources = ("general_public_budget", "government_fund_budget", "business_income", "other_income")
    header = (
        head("单位编码"),
        head("单位名称"),
        head("合计"),
        head("一般公共预算拨款"),
        head("政府性基金预算拨款"),
        head("事业收入"),
        head("其他收入"),
    )

    def cells(some: Sequence[Body], meaning: Meaning) -> list[C]:
        return [
            m.cell(add(b.total for b in some), meaning),
            *[m.cell(add(b.sum("total", s) for b in some), meaning, funding=s) for s in sources],
        ]

    year = bodies[0].year
    lines = [(code(""), C("合计"), *cells(bodies, Meaning("income", row_label="合计", fiscal_year=year)))]
    lines += [
        (code(b.code), C(b.name), *cells([b], Meaning("income", row_label=b.name, entity_name=b.name, fiscal_year=year))) for b in bodies
    ]
    return Table("income_summary", title, (header,), tuple(lines), m.unit, number, widths=(8, 24, 13, 13, 13, 12, 12), landscape=True)


def expenditure_by_unit(bodies: Sequence[Body], m: Money, *, title: str, number: str) -> Table:
    """支出总表: under each budget unit its function subjects; unit and subject codes share a column."""
    header = (head("单位（科目）编码"), head("单位（科目）名称"), head("合计"), head("基本支出"), head("项目支出"))
    year = bodies[0].year

    def cells(total: Decimal, basic: Decimal, meaning: Meaning) -> list[C]:
        return [
            m.cell(total, meaning),
            m.cell(basic, meaning, expenditure_type="basic"),
            m.cell(total - basic, meaning, expenditure_type="project"),
        ]

    lines = [
        (
            code(""),
            C("合计"),
            *cells(add(b.total for b in bodies), add(b.sum("basic") for b in bodies), Meaning(row_label="合计", fiscal_year=year)),
        )
    ]
    for b in bodies:
        lines.append(
            (code(b.code), C(b.name), *cells(b.total, b.sum("basic"), Meaning(row_label=b.name, entity_name=b.name, fiscal_year=year)))
        )
        for c, rows in levels(b.rows):
            meaning = Meaning(subject_scheme="function", subject_code=c, row_label=FUNCTION[c], entity_name=b.name, fiscal_year=year)
            lines.append(
                (
                    code(c),
                    C("　" * ((len(c) - 1) // 2) + FUNCTION[c]),
                    *cells(add(r.total for r in rows), add(r.basic for r in rows), meaning),
                )
            )
    return Table("expenditure_summary", title, (header,), tuple(lines), m.unit, number, widths=(11, 34, 15, 15, 15), header_again=True)


@dataclass(frozen=True)
class Purchase:
    """One line of a procurement table."""

    unit: str
    project: str
    item: str
    quantity: str
    measure: str
    yuan: Decimal
    small: bool


def procurement(purchases: Sequence[Purchase], m: Money, *, year: int, title: str, number: str) -> Table:
    """政府采购预算表: 单位 | 项目 | 采购品目 | 数量 | 计量单位 | 采购金额 (合计 | 其中：面向中小企业)."""
    header = (
        (
            head("单位名称", rows=2),
            head("采购项目", rows=2),
            head("采购品目", rows=2),
            head("数量", rows=2),
            head("计量单位", rows=2),
            head("采购预算金额", cols=2),
        ),
        (head("合计"), head("其中：面向中小企业")),
    )
    base = Meaning(fiscal_year=year, measure="procurement")
    small = add(p.yuan for p in purchases if p.small)
    lines: list[tuple[C, ...]] = [
        (
            C("合计", cols=5),
            m.cell(add(p.yuan for p in purchases), base, row_label="合计"),
            m.cell(small, base, row_label="合计", measure="procurement_sme"),
        )
    ]
    for p in purchases:
        said = {"row_label": f"{p.project}|{p.item}", "project_name": p.project, "entity_name": p.unit}
        lines.append(
            (
                C(p.unit),
                C(p.project),
                C(p.item),
                C(p.quantity),
                C(p.measure),
                m.cell(p.yuan, base, **said),
                m.cell(p.yuan if p.small else ZERO, base, measure="procurement_sme", **said),
            )
        )
    return Table("procurement", title, header, tuple(lines), m.unit, number, widths=(20, 18, 16, 7, 8, 14, 14), landscape=True)

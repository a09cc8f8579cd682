"""The forms of a department's budget (部门预算公开表): from a body's figures to a table of cells that know their facts.

Each function makes one form; what differs between publishers (unit, how codes are printed, header words, columns) is an
argument. Here: summaries and subjects. 三公 and projects are in forms_items.py, final accounts in forms_final.py, performance
and procurement tables in forms_other.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from model import Body, C, Meaning, Money, Row, Table, code, head
from names import ECONOMIC, ECONOMIC_GOVERNMENT, FUNCTION, GOVERNMENT_OF, SOURCE, ordinal

Level = tuple[str, tuple[Row, ...]]  # a function code (3, 5 or 7 digits) and the rows below it
Label = Callable[[str, str], list[C]]  # (code, name) → the leading cells of a row
ZERO = Decimal(0)


def add(values: Iterable[Decimal]) -> Decimal:
    return sum(values, ZERO)


def levels(rows: Iterable[Row], depth: int = 3) -> list[Level]:
    """类, 款 and 项 in the order of their codes, each with the rows it gathers."""
    gathered: dict[str, list[Row]] = {}
    for r in rows:
        for n in (3, 5, 7)[:depth]:
            gathered.setdefault(r.code[:n], []).append(r)
    return [(c, tuple(gathered[c])) for c in sorted(gathered)]


def economic_levels(items: Iterable[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """Economic 类 and 款 with their sums."""
    gathered: dict[str, Decimal] = {}
    for c, yuan in items:
        for n in (3, 5):
            gathered[c[:n]] = gathered.get(c[:n], ZERO) + yuan
    return [(c, gathered[c]) for c in sorted(gathered)]


def whole(c: str, name: str) -> list[C]:
    """2130301 | 行政运行."""
    return [code(c), C(name)]


def joined(c: str, name: str) -> list[C]:
    """2130301-行政运行, indented by level."""
    return [C("　" * ((len(c) - 3) // 2) + f"{c}-{name}")]


def relative(c: str, name: str) -> list[C]:
    """213 / 03 / 01 in one column."""
    return [code(c if len(c) == 3 else c[-2:]), C("　" * ((len(c) - 3) // 2) + name)]


def split(c: str, name: str) -> list[C]:
    """类 | 款 | 项 columns; what stands above is not printed again."""
    cells = [code(""), code(""), code("")]
    cells[(len(c) - 3) // 2] = code(c if len(c) == 3 else c[-2:])
    return [*cells, C(name)]


LEADING = {whole: 2, joined: 1, relative: 2, split: 4}


def code_head(label: Label, depth: int) -> list[list[C]]:
    """Header cells over the leading columns, for a header of `depth` rows."""
    if label is split:
        first = [head("科目编码", cols=3, rows=depth - 1), head("科目名称", rows=depth)]
        return [first, *[[] for _ in range(depth - 2)], [head("类"), head("款"), head("项")]]
    cells = [head("科目", rows=depth)] if label is joined else [head("科目编码", rows=depth), head("科目名称", rows=depth)]
    return [cells, *[[] for _ in range(depth - 1)]]


def total_label(label: Label, text: str) -> list[C]:
    """The leading cells of a total row."""
    n = LEADING[label]
    return [C(text)] if n == 1 else [C(text, cols=n)]


def income_expenditure(
    body: Body,
    m: Money,
    *,
    title: str,
    number: str = "",
    depth: int = 1,
    carried: bool = True,
    sources: tuple[str, ...] = tuple(SOURCE),
    kind: str = "income_expenditure_summary",
    **more: object,
) -> Table:
    """收支总表: income by source on the left, expenditure by function (类, or down to `depth`) on the right."""
    gpb = "general_public_budget"
    y = body.year
    left: list[tuple[str, Decimal | None]] = [
        (f"{ordinal(i)}、{SOURCE[s]}{'' if SOURCE[s].endswith('收入') else '拨款收入' if s.endswith('budget') else '收入'}", body.income(s))
        for i, s in enumerate(sources, 1)
    ]
    right: list[tuple[str, str, Decimal | None]] = []
    n = 0
    for c, rows in levels(body.rows, depth):
        n += len(c) == 3
        right.append(
            (c, f"{ordinal(n)}、{FUNCTION[c]}" if len(c) == 3 else "　" * ((len(c) - 3) // 2) + FUNCTION[c], add(r.total for r in rows))
        )
    height = max(len(left), len(right))
    left += [("", None)] * (height - len(left))
    right += [("", "", None)] * (height - len(right))
    income_total = add(body.income(s) for s in SOURCE)
    left.append(("本年收入合计", income_total))
    right.append(("", "本年支出合计", body.total))
    if carried:
        left.append(("上年结转结余", body.carryover))
        right.append(("", "结转下年", ZERO))
    left.append(("收入总计", income_total + body.carryover))
    right.append(("", "支出总计", body.total))
    body_rows = []
    for (name, a), (c, text, b) in zip(left, right, strict=True):
        income = Meaning("income", row_label=name, fiscal_year=y, funding="total")
        spent = Meaning("expenditure", "function" if c else "none", c, text.strip("　"), fiscal_year=y)
        body_rows.append((C(name), m.cell(a, income), C(text), m.cell(b, spent)))
    del gpb
    return Table(
        kind,
        title,
        ((head("收　　入", cols=2), head("支　　出", cols=2)), (head("项目"), head("预算数"), head("项目"), head("预算数"))),
        tuple(body_rows),
        m.unit,
        number,
        widths=(26, 13, 26, 13),
        **more,
    )  # type: ignore[arg-type]


def income_table(body: Body, m: Money, *, title: str, number: str = "", label: Label = whole, **more: object) -> Table:
    """收入总表 by subject: 合计 | 本年收入 (小计 | by source, 单位资金 (小计 | 事业收入 | 其他收入)) | 上年结转. Header of three levels."""
    y = body.year
    header = code_head(label, 3)
    header[0] += [head("合计", rows=3), head("本年收入", cols=7), head("上年结转", rows=3)]
    header[1] += [head("小计", rows=2), *[head(SOURCE[s], rows=2) for s in list(SOURCE)[:3]], head("单位资金", cols=3)]
    header[2] += [head("小计"), head("事业收入"), head("其他收入")]

    def cells(rows: Iterable[Row], meaning: Meaning, carry: Decimal) -> list[C]:
        rows = list(rows)
        by = {s: add(r.total for r in rows if r.source == s) for s in SOURCE}
        by["general_public_budget"] -= carry
        total = add(by.values()) + carry
        unit = by["business_income"] + by["other_income"]
        return [
            m.cell(total, meaning),
            m.cell(total - carry, meaning, budget_period="current_year"),
            *[m.cell(by[s], meaning, funding=s) for s in list(SOURCE)[:3]],
            m.cell(unit, meaning, funding="unit_funds"),
            m.cell(by["business_income"], meaning, funding="business_income"),
            m.cell(by["other_income"], meaning, funding="other_income"),
            m.cell(carry, meaning, funding="carryover"),
        ]

    carried_by = next((r.code for r in body.rows if r.project and r.source == "general_public_budget"), "")  # what the carry-over pays for
    lines = [tuple(total_label(label, "合计") + cells(body.rows, Meaning("income", row_label="合计", fiscal_year=y), body.carryover))]
    for c, rows in levels(body.rows):
        meaning = Meaning("income", "function", c, FUNCTION[c], fiscal_year=y)
        carry = body.carryover if carried_by.startswith(c) else ZERO
        lines.append(tuple(label(c, FUNCTION[c]) + cells(rows, meaning, carry)))
    return Table(
        "income_summary",
        title,
        tuple(map(tuple, header)),
        tuple(lines),
        m.unit,
        number,
        widths=(*((4, 4, 4, 18) if label is split else (8, 18) if label is not joined else (26,)), 9, 9, 9, 9, 9, 9, 9, 9, 9),
        **more,
    )  # type: ignore[arg-type]


def expenditure_table(
    body: Body,
    m: Money,
    *,
    title: str,
    number: str = "",
    label: Label = whole,
    kind: str = "expenditure_summary",
    source: str | None = None,
    detail: bool = False,
    rare: bool = False,
    empty: str = "",
    **more: object,
) -> Table:
    """支出总表, 一般公共预算支出表, 政府性基金预算支出表: subjects by
    合计 | 基本支出 [小计 | 人员 | 公用] | 项目支出 [| 上缴 | 经营 | 对附属].

    `source` limits it to one source; `empty` is the note of a table that is declared empty.
    """
    depth = 2 if detail or label is split else 1
    header = code_head(label, depth)
    header[0] += [head("合计", rows=depth)]
    if detail:
        header[0] += [head("基本支出", cols=3)]
        header[1] += [head("小计"), head("人员经费"), head("公用经费")]
    else:
        header[0] += [head("基本支出", rows=depth)]
    header[0] += [head("项目支出", rows=depth)]
    if rare:
        header[0] += [head(t, rows=depth) for t in ("上缴上级支出", "事业单位经营支出", "对附属单位补助支出")]
    rows = [r for r in body.rows if source in (None, r.source)] if not empty else []

    def cells(some: Iterable[Row], meaning: Meaning) -> list[C]:
        some = list(some)
        out = [m.cell(add(r.total for r in some), meaning), m.cell(add(r.basic for r in some), meaning, expenditure_type="basic")]
        if detail:
            out += [
                m.cell(add(r.personnel for r in some), meaning, expenditure_type="basic_personnel"),
                m.cell(add(r.operating for r in some), meaning, expenditure_type="basic_operating"),
            ]
        out.append(m.cell(add(r.project for r in some), meaning, expenditure_type="project"))
        if rare:
            out += [m.cell(ZERO, meaning, expenditure_type=t) for t in ("superior_remittance", "business_operating", "affiliate_subsidy")]
        return out

    base = Meaning(row_label="合计", fiscal_year=body.year, funding=source or "total")
    n_money = 3 + 2 * detail + 3 * rare
    if empty:
        lines = [tuple([C("") for _ in range(LEADING[label] + n_money)]) for _ in range(3)]
    else:
        lines = [tuple(total_label(label, "合计") + cells(rows, base))]
        for c, some in levels(rows):
            meaning = Meaning(
                subject_scheme="function", subject_code=c, row_label=FUNCTION[c], fiscal_year=body.year, funding=source or "total"
            )
            lines.append(tuple(label(c, FUNCTION[c]) + cells(some, meaning)))
    lead = (4, 4, 4, 22) if label is split else (30,) if label is joined else (9, 24)
    return Table(
        kind,
        title,
        tuple(map(tuple, header)),
        tuple(lines),
        m.unit,
        number,
        note=empty,
        emptiness="declared_empty" if empty else "filled",
        widths=(*lead, *[11.0] * n_money),
        **more,
    )  # type: ignore[arg-type]


def fiscal_summary(body: Body, m: Money, *, title: str, number: str = "", **more: object) -> Table:
    """财政拨款收支总表: income on the left; on the right 合计 | 一般公共预算 | 政府性基金预算 | 国有资本经营预算."""
    y = body.year
    funds = list(SOURCE)[:3]
    rows = [r for r in body.rows if r.source in funds]
    income = add(body.income(s) for s in funds)
    left: list[tuple[str, Decimal | None]] = [("一、本年收入", income)]
    left += [(f"（{ordinal(i)}）{SOURCE[s]}拨款", body.income(s)) for i, s in enumerate(funds, 1)]
    left += [("二、上年结转", body.carryover)]

    def right_cells(some: Iterable[Row], meaning: Meaning) -> list[C]:
        some = list(some)
        return [
            m.cell(add(r.total for r in some), meaning, funding="fiscal_appropriation"),
            *[m.cell(add(r.total for r in some if r.source == s), meaning, funding=s) for s in funds],
        ]

    right: list[list[C]] = [[C("一、本年支出"), *right_cells(rows, Meaning(row_label="一、本年支出", fiscal_year=y))]]
    for i, (c, some) in enumerate(levels(rows, 1), 1):
        right.append(
            [
                C(f"（{ordinal(i)}）{FUNCTION[c]}"),
                *right_cells(some, Meaning(subject_scheme="function", subject_code=c, row_label=FUNCTION[c], fiscal_year=y)),
            ]
        )
    right.append([C("二、结转下年"), *[C(style="money")] * 4])
    height = max(len(left), len(right))
    left += [("", None)] * (height - len(left))
    right += [[C(), *[C(style="money")] * 4]] * (height - len(right))
    lines = [
        (C(name), m.cell(a, Meaning("income", row_label=name, fiscal_year=y)), *cells) for (name, a), cells in zip(left, right, strict=True)
    ]
    lines.append(
        (
            C("收入总计"),
            m.cell(income + body.carryover, Meaning("income", row_label="收入总计", fiscal_year=y)),
            C("支出总计"),
            *right_cells(rows, Meaning(row_label="支出总计", fiscal_year=y)),
        )
    )
    header = (
        (head("收入", cols=2), head("支出", cols=5)),
        (head("项目"), head("预算数"), head("项目"), head("合计"), *[head(SOURCE[s]) for s in funds]),
    )
    return Table("fiscal_appropriation_summary", title, header, tuple(lines), m.unit, number, widths=(22, 10, 24, 10, 12, 12, 12), **more)  # type: ignore[arg-type]


def basic_by_economic(
    body: Body, m: Money, *, title: str, number: str = "", government: bool = False, label: Label = whole, **more: object
) -> Table:
    """一般公共预算基本支出表 by 部门经济分类 [and 政府经济分类 beside it]: 合计 | 人员经费 | 公用经费."""
    depth = 2
    if government:
        header = [[head("部门预算支出经济分类", cols=2), head("政府预算支出经济分类", cols=2)], [head("科目编码"), head("科目名称")] * 2]
    else:
        header = code_head(label, depth)
    header[0] += [head("一般公共预算基本支出", cols=3)]
    header[1] += [head("合计"), head("人员经费"), head("公用经费")]
    gpb = "general_public_budget"

    def cells(items: list[tuple[str, Decimal]], meaning: Meaning) -> list[C]:
        people = add(yuan for c, yuan in items if c[:3] in ("301", "303"))
        all_ = add(yuan for _, yuan in items)
        return [
            m.cell(all_, meaning, expenditure_type="basic"),
            m.cell(people, meaning, expenditure_type="basic_personnel"),
            m.cell(all_ - people, meaning, expenditure_type="basic_operating"),
        ]

    leading = 4 if government else LEADING[label]
    base = Meaning(row_label="合计", fiscal_year=body.year, funding=gpb)
    lines = [(C("合计", cols=leading) if leading > 1 else C("合计"), *cells(list(body.economic), base))]
    for c, _ in economic_levels(body.economic):
        g = GOVERNMENT_OF[c] if government else ""
        meaning = Meaning(
            subject_scheme="economic_department",
            subject_code=c,
            row_label=ECONOMIC[c],
            fiscal_year=body.year,
            funding=gpb,
            economic_department_code=c if government else "",
            economic_government_code=g,
        )
        lead = [code(c), C(ECONOMIC[c]), code(g), C(ECONOMIC_GOVERNMENT[g])] if government else label(c, ECONOMIC[c])
        lines.append((*lead, *cells([(k, v) for k, v in body.economic if k.startswith(c)], meaning)))
    lead_widths = (8, 22, 8, 18) if government else (4, 4, 4, 22) if label is split else (30,) if label is joined else (9, 26)
    return Table(
        "general_public_basic_expenditure",
        title,
        tuple(map(tuple, header)),
        tuple(lines),
        m.unit,
        number,
        widths=(*lead_widths, 11, 11, 11),
        **more,
    )  # type: ignore[arg-type]

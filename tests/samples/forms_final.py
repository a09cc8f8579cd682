"""The forms of a department's final accounts (部门决算公开01-09表), with 行次 and 栏次 as they are published.

The body's figures are what was spent; the year began with `body.carryover` and ends with `YEAR_END`; the budget columns of the
“三公” form are the first of each pair in `body.three_public`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from forms import ZERO, add, economic_levels, levels
from forms_items import three_public_items
from model import Body, C, Meaning, Money, Row, Table, code, head, wan
from names import ECONOMIC, FUNCTION, SOURCE, ordinal

GPB = "general_public_budget"
YEAR_END = wan("3.20")
FINAL = "final_accounts"


def received(body: Body, source: str) -> Decimal:
    """This year's income of a source: what was spent from it, less what the year began with, and what it left."""
    return body.sum("total", source) + (YEAR_END - body.carryover if source == GPB else ZERO)


def _names(*texts: str) -> list[str]:
    return [f"{ordinal(i)}、{t}" for i, t in enumerate(texts, 1)]


def summary(body: Body, m: Money) -> Table:
    """公开01表 收入支出决算总表: 项目 | 行次 | 决算数, twice."""
    y = body.year
    sources = (
        *list(SOURCE)[:3],
        "superior_subsidy",
        "business_income",
        "business_operating_income",
        "affiliate_remittance",
        "other_income",
    )
    words = [SOURCE[s] + ("财政拨款收入" if s.endswith("budget") else "") for s in sources]
    words[5] = "经营收入"
    left: list[tuple[str, Decimal | None]] = list(zip(_names(*words), [received(body, s) for s in sources], strict=True))
    right: list[tuple[str, str, Decimal | None]] = []
    for i, (c, rows) in enumerate(levels(body.rows, 1), 1):
        right.append((c, f"{ordinal(i)}、{FUNCTION[c]}", add(r.total for r in rows)))
    right += [("", "", None)] * (len(left) - len(right))
    income = add(received(body, s) for s in sources)
    left += [("本年收入合计", income), ("使用非财政拨款结余", ZERO), ("年初结转和结余", body.carryover), ("总计", income + body.carryover)]
    right += [
        ("", "本年支出合计", body.total),
        ("", "结余分配", ZERO),
        ("", "年末结转和结余", YEAR_END),
        ("", "总计", body.total + YEAR_END),
    ]
    lines = []
    for i, ((name, a), (c, text, b)) in enumerate(zip(left, right, strict=True), 1):
        lines.append(
            (
                C(name),
                code(str(i)),
                m.cell(a, Meaning("income", row_label=name, fiscal_year=y, stage=FINAL)),
                C(text),
                code(str(len(left) + i)),
                m.cell(b, Meaning("expenditure", "function" if c else "none", c, text, fiscal_year=y, stage=FINAL)),
            )
        )
    header = (
        (head("收入", cols=3), head("支出", cols=3)),
        (head("项目"), head("行次"), head("决算数"), head("项目"), head("行次"), head("决算数")),
        (head("栏次"), head(""), head("1"), head("栏次"), head(""), head("2")),
    )
    return Table(
        "income_expenditure_summary",
        "收入支出决算总表",
        header,
        tuple(lines),
        m.unit,
        "公开01表",
        f"部门：{body.name}",
        widths=(25, 5, 11, 25, 5, 11),
    )


def _by_subject(body: Body, m: Money, table: Table, rows: Iterable[Row], cells: object, numbers: int, columns: Meaning) -> Table:
    """Fill a form whose rows are function subjects: the 栏次 row, the 合计 row, then 类, 款 and 项."""
    rows = list(rows)
    top = (head("栏次", cols=2), *[head(str(i)) for i in range(1, numbers + 1)])
    lines = [(C("合计", cols=2), *cells(rows, replace(columns, row_label="合计")))]  # type: ignore[operator]
    for c, some in levels(rows):
        meaning = replace(columns, subject_scheme="function", subject_code=c, row_label=FUNCTION[c])
        lines.append((code(c), C(FUNCTION[c]), *cells(some, meaning)))  # type: ignore[operator]
    return replace(table, head=(*table.head, top), body=tuple(lines), unit=m.unit, filler=f"部门：{body.name}")


def income(body: Body, m: Money) -> Table:
    """公开02表 收入决算表."""
    carried_by = next(r.code for r in body.rows if r.project and r.source == GPB)

    def cells(rows: Iterable[Row], meaning: Meaning) -> list[C]:
        rows = list(rows)
        change = YEAR_END - body.carryover if any(r.code == carried_by for r in rows) else ZERO
        fiscal = add(r.total for r in rows if r.source == GPB) + change
        other = add(r.total for r in rows if r.source == "other_income")
        return [
            m.cell(fiscal + other, meaning, budget_period="total|current_year"),
            m.cell(fiscal, meaning, funding="fiscal_appropriation"),
            *[
                m.cell(ZERO, meaning, funding=s)
                for s in ("superior_subsidy", "business_income", "business_operating_income", "affiliate_remittance")
            ],
            m.cell(other, meaning, funding="other_income"),
        ]

    texts = ("本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
    table = Table(
        "income_summary",
        "收入决算表",
        ((head("科目编码"), head("科目名称"), *map(head, texts)),),
        (),
        number="公开02表",
        widths=(9, 24, *[10.0] * 7),
        landscape=True,
    )
    return _by_subject(body, m, table, body.rows, cells, 7, Meaning("income", fiscal_year=body.year, stage=FINAL))


def expenditure(body: Body, m: Money) -> Table:
    """公开03表 支出决算表."""

    def cells(rows: Iterable[Row], meaning: Meaning) -> list[C]:
        rows = list(rows)
        return [
            m.cell(add(r.total for r in rows), meaning),
            m.cell(add(r.basic for r in rows), meaning, expenditure_type="basic"),
            m.cell(add(r.project for r in rows), meaning, expenditure_type="project"),
            *[m.cell(ZERO, meaning, expenditure_type=t) for t in ("superior_remittance", "business_operating", "affiliate_subsidy")],
        ]

    texts = ("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
    table = Table(
        "expenditure_summary",
        "支出决算表",
        ((head("科目编码"), head("科目名称"), *map(head, texts)),),
        (),
        number="公开03表",
        widths=(9, 24, *[10.0] * 6),
        landscape=True,
    )
    return _by_subject(body, m, table, body.rows, cells, 6, Meaning(fiscal_year=body.year, stage=FINAL))


def fiscal(body: Body, m: Money) -> Table:
    """公开04表 财政拨款收入支出决算总表."""
    y = body.year
    funds = list(SOURCE)[:3]
    rows = [r for r in body.rows if r.source in funds]

    def right(some: Iterable[Row], meaning: Meaning, more: Decimal = ZERO) -> list[C]:
        by = {s: add(r.total for r in some if r.source == s) + (more if s == GPB else ZERO) for s in funds}
        return [m.cell(add(by.values()), meaning, funding="fiscal_appropriation"), *[m.cell(by[s], meaning, funding=s) for s in funds]]

    left: list[tuple[str, Decimal | None]] = [
        (n, received(body, s))
        for n, s in zip(_names("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"), funds, strict=True)
    ]
    lines_right = [
        (
            f"{ordinal(i)}、{FUNCTION[c]}",
            right(list(some), Meaning(subject_scheme="function", subject_code=c, row_label=FUNCTION[c], fiscal_year=y, stage=FINAL)),
        )
        for i, (c, some) in enumerate(levels(rows, 1), 1)
    ]
    left += [("", None)] * (len(lines_right) - len(left))
    got = received(body, GPB)
    left += [("本年收入合计", got), ("年初财政拨款结转和结余", body.carryover), ("总计", got + body.carryover)]
    for text, some, more in (("本年支出合计", rows, ZERO), ("年末财政拨款结转和结余", [], YEAR_END), ("总计", rows, YEAR_END)):
        lines_right.append((text, right(some, Meaning(row_label=text, fiscal_year=y, stage=FINAL), more)))
    lines = []
    for i, ((name, a), (text, cells)) in enumerate(zip(left, lines_right, strict=True), 1):
        lines.append(
            (
                C(name),
                code(str(i)),
                m.cell(a, Meaning("income", row_label=name, fiscal_year=y, stage=FINAL)),
                C(text),
                code(str(len(left) + i)),
                *cells,
            )
        )
    header = (
        (head("收入", cols=3), head("支出", cols=6)),
        (
            head("项目"),
            head("行次"),
            head("金额"),
            head("项目"),
            head("行次"),
            head("合计"),
            head("一般公共预算财政拨款"),
            head("政府性基金预算财政拨款"),
            head("国有资本经营预算财政拨款"),
        ),
        (head("栏次"), head(""), head("1"), head("栏次"), head(""), *[head(str(i)) for i in range(2, 6)]),
    )
    return Table(
        "fiscal_appropriation_summary",
        "财政拨款收入支出决算总表",
        header,
        tuple(lines),
        m.unit,
        "公开04表",
        f"部门：{body.name}",
        widths=(24, 5, 10, 22, 5, 10, 11, 11, 11),
        landscape=True,
    )


def general(body: Body, m: Money) -> Table:
    """公开05表 一般公共预算财政拨款支出决算表."""

    def cells(rows: Iterable[Row], meaning: Meaning) -> list[C]:
        rows = list(rows)
        return [
            m.cell(add(r.total for r in rows), meaning),
            m.cell(add(r.basic for r in rows), meaning, expenditure_type="basic"),
            m.cell(add(r.project for r in rows), meaning, expenditure_type="project"),
        ]

    header = (
        (head("项目", cols=2), head("本年支出", cols=3)),
        (head("科目编码"), head("科目名称"), head("小计"), head("基本支出"), head("项目支出")),
    )
    table = Table("general_public_expenditure", "一般公共预算财政拨款支出决算表", header, (), number="公开05表", widths=(9, 26, 12, 12, 12))
    return _by_subject(body, m, table, body.of(GPB), cells, 3, Meaning(fiscal_year=body.year, stage=FINAL, funding=GPB))


def basic_detail(body: Body, m: Money) -> Table:
    """公开06表: three blocks of 科目编码 | 科目名称 | 决算数 beside one another, 人员经费 on the left, 公用经费 on the right."""
    y = body.year
    people = [(c, v) for c, v in economic_levels(body.economic) if c[:3] in ("301", "303")]
    things = [(c, v) for c, v in economic_levels(body.economic) if c[:3] in ("302", "310")]
    half = (len(things) + 1) // 2
    height = max(len(people), half)

    def cells(item: tuple[str, Decimal] | None, kind: str) -> list[C]:
        if item is None:
            return [code(""), C(""), C(style="money")]
        c, yuan = item
        meaning = Meaning(
            subject_scheme="economic_department",
            subject_code=c,
            row_label=ECONOMIC[c],
            fiscal_year=y,
            stage=FINAL,
            funding=GPB,
            expenditure_type=f"{kind}|basic",
        )
        return [code(c), C(ECONOMIC[c]), m.cell(yuan, meaning)]

    def at(items: list[tuple[str, Decimal]], i: int) -> tuple[str, Decimal] | None:
        return items[i] if i < len(items) else None

    lines = [
        (
            *cells(at(people, i), "basic_personnel"),
            *cells(at(things[:half], i), "basic_operating"),
            *cells(at(things[half:], i), "basic_operating"),
        )
        for i in range(height)
    ]
    base = Meaning(fiscal_year=y, stage=FINAL, funding=GPB)
    lines.append(
        (
            C("人员经费合计", cols=2),
            m.cell(body.sum("personnel", GPB), base, row_label="人员经费合计", expenditure_type="basic_personnel"),
            C("公用经费合计", cols=5),
            m.cell(body.sum("operating", GPB), base, row_label="公用经费合计", expenditure_type="basic_operating"),
        )
    )
    triple = (head("科目编码"), head("科目名称"), head("决算数"))
    header = ((head("人员经费", cols=3), head("公用经费", cols=6)), triple * 3)
    return Table(
        "general_public_basic_expenditure",
        "一般公共预算财政拨款基本支出决算明细表",
        header,
        tuple(lines),
        m.unit,
        "公开06表",
        f"部门：{body.name}",
        widths=(7, 20, 9) * 3,
        landscape=True,
    )


def empty_forms(body: Body, m: Money) -> list[Table]:
    """公开07表 and 公开08表, declared empty."""
    y = body.year
    fund = Table(
        "government_fund_income_expenditure",
        "政府性基金预算财政拨款收入支出决算表",
        (
            (
                head("科目编码", rows=2),
                head("科目名称", rows=2),
                head("年初结转和结余", rows=2),
                head("本年收入", rows=2),
                head("本年支出", cols=3),
                head("年末结转和结余", rows=2),
            ),
            (head("小计"), head("基本支出"), head("项目支出")),
        ),
        (tuple(C("") for _ in range(8)),) * 3,
        m.unit,
        "公开07表",
        f"部门：{body.name}",
        note=f"注：本单位{y}年度没有政府性基金收入，也没有使用政府性基金安排的支出，故本表为空表。",
        emptiness="declared_empty",
        widths=(9, 20, 11, 10, 10, 10, 10, 11),
    )
    state = Table(
        "state_capital_expenditure",
        "国有资本经营预算财政拨款支出决算表",
        ((head("科目编码"), head("科目名称"), head("合计"), head("基本支出"), head("项目支出")),),
        (tuple(C("") for _ in range(5)),) * 3,
        m.unit,
        "公开08表",
        f"部门：{body.name}",
        note=f"注：本单位{y}年度没有使用国有资本经营预算安排的支出，故本表为空表。",
        emptiness="declared_empty",
        widths=(9, 26, 12, 12, 12),
    )
    return [fund, state]


def three_public(body: Body, m: Money) -> Table:
    """公开09表 财政拨款“三公”经费支出决算表: 预算数 and 决算数, six columns each, one row."""
    y = body.year
    first, second, third, numbers = [], [], [], []
    cells = []
    for which, word, stage in ((0, "预算数", "budget"), (1, "决算数", FINAL)):
        first.append(head(word, cols=6))
        second += [
            head("合计", rows=2),
            head("因公出国（境）费", rows=2),
            head("公务用车购置及运行维护费", cols=3),
            head("公务接待费", rows=2),
        ]
        third += [head("小计"), head("公务用车购置费"), head("公务用车运行维护费")]
        for item, yuan in three_public_items(body, which):
            meaning = Meaning(row_label=item, fiscal_year=y, stage=stage, funding=f"{GPB}|fiscal_appropriation")
            cells.append(m.cell(yuan, meaning))
            numbers.append(head(str(len(cells))))
    return Table(
        "three_public",
        "财政拨款“三公”经费支出决算表",
        (tuple(first), tuple(second), tuple(third), tuple(numbers)),
        (tuple(cells),),
        m.unit,
        "公开09表",
        f"部门：{body.name}",
        widths=(10.0,) * 12,
        landscape=True,
        note="注：预算数为年初预算数，决算数包括当年财政拨款和以前年度结转资金安排的实际支出。",
    )

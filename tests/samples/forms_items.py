"""Two more forms of a department's budget whose rows are no subjects: “三公” expenses by item, and projects by source."""

from __future__ import annotations

from decimal import Decimal

from forms import add
from model import Body, C, Meaning, Money, Table, head
from names import SOURCE


def three_public_items(body: Body, which: int) -> list[tuple[str, Decimal]]:
    """The items of 三公 with their sums, for the year before (0) or this year (1)."""
    t = {k: v[which] for k, v in body.three_public.items()}
    cars = t["公务用车购置费"] + t["公务用车运行维护费"]
    return [
        ("合计", t["因公出国（境）费"] + cars + t["公务接待费"]),
        ("因公出国（境）费", t["因公出国（境）费"]),
        ("公务用车购置及运行维护费", cars),
        ("公务用车购置费", t["公务用车购置费"]),
        ("公务用车运行维护费", t["公务用车运行维护费"]),
        ("公务接待费", t["公务接待费"]),
    ]


def three_public_rows(body: Body, m: Money, *, title: str, number: str = "", change: bool = False, **more: object) -> Table:
    """“三公”经费: items as rows; last year's and this year's budget as columns [and 增减额]."""
    y = body.year
    printed = (
        "合　　计",
        "一、因公出国（境）费",
        "二、公务用车购置及运行维护费",
        "　1.公务用车购置费",
        "　2.公务用车运行维护费",
        "三、公务接待费",
    )
    header = (head("项　　目"), head(f"{y - 1}年预算数"), head(f"{y}年预算数"), *([head("增减额")] if change else []))
    lines = []
    for text, (item, before), (_, now) in zip(printed, three_public_items(body, 0), three_public_items(body, 1), strict=True):
        meaning = Meaning(row_label=item, fiscal_year=y, funding="general_public_budget")
        cells = [m.cell(before, meaning, fiscal_year=y - 1), m.cell(now, meaning)]
        if change:
            cells.append(m.cell(now - before, meaning, stage="change"))
        lines.append((C(text), *cells))
    return Table("three_public", title, (header,), tuple(lines), m.unit, number, widths=(36, *[15.0] * (2 + change)), **more)  # type: ignore[arg-type]


def three_public_columns(body: Body, m: Money, *, title: str, number: str = "", years: tuple[int, ...] = (0, 1), **more: object) -> Table:
    """“三公”经费: items as columns under each year, the body as the only row. Header of three levels."""
    y = body.year
    first, second, third = [head("单位名称", rows=3)], [], []
    cells = [C(body.name)]
    for which in years:
        first.append(head(f"{y - 1 + which}年预算数", cols=6))
        second += [
            head("合计", rows=2),
            head("因公出国（境）费", rows=2),
            head("公务用车购置及运行维护费", cols=3),
            head("公务接待费", rows=2),
        ]
        third += [head("小计"), head("公务用车购置费"), head("公务用车运行维护费")]
        for item, yuan in three_public_items(body, which):
            meaning = Meaning(row_label=item, entity_name=body.name, fiscal_year=y - 1 + which, funding="general_public_budget")
            cells.append(m.cell(yuan, meaning))
    return Table(
        "three_public",
        title,
        (tuple(first), tuple(second), tuple(third)),
        (tuple(cells),),
        m.unit,
        number,
        widths=(16, *[8.0] * 6 * len(years)),
        **more,
    )  # type: ignore[arg-type]


def projects_table(body: Body, m: Money, *, title: str, number: str = "", wide: bool = False, **more: object) -> Table:
    """项目支出表: projects by source. `wide`: all nine sources and 上年结转, to be cut over left and right pages."""
    funds = list(SOURCE)[:3]
    others = list(SOURCE)[3:] if wide else ["business_income", "other_income"]
    header = [
        [head("项目名称", rows=2), head("合计", rows=2), head("财政拨款", cols=4), *[head(SOURCE[s], rows=2) for s in others]],
        [head("小计"), *[head(SOURCE[s]) for s in funds]],
    ]
    base = Meaning(fiscal_year=body.year, expenditure_type="project")

    def cells(items: list[tuple[str, Decimal]], meaning: Meaning) -> list[C]:
        by = {s: add(yuan for k, yuan in items if k == s) for s in SOURCE}
        return [
            m.cell(add(by.values()), meaning),
            m.cell(add(by[s] for s in funds), meaning, funding="fiscal_appropriation"),
            *[m.cell(by[s], meaning, funding=s) for s in [*funds, *others]],
        ]

    def meant(name: str, project: str = "") -> Meaning:
        return Meaning(**{**base.__dict__, "row_label": name, "project_name": project})

    lines = [(C("合计"), *cells([(p.source, p.yuan) for p in body.projects], meant("合计")))]
    lines += [(C(p.name), *cells([(p.source, p.yuan)], meant(p.name, p.name))) for p in body.projects]
    return Table(
        "project_expenditure_summary",
        title,
        tuple(map(tuple, header)),
        tuple(lines),
        m.unit,
        number,
        widths=(24, *[10.0] * (5 + len(others))),
        **more,
    )  # type: ignore[arg-type]

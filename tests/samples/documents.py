"""The samples: which body publishes which forms, in which format and with which peculiarity.

Here: composition only. Figures are in bodies.py, forms in forms*.py, sentences in prose.py.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bodies import CROSSING, DRUM, DUNES, KARIZ, KILN, PAPER, STARS, TIDE
from documents_other import other_samples
from forms import (
    basic_by_economic,
    expenditure_table,
    fiscal_summary,
    income_expenditure,
    income_table,
    joined,
    relative,
    split,
)
from forms_items import projects_table, three_public_columns, three_public_rows
from model import Block, Money, Sample, Table, Text, wan
from prose import NOTICE, contents, cover, explanations, overview

GPB, FUND, STATE = "general_public_budget", "government_fund_budget", "state_capital_budget"
WAN = Money("万元", 2)
WAN_ZEROS = Money("万元", 2, zero="print")
YUAN = Money("元", 2, separators=True)


def misprint(table: Table, row: int, column: int, text: str) -> Table:
    """The table with another amount printed in one cell (counted in the body), as a publisher's slip."""
    lines = [list(line) for line in table.body]
    cell = lines[row][column]
    if cell.yuan is None:
        raise ValueError(f"no amount stands at row {row}, column {column} of {table.title}")
    lines[row][column] = replace(cell, text=text, yuan=wan(text))
    return replace(table, body=tuple(map(tuple, lines)))


def kariz() -> Sample:
    """A whole budget book."""
    b, y = KARIZ, KARIZ.year
    titles = (
        "部门收支预算总表",
        "部门收入预算总表",
        "部门支出预算总表",
        "财政拨款收支预算总表",
        "一般公共预算支出表",
        "一般公共预算基本支出表",
        "一般公共预算“三公”经费支出表",
        "政府性基金预算支出表",
        "国有资本经营预算支出表",
        "项目支出预算表",
    )
    t = [f"{y}年{x}" for x in titles]
    blocks: list[Block] = [
        *cover(b, f"{y}年部门预算"),
        *contents(("部门概况", ("主要职责", "机构设置")), (f"{y}年部门预算表", titles), (f"{y}年预算情况说明", ())),
        *overview(
            b, ("调查登记全县坎儿井，编制保护修缮计划。", "组织暗渠清淤、竖井加固和涝坝维护。", "监测坎儿井灌区地下水位，指导节约用水。")
        ),
        income_expenditure(b, WAN_ZEROS, title=t[0], number="表一"),
        income_table(b, WAN, title=t[1], number="表二", landscape=True),
        expenditure_table(b, WAN, title=t[2], number="表三", rare=True),
        fiscal_summary(b, WAN, title=t[3], number="表四"),
        expenditure_table(b, WAN, title=t[4], number="表五", source=GPB, kind="general_public_expenditure", detail=True),
        basic_by_economic(b, WAN, title=t[5], number="表六"),
        three_public_rows(b, WAN_ZEROS, title=t[6], number="表七"),
        expenditure_table(
            b,
            WAN,
            title=t[7],
            number="表八",
            source=FUND,
            kind="government_fund_expenditure",
            empty=f"注：{b.name}{y}年没有使用政府性基金预算拨款安排的支出，故本表为空表。",
        ),
        expenditure_table(
            b,
            WAN,
            title=t[8],
            number="表九",
            source=STATE,
            kind="state_capital_expenditure",
            empty=f"注：{b.name}{y}年没有使用国有资本经营预算拨款安排的支出，故本表为空表。",
        ),
        projects_table(b, WAN, title=t[9], number="表十", landscape=True),
        *explanations(b),
    ]
    return Sample(
        "01-department-budget.pdf",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "department_budget",
        "a whole budget book with cover, contents, ten tables and explanations; two empty tables say that they are",
    )


def kiln() -> Sample:
    """A unit's workbook in yuan with split codes."""
    b, y = KILN, KILN.year
    filler = f"单位名称：{b.name}"
    blocks: list[Block] = [
        Text(f"{b.name}{y}年单位预算公开表"),
        Text(NOTICE),
        *[x for x in explanations(b, unit="元") if isinstance(x, Text)],
        income_expenditure(b, YUAN, title="单位收支总表", number="预算01表", filler=filler, carried=False),
        expenditure_table(b, YUAN, title="单位支出总表", number="预算03表", filler=filler, label=split),
        expenditure_table(
            b,
            YUAN,
            title="一般公共预算支出表",
            number="预算05表",
            filler=filler,
            label=split,
            source=GPB,
            kind="general_public_expenditure",
            detail=True,
        ),
        basic_by_economic(b, YUAN, title="一般公共预算基本支出表", number="预算06表", filler=filler, government=False),
        projects_table(b, YUAN, title="项目支出表", number="预算08表", filler=filler),
    ]
    blocks = [replace(x, unit="元") if isinstance(x, Table) else x for x in blocks]
    return Sample(
        "02-unit-budget-split-codes.xlsx",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "unit_budget",
        "a unit's workbook in yuan: codes split over 类, 款 and 项, merged ranges, a sheet a table",
    )


def tide() -> Sample:
    """Word, headers of three levels, a government fund that is used."""
    b, y = TIDE, TIDE.year
    blocks: list[Block] = [
        *cover(b, f"{y}年部门预算"),
        *overview(b, ("观测全县海岸潮位，维护验潮设施。", "发布风暴潮预警，开展沿海防灾宣传。")),
        Text(f"第二部分　{y}年部门预算表", "heading"),
        income_table(b, WAN, title="部门收入总表", number="附表2", label=joined),
        expenditure_table(b, WAN, title="部门支出总表", number="附表3", label=joined),
        expenditure_table(
            b, WAN, title="一般公共预算支出表", number="附表5", label=joined, source=GPB, kind="general_public_expenditure", detail=True
        ),
        three_public_columns(b, WAN_ZEROS, title="一般公共预算“三公”经费支出表", number="附表7"),
        expenditure_table(
            b, WAN, title="政府性基金预算支出表", number="附表8", label=joined, source=FUND, kind="government_fund_expenditure"
        ),
        *explanations(b),
    ]
    return Sample(
        "03-three-level-headers.docx",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "department_budget",
        "Word: headers of three levels with merged cells, codes joined to names, 三公 items as columns, a government fund that is used",
    )


def dunes() -> Sample:
    """Wide and long tables over pages."""
    b, y = DUNES, DUNES.year
    t = f"{y}年项目支出预算表"
    blocks: list[Block] = [
        *cover(b, f"{y}年部门预算公开"),
        expenditure_table(b, WAN, title=f"{y}年部门支出预算表", number="公开03表", header_again=False, rows_per_page=16),
        projects_table(b, WAN, title=t, number="公开08表", wide=True, landscape=True),
        basic_by_economic(b, WAN, title=f"{y}年一般公共预算基本支出表", number="公开06表", government=True, rows_per_page=14),
        *explanations(b),
    ]
    return Sample(
        "06-tables-over-pages.pdf",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "department_budget",
        "a project table cut into left and right pages, a table that goes on without its header, one that repeats it, "
        "both economic classifications beside each other",
        splits=((t, 6),),
    )


def paper() -> Sample:
    """HTML in GB18030 with declared-empty tables."""
    b, y = PAPER, PAPER.year
    blocks: list[Block] = [
        Text(f"{b.name}{y}年单位预算", "cover"),
        Text(NOTICE, "text"),
        income_expenditure(
            b, WAN, title=f"{y}年单位收支总表", carried=False, sources=("general_public_budget", "government_fund_budget", "other_income")
        ),
        fiscal_summary(b, WAN, title=f"{y}年财政拨款收支总表"),
        expenditure_table(b, WAN, title=f"{y}年一般公共预算支出表", source=GPB, kind="general_public_expenditure"),
        three_public_rows(b, WAN_ZEROS, title=f"{y}年一般公共预算“三公”经费预算表", change=True),
        expenditure_table(
            b,
            WAN,
            title=f"{y}年政府性基金预算支出表",
            source=FUND,
            kind="government_fund_expenditure",
            empty=f"说明：本单位{y}年无政府性基金预算支出，本表为空。",
        ),
        *[x for x in explanations(b) if isinstance(x, Text)],
    ]
    return Sample(
        "07-declared-empty.html",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "unit_budget",
        "HTML in GB18030 with row and column spans, a change column, and a government fund table that is declared empty",
    )


def crossing() -> Sample:
    """Tab-separated text."""
    b, y = CROSSING, CROSSING.year
    blocks: list[Block] = [
        Text(f"{b.name}{y}年部门预算", "heading"),
        Text(NOTICE),
        *[x for x in overview(b, ("管理全县客运渡口，检查渡运安全。", "组织渡船年检和渡工培训。")) if isinstance(x, Text)],
        income_expenditure(b, WAN_ZEROS, title="部门收支总体情况表", number="表1", depth=3),
        expenditure_table(b, WAN, title="部门支出总体情况表", number="表3", label=relative),
        expenditure_table(
            b, WAN, title="一般公共预算支出情况表", number="表5", label=relative, source=GPB, kind="general_public_expenditure"
        ),
        basic_by_economic(b, WAN, title="一般公共预算基本支出情况表", number="表6"),
        three_public_rows(b, WAN_ZEROS, title="一般公共预算“三公”经费支出情况表", number="表7"),
        *[x for x in explanations(b) if isinstance(x, Text)],
    ]
    return Sample(
        "08-tab-separated.txt",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "department_budget",
        "text as a converter leaves it: tabs between cells, blanks for merged ones, relative codes (03 under 208)",
    )


def stars() -> Sample:
    """Pages turned by /Rotate."""
    b, y = STARS, STARS.year
    turned = {"rotated": True, "landscape": True}
    blocks: list[Block] = [
        *cover(b, f"{y}年部门预算"),
        income_expenditure(b, WAN, title="收支总表", number="公开01表", depth=3, **turned),
        expenditure_table(
            b,
            WAN,
            title="一般公共预算支出表",
            number="公开05表",
            source=GPB,
            kind="general_public_expenditure",
            detail=True,
            label=split,
            **turned,
        ),
        three_public_columns(b, WAN_ZEROS, title="一般公共预算“三公”经费支出表", number="公开07表", **turned),
        *explanations(b),
    ]
    return Sample(
        "09-rotated-pages.pdf",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "department_budget",
        "tables on pages that are turned by /Rotate, codes split over three columns, all levels in the two-sided summary",
    )


def stars_again() -> Sample:
    """The same publication as `stars`, as a workbook."""
    b, y = STARS, STARS.year
    blocks: list[Block] = [
        Text(f"{b.name}{y}年部门预算"),
        Text(NOTICE),
        *[replace(x, rotated=False, landscape=False) for x in stars().blocks if isinstance(x, Table)],
    ]
    return Sample(
        "13-second-edition.xlsx",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "department_budget",
        "the tables of 09 as a workbook: one publication in two editions, of which one is current",
    )


def drum() -> Sample:
    """Two mistakes of the publisher's."""
    b, y = DRUM, DRUM.year
    general = expenditure_table(
        b, WAN, title=f"{y}年一般公共预算支出表", number="表五", source=GPB, kind="general_public_expenditure", detail=True
    )
    row = next(i for i, line in enumerate(general.body) if line[0].text == "2080505")
    blocks: list[Block] = [
        *cover(b, f"{y}年单位预算"),
        income_expenditure(b, WAN_ZEROS, title=f"{y}年单位收支总表", number="表一"),
        expenditure_table(b, WAN, title=f"{y}年单位支出总表", number="表三"),
        fiscal_summary(b, WAN, title=f"{y}年财政拨款收支总表", number="表四"),
        misprint(general, row, 2, "36.18"),
        basic_by_economic(b, WAN, title=f"{y}年一般公共预算基本支出表", number="表六"),
        three_public_rows(b, WAN_ZEROS, title=f"{y}年一般公共预算“三公”经费支出表", number="表七"),
        *explanations(b, reception=Decimal(6_000)),
    ]
    findings = (
        {
            "kind": "table",
            "subject_code": "2080505",
            "printed": "36.18万元",
            "expected": "38.16万元",
            "where": "一般公共预算支出表, column 合计: two digits changed places; 合计 = 基本 + 项目, 款 = Σ项 and the 支出总表 say so",
        },
        {
            "kind": "text",
            "subject_code": "",
            "printed": "0.60万元",
            "expected": "0.50万元",
            "where": "explanations, 公务接待费: the text gives last year's amount; the table and the text's own total say 0.50",
        },
    )
    return Sample(
        "10-two-mistakes.pdf",
        tuple(blocks),
        b.name,
        b.region,
        y,
        "unit_budget",
        "a small budget with two mistakes of its publisher's: one amount in a table, one in the text",
        findings,
    )


def samples() -> tuple[Sample, ...]:
    """All samples, by file name."""
    made = (kariz(), kiln(), tide(), dunes(), paper(), crossing(), stars(), stars_again(), drum(), *other_samples())
    for sample in made:
        for table in sample.tables:
            table.placed()
    return tuple(sorted(made, key=lambda s: s.file))

"""Whatever way a table prints its codes, blocks, carry-over and columns, the same rows with the same amounts come back."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from printed_forms import ACCOUNTS_COVER, facts, meanings

from pipelines.understand.subjects import subject_book

BOOK = subject_book()
TOPS = ("201", "205", "208", "210", "213", "221")
CLASSES = ("301", "302", "303", "310")
PARTS = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
ABOVE = ("一、财政拨款收入|5.00", "二、事业收入|6.00", "三、其他收入|7.00")
HEADS = {
    "function": "支出功能分类科目",
    "economic_government": "政府预算支出经济分类科目",
    "economic_department": "部门预算支出经济分类科目",
}
FORMS = ("whole", "split", "inherited", "relative", "joined", "bracketed")


def children(scheme: str, code: str) -> list[str]:
    return sorted(c for c in BOOK.children.get((scheme, code), ()) if BOOK.name(scheme, c) and len(c) in (5, 7))


@st.composite
def trees(draw: st.DrawFn) -> list[str]:
    """Codes of the functional classification in printed order: 类, 款 and 项 below one another."""
    out: list[str] = []
    for top in sorted(draw(st.lists(st.sampled_from(TOPS), min_size=1, max_size=3, unique=True))):
        out.append(top)
        groups = [g for g in children("function", top) if children("function", g)]
        for group in sorted(draw(st.lists(st.sampled_from(groups), min_size=1, max_size=2, unique=True))):
            out.append(group)
            out.extend(sorted(draw(st.lists(st.sampled_from(children("function", group)), min_size=1, max_size=3, unique=True))))
    return out


def amounts_of(codes: list[str]) -> dict[str, int]:
    """A number for each code; whole are the sums of their parts."""
    items = {c: 7 * n + 3 for n, c in enumerate(c for c in codes if len(c) == 7)}
    return {c: sum(v for k, v in items.items() if k.startswith(c)) for c in codes}


def printed(form: str, codes: list[str]) -> str:
    values = amounts_of(codes)
    lines = []
    for code in codes:
        name, amount = BOOK.name("function", code), f"{values[code]}.00"
        parts = [code[:3], code[3:5], code[5:7]]
        if form == "whole":
            lines.append(f"{code}|{name}|{amount}")
        elif form == "split":
            lines.append("|".join([*parts, str(name), amount]))
        elif form == "inherited":
            deepest = max(i for i, p in enumerate(parts) if p)
            lines.append("|".join([*(p if i == deepest else "" for i, p in enumerate(parts)), str(name), amount]))
        elif form == "relative":
            lines.append(f"{code if len(code) == 3 else code[-2:]}|{name}|{amount}")
        elif form == "joined":
            lines.append(f"{code}-{name}|{amount}")
        else:
            lines.append(f"[{code}]{name}|{amount}")
    head = {
        "whole": "科目编码|科目名称|合计",
        "relative": "科目编码|科目名称|合计",
        "joined": "支出功能分类科目|合计",
        "bracketed": "功能科目|合计",
    }.get(form, "科目编码|||科目名称|合计\n类|款|项||")
    total = "|" * (lines[0].count("|") - 1) + f"合计|{sum(v for c, v in values.items() if len(c) == 3)}.00"
    return "\n".join([head, total, *lines])


@settings(max_examples=40)
@given(trees(), st.sampled_from(FORMS))
def test_the_form_of_the_codes_changes_nothing(codes: list[str], form: str) -> None:
    found = facts(f"支出总表\n\n单位：元\n\n{printed(form, codes)}\n")[1:]
    assert [f["subject_code"] for f in found] == codes
    at = {f["subject_code"]: f["row_no"] for f in found}
    parents = [at.get(c[:-2]) if len(c) > 3 else found[0]["row_no"] - 1 for c in codes]
    assert [f["parent_row_no"] for f in found] == parents
    assert [f["is_leaf"] for f in found] == [len(c) == 7 for c in codes]
    assert [f["row_level"] for f in found] == [(len(c) - 1) // 2 for c in codes]


@settings(max_examples=20)
@given(st.data())
def test_three_blocks_of_code_name_and_amount_side_by_side(data: st.DataObject) -> None:
    columns: list[list[str]] = []
    for top in data.draw(st.lists(st.sampled_from(CLASSES), min_size=2, max_size=3, unique=True)):
        below = st.sampled_from(children("economic_department", top))
        columns.append([top, *sorted(data.draw(st.lists(below, min_size=1, max_size=5, unique=True)))])
    height = max(map(len, columns))
    lines, want = [], {}
    for r in range(height):
        cells = []
        for b, codes in enumerate(columns):
            if r < len(codes):
                value = Decimal(100 * b + r + 1)
                want[codes[r]] = value
                cells += [codes[r], str(BOOK.name("economic_department", codes[r])), f"{value}.00"]
            else:
                cells += ["", "", ""]
        lines.append("|".join(cells))
    head = "|".join(["人员经费", "", "", *["公用经费", "", ""] * (len(columns) - 1)])
    names = "|".join(["经济分类科目编码", "科目名称", "金额"] * len(columns))
    text = f"一般公共预算财政拨款基本支出决算表\n\n单位：元\n\n{head}\n{names}\n" + "\n".join(lines) + "\n"
    found = facts(text, ACCOUNTS_COVER)
    assert {f["subject_code"]: f["amount_yuan"] for f in found} == want
    assert all(f["parent_row_no"] == 2 for f in found if len(f["subject_code"]) == 5)


@settings(max_examples=25)
@given(
    st.sampled_from(("上年结转结余", "年初结转和结余", "上年结余、结转")),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3, unique=True),
    st.sampled_from(("", "一二三", "123", "其中：")),
    st.integers(1, 3),
)
def test_parts_of_carry_over_stand_below_it_however_they_are_marked(head: str, parts: list[str], marks: str, sources: int) -> None:
    def marked(n: int, name: str) -> str:
        if marks == "其中：":
            return (marks if n == 0 else "") + name
        return f"{marks[n]}{'、' if marks == '一二三' else '.'}{name}" if marks else name

    below = [f"{marked(n, p)}|{n + 1}.00" for n, p in enumerate(parts)]
    lines = [*ABOVE[:sources], "本年收入合计|99.00", f"{head}|9.00", *below, "收入总计|108.00"]
    found = facts("收支总表\n\n单位：元\n\n收入|\n项目|决算数\n" + "\n".join(lines) + "\n", ACCOUNTS_COVER)
    at = 2 + sources + 1
    row = {f["row_no"]: f for f in found}
    assert (row[at]["parent_row_no"], row[at]["row_level"], row[at]["is_leaf"]) == (None, 1, marks == "其中：")
    for n in range(len(parts)):
        part = row[at + 1 + n]
        assert (part["parent_row_no"], part["row_level"], part["row_role"] == "of_which") == (at, 2, marks == "其中：")
    assert row[at + len(parts) + 1]["row_role"] == "total"


@settings(max_examples=25)
@given(
    st.permutations(("function", "economic_government", "economic_department")),
    st.sampled_from(("2130301", "2010101", "2210201")), st.sampled_from(("50101", "50201")), st.sampled_from(("30101", "30201", "30211")),
)
def test_every_classification_of_a_row_is_kept_whatever_their_order(order: list[str], f: str, g: str, e: str) -> None:
    codes = {"function": f, "economic_government": g, "economic_department": e}
    head = "|".join(HEADS[s] for s in order)
    line = "|".join(f"{codes[s]}-{BOOK.name(s, codes[s])}" for s in order)
    text = f"支出总表\n\n单位：元\n\n{head}|合计\n{line}|2.00\n"
    assert meanings(text, "subject_code", "function_code", "economic_government_code", "economic_department_code") == [(f, f, g, e)]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from((2023, 2024, 2025)), st.sampled_from(("预算数", "执行数", "决算数")), st.sampled_from(("元", "万元"))),
        min_size=1, max_size=4, unique=True,
    ),
    st.booleans(),
)
def test_years_stages_and_units_inside_the_header_hold_for_their_column(columns: list[tuple[int, str, str]], deep: bool) -> None:
    stages = {"预算数": "budget", "执行数": "final_accounts", "决算数": "final_accounts"}
    if deep:
        head = "科目编码|科目名称|" + "|".join(f"{y}年" for y, _, _ in columns) + "\n||" + "|".join(f"{s}（{u}）" for _, s, u in columns)
    else:
        head = "科目编码|科目名称|" + "|".join(f"{y}年{s}（{u}）" for y, s, u in columns)
    text = f"支出总表\n\n{head}\n2130301|行政运行|" + "|".join("3.50" for _ in columns) + "\n"
    want = [(y, stages[s], Decimal("3.5") * (10_000 if u == "万元" else 1)) for y, s, u in columns]
    assert [(f["fiscal_year"], f["stage"], f["amount_yuan"]) for f in facts(text)] == want

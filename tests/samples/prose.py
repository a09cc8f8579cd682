"""The running text of the samples: cover, contents, duties, and the explanations that repeat the tables' amounts in sentences.

All sentences are our own. Every amount in them is computed from the body's figures, so that text and tables agree.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from forms import add, levels
from forms_items import three_public_items
from model import YUAN_PER, Block, Body, PageBreak, Text
from names import FUNCTION, ordinal

NOTICE = "样例文件：机构、项目与金额均系虚构，仅供软件演示和测试使用。"


def amount(yuan: Decimal, unit: str = "万元") -> str:
    """An amount as text prints it: two decimals and its unit."""
    return f"{(yuan / YUAN_PER[unit]).quantize(Decimal('0.01'))}{unit}"


def percent(part: Decimal, whole: Decimal) -> str:
    """A share or rate with two decimals, half up."""
    return f"{(part / whole * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def compared(now: Decimal, before: Decimal, than: str, unit: str = "万元") -> str:
    """比上年预算增加43.28万元，增长4.15%."""
    if now == before:
        return f"与{than}持平"
    more = now > before
    change = abs(now - before)
    rate = f"，{'增长' if more else '下降'}{percent(change, before)}" if before else ""
    return f"比{than}{'增加' if more else '减少'}{amount(change, unit)}{rate}"


def cover(body: Body, title: str, month: str = "") -> list[Block]:
    """Cover page."""
    out: list[Block] = [
        Text(body.name, "cover"),
        Text(title, "cover"),
        Text(month or f"{body.year}年2月", "cover"),
        Text(NOTICE, "note"),
        PageBreak(),
    ]
    return out


def contents(*parts: tuple[str, tuple[str, ...]]) -> list[Block]:
    """目录."""
    out: list[Block] = [Text("目　录", "heading")]
    for i, (part, items) in enumerate(parts, 1):
        out.append(Text(f"第{ordinal(i)}部分　{part}"))
        out += [Text(f"{ordinal(k)}、{item}") for k, item in enumerate(items, 1)]
    return [*out, PageBreak()]


def overview(body: Body, duties: tuple[str, ...], *, word: str = "部门") -> list[Block]:
    """第一部分: duties and staff."""
    out: list[Block] = [Text(f"第一部分　{word}概况", "heading"), Text("一、主要职责", "heading")]
    out += [Text(f"（{ordinal(i)}）{d}") for i, d in enumerate(duties, 1)]
    out += [
        Text("二、机构设置", "heading"),
        Text(f"{body.name}为本级预算单位，没有下属单位。现有在职人员{body.staff[0]}人，退休人员{body.staff[1]}人。"),
    ]
    return [*out, PageBreak()]


def explanations(body: Body, *, unit: str = "万元", reception: Decimal | None = None) -> list[Block]:
    """预算情况说明. `reception` prints another amount for 公务接待费 than the table has (for the sample with mistakes)."""
    y, gpb = body.year, "general_public_budget"
    now, before = dict(three_public_items(body, 1)), dict(three_public_items(body, 0))
    income = body.total - body.carryover
    out: list[Block] = [
        PageBreak(),
        Text(f"{y}年预算情况说明", "heading"),
        Text("一、收支预算总体情况", "heading"),
        Text(
            f"{y}年收支总预算{amount(body.total, unit)}，{compared(body.total, body.last_year, '上年预算', unit)}，"
            f"主要原因是项目支出安排调整。其中：本年收入{amount(income, unit)}"
            + (f"，上年结转{amount(body.carryover, unit)}。" if body.carryover else "。")
        ),
        Text("二、支出预算情况", "heading"),
        Text(
            f"{y}年支出预算{amount(body.total, unit)}，其中：基本支出{amount(body.sum('basic'), unit)}，"
            f"占{percent(body.sum('basic'), body.total)}；"
            f"项目支出{amount(body.sum('project'), unit)}，占{percent(body.sum('project'), body.total)}。"
        ),
        Text("三、一般公共预算支出情况", "heading"),
        Text(f"{y}年一般公共预算支出{amount(body.sum('total', gpb), unit)}，按功能分类科目分列如下："),
    ]
    for i, (c, rows) in enumerate(((c, rows) for c, rows in levels(body.of(gpb)) if len(c) == 7), 1):
        name = f"{FUNCTION[c[:3]]}（类）{FUNCTION[c[:5]]}（款）{FUNCTION[c]}（项）"
        out.append(Text(f"{i}.{name}{amount(add(r.total for r in rows), unit)}。"))
    spoken = reception if reception is not None else now["公务接待费"]
    out += [
        Text("四、“三公”经费预算情况", "heading"),
        Text(
            f"{y}年“三公”经费预算{amount(now['合计'], unit)}，{compared(now['合计'], before['合计'], '上年预算', unit)}。其中："
            f"因公出国（境）费{amount(now['因公出国（境）费'], unit)}；公务用车购置费{amount(now['公务用车购置费'], unit)}；"
            f"公务用车运行维护费{amount(now['公务用车运行维护费'], unit)}；公务接待费{amount(spoken, unit)}。"
        ),
    ]
    if body.vehicles:
        out.append(Text(f"截至{y - 1}年末，{body.name}共有公务用车{body.vehicles}辆。"))
    out += [
        Text("五、名词解释", "heading"),
        Text("基本支出：为保障机构正常运转、完成日常工作任务而安排的人员经费和公用经费。"),
        Text("项目支出：为完成特定工作任务，在基本支出之外安排的支出。"),
        Text("“三公”经费：用一般公共预算拨款安排的因公出国（境）费、公务用车购置及运行维护费和公务接待费。"),
    ]
    return out

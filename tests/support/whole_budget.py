"""A whole small budget as text: all usual tables, each of whose figures follows from a few leaves; any table may be given other leaves.

What is planted so is consistent within its table: only what ties tables to one another can find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

COVER = "安宁县水务局2026年部门预算\n\n安宁县水务局2026年部门预算情况说明\n\n"
LEAVES = {
    "staff": "512.34", "office": "61.27", "pension": "80.19", "river": "143.55", "water": "77.08", "fund": "45.60", "service": "38.40",
    "abroad": "3.25", "reception": "2.15", "vehicles": "6.45",
}
TABLES = ("summary", "income", "expenditure", "fiscal", "general", "basic", "fund", "projects", "items")


def _sum(leaves: Mapping[str, str], *names: str) -> str:
    return f"{sum((Decimal(leaves[n]) for n in names), Decimal(0)):.2f}"


def _basic(leaves: Mapping[str, str]) -> tuple[str, str, str]:
    """Personnel, operating, both."""
    return _sum(leaves, "staff", "pension"), leaves["office"], _sum(leaves, "staff", "pension", "office")


def _summary(v: Mapping[str, str]) -> str:
    general, all_of = _sum(v, "staff", "office", "pension", "river"), _sum(v, "staff", "office", "pension", "river", "fund", "service")
    duty = _sum(v, "staff", "office", "river", "service")
    return (f"部门收支总表\n单位：万元\n\n收入|预算数|支出|预算数\n一、一般公共预算拨款收入|{general}|一、农林水支出|{duty}\n"
            f"二、政府性基金预算拨款收入|{v['fund']}|二、社会保障和就业支出|{v['pension']}\n三、事业收入|{v['service']}|三、城乡社区支出|{v['fund']}\n"
            f"收入总计|{all_of}|支出总计|{all_of}\n")


def _income(v: Mapping[str, str]) -> str:
    general, all_of = _sum(v, "staff", "office", "pension", "river"), _sum(v, "staff", "office", "pension", "river", "fund", "service")
    return (f"部门收入总表\n单位：万元\n\n单位名称|合计|一般公共预算|政府性基金预算|事业收入\n"
            f"安宁县水务局|{all_of}|{general}|{v['fund']}|{v['service']}\n"
            f"合计|{all_of}|{general}|{v['fund']}|{v['service']}\n")


def _expenditure(v: Mapping[str, str]) -> str:
    rows = (
        ("213", "农林水支出", _sum(v, "staff", "office"), _sum(v, "river", "service")),
        ("21303", "水利", _sum(v, "staff", "office"), _sum(v, "river", "service")),
        ("2130301", "行政运行", _sum(v, "staff", "office"), "0.00"), ("2130305", "水利工程建设", "0.00", v["river"]),
        ("2130306", "水利工程运行与维护", "0.00", v["service"]),
        ("208", "社会保障和就业支出", v["pension"], "0.00"), ("20805", "行政事业单位养老支出", v["pension"], "0.00"),
        ("2080505", "机关事业单位基本养老保险缴费支出", v["pension"], "0.00"),
        ("212", "城乡社区支出", "0.00", v["fund"]), ("21208", "国有土地使用权出让收入安排的支出", "0.00", v["fund"]),
        ("2120803", "城市建设支出", "0.00", v["fund"]),
    )
    lines = [f"{c}|{n}|{Decimal(b) + Decimal(p):.2f}|{b}|{p}" for c, n, b, p in rows]
    basic, project = _basic(v)[2], _sum(v, "river", "fund", "service")
    lines.append(f"合计||{Decimal(basic) + Decimal(project):.2f}|{basic}|{project}")
    return "部门支出总表\n单位：万元\n\n科目编码|科目名称|合计|基本支出|项目支出\n" + "\n".join(lines) + "\n"


def _fiscal(v: Mapping[str, str]) -> str:
    general, whole = _sum(v, "staff", "office", "pension", "river"), _sum(v, "staff", "office", "pension", "river", "fund")
    duty = _sum(v, "staff", "office", "river")
    return (f"财政拨款收支总表\n单位：万元\n\n收入|预算数|支出|合计|一般公共预算|政府性基金预算\n"
            f"一、一般公共预算拨款|{general}|一、农林水支出|{duty}|{duty}|0.00\n"
            f"二、政府性基金预算拨款|{v['fund']}|二、社会保障和就业支出|{v['pension']}|{v['pension']}|0.00\n"
            f"||三、城乡社区支出|{v['fund']}|0.00|{v['fund']}\n收入总计|{whole}|支出总计|{whole}|{general}|{v['fund']}\n")


def _general(v: Mapping[str, str]) -> str:
    personnel, operating, _ = _basic(v)
    rows = (
        ("213", "农林水支出", v["staff"], operating, v["river"]), ("21303", "水利", v["staff"], operating, v["river"]),
        ("2130301", "行政运行", v["staff"], operating, "0.00"), ("2130305", "水利工程建设", "0.00", "0.00", v["river"]),
        ("208", "社会保障和就业支出", v["pension"], "0.00", "0.00"), ("20805", "行政事业单位养老支出", v["pension"], "0.00", "0.00"),
        ("2080505", "机关事业单位基本养老保险缴费支出", v["pension"], "0.00", "0.00"), ("合计", "", personnel, operating, v["river"]),
    )
    lines = []
    for code, name, p, o, project in rows:
        both = Decimal(p) + Decimal(o)
        lines.append(f"{code}|{name}|{both + Decimal(project):.2f}|{both:.2f}|{p}|{o}|{project}")
    return ("一般公共预算支出表\n单位：万元\n\n科目编码|科目名称|合计|基本支出|基本支出|基本支出|项目支出\n"
            "|||小计|人员经费|公用经费|\n" + "\n".join(lines) + "\n")


def _basic_table(v: Mapping[str, str]) -> str:
    personnel, operating, basic = _basic(v)
    other = f"{Decimal(operating) - Decimal(v['reception']) - Decimal(v['vehicles']):.2f}"
    return (f"一般公共预算基本支出表\n单位：万元\n\n科目编码|科目名称|合计|人员经费|公用经费\n"
            f"301|工资福利支出|{personnel}|{personnel}|0.00\n"
            f"30101|基本工资|{v['staff']}|{v['staff']}|0.00\n30108|机关事业单位基本养老保险缴费|{v['pension']}|{v['pension']}|0.00\n"
            f"302|商品和服务支出|{operating}|0.00|{operating}\n30201|办公费|{other}|0.00|{other}\n"
            f"30217|公务接待费|{v['reception']}|0.00|{v['reception']}\n"
            f"30231|公务用车运行维护费|{v['vehicles']}|0.00|{v['vehicles']}\n合计||{basic}|{personnel}|{operating}\n")


def _fund(v: Mapping[str, str]) -> str:
    return (f"政府性基金预算支出表\n单位：万元\n\n科目编码|科目名称|合计|基本支出|项目支出\n212|城乡社区支出|{v['fund']}|0.00|{v['fund']}\n"
            f"21208|国有土地使用权出让收入安排的支出|{v['fund']}|0.00|{v['fund']}\n2120803|城市建设支出|{v['fund']}|0.00|{v['fund']}\n"
            f"合计||{v['fund']}|0.00|{v['fund']}\n")


def _projects(v: Mapping[str, str]) -> str:
    whole, first = _sum(v, "river", "fund", "service"), f"{Decimal(v['river']) - 50:.2f}"
    general = v["river"]
    return (f"项目支出表\n单位：万元\n\n项目名称|合计|一般公共预算|政府性基金预算|事业收入\n"
            f"河道整治|{first}|{first}|0.00|0.00\n水库除险加固|50.00|50.00|0.00|0.00\n"
            f"城区排水改造|{v['fund']}|0.00|{v['fund']}|0.00\n泵站运行|{v['service']}|0.00|0.00|{v['service']}\n"
            f"合计|{whole}|{general}|{v['fund']}|{v['service']}\n")


def _items(v: Mapping[str, str]) -> str:
    whole = _sum(v, "abroad", "reception", "vehicles")
    return (f"“三公”经费支出表\n单位：万元\n\n项目|预算数\n合计|{whole}\n因公出国（境）费|{v['abroad']}\n公务接待费|{v['reception']}\n"
            f"公务用车购置及运行费|{v['vehicles']}\n其中：公务用车购置费|0.00\n公务用车运行维护费|{v['vehicles']}\n")


_MAKERS = (_summary, _income, _expenditure, _fiscal, _general, _basic_table, _fund, _projects, _items)


def whole_budget(**changed: Mapping[str, str]) -> str:
    """The tables of a budget; `changed` gives a table (by its name in TABLES) other leaves than the rest."""
    return "\n".join(maker(LEAVES | dict(changed.get(name, {}))) for name, maker in zip(TABLES, _MAKERS, strict=True))

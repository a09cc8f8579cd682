"""Any form of indicators comes back row by row, and any typed target is its own parts."""

from __future__ import annotations

import string
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from merged_forms import grid, line, records

from pipelines.normalise.performance_targets import parse_target

NAMES = st.text(alphabet="清淤巡查维护宣传水库堤防河道站点记录资料", min_size=4, max_size=10)
UNITS = st.sampled_from(["次", "个", "公里", "%", "万元", "人次", "元/人/天", ""])
SIGNS = st.sampled_from([("≥", ">="), ("≤", "<="), ("=", "="), ("不低于", ">="), ("不超过", "<="), ("", None)])
NUMBERS = st.decimals(min_value=0, max_value=10_000_000, places=2, allow_nan=False)


@given(sign=SIGNS, number=NUMBERS, unit=UNITS, grouped=st.booleans(), blanks=st.booleans())
def test_a_target_is_its_operator_value_and_unit(
    sign: tuple[str, str | None], number: Decimal, unit: str, grouped: bool, blanks: bool
) -> None:
    printed = f"{number:,}" if grouped else f"{number}"
    gap = " " if blanks else ""
    found = parse_target(f"{sign[0]}{gap}{printed}{gap}{unit}")
    assert found == (sign[1], float(number), unit or None)


@given(st.text(alphabet=string.printable + "≥≤以上前底万元%年月日第十", max_size=24))
def test_any_text_is_a_target_or_stays_text(text: str) -> None:
    found = parse_target(text)
    assert found.value is None or found.value >= 0 or "-" in text


ROWS = st.lists(st.tuples(NAMES, SIGNS, st.integers(0, 99_999), st.sampled_from(["次", "个", "%"])), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(project=NAMES, amount=st.integers(1, 10**7), rows=ROWS)
def test_a_drawn_form_gives_back_its_rows(project: str, amount: int, rows: list[tuple[str, tuple[str, str | None], int, str]]) -> None:
    text = f"项目名称|{project}工程|<|<\n项目资金（万元）|年度资金总额|{amount / 100:.2f}|\n一级指标|二级指标|三级指标|指标值\n"
    for n, (name, sign, value, unit) in enumerate(rows):
        text += f"{'产出指标' if n == 0 else '^'}|{'数量指标' if n == 0 else '^'}|{name}|{sign[0]}{value}{unit}\n"
    made = records(line("项目支出绩效目标表"), grid(text))
    assert [
        (i["scope"], i["level2"], i["indicator"], i["target_operator"], i["target_value"], i["target_unit"]) for i in made["indicators"]
    ] == [(f"{project}工程", "数量指标", name, sign[1], float(value), unit) for name, sign, value, unit in rows]
    assert [f["amount_yuan"] for f in made["facts"]] == [Decimal(amount) * 100]

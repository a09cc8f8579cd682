"""How points (分值) and scores (得分) of a performance form are stored, and the same gathered by form for whoever adds them up.

What a form prints, and where it goes:
- an indicator's 分值 and 得分: `indicators.points` and `indicators.score` of its row. A cell merged over several indicators counts once,
  with the first of them. A 预算执行率 row inside the list of indicators is an indicator like any other (level1 预算执行率).
- 分值, 执行率 and 得分 beside the amounts of the form's own money block (年度资金总额 | … | 10 | 97.5% | 9.75): relation `statistics`,
  named `分值 / 年度资金总额`, `执行率 / 年度资金总额` (unit %), `得分 / 年度资金总额`; a printed — gives nothing. A label
  `执行率分值（10分）` without a score of its own gives `分值 / 执行率`.
- the row 总分 (合计, 总计, 总得分 ...): never an indicator; relation `statistics`, named `分值 / 总分` and `得分 / 总分`, unit 分. The row
  小计 likewise, but it is no total of the form.
- scores by project in a list of projects keep the header's own words (`自评得分 / 河道清淤`) and belong to no form's sum.
`form_id` is the same for all of one printed form, also when it goes on over pages and tables, and for no other form.

So in `score_forms`: sum of `points` + `execution_points` should be `total_points` (100 where none is printed), and sum of `scores` +
`execution_score` should be `total_score`. In some forms the printed total covers the indicators alone (90).
Not here: the check itself (audit), or how cells are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipelines.understand.text import bare

NAMES = {"points": "分值", "score": "得分"}
EXECUTION = "执行率"
_LINK = " / "
_TOTAL = re.compile(r"^(?:自评)?(?:总分|总得分|总评分|总分值|综合得分|合计|总计|总合计|合计得分|(?:得分|分值|分数)(?:合计|总计)?)$")
_REMARK = re.compile(r"（[^）]*）")


@dataclass
class ScoreForm:
    """Points and scores of one printed form; blank ones are left out, so the two lists may differ in length.

    `execution_points`, `execution_score`: those of the budget's execution (执行率), which stand outside the list of indicators.
    `indicators`: ids of the indicators that the lists come from, in reading order, with points or a score.
    """

    form_id: str
    document_id: str
    table_id: str | None
    page: int | None
    scope: str | None = None
    indicators: list[str] = field(default_factory=list)
    points: list[Decimal] = field(default_factory=list)
    scores: list[Decimal] = field(default_factory=list)
    unscored: int = 0  # indicators with points but no score
    execution_points: Decimal | None = None
    execution_score: Decimal | None = None
    total_points: Decimal | None = None
    total_score: Decimal | None = None


def is_sum(label: str) -> bool:
    """Whether a row's label says that it adds up scores, of all the form (总分, 合计, 总分（100分）) or of a part of it (小计)."""
    return is_total(label) or _REMARK.sub("", bare(label)) == "小计"


def is_total(label: str) -> bool:
    """Whether a row's label says that it adds up the scores of all the form."""
    return bool(_TOTAL.match(_REMARK.sub("", bare(label))))


def score_forms(indicators: Iterable[Mapping[str, Any]], statistics: Iterable[Mapping[str, Any]]) -> list[ScoreForm]:
    """The points and scores of a document's rows of `indicators` and `statistics`, by printed form, in order of the first row of each.

    Forms without points and scores are left out.
    """
    forms: dict[str, ScoreForm] = {}
    for row in indicators:
        if row["form_id"] is None or (row["points"] is None and row["score"] is None):
            continue
        form = forms.setdefault(row["form_id"], ScoreForm(row["form_id"], row["document_id"], row["table_id"], row["page"]))
        form.scope = form.scope or row["scope"]
        form.indicators.append(row["indicator_id"])
        if row["points"] is not None:
            form.points.append(Decimal(str(row["points"])))
        if row["score"] is not None:
            form.scores.append(Decimal(str(row["score"])))
        form.unscored += row["score"] is None
    for row in statistics:
        kind, _, label = str(row["name"]).partition(_LINK)
        if row["form_id"] is None or row["unit"] != "分" or kind not in NAMES.values() or not label:
            continue
        if is_sum(label) and not is_total(label):
            continue
        form = forms.setdefault(row["form_id"], ScoreForm(row["form_id"], row["document_id"], row["table_id"], row["page"]))
        what = "points" if kind == NAMES["points"] else "score"
        name = f"{'total' if is_total(label) else 'execution'}_{what}"
        if name.startswith("total") or getattr(form, name) is None:  # 其中 rows below may repeat it; of totals the last one counts
            setattr(form, name, row["value"])
    return list(forms.values())

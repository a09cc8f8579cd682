"""The arithmetic of performance forms: points and scores that add up, scores within their points, rates that follow from amounts.

Here: checks and findings of rule `score_sum` over relations `indicators`, `statistics` and `facts` of one document. Points are no money:
the amounts of `checks` stay null and `detail` shows the sum. All findings are warnings: a form may lack a row that was not printed as an
indicator. Not here: reading the forms (normalise.performance), whether targets were met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.audit.rules import rules
from pipelines.audit.sentences import AT_MOST, OTHER_SIDES, THE_PARTS
from pipelines.normalise.facts import hash_id
from pipelines.normalise.performance_scores import ScoreForm, is_sum, score_forms
from pipelines.understand.text import bare

Record = dict[str, Any]
_FULL = (Decimal(100), Decimal(90))  # 90 where 10 points are for the execution of the budget
_EXECUTION = Decimal(10)  # points that the execution of the budget has where the form leaves them blank
_FEWEST = 3  # indicators with points before a form is seen as one with points
_KINDS = {"分值", "得分", "执行率"}
_TOTALS = frozenset({"points_sum", "scores_sum"})
_HUNDRED = Decimal(100)
_BORNE_OUT = 4  # forms whose score follows from the rate, for each whose does not


@dataclass(slots=True)
class Form:
    """One printed form: points and scores gathered, its indicators, what its rows of funds score (by label, then 分值, 得分, 执行率)."""

    gathered: ScoreForm
    indicators: list[Record] = field(default_factory=list)
    funds: dict[str, dict[str, Record]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scored:
    """One check of a form. `wrong` says what should stand there; null when it holds."""

    rule: str
    form: ScoreForm
    outcome: str
    trivial: bool
    detail: str
    printed: str
    expected: str | None = None
    about: str = ""
    fact_ids: tuple[str, ...] = ()


def score_checks(frames: Mapping[str, pl.DataFrame]) -> list[Scored]:
    """All checks of a document's performance forms, in the order of the forms."""
    if "indicators" not in frames:
        return []
    forms = _forms(frames)
    out: list[Scored] = []
    for form in forms:
        out.extend(_sums(form.gathered, form.funds))
        out.extend(_within(form))
    out.extend(_rates(frames, forms))
    out.extend(_execution_scores(forms))
    return out


def _forms(frames: Mapping[str, pl.DataFrame]) -> list[Form]:
    indicators, statistics = frames["indicators"].to_dicts(), frames["statistics"].to_dicts()
    forms = {gathered.form_id: Form(gathered) for gathered in score_forms(indicators, statistics)}
    for row in indicators:
        if row["form_id"] in forms:
            forms[row["form_id"]].indicators.append(row)
    for row in statistics:
        kind, _, label = row["name"].partition(" / ")
        if row["form_id"] in forms and kind in _KINDS and not is_sum(label):
            forms[row["form_id"]].funds.setdefault(label, {}).setdefault(kind, row)
    return list(forms.values())


def _sums(form: ScoreForm, funds: Mapping[str, Mapping[str, Record]]) -> Iterator[Scored]:
    """Σ分值 and Σ得分, with what the execution of the budget scores: of several rows of funds the whole, which scores most."""
    for name, rule, values, extra, printed in (
        ("分值", "points_sum", form.points, form.execution_points, form.total_points),
        ("得分", "scores_sum", form.scores, form.execution_score, form.total_score),
    ):
        if len(values) < _FEWEST or (name == "得分" and form.unscored):
            continue
        own = sum(values, Decimal(0))
        extra = max((parts[name]["value"] for parts in funds.values() if name in parts), default=extra)
        choices = [own, own + (extra if extra is not None else _EXECUTION)]
        shown = _plain(own) if extra is None else f"{_plain(own)} + {_plain(extra)}"
        if printed is None:
            if name == "分值":
                good = any(c in _FULL for c in choices)
                yield Scored(rule, form, "pass" if good else "insufficient_data", False, f"{shown} = {_plain(own)}", _plain(own))
        elif printed in choices:
            yield Scored(rule, form, "pass", False, f"{shown} = {_plain(printed)}", _plain(printed))
        elif extra is None and name == "得分" and own < printed <= own + _EXECUTION:  # what the execution scored is not printed
            yield Scored(rule, form, "pass", True, f"{shown} ≤ {_plain(printed)} ≤ {_plain(choices[-1])}", _plain(printed))
        else:
            due = choices[-1] if extra is not None or funds else own
            shown = _plain(own) if due == own else f"{_plain(own)} + {_plain(due - own)}"
            detail = f"{shown} = {_plain(due)} ≠ {_plain(printed)}"
            yield Scored(rule, form, "fail", False, detail, _plain(printed), f"{THE_PARTS}{_plain(due)}", name)


def _within(form: Form) -> Iterator[Scored]:
    """No score exceeds its points."""
    pairs = [
        (i["indicator"], Decimal(str(i["points"])), Decimal(str(i["score"]))) for i in form.indicators
        if i["points"] is not None and i["score"] is not None
    ]
    pairs += [(label, p["分值"]["value"], p["得分"]["value"]) for label, p in form.funds.items() if {"分值", "得分"} <= p.keys()]
    beyond = [(label, points, score) for label, points, score in pairs if score > points]
    if pairs and not beyond:
        yield Scored("score_within", form.gathered, "pass", True, f"{len(pairs)}项得分均不超过分值", "")
    for label, points, score in beyond:
        detail = f"{label}: {_plain(score)} > {_plain(points)}"
        yield Scored("score_within", form.gathered, "fail", True, detail, _plain(score), f"{AT_MOST}{_plain(points)}", str(label))


def _execution_scores(forms: Sequence[Form]) -> list[Scored]:
    """得分 = 分值 × 执行率: no form says so in its cells, but where nearly all forms of a document score that way, the others should."""
    made: list[tuple[bool, Scored]] = []
    for form in forms:
        for label, parts in form.funds.items():
            if parts.keys() != _KINDS:
                continue
            points, score, rate = (parts[kind]["value"] for kind in ("分值", "得分", "执行率"))
            if rate >= _HUNDRED or points <= 0:
                continue
            due = points * rate / _HUNDRED
            good = abs(score - due) <= Decimal(1).scaleb(_last_place(score)) / 2 + points / 20_000  # rates are printed to 0.01 %
            detail = f"{label}: {_plain(points)} × {_plain(rate)}% = {due:.2f}"
            made.append((good, Scored("execution_score", form.gathered, "pass" if good else "fail", False, detail, _plain(score),
                                      None if good else f"{due:.2f}", f"{label}·得分")))
    held = sum(good for good, _ in made)
    borne_out = held >= _FEWEST and held >= _BORNE_OUT * (len(made) - held)
    return [s if good or borne_out else replace(s, outcome="not_applicable") for good, s in made]


def _rates(frames: Mapping[str, pl.DataFrame], forms: Sequence[Form]) -> Iterator[Scored]:
    """执行率 = 执行数 ÷ 预算数, where both amounts stand in the row of the rate."""
    rates = {
        (parts["执行率"]["table_id"], label): (form, parts["执行率"]["value"])
        for form in forms for label, parts in form.funds.items() if "执行率" in parts
    }
    rows: dict[tuple[str, str], dict[str, list[Record]]] = {}
    for fact in frames["facts"].iter_rows(named=True) if rates else ():
        key = (fact["table_id"], bare(fact["row_label"] or ""))
        if key in rates and fact["stage"] in ("budget", "adjusted_budget", "final_accounts"):
            rows.setdefault(key, {}).setdefault(fact["stage"], []).append(fact)
    for key, (form, value) in rates.items():
        stages = rows.get(key, {})
        base, done = stages.get("adjusted_budget") or stages.get("budget") or [], stages.get("final_accounts") or []
        if base and done:
            yield _rate(key[1], form.gathered, value, base, done)


def _rate(label: str, form: ScoreForm, value: Decimal, base: Sequence[Record], done: Sequence[Record]) -> Scored:
    """The rate of the row's own amounts; of several (总额 | 财政拨款 | 其他资金) the greatest, which is the whole."""
    budget, spent = (max(facts, key=lambda f: f["amount_yuan"]) for facts in (base, done))
    ids = (budget["fact_id"], spent["fact_id"])
    if budget["amount_yuan"] <= 0:
        return Scored("execution_rate", form, "not_applicable", True, f"{label}: 预算数为0", _plain(value), fact_ids=ids)
    least, most = _quotient(spent, budget)
    slack = Decimal(1).scaleb(_last_place(value)) / 2
    exact = spent["amount_yuan"] / budget["amount_yuan"] * _HUNDRED
    detail = f"{label}: {spent['raw_text']} ÷ {budget['raw_text']} = {exact:.2f}%"
    if least - slack <= value <= most + slack:
        return Scored("execution_rate", form, "pass", True, detail, f"{_plain(value)}%", fact_ids=ids)
    return Scored("execution_rate", form, "fail", True, detail, f"{_plain(value)}%", f"{exact:.2f}%", f"{label}·执行率", ids)


def _quotient(spent: Record, budget: Record) -> tuple[Decimal, Decimal]:
    """The interval of the rate in percent, each amount being good to half its last digit."""
    s, b = spent["amount_yuan"], budget["amount_yuan"]
    ds, db = (spent["increment_yuan"] or 0) / 2, (budget["increment_yuan"] or 0) / 2
    lowest = (s - ds) / (b + db) * _HUNDRED
    highest = (s + ds) / (b - db) * _HUNDRED if b > db else Decimal(10**6)
    return lowest, highest


def _last_place(value: Decimal) -> int:
    """Power of ten of the last printed digit: rates are printed with up to two decimals, whole ones as a rule rounded to them."""
    places = -int(value.normalize().as_tuple().exponent)
    return -min(max(places, 0), 2)


def _plain(value: Decimal) -> str:
    text = f"{value.normalize():f}"
    return text.removesuffix(".0")


def score_rows(document_id: str, made: Sequence[Scored]) -> tuple[list[Record], list[Record]]:
    """Rows of `checks`, and of `findings` for those that fail."""
    checks, findings = [], []
    for n, one in enumerate(made):
        rule = rules()[one.rule]
        check_id = hash_id(document_id, one.rule, one.form.form_id, one.about, n)
        checks.append({
            "check_id": check_id, "document_id": document_id, "rule": one.rule, "outcome": one.outcome, "trivial": one.trivial,
            "fact_ids": list(one.fact_ids), "table_id": one.form.table_id, "detail": f"{rule.zh}：{one.detail}",
        })
        if one.outcome == "fail":
            findings.append(_finding(document_id, one, check_id))
    return checks, findings


def _finding(document_id: str, one: Scored, check_id: str) -> Record:
    rule = rules()[one.rule]
    where = f"第{one.form.page}页" if one.form.page else ""
    what = "" if one.form.scope in (None, "department") else f"《{one.form.scope}》"
    page = f"Page {one.form.page}: " if one.form.page else ""
    about = f"总{one.about}" if one.rule in _TOTALS else one.about
    due = one.expected if (one.expected or "").startswith(OTHER_SIDES) else f"应为{one.expected}"
    return {
        "finding_id": hash_id(document_id, "score_sum", one.rule, one.form.form_id, one.about), "document_id": document_id,
        "rule": rule.family, "severity": "warning", "verdict": "undecided", "page": one.form.page,
        "fact_id": one.fact_ids[-1] if one.fact_ids else None, "printed": one.printed, "expected": one.expected, "proofs": [check_id],
        "message_zh": f"{where}{what}{about}公布为{one.printed}，{due}（{rule.zh}：{one.detail}）。",
        "message_en": f"{page}{what}{about} prints {one.printed} where {rule.en}: {one.detail}.",
    }

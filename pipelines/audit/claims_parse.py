"""From paragraphs to claims: each amount with its change, growth rate, share, completion rate and stated direction.

Here: reading sentences. An amount becomes a claim; a change, a rate or a share belongs to the amount it follows. Not here: what the words
mean (`claims_meaning`), whether it is true (`claims_match`, `claims_arithmetic`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipelines.audit.claims_carried import before_bracket, both_sides, handed_on, names_again, opened_above, spent
from pipelines.audit.claims_meaning import CHAIN, COVERED, Meaning, Names, chain_codes, meaning_of, reviewed_project
from pipelines.audit.claims_model import Claim, Printed
from pipelines.audit.claims_moves import (
    ALL_FLAT,
    AMBIGUOUS,
    LED,
    MOVED,
    MOVED_MONEY,
    SET_OUT,
    SPOKEN,
    UNCHANGED,
    base_said,
    listed,
    same,
    signed,
    spoken_of,
)
from pipelines.audit.claims_numbers import TOKEN, increment, number, printed
from pipelines.audit.claims_text import Paragraph

__all__ = ["Claim", "Printed", "claims_in", "funding_in"]
_AGAINST = re.compile(r"(?:比|较|与|同比|和|同)(?=.{0,24})")
_SHARE = re.compile(r"占(?P<whole>[^，。；]*?)(?:的|比|比例|比重|约|为)*$")
_DONE = re.compile(r"完成(?P<whole>[^，。；]*预算[^，。；]*?)(?:的|比例|为)*$|(?:执行率|完成率|完成比例|完成预算)(?:为|达|达到|：)?$")
_FLAT_BASE = re.compile(r"(?:比|较|与|和|同)[^，。；]{0,24}$")
_OPENS = re.compile(r"(?:[^，。；：]{0,12}[、.：]|（[^）]{1,3}）|20\d\d年度?[，]?|[^，。；：]{0,8}20\d\d年度?，)*")
_BASE = re.compile(
    r"(?:同?比|较|对比|相比)(?P<base>(?:本部门|本单位)?(?:上年|去年|20\d\d年|(?:年初|全年)?预算)"
    r"(?:度|年初|年终|部门|预算|决算|执行|实际|累计|完成|安排|同期|支出|收入|总额|合计|总计|公开|数|的|为|“|三公|经费|财政拨款|一般公共)*)$")
_DONE_OF = re.compile(r"完成[^，。；]*预算[^，。；]*$")
_PART_OF = re.compile(r"^的?(?:比例|比重)?(?:约|为)?\d[\d.]*%")
_COVERING = re.compile(r"涉及[^，；]{0,12}[个项]，$")  # 涉及一级项目3个，预算资金…万元
_LONGEST_TITLE = 90  # characters of a title that names a subject
_ABOUT = re.compile(r"(?:基本|大致|大体|略|总体)$")
_LIST_HEAD = re.compile(r"其中|分项|具体[是为]|包括|如下|分别|以下|方面：|：$")
_NO_AMOUNT = re.compile(r"(?:单价|价值|人均|均价|平均|每[人台辆个]|以上|以下|不超过|超过|标准)[^，。；]{0,6}$")
_AFTER = re.compile(r"^(?:以上|以下|以内|（含[）\d]|/|每|左右)")


def claims_in(paragraph: Paragraph, names: Names, order: int = 0, context: str | None = None, heading: str = "") -> list[Claim]:
    """The claims of one paragraph, in reading order. `context` is the source of funds that the headings above speak of, `heading` the
    line right above, which names the subject of a text that only says 2026年预算安排…万元."""
    found = _Reader(paragraph, names, order, heading).read()
    for claim in found:
        lead = claim.paragraph.text[: claim.position]
        claim.context = claim.meaning.funding or funding_in(lead) or context
    return found


def funding_in(text: str) -> str | None:
    """The last source of funds a text names."""
    found = None
    for m in _SOURCES.finditer(text):
        found = _SOURCE[m.lastgroup or ""]
    return found


_SOURCES = re.compile(
    r"(?P<gpb>一般公共预算)|(?P<fund>政府性基金)|(?P<capital>国有资本经营)|(?P<fiscal>(?<!预算)财政拨款|财政预算)"
    r"|(?P<all>部门(?:总)?(?:预算)?(?:收入|支出|收支)|收支总)")
_SOURCE = {
    "gpb": "general_public_budget", "fund": "government_fund_budget", "capital": "state_capital_budget", "fiscal": "fiscal_appropriation",
    "all": None,
}


class _Reader:
    """Scans one paragraph, keeping the amount that changes and rates belong to."""

    def __init__(self, paragraph: Paragraph, names: Names, order: int, heading: str = "") -> None:
        self.paragraph, self.text, self.names, self.order, self.heading = paragraph, paragraph.text, names, order, heading
        self.claims: list[Claim] = []
        self.current: Claim | None = None
        self.head: Claim | None = None
        self.resumed: Claim | None = None  # the amount of the sentence before that this one goes on about
        self.sentence_no = 0
        self.sentence_start = 0

    def read(self) -> list[Claim]:
        end = 0
        for token in self._tokens():
            gap = self.text[end : token.start()]
            if "。" in gap:
                self.sentence_no += 1
                self.sentence_start = end + gap.rindex("。") + 1
                gap = gap[gap.rindex("。") + 1 :]
            elif gap.startswith("）"):
                self.current = before_bracket(self.claims, self.text, end) or self.current
            self._take(token, gap)
            end = token.end()
        return self.claims

    def _tokens(self) -> Iterator[re.Match[str]]:
        return TOKEN.finditer(self.text)

    def _take(self, token: re.Match[str], gap: str) -> None:
        clause = re.split(r"[，；]", gap)[-1].lstrip("、") if not token["flat"] else gap
        if token["flat"]:
            self._flat(token, gap)
        elif token["percent"]:
            self._percent(token, gap, clause)
        elif number(token["number"]) == 0 and (still := UNCHANGED.search(clause)):
            self._change(token, gap, clause, still)
        elif _NO_AMOUNT.search(clause) or _AFTER.match(self.text[token.end() : token.end() + 3]) or AMBIGUOUS.search(clause):
            return
        elif (moved := MOVED.search(clause) or MOVED_MONEY.search(clause)) and self._says_change(moved["verb"], clause[: moved.start()]):
            self._change(token, gap, clause, moved)
        elif led := LED.fullmatch(clause):
            self._moved_by(token, led["verb"], meaning_of(led["name"], self.names))
        else:
            self._amount(token, gap)

    def _says_change(self, verb: str, lead: str) -> bool:
        """Whether a verb says a change: 节约, 少 only where something is held against, 比预算35万元少支2.5万元."""
        beside_base = not lead and self.current is not None and self.current.base is not None
        return verb not in SPOKEN or beside_base or _AGAINST.search(lead) is not None

    def _amount(self, token: re.Match[str], gap: str) -> None:
        pieces = re.split(r"[，；：、]", gap)
        phrase = pieces[-1]
        if not phrase and len(pieces) > 1:
            phrase = pieces[-2]
        phrase = both_sides(gap, re.sub(r"^(?:（含(?=[一-鿿]{3})|其中|包括|主要包括|主要是|主要用于)[：:]?", "", phrase))
        if self._beside(token, gap, phrase):
            return
        meaning = meaning_of(self._with_brackets(token.start(), phrase), self.names)
        if not meaning.says_what and not meaning.unknown and _COVERING.search(gap[: len(gap) - len(phrase)]):
            meaning = meaning_of(f"涉及{phrase}", self.names)
        topic = self._topic(token.start())
        here = self.current
        inherited = False
        if topic and not meaning.codes and not meaning.unknown and not (meaning.funding or meaning.item or meaning.topic):
            meaning = _joined(meaning, topic[0], topic[1])
        elif here is not None and here.sentence_no == self.sentence_no and _only_stage(meaning):
            here.meaning = spent(here.meaning, meaning, phrase)
            meaning = replace(here.meaning, stage=meaning.stage, year=meaning.year or here.meaning.year)
            inherited = True
        elif (titled := self._titled(meaning, token.start() - len(phrase))) is not None:
            meaning, inherited = titled, True
        if here is not None and here.sentence_no == self.sentence_no and _is_covered(here.meaning, meaning, gap):
            meaning = replace(meaning, topic=COVERED, soft=True)  # 涉及一般公共预算…万元，政府性基金预算…万元
        if meaning.part and meaning.funding is None:
            meaning = replace(meaning, funding=self._source_of_procurement())
        claim = Claim(self.paragraph, token.start(), meaning, amount=printed(token), order=self.order + len(self.claims),
                      sentence_no=self.sentence_no, inherited=inherited,
                      leading=_OPENS.fullmatch(self.text[self.sentence_start : token.start() - len(phrase)]) is not None)
        if here is not None and _LIST_HEAD.search(gap):
            self.head = here
        claim.head = self.head
        claim.meaning = handed_on(meaning, self.head, self.sentence_no, self.text[self.sentence_start:])
        if here is not None and here.sentence_no == self.sentence_no and not _LIST_HEAD.search(gap):
            claim.clause_alone = False
        self.claims.append(claim)
        again = here is not None and here.sentence_no == self.sentence_no and (inherited or names_again(meaning, here.meaning))
        if again and here is not None and self._is_last_year(meaning, here):
            here.base = claim.amount  # 2026年7.61万元，2025年9.23万元，减少1.62万元: what follows speaks of this year still
            return
        self.current = claim

    def _source_of_procurement(self) -> str | None:
        """The source that the sentence names with the procurement whose parts follow: 一般公共预算拨款政府采购…万元：货物…."""
        own = (c.meaning for c in reversed(self.claims) if c.sentence_no == self.sentence_no)
        return next((m.funding for m in own if m.topic == "procurement" and not m.part), None)

    def _is_last_year(self, meaning: Meaning, here: Claim) -> bool:
        own = here.meaning.year or self.names.year
        return own is not None and meaning.year == own - 1 and here.amount is not None and here.base is None

    def _beside(self, token: re.Match[str], gap: str, phrase: str) -> bool:
        """An amount that the one before is held against: 比2025年预算X万元, 完成预算X万元的, 占…X万元的."""
        here = self.current
        if self.text[self.sentence_start:token.start()] == phrase and _BASE.match(phrase) and (
                above := opened_above(self.claims, self.sentence_no)) is not None:
            self.current = self.resumed = above
            above.base, above.against = printed(token), phrase
            return True
        if here is None or here.sentence_no != self.sentence_no or here.amount is None:
            return False
        following = self.text[token.end() : token.end() + 8]
        if against := _BASE.match(phrase):
            if here.base is not None or here.change is not None:  # a second base: what follows is of no claim
                self.current = replace(
                    here, base=printed(token), change=None, percent=None, share=None, done=None, against=against["base"])
                return True
            here.base, here.against = printed(token), against["base"]
            return True
        if _DONE_OF.match(phrase) and _PART_OF.match(following):
            if here.done is None:
                here.budget = printed(token)
            return True
        if phrase.startswith("占") and _PART_OF.match(following):
            here.whole = printed(token)
            return True
        return False

    def _titled(self, meaning: Meaning, start: int) -> Meaning | None:
        """The meaning that a title gives to bare words of year and stage: （一）公务接待费。2026年预算数…, ○○：预算安排…."""
        if meaning.says_what or meaning.unknown or meaning.unit:
            return None
        before = self.text[self.sentence_start : start].rstrip("，")
        if before.endswith("："):
            title = before
        elif before and not re.fullmatch(r"20\d\d年度?", before):
            return None
        elif self.sentence_start:
            title = re.split(r"[。！？]", self.text[: self.sentence_start - 1])[-1]
        else:
            title = self.heading
        if not title or len(title) > _LONGEST_TITLE or TOKEN.search(title):
            return None
        project = reviewed_project(title, self.names)
        if project is not None:
            return replace(project, stage=meaning.stage, year=meaning.year)
        said = meaning_of(title.rstrip("：。"), self.names)
        if said.unknown or not said.says_what:
            said = meaning_of(re.split(r"[，：]", title.rstrip("：。"))[-1], self.names)
        if not said.says_what or said.unknown:
            return None
        return replace(said, stage=meaning.stage or said.stage, year=meaning.year or said.year, period=meaning.period or said.period)

    def _with_brackets(self, position: int, phrase: str) -> str:
        """The phrase with the 类/款/项 chain or the bracket that a delimiter cut off."""
        sentence = self.text[self.sentence_start : position]
        if "）" in phrase and phrase.count("）") > phrase.count("（"):
            opened = sentence.rfind("（", 0, len(sentence) - len(phrase))
            if opened >= 0:
                start = max((sentence.rfind(mark, 0, opened) for mark in "，；：、"), default=-1) + 1
                return sentence[start:]
        return phrase

    def _topic(self, position: int) -> tuple[tuple[tuple[str, str], ...], str] | None:
        """The subject that a 类/款/项 chain before the position names, in this paragraph."""
        found = list(CHAIN.finditer(self.text, 0, position))
        if not found:
            return None
        last = len(found) - 1
        first = last
        levels = "类款项"
        while first > 0 and levels.index(found[first - 1]["level"]) < levels.index(found[first]["level"]):
            first -= 1
        since = self.text[found[last].end() : position]
        if sum(1 for t in TOKEN.finditer(since) if t["unit"]) > 3 or _CHAIN_OVER.search(since):
            return None
        return chain_codes(found[first:], self.names), found[last]["name"]

    def _change(self, token: re.Match[str], gap: str, clause: str, moved: re.Match[str]) -> None:
        lead = clause[: moved.start()]
        against = _AGAINST.search(lead)
        head = lead[: against.start()] if against else lead
        compared = lead[against.end():] if against else ""
        if not lead and (set_out := SET_OUT.search(gap)):
            head, compared = set_out["head"], set_out["base"]
        target = self._target(token, gap, head)
        if target is not None and target.change is not None and compared and compared != target.against:
            target = self._held_again(token, target)
        if target is None or target.change is not None:
            return
        target.change = signed(printed(token), moved["verb"])
        target.against = compared or base_said(gap)

    def _held_again(self, token: re.Match[str], target: Claim) -> Claim | None:
        """The amount once more, for a second comparison: 较年初预算减少10万元，较上年减少1万元, 下降5%."""
        if target.sentence_no != self.sentence_no or not (target.amount or target.against):
            return None
        again = Claim(self.paragraph, token.start(), target.meaning, amount=target.amount, order=self.order + len(self.claims),
                      sentence_no=self.sentence_no, inherited=True, head=target.head, clause_alone=target.clause_alone)
        self.claims.append(again)
        return self._at(again)

    def _moved_by(self, token: re.Match[str], verb: str, meaning: Meaning) -> None:
        """A change before the name of what changes: 压减宣传专项资金190万元."""
        here = self.current
        own = here is not None and here.change is None and here.amount is not None and meaning.says_what and same(meaning, here.meaning)
        (here if own and here is not None else self._bare(token, meaning)).change = signed(printed(token), verb)

    def _target(self, token: re.Match[str], gap: str, head: str) -> Claim | None:
        """The claim that a change belongs to: the current amount, or a new claim where the words name another thing or nothing known."""
        meaning = meaning_of(head, self.names) if head else Meaning()
        here = self.current
        if here is not None and meaning.year is not None and meaning.year != (here.meaning.year or self.names.year or meaning.year):
            return None  # 2024年支出5万元…，因此2025年预算比上年减少1万元
        if meaning.says_what or len(meaning.unknown) > 2:
            return self._at(spoken_of(self.claims, here, self.sentence_no, meaning, self.names.year)) or self._bare(token, meaning)
        if here is not None and here.sentence_no != self.sentence_no and here is not self.resumed:
            before = [c for c in self.claims if c.amount is not None and c.sentence_no == self.sentence_no - 1]
            if len(before) != 1 or here is not before[0]:
                return self._at(listed(self.claims, before)) or self._bare(token, meaning)
        return here

    def _at(self, claim: Claim | None) -> Claim | None:
        """The claim, which what follows belongs to, if there is one."""
        self.current = claim or self.current
        return claim

    def _bare(self, token: re.Match[str], meaning: Meaning) -> Claim:
        """A new claim of a change alone, which what follows belongs to."""
        claim = Claim(self.paragraph, token.start(), meaning, order=self.order + len(self.claims), sentence_no=self.sentence_no)
        self.claims.append(claim)
        self.current = claim
        return claim

    def _percent(self, token: re.Match[str], gap: str, clause: str) -> None:
        here = self.current
        if here is None:
            return
        value = Printed(number(token["number"]), increment(token["number"]), token.group(), token.start())
        if here.whole is not None and here.share is None and clause in ("的", "的比例为", "的比重为", ""):
            here.share = value
        elif here.budget is not None and here.done is None and clause in ("的", "的比例为", ""):
            here.done = value
        elif clause == "（" and here.change is not None and here.percent is None and self._right_behind(token, here.change):
            here.percent = replace(value, value=value.value.copy_sign(here.change.value))
        elif done := _DONE.search(clause):
            if here.sentence_no == self.sentence_no and here.done is None and not (done.groupdict().get("whole") or "").startswith("总"):
                here.done = value
        elif AMBIGUOUS.search(clause):
            return
        elif moved := MOVED.search(clause):
            moved_by = signed(value, moved["verb"])
            lead = clause[: moved.start()]
            head = lead[: m.start()] if (m := _AGAINST.search(lead)) else lead
            said = meaning_of(head, self.names)
            if (said.says_what or len(said.unknown) > 2) and not same(said, here.meaning):
                return
            with_change = here.change is not None and here.change.position >= self.sentence_start
            if here.percent is None and (here.sentence_no == self.sentence_no or with_change):
                here.percent = moved_by
                here.direction_clash = bool(
                    here.change and here.change.value and moved_by.value and (here.change.value < 0) != (moved_by.value < 0))
        elif (share := _SHARE.search(clause)) and here.share is None and here.sentence_no == self.sentence_no:
            here.share, here.share_of = value, share["whole"]

    def _right_behind(self, token: re.Match[str], change: Printed) -> bool:
        """Whether a rate stands in a bracket right behind a change: 较上年减少18.5万元（65.37%）."""
        end = change.position + len(change.text.replace(",", "，"))
        return token.start() == end + 1 and self.text[token.end() : token.end() + 1] == "）"

    def _flat(self, token: re.Match[str], gap: str) -> None:
        here = self.current
        if here is None or here.sentence_no != self.sentence_no or not _FLAT_BASE.search(gap) or _ABOUT.search(gap):
            return
        together = [c for c in self.claims if c.sentence_no == self.sentence_no and c.head is here.head and c.change is None] \
            if ALL_FLAT.search(gap) else []
        for claim in (*together, here):
            claim.flat = token.group() == "持平"
            claim.against = gap


_CHAIN_OVER = re.compile(r"合计|总计|其中：|小计")


def _is_covered(before: Meaning, said: Meaning, gap: str) -> bool:
    """Whether an amount is another part of what performance management covers: its words say a source or a side only."""
    plain = said.says_what and not (said.unknown or said.codes or said.item or said.topic or said.type or said.partial or said.unit)
    return before.topic == COVERED and plain and "；" not in gap


_OWN_BUDGET = re.compile(r"支出预算(?:数|为|总额)*$")


def _only_stage(said: Meaning) -> bool:
    """支出决算为, 2026年预算安排: another stage or year of what was named before."""
    if said.side is not None and _OWN_BUDGET.search(said.phrase):
        return False  # 收入预算…万元，支出预算…万元: a thing of its own
    named = said.funding or said.type or said.item or said.topic or said.codes or said.scope is not None or said.period or said.partial
    return not said.unknown and not named and said.side in (None, "expenditure") and (said.stage is not None or said.year is not None) and (
        said.side is None or said.stage is not None)


def _joined(own: Meaning, codes: tuple[tuple[str, str], ...], text: str) -> Meaning:
    return replace(own, chained=True, codes=codes, subject_text=text, unknown=own.unknown if codes else text)

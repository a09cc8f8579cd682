"""A document's context: whose money, which region, year and kind, with the evidence for each and how far it agrees.

`document_context` is the one entry. It looks at covers, labels, titles, headings, running lines and label cells, never at the
file's name. Not here: what a table or a column means.
"""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from pipelines.read.document import Document
from pipelines.understand.context.entity import EntityVote, vote_entity
from pipelines.understand.context.kind import KindVote, vote_kind
from pipelines.understand.context.model import DocumentContext, Evidence, ListedUnit
from pipelines.understand.context.names import body_sort, entity_id, is_party
from pipelines.understand.context.places import Places, gather
from pipelines.understand.context.regions import is_national, mentions, recognise, region_of_code, within
from pipelines.understand.context.rows import refresh
from pipelines.understand.context.units import labelled_units, listed_units
from pipelines.understand.context.year import vote_year
from pipelines.understand.text import canon

__all__ = ["DocumentContext", "document_context", "entity_id"]
_SUMMED_UP = re.compile(r"经([一-鿿]{2,16}?财政[厅局])汇总")  # whose money it is: all bodies of that region
_PUBLISHED_BY = re.compile(r"发布机构：?(?P<name>.{4,40})?")  # of the box of index numbers over a page


def document_context(document: Document) -> DocumentContext:
    """What the document says about itself. Unknown fields are None (`document_kind`: other); nothing is guessed from file names."""
    refresh()
    places = gather(document)
    entity = vote_entity(places, vote_kind(places).level)
    kind = vote_kind(places, entity.on_cover, _usual_level(entity.name), bool(document.tables))
    if kind.level == "government" and not (entity.name and _governs(entity.name)):
        entity = msgspec.structs.replace(entity, name=None, aliases=(), codes=(), scope=None)
    region, region_sure, region_evidence = _region(document, places, entity)
    year, year_sure, year_twice, year_evidence = vote_year(places, kind.stage)
    units = listed_units(document, region)
    if kind.level == "department":
        units = (*units, *labelled_units(places.labelled, (entity.name, *entity.aliases, *(unit.name for unit in units)), region))
    if kind.level == "government" and entity.name is None and region is not None:
        entity = msgspec.structs.replace(entity, name=_region_name(region), confidence=region_sure)
    code = _code(entity, units, kind)
    found = region_of_code(region)
    return DocumentContext(
        document_id=document.document_id,
        entity_id=entity_id(region, entity.name) if entity.name else None,
        entity_name=entity.name, entity_code=code, entity_kind=kind.level, scope=entity.scope,
        supervisor_name=entity.supervisor,
        region_code=region, region_name=found.full_name if found else None,
        fiscal_year=year, document_kind=kind.document_kind,
        aliases=entity.aliases, units=units, money_units=places.money_units,
        evidence=(*entity.evidence, *region_evidence, *year_evidence, *kind.evidence),
        confidence={
            "entity_name": entity.confidence, "region": region_sure, "fiscal_year": year_sure, "document_kind": kind.confidence,
        },
        year_corroborated=year_twice, entity_corroborated=entity.corroborated,
    )


def _usual_level(name: str | None) -> str | None:
    """Departments are organs of state, party and society; schools, hospitals and centres are units."""
    if name is None:
        return None
    return "department" if is_party(name) or body_sort(name) in ("organ", "court", "society", None) else "unit"


def _governs(name: str) -> bool:
    """Whether a name is a government's own (人民政府, 管委会, 镇): the money of a government book is its."""
    return name.endswith(("人民政府", "管委会", "管理委员会", "镇", "乡", "街道", "开发区", "高新区", "新区"))


def _region_name(code: str) -> str | None:
    region = region_of_code(code)
    return region.name if region else None


def _code(entity: EntityVote, units: tuple[ListedUnit, ...], kind: KindVote) -> str | None:
    """The printed code of the body: a department's is the short one (117), a unit's or 本级 the long one (117001)."""
    names = {entity.name, *entity.aliases}
    codes = list(entity.codes) or [*(code for unit in units if unit.name in names for code in unit.codes)]
    if not codes:
        return None
    own = kind.level == "unit" or entity.scope == "own"
    return (max if own else min)(codes, key=len)


def _region(document: Document, places: Places, entity: EntityVote) -> tuple[str | None, float, list[Evidence]]:
    """The region from the body's name, else from the document: cover, labels, other names, then names of regions in the text."""
    evidence: list[Evidence] = []
    votes: Counter[str] = Counter()
    match = recognise(entity.name) if entity.name else None
    if match:
        evidence.append(Evidence("region", match.code, "name", None, 5.0 if match.strength == "full" else 2.0))
        if match.strength == "full":
            below = None if match.name.endswith((entity.name or "")[: match.end][-2:]) else _publisher_region(document)
            return (below if below and within(below, match.code) else match.code), 0.95, evidence
        votes[match.code] += 4
    elif entity.name and is_national(entity.name):
        return None, 0.9, evidence
    for place in places.cover:
        for code, count in mentions(place.text).items():
            votes[code] += 3 * count
            evidence.append(Evidence("region", code, "cover", place.page, 3.0))
    for name in (*entity.aliases, *filter(None, [entity.supervisor])):
        other = recognise(name)
        if other:
            votes[other.code] += 4
            evidence.append(Evidence("region", other.code, "name", None, 4.0))
    for place in places.text:
        summed = _SUMMED_UP.search(place.text)
        other = recognise(summed[1]) if summed else None
        if other and other.strength == "full":
            return other.code, 0.8, [*evidence, Evidence("region", other.code, "text", place.page, 4.0)]
    votes.update(mentions("。".join(line.text for line in document.lines[:600])))
    found, sure = _majority(votes, match.code if match else None)
    if found is None and (publisher := _publisher_region(document)) is not None:
        return publisher, 0.5, [*evidence, Evidence("region", publisher, "label", None, 1.0)]
    return found, sure, evidence


def _publisher_region(document: Document) -> str | None:
    """The region of the body named as 发布机构 in the box over a page: a hint only, for it may be another department's."""
    texts = [canon(cell.text) for table in document.tables[:1] for cell in table.cells]
    texts += [canon(line.text) for line in document.lines[:40]]
    for text, following in zip(texts, [*texts[1:], ""], strict=True):
        found = _PUBLISHED_BY.fullmatch(text)
        match = recognise(found["name"] or following) if found else None
        if match is not None and match.strength == "full":
            return match.code
    return None


def _majority(votes: Counter[str], hint: str | None) -> tuple[str | None, float]:
    """The deepest region that has most of the mentions (a mention of a county counts for its city and province too)."""
    total = sum(votes.values())
    if not total:
        return hint, 0.3 if hint else 0.0
    support = {code: sum(count for other, count in votes.items() if within(other, code)) for code in _with_ancestors(votes)}
    deep = [code for code, count in support.items() if count > total / 2]
    if not deep:
        return hint, 0.3 if hint else 0.0
    best = max(deep, key=lambda code: (sum(within(code, other) for other in deep), support[code]))
    return best, round(min(0.9, support[best] / (total + 1)), 3)


def _with_ancestors(votes: Counter[str]) -> set[str]:
    found: set[str] = set()
    for code in votes:
        region = region_of_code(code)
        while region is not None and region.code not in found:
            found.add(region.code)
            region = region_of_code(region.parent_code)
    return found

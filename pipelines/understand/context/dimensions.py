"""Rows of `dim_entity` and `dim_entity_alias` from the contexts of documents. Here: plain dictionaries; loading them is not."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.understand.context.model import DocumentContext
from pipelines.understand.context.names import entity_id
from pipelines.understand.context.regions import recognise

Row = dict[str, str | int | None]


def unit_region(context: DocumentContext, name: str) -> str | None:
    """The region of a unit the document lists: its name's, read at home in the document's region, else the document's."""
    match = recognise(name, context.region_code)
    return match.code if match else context.region_code


def unit_entity_id(context: DocumentContext, name: str) -> str:
    """The stable id of a unit named in the document (its department's own id when the name is one of the department's)."""
    if context.entity_id and context.entity_name and name in (context.entity_name, *context.aliases):
        return context.entity_id
    return entity_id(unit_region(context, name), name)


def entity_rows(contexts: Iterable[DocumentContext]) -> tuple[list[Row], list[Row]]:
    """(dim_entity rows, dim_entity_alias rows), one an entity and one an alias, ordered by id, the same whatever the order given.

    Of several spellings the longest is the entity's name. Units have the department that lists them as parent, unless two
    departments do. `valid_from`/`valid_to` are the first and last fiscal year in which documents name the entity.
    """
    names: dict[str, set[str]] = {}
    regions: dict[str, str | None] = {}
    levels: dict[str, set[str]] = {}
    parents: dict[str, set[str]] = {}
    years: dict[str, set[int]] = {}

    def see(key: str, name: str, region: str | None, level: str, year: int | None) -> None:
        names.setdefault(key, set()).add(name)
        regions.setdefault(key, region)
        levels.setdefault(key, set()).add(level)
        years.setdefault(key, set()).update([year] if year else [])

    for context in contexts:
        owner = context.entity_id
        if owner and context.entity_name:
            for name in (context.entity_name, *context.aliases):
                see(owner, name, context.region_code, context.entity_kind or "department", context.fiscal_year)
            if context.entity_kind == "unit" and context.supervisor_name:
                supervisor = entity_id(unit_region(context, context.supervisor_name), context.supervisor_name)
                see(supervisor, context.supervisor_name, unit_region(context, context.supervisor_name), "department", None)
                parents.setdefault(owner, set()).add(supervisor)
        for unit in context.units:
            key = unit_entity_id(context, unit.name)
            if key == owner:
                see(key, unit.name, context.region_code, context.entity_kind or "department", context.fiscal_year)
                continue
            see(key, unit.name, unit_region(context, unit.name), "unit", context.fiscal_year)
            if owner:
                parents.setdefault(key, set()).add(owner)
    entities: list[Row] = []
    aliases: list[Row] = []
    for key in sorted(names):
        best = max(sorted(names[key]), key=len)
        above = parents.get(key, set()) - {key}
        entities.append({
            "entity_id": key, "name": best, "region_code": regions[key],
            "parent_entity_id": next(iter(above)) if len(above) == 1 else None,
            "level": "department" if "department" in levels[key] else min(levels[key]),
            "valid_from": min(years[key], default=None), "valid_to": max(years[key], default=None),
        })
        aliases.extend({"entity_id": key, "alias": name} for name in sorted(names[key]))
    return entities, aliases

"""Records of what a document says about itself. Shapes only; how they are found stands in the modules beside this one."""

from __future__ import annotations

import msgspec

UNKNOWN_KIND = "other"


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place that says something: `what` (entity_name · entity_code · region · fiscal_year · document_kind · scope ·
    supervisor · money_unit), its `value`, and `place` (cover · label · heading · title · running · cell · text · list · name)."""

    what: str
    value: str
    place: str
    page: int | None = None
    weight: float = 1.0


class ListedUnit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A budget unit (预算单位) the document lists, with its printed code where there is one."""

    name: str
    code: str | None = None
    page: int | None = None
    place: str = "cell"  # cell · list
    codes: tuple[str, ...] = ()  # every code printed beside the name, shortest first (117, 117001)


class DocumentContext(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whose money, where, for which year, and what kind of publication. Null is "the document does not say"."""

    document_id: str
    entity_id: str | None = None
    entity_name: str | None = None  # as printed, normalised, without （本级） and the like
    entity_code: str | None = None  # 183, 304001
    entity_kind: str | None = None  # department · unit · government
    scope: str | None = None  # own (本级) · consolidated (汇总), where printed
    supervisor_name: str | None = None  # 主管部门
    region_code: str | None = None
    region_name: str | None = None
    fiscal_year: int | None = None
    document_kind: str = UNKNOWN_KIND
    aliases: tuple[str, ...] = ()
    units: tuple[ListedUnit, ...] = ()
    money_units: tuple[tuple[str, int], ...] = ()  # 万元 · 元 as declared in the text, with the number of places
    evidence: tuple[Evidence, ...] = ()
    confidence: dict[str, float] = msgspec.field(default_factory=dict)  # entity_name, region, fiscal_year, document_kind: 0 to 1
    year_corroborated: bool = False  # a second place says the same year
    entity_corroborated: bool = False

    @property
    def final_accounts(self) -> bool:
        """Whether its own amounts are final accounts: by its kind or, where that is not known, by what its places say of it."""
        if self.document_kind != UNKNOWN_KIND:
            return self.document_kind.endswith("final_accounts")
        said = {evidence.value for evidence in self.evidence if evidence.what == "document_kind"}
        return "final_accounts" in said and "budget" not in said

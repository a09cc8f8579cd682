"""The identities that forms promise, as data: one line a rule with its source (schemas/reference/identities.csv).

Here: reading the table. Not here: where a rule's terms stand in a given document.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from schemas.reference import rows

FILES = ("identities.csv",)
_PATTERNS = ("path", "item_bound", "items")  # kinds whose parts are patterns, in which | means or


@dataclass(frozen=True)
class Rule:
    """One rule. `kind` is the facet of columns it speaks of, or what kind of place its terms stand in; `parts` and `whole` its terms.

    `needs`: groups of kinds of table, of each of which a document must have one before the rule can apply.
    """

    rule: str
    family: str
    kind: str
    whole: str
    parts: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    zh: str
    en: str
    source: str


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """All rules by name."""
    return {
        r["rule"]: Rule(
            r["rule"], r["family"], r["kind"], r["whole"],
            tuple(p for p in r["parts"].split(";" if r["kind"] in _PATTERNS else "|") if p),
            tuple(tuple(group.split("+")) for group in r["needs"].split(";") if group), r["zh"], r["en"], r["source"],
        )
        for r in rows("identities.csv")
    }


def family(rule: str) -> str:
    """The finding rule (CONTRACT vocabulary) of an identity."""
    return rules()[rule].family

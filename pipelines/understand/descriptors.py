"""The descriptor columns of a block, grouped into slots: which columns together name a subject, a body, a project, a year.

Here: grouping, the code that a slot's columns print, and what a label looks like when it names a body. Not here: reading rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipelines.understand.columns import CODE_PARTS, NAME_ROLES, SUBJECT_ROLES
from pipelines.understand.context.names import looks_like_body
from pipelines.understand.grid import Grid
from pipelines.understand.logical import Column
from pipelines.understand.text import bare, canon
from pipelines.understand.vocabulary import Vocabulary

_NOT_ENTITY = re.compile(r"支出|经费|项目|资金|补助|补贴|收入|工程|费$|建设|采购|服务$|合计|小计|预算|结转|结余|款$|社会保险|事务$")
_OWN_OFFICE = re.compile(r"(?:本级|机关|本部)$")  # 某局机关: the department's own office
_CODE_CELL = re.compile(r"^［?\d[\d\-.、 ]*］?$")
_PARENS = re.compile(r"（[^）]*）")


@dataclass
class Slot:
    """The columns of one descriptor, codes left to right, then the name's.

    `kind`: subject, entity, entity_or_project, project, label or year.
    """

    kind: str
    codes: list[Column] = field(default_factory=list)
    name: Column | None = None

    @property
    def scheme(self) -> str | None:
        """The classification that its headers name."""
        return next((c.scheme for c in [*([self.name] if self.name else []), *self.codes] if c.scheme), None)

    def unnamed(self, words: Vocabulary) -> bool:
        """Whether its header is one that the vocabulary does not know (实施期 beside 项目名称): no better name than a known one's."""
        path = self.name.path if self.name is not None else ""
        return bool(path) and words.role_of(path.split(" / ")[-1]) is None


def slots(columns: list[Column]) -> list[Slot]:
    """Group a block's descriptor columns: code parts together, a name with the code left of it that has none yet."""
    out: list[Slot] = []
    for col in columns:
        role = col.role
        if role in SUBJECT_ROLES:
            last = out[-1] if out else None
            beside = last is not None and last.kind == "subject" and last.name is None and bool(last.codes)
            if (
                last
                and beside
                and (
                    (role in CODE_PARTS[1:] and last.codes[-1].role in CODE_PARTS)
                    or (role not in CODE_PARTS and last.codes[-1].path == col.path != "")
                    or (role == "code" and not col.path)
                )
            ):
                last.codes.append(col)  # 类 | 款 | 项, or one header over the three of them
            else:
                out.append(Slot("subject", [col]))
        elif role in NAME_ROLES:
            _attach(out, "subject", col, "subject")
        elif role == "entity_code":
            out.append(Slot("entity", [col]))
        elif role == "entity":
            _attach(out, "entity", col, "entity")
        elif role == "entity_or_project":
            _attach(out, "entity", col, "entity_or_project")
        elif role in ("project", "label", "year"):
            out.append(Slot(role, [], col))
    return out


def row_slots(block: list[Column], two_sided: bool) -> list[Slot]:
    """The slots of a block that name its rows; where no header names a role, the texts left of the amounts do (名称 before others)."""
    groups = slots([c for c in block if c.role != "amount"])
    first = next((c.column for c in block if c.role == "amount"), None)
    if not any(slot.kind != "year" and (slot.kind != "entity" or slot.name) for slot in groups):
        texts = [c for c in block if c.role == "text" and first is not None and c.column < first]
        groups += [Slot("label", [], c) for c in [c for c in texts if c.path.endswith("名称")] or texts]
    if two_sided and not any(slot.kind == "subject" for slot in groups):  # 支出项目 over the lines of a summary
        groups = [replace(slot, kind="label") if slot.kind == "project" else slot for slot in groups]
    return groups


def printed_code(grid: Grid, r: int, slot: Slot, above: str) -> str | None:
    """The code a row prints in a slot: one column's, or 类, 款 and 项 put together, blanks filled from the code `above`."""
    if slot.kind != "subject" or not slot.codes:
        return None
    first = slot.codes[0].column
    if slot.name is not None and grid.owner[r][first] >= 0 and grid.owner[r][first] == grid.owner[r][slot.name.column]:
        return None  # one cell over code and name: 合计
    over = [grid.owner[r][c.column] for c in slot.codes]  # one cell over 类, 款 and 项 holds one code, not three
    printed = ["" if i and over[i] >= 0 and over[i] == over[i - 1] else grid.text(r, c.column) for i, c in enumerate(slot.codes)]
    texts = [re.sub(r"\D", "", t) if _CODE_CELL.match(canon(t)) else "" for t in printed]
    # 0 is the filler of an empty form; a sheet may keep 款 01 as 1 (but no 类 is two digits)
    texts = ["" if t == "0" else t.zfill(2) if t and i else t for i, t in enumerate(texts)]
    whole = next((t for t in reversed(texts) if len(t) >= 5), None)
    if whole or len(texts) == 1:
        return whole or next((t for t in texts if t), None)
    if not any(texts):
        return None
    deepest = max(i for i, t in enumerate(texts) if t)
    left_open = [above[:3], above[3:5], above[5:7]]
    parts = [t or left_open[i] if i < len(left_open) else t for i, t in enumerate(texts[: deepest + 1])]
    if not all(parts):
        return texts[deepest] if len(texts[deepest]) > 2 else None
    return "".join(parts)


def _attach(out: list[Slot], kind: str, col: Column, becomes: str) -> None:
    open_slot = next((s for s in reversed(out) if s.kind == kind and s.name is None), None)
    if open_slot is None:
        out.append(Slot(becomes, [], col))
    else:
        open_slot.name, open_slot.kind = col, becomes


def looks_like_entity(name: str, known: frozenset[str]) -> bool:
    """Whether a label names a body: one known from the document, or a name that ends as bodies' names end."""
    b = bare(name)
    plain = _PARENS.sub("", b)
    whole = _OWN_OFFICE.sub("", plain)
    if b in known or (plain in known and plain) or (whole in known and whole):
        return True
    return (looks_like_body(plain) or looks_like_body(whole)) and not _NOT_ENTITY.search(plain)

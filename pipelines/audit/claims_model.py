"""What is read of one amount in the running text: a printed number and a claim. Records only.

Not here: reading them (`claims_parse`), what the words mean (`claims_meaning`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipelines.audit.claims_meaning import Meaning
from pipelines.audit.claims_text import Paragraph


@dataclass(frozen=True)
class Printed:
    """A printed number as an interval: its value and what one unit of its last digit is worth (yuan, or per cent)."""

    value: Decimal
    increment: Decimal
    text: str
    position: int


@dataclass
class Claim:
    """One amount in the running text with what is said of it. `amount` is null where only a change is stated."""

    paragraph: Paragraph
    position: int
    meaning: Meaning
    amount: Printed | None = None
    change: Printed | None = None
    percent: Printed | None = None
    share: Printed | None = None
    share_of: str = ""
    done: Printed | None = None
    base: Printed | None = None  # last year's amount, stated beside it
    budget: Printed | None = None  # 完成预算X万元的y%
    whole: Printed | None = None  # 占X万元的y%
    flat: bool = False
    head: Claim | None = None
    order: int = 0
    sentence_no: int = 0
    clause_alone: bool = True  # no other amount stands between this one and what is said of it
    direction_clash: bool = False
    against: str = ""
    leading: bool = False  # its words open the sentence
    inherited: bool = False  # the subject was named earlier in the paragraph
    context: str | None = None  # the source that the words before it, or the heading above, speak of

    @property
    def page(self) -> int | None:
        """The page its number stands on."""
        return self.paragraph.page(self.position)

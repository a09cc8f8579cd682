"""Figures in sentences: amounts with their unit, percentages, and the words that stand for no change.

Here: what a figure looks like and what it is worth. Not here: what it is said of (`claims_parse`).
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.audit.claims_model import Printed
from pipelines.understand.amounts import unit_factor

_NUMBER = r"\d{1,3}(?:，\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
TOKEN = re.compile(
    rf"(?<![\d.])(?P<number>-?(?:{_NUMBER}))(?:(?P<unit>亿元|百万元|万元|千元|百元|元)|(?P<percent>%))"
    r"|(?P<flat>持平|无变化|无增减|没有变化|保持不变)")


def number(text: str) -> Decimal:
    """The value of a figure, whatever its thousands are parted by."""
    return Decimal(text.replace("，", ""))


def increment(text: str) -> Decimal:
    """What one unit of a figure's last digit is worth."""
    return Decimal(1).scaleb(-len(text.partition(".")[2]))


def printed(token: re.Match[str]) -> Printed:
    """The amount of a `TOKEN`, in yuan."""
    factor = unit_factor(token["unit"]) or Decimal(1)
    return Printed(number(token["number"]) * factor, increment(token["number"]) * factor, token.group().replace("，", ","), token.start())

"""Joining pieces of text, and look-alike characters."""

from __future__ import annotations

import pytest

from pipelines.read.pdf.stand_in_font import box_font
from pipelines.read.pdf.variants import normalised
from pipelines.read.pdf.writing import Piece, joined_cell, joined_line
from schemas.reference import rows


def pieces(*parts: tuple[str, int], letter: float = 5.0) -> list[Piece]:
    """Pieces of (text, break before), each letter 5 points wide, every line starting at 0."""
    out: list[Piece] = []
    x = 0.0
    for text, before in parts:
        x = 0.0 if before in (0, 3) else x + letter
        x += letter * len(text)
        out.append(Piece(text, before, 0, 0.0, x))
    return out


@pytest.mark.parametrize(("parts", "width", "expected"), [
    ([("2010", 0), ("301", 3)], 26.0, "2010301"),
    ([("2010", 0), ("301", 3)], 80.0, "2010 301"),  # there was room: two things
    ([("6", 0), ("6", 1), (",", 1), ("3", 1), ("07.98", 1)], 80.0, "66,307.98"),
    ([("12", 0), ("000.00", 1)], 80.0, "12000.00"),
    ([("120", 0), ("000.00", 1)], 80.0, "120 000.00"),
    ([("1.2.", 0), ("3", 3)], 26.0, "1.2.3"),
    ([("办公", 0), ("费", 1)], 80.0, "办公费"),
    ([("-", 0), ("12.00", 1)], 80.0, "-12.00"),
])
def test_cells(parts: list[tuple[str, int]], width: float, expected: str) -> None:
    assert joined_cell(pieces(*parts), width) == expected


def test_a_wide_gap_in_a_line_stays_visible() -> None:
    assert joined_line(pieces(("编制单位：某局", 0), ("单位：万元", 2))) == "编制单位：某局  单位：万元"
    assert joined_line(pieces(("收", 0), ("入", 1))) == "收入"
    assert joined_line(pieces(("in", 0), ("2026", 1))) == "in 2026"


@pytest.mark.parametrize(("printed", "meant"), [
    ("部⻔", "部门"), ("⽤⻋", "用车"), ("戶籍", "户籍"), ("⻓期⻛险⻰⻥", "长期风险龙鱼"), ("１２", "１２"),
])
def test_look_alikes_become_the_characters_they_stand_for(printed: str, meant: str) -> None:
    assert normalised(printed) == meant


def test_the_table_of_look_alikes_is_sound() -> None:
    table = {row["variant"]: row["character"] for row in rows("cjk_variants.csv")}
    assert all(len(a) == 1 and len(b) == 1 for a, b in table.items())
    assert not set(table) & set(table.values())  # applying it twice changes nothing
    assert set(map(chr, range(0x2F00, 0x2FD6))) <= set(table)


def test_the_stand_in_font_is_a_font() -> None:
    data = box_font()
    assert data[:4] == b"\0\1\0\0"
    assert len(data) % 4 == 0

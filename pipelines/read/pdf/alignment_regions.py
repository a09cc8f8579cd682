"""Which parts of a page may be tables without a closed grid.

Here: stretches between horizontal rules whose lines are set in columns; stretches without any rule where figures stand below
each other. Not here: the columns themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from pipelines.read.pdf.alignment_words import Line
from pipelines.read.pdf.pdfium import Floats

_LONG: Final = 0.3  # of the page's width: a rule this long may bound a table
_SAME_END: Final = 6.0  # points: rules of one table begin and end together
_THICK: Final = 4.0  # points: a mark higher than this is a bar
_THICKER: Final = 1.3  # times: the outer rules of a three-line table against the inner one
_UNIT: Final = re.compile(r"单位[:：]")
_HEADER_RULES: Final = 6  # levels of a header that may each have a rule below
_LEAST_FIGURES: Final = 4  # lines with figures that a table without any rule needs, unless the unit stands above it
_TWO_LEVELS: Final = 3.5  # em: from the first line of a header of two levels to its last
_WIDE: Final = 1.0  # em: neighbours this far apart are set in columns for certain


@dataclass(frozen=True)
class Region:
    """Lines that may form a table. `header_end`: y where the header's texts end; the rules are None where none is drawn."""

    lines: list[Line]
    x0: float
    x1: float
    y1: float
    header_end: float
    rule_above: float | None = None
    rule_below_header: float | None = None
    separators: list[float] = field(default_factory=list)
    ruled: bool = True
    small: bool = False  # too few rows to show columns by themselves


@dataclass(frozen=True)
class _Rule:
    x0: float
    x1: float
    y: float
    thick: float


def regions_of(lines: list[Line], marks: Floats, width: float, height: float) -> list[Region]:
    """Candidate regions from top to bottom."""
    rules = _without_parts(_long_rules(marks, width))
    out: list[Region] = []
    if not rules:
        return _unruled(lines, height)
    start = 0
    while start < len(rules):
        stop = start + 1
        while stop < len(rules) and _same_ends(rules[start], rules[stop]):
            stop += 1
        out.extend(_between(rules[start:stop], lines, rules[stop].y if stop < len(rules) else height))
        start = stop
    return out


def has_long_rule(marks: Floats, width: float) -> bool:
    """Whether horizontal rules, whole or in pieces, may be long enough to bound a table."""
    if not len(marks):
        return False
    long = marks[:, 2] - marks[:, 0]
    return float(long[(marks[:, 3] - marks[:, 1] <= _THICK) & (long > 8)].sum()) >= 2 * _LONG * width


def edges_of(tints: Floats) -> Floats:
    """Upper and lower edges of tinted areas, as marks."""
    above, below = tints[:, [0, 1, 2, 1]], tints[:, [0, 3, 2, 3]]
    return np.concatenate([above, below])


def _long_rules(marks: Floats, width: float) -> list[_Rule]:
    """Horizontal rules, joined where they were drawn in pieces (a piece a cell), top to bottom."""
    flat = sorted(
        ((float(t + b) / 2, float(x0), float(x1), float(b - t)) for x0, t, x1, b in marks if b - t <= _THICK and x1 - x0 > 2 * (b - t)),
    )
    joined: list[_Rule] = []
    for y, x0, x1, thick in flat:
        for n in range(len(joined) - 1, max(-1, len(joined) - 60), -1):
            rule = joined[n]
            if abs(rule.y - y) <= 1.0 and x0 <= rule.x1 + 3 and x1 >= rule.x0 - 3:
                joined[n] = _Rule(min(rule.x0, x0), max(rule.x1, x1), rule.y, max(rule.thick, thick))
                break
        else:
            joined.append(_Rule(x0, x1, y, thick))
    return [rule for rule in joined if rule.x1 - rule.x0 >= _LONG * width]


def _without_parts(rules: list[_Rule]) -> list[_Rule]:
    """Without the rules under a part of a header: shorter than the table, between two of its own rules, and alone in their width."""
    def is_part(n: int) -> bool:
        rule = rules[n]
        wider = [r.x0 <= rule.x0 + _SAME_END and r.x1 >= rule.x1 - _SAME_END and not _same_ends(r, rule) for r in rules]
        around = any(a and b and _same_ends(rules[i], rules[j]) for i, a in enumerate(wider[:n]) for j, b in enumerate(wider) if j > n)
        return around and sum(_same_ends(r, rule) for r in rules) == 1

    return [rule for n, rule in enumerate(rules) if not is_part(n)]


def _same_ends(one: _Rule, other: _Rule) -> bool:
    return abs(one.x0 - other.x0) <= _SAME_END and abs(one.x1 - other.x1) <= _SAME_END


def _between(rules: list[_Rule], lines: list[Line], limit: float) -> list[Region]:
    """Tables among rules of one width: runs of stretches between neighbouring rules whose lines are set in columns."""
    x0, x1 = min(r.x0 for r in rules), max(r.x1 for r in rules)
    inside = [line for line in lines if line.atoms[0].x0 >= x0 - 3 and line.atoms[-1].x1 <= x1 + 3]
    stretches = [[line for line in inside if a.y < line.y < b.y] for a, b in pairwise(rules)]
    tabular = [_in_columns(stretch) for stretch in stretches]
    thickest = max(r.thick for r in rules)
    for n in range(1, len(stretches)):  # below a header of several columns, rows of texts set apart go on
        apart = sum(len(line.atoms) > 1 and _spaced(line) for line in stretches[n])
        if tabular[n - 1] and not _closes(rules[n], thickest, rules, n) and not _is_contents(stretches[n]):
            tabular[n] = tabular[n] or (apart >= 2 and apart >= 0.5 * len(stretches[n]))
    beyond = _going_on([line for line in inside if rules[-1].y < line.y < limit], rules, thickest)
    follows = [*tabular[1:], bool(beyond)]
    for n, stretch in enumerate(stretches):  # a header of one title line, between the thick rule and the thin one
        if stretch and follows[n] and rules[n].thick >= thickest / 1.05 and rules[n + 1].thick * _THICKER <= rules[n].thick:
            tabular[n] = True
    out: list[Region] = []
    lead = _leading([line for line in inside if line.y < rules[0].y], rules, thickest)
    if lead:
        out.append(Region(lead, x0, x1, rules[0].y, lead[0].y - lead[0].em))
    n = 0
    while n < len(stretches):
        if not tabular[n]:
            n += 1
            continue
        last = n
        while last + 1 < len(stretches) and tabular[last + 1] and not _closes(rules[last + 1], thickest, rules, last + 1):
            last += 1
        members = [line for stretch in stretches[n:last + 1] for line in stretch]
        bottom = rules[last + 1].y
        if last + 1 == len(stretches):  # below the last rule the table may go on to the end of the page
            members, bottom = members + beyond, beyond[-1].y + beyond[-1].em if beyond else bottom
        out.append(_region(members, rules[n:last + 2], x0, x1, bottom))
        n = last + 1
    if len(rules) == 1 and beyond and not lead:
        out.append(_region(beyond, rules, x0, x1, beyond[-1].y + beyond[-1].em))
    return out


def _closes(rule: _Rule, thickest: float, rules: list[_Rule], n: int) -> bool:
    """Whether a thick rule among thin ones ends a table (and the next one begins another)."""
    return n > 0 and rule.thick >= thickest / 1.05 and min(r.thick for r in rules) * _THICKER <= thickest


def _going_on(lines: list[Line], rules: list[_Rule], thickest: float) -> list[Line]:
    """Lines in columns below the last rule, if that is not the rule that ends the table."""
    if len(rules) > 1 and _closes(rules[-1], thickest, rules, len(rules) - 1):
        return []
    out: list[Line] = []
    starts: list[float] = []
    for n, line in enumerate(lines):
        if out and line.y - out[-1].y > 4 * max(line.em, out[-1].em):
            break
        steps = [b.y - a.y for a, b in pairwise(out)]
        if len(line.atoms) == 1 and line.atoms[0].is_number and steps and line.y - out[-1].y > 1.4 * sorted(steps)[len(steps) // 2]:
            break  # the page's number
        if len(line.atoms) == 1 and not any(abs(line.atoms[0].x0 - x) <= 2.2 * line.em for x in starts):
            after = lines[n + 1] if n + 1 < len(lines) else None
            if starts or after is None or len(after.atoms) == 1 or after.y - line.y > 1.2 * line.em:
                break  # it begins where no column does
        starts.extend(atom.x0 for atom in line.atoms)
        out.append(line)
    least = 1 if len(rules) > 1 and rules[-2].thick >= _THICKER * rules[-1].thick else 3  # a thin rule below a thick one ends a header
    return out if sum(len(line.atoms) > 1 and (least == 1 or any(a.is_number for a in line.atoms[1:])) for line in out) >= least else []


def _leading(lines: list[Line], rules: list[_Rule], thickest: float) -> list[Line]:
    """Lines in columns above the first rule, where that is a rule that ends a table begun on the page before."""
    if not (len(rules) == 1 or _closes_first(rules, thickest)):
        return []
    out: list[Line] = []
    for line in reversed(lines):
        if (out and out[-1].y - line.y > 4 * line.em) or (not out and rules[0].y - line.y > 3 * line.em) or line.has_leader:
            break
        out.append(line)
    while out and len(out[-1].atoms) == 1:
        out.pop()
    out.reverse()
    many = [line for line in out if len(line.atoms) > 1 and _spaced(line)]
    figures = sum(any(any(c.isdigit() for c in a.text) for a in line.atoms[1:]) for line in many)
    return out if not _is_contents(out) and len(many) >= 4 and len(many) >= 0.6 * len(out) and figures >= 3 else []


def _closes_first(rules: list[_Rule], thickest: float) -> bool:
    """Whether the first rule is thick and followed by another thick one: the end of one table, the start of the next."""
    return rules[0].thick >= thickest / 1.05 and rules[1].thick >= thickest / 1.05 and min(r.thick for r in rules) * _THICKER <= thickest


def _unruled(lines: list[Line], height: float) -> list[Region]:
    """Stretches of a page without rules whose lines are set in columns and mostly hold figures."""
    out: list[Region] = []
    group: list[Line] = []
    for n, line in enumerate([*lines, None]):
        if line is not None and _joins(group, line) and not (names_unit(line) and any(_has_figures(other) for other in group)):
            group.append(line)
            continue
        out.extend(_figured(group))
        group = [line] if line is not None and (names_unit(line) or _begins(lines[n : n + 3])) and not line.has_leader else []
    return out


def _begins(lines: Sequence[Line]) -> bool:
    """Whether the first of these lines may begin a table: it is set in columns, or heads some columns of a header of two levels.

    Of such a header the first line may hold one text, the second those of both levels' height, the third those below the first.
    """
    if len(lines[0].atoms) > 1 or len(lines) < 3:
        return len(lines[0].atoms) > 1
    (upper,), beside, below = lines[0].atoms, lines[1].atoms, lines[2].atoms
    if lines[2].y - upper.y > _TWO_LEVELS * upper.em or len(below) < 2 or any(atom.is_number for atom in (*beside, *below)):
        return False
    return below[0].x0 < upper.centre < below[-1].x1 and not any(atom.x0 < upper.x1 and atom.x1 > upper.x0 for atom in beside)


def _joins(group: list[Line], line: Line) -> bool:
    if not group or line.has_leader:
        return False
    if line.y - group[-1].y > 3.5 * max(line.em, group[-1].em):
        return False
    if len(line.atoms) > 1:
        return True
    start = line.atoms[0].x0
    if any(abs(atom.x0 - start) <= 0.3 * line.em for other in group for atom in other.atoms if len(other.atoms) > 1):
        return line.y - group[-1].y <= 2.6 * line.em  # a row with a label only
    lone = sum(len(other.atoms) == 1 for other in group[-4:])
    return lone < 4 and line.em <= 1.3 * group[-1].em


def _figured(group: list[Line]) -> list[Region]:
    """The table in a stretch of lines in columns, from its header on; none when too few lines hold figures side by side."""
    units = [n for n, line in enumerate(group) if names_unit(line)]
    figures = [n for n, line in enumerate(group) if _has_figures(line)]
    small = len(figures) < _LEAST_FIGURES
    if not figures or (small and not (units and units[0] < figures[0])):
        return []
    start = max((n + 1 for n in units if n < figures[0]), default=0)
    while start and start < figures[0] and len(group[start].atoms) == 1 and group[start].y - group[start - 1].y < group[start].em:
        start += 1  # lines of one cell stand further apart: it is beside the unit, the end of a name in two lines
    body = group[figures[0]:]
    while body and len(body[-1].atoms) == 1:
        body.pop()
    header = group[start:figures[0]]
    several = [line for line in body if len(line.atoms) > 1]
    if not header or len(several) < 0.3 * len(body) or len(figures) < 0.3 * len(several):
        return []
    members = header + body
    x0, x1 = min(line.atoms[0].x0 for line in members), max(line.atoms[-1].x1 for line in members)
    return [Region(members, x0 - 2, x1 + 2, body[-1].y + 0.8 * body[-1].em, body[0].y - 0.1, ruled=False, small=small)]


def names_unit(line: Line) -> bool:
    """Whether a line gives the unit (单位：万元): a table begins below it."""
    return any(_UNIT.search(atom.text) for atom in line.atoms)


def _has_figures(line: Line) -> bool:
    return len(line.atoms) > 1 and not line.is_filler and any(atom.is_number for atom in line.atoms)


def _in_columns(lines: list[Line]) -> bool:
    """Whether lines are set in columns: three or more pieces side by side, or two with a figure at the end, mostly."""
    if not lines or sum(line.has_leader for line in lines) > 1 or _is_contents(lines):
        return False
    many = sum(len(line.atoms) >= 3 and _spaced(line) for line in lines)
    if many:
        return True
    pairs = sum(len(line.atoms) == 2 and line.atoms[1].is_number and _spaced(line) for line in lines)
    return pairs >= 2 and pairs >= 0.6 * len(lines)


def _is_contents(lines: list[Line]) -> bool:
    """Whether lines end in page numbers (目录): small whole numbers that never fall."""
    pairs = [line.atoms[1].text for line in lines if len(line.atoms) == 2]
    numbers = [int(text) for text in pairs if text.isdecimal() and len(text) <= 3]
    return len(numbers) >= 4 and len(numbers) == len(pairs) and numbers == sorted(numbers) and len(pairs) >= 0.5 * len(lines)


def _spaced(line: Line) -> bool:
    return any(b.x0 - a.x1 >= _WIDE * min(a.em, b.em) for a, b in pairwise(line.atoms))


def _region(lines: list[Line], rules: list[_Rule], x0: float, x1: float, bottom: float) -> Region:
    inner = [rule.y for rule in rules[1:] if any(line.y > rule.y for line in lines)]
    first = next((line for line in lines if not line.is_filler and any(a.is_number for a in line.atoms)), None)
    if inner:  # with a rule under every row, the header ends above the first figures
        end: float = max((y for y in inner[:_HEADER_RULES] if first is not None and y < first.y), default=inner[0])
        inner = inner[inner.index(end):]
    else:
        end = bottom + 1 if first is None else first.y - 0.1
    below = inner[0] if inner else rules[-1].y if len(rules) > 1 and end > bottom else None
    return Region(lines, x0, x1, bottom, end, rules[0].y, below, inner[1:])

"""Excel workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) through python-calamine: sheets as lines and tables.

Here: merged ranges, hidden sheets, rows and columns, values as printed. Not here: number formats (number_text), what is hidden
(sheet_marks), where a sheet's tables begin and end (sheet_regions).

Hidden rows and columns are left out and counted in the table's note, and so are zeros and other numbers that the sheet shows as blanks.
Tables of hidden sheets are kept with the note `hidden sheet`: they were not shown to the reader of the workbook. Errors (#REF!) stay as
text, and so do formulas whose result the file does not hold (`=SUM(C5:C9)`), for a program wrote it and nobody opened it since.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any, Final

import python_calamine as calamine
from lxml import etree

from pipelines.read.characters import clean, indented
from pipelines.read.document import Block, Cell, PageReading, RawTable
from pipelines.read.failure import ReadFailure
from pipelines.read.limits import DEFAULT, Limits
from pipelines.read.number_text import NumberStyle, exact, number_text, shown_number
from pipelines.read.ods_marks import is_ods, ods_marks
from pipelines.read.package import check_package
from pipelines.read.sheet_marks import SheetMarks, biff_marks, ooxml_marks
from pipelines.read.sheet_regions import sheet_blocks, sheet_place
from pipelines.read.sniff import XLSB, zip_type
from pipelines.read.xlsb_marks import xlsb_marks

HIDDEN_SHEET: Final = "hidden sheet"

Value = Any  # str, float, int, bool, date, datetime, time or timedelta, as calamine gives them


def read_xlsx(data: bytes, limits: Limits = DEFAULT) -> tuple[list[Block], list[PageReading]]:
    """Blocks of all sheets in order (tables have method `xlsx`), and one PageReading a sheet. Raises ReadFailure (corrupt, encrypted,
    too_large)."""
    packed = data.startswith(b"PK")
    if packed:
        check_package(data, limits)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise ReadFailure("encrypted", "The workbook is encrypted with a password; ask the publisher for an open copy.") from error
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError) as error:
        raise ReadFailure("corrupt", f"The workbook could not be opened ({error}); save it anew in Excel.") from error
    marks = _marks(data, packed)
    blocks: list[Block] = []
    pages: list[PageReading] = []
    n_cells = 0
    for number, meta in enumerate(book.sheets_metadata):
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        found: list[Block] = []
        if meta.typ == calamine.SheetTypeEnum.WorkSheet:
            own = marks[number] if number < len(marks) else SheetMarks(known=False)
            n_cells += own.n_rows * own.n_columns  # before calamine lays the sheet out: one stray cell at its far end would fill the memory
            if n_cells > limits.max_cells:
                span = f"more than {limits.max_cells} cells, blanks included"
                raise ReadFailure("too_large", f"The workbook's sheets span {span}; it was not read.")
            found = _read_sheet(_sheet(book, number), meta.name, own, hidden)
        blocks.extend(found)
        tables = sum(1 for block in found if isinstance(block, RawTable))
        notes = (block.note for block in found if isinstance(block, RawTable) and block.note)
        told = dict.fromkeys(note.removeprefix(HIDDEN_SHEET).removeprefix("; ") for note in notes)
        note = "; ".join([f"sheet {meta.name}" + (f" ({HIDDEN_SHEET})" if hidden else ""), *(part for part in told if part)])
        pages.append(PageReading(page=number + 1, path="flow" if found else "empty", tables=tables, note=note))
    return blocks, pages


def _marks(data: bytes, packed: bool) -> list[SheetMarks]:
    """What is hidden and how numbers look; nothing where the file does not say it in a known way (unusual writers)."""
    try:
        if packed and is_ods(data):
            return ods_marks(data)
        if packed and zip_type(io.BytesIO(data)) == XLSB:
            return xlsb_marks(data)
        return ooxml_marks(data) if packed else biff_marks(data)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError, struct.error, etree.XMLSyntaxError):
        return []


def _sheet(book: calamine.CalamineWorkbook, number: int) -> calamine.CalamineSheet:
    try:
        return book.get_sheet_by_index(number)
    except (calamine.CalamineError, calamine.XmlError, calamine.WorksheetNotFound) as error:
        raise ReadFailure("corrupt", f"Sheet {number + 1} of the workbook is damaged ({error}); save it anew in Excel.") from error


def _read_sheet(sheet: calamine.CalamineSheet, name: str, marks: SheetMarks, hidden: bool) -> list[Block]:
    rows = sheet.to_python(skip_empty_area=False)
    values: dict[tuple[int, int], Value] = dict(marks.written)
    values.update({(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row) if value != "" and value is not None})
    left_out = {place for place in values if place[0] in marks.hidden_rows or place[1] in marks.hidden_columns}
    notes = _notes(values, left_out, marks, hidden)
    shown = [place for place in values if place not in left_out]
    if not shown:
        return []
    n_rows, n_columns = max(r for r, _ in shown) + 1, max(c for _, c in shown) + 1
    row_map = _visible(n_rows, marks.hidden_rows)
    column_map = _visible(n_columns, marks.hidden_columns)
    cells = _cells(values, (sheet.merged_cell_ranges or []) if marks.merged is None else marks.merged, marks, row_map, column_map)
    return sheet_blocks(cells, sheet=name, note="; ".join(notes) or None)


def _notes(values: dict[tuple[int, int], Value], left_out: set[tuple[int, int]], marks: SheetMarks, hidden: bool) -> list[str]:
    """What a reader of the sheet sees otherwise than the file holds it, in words."""
    notes = [HIDDEN_SHEET] if hidden else []
    if not marks.known and marks.merged is not None:
        notes.append("how the sheet shows its numbers is not known of this kind of file; they are given as held")
    elif not marks.known:
        notes.append("what the sheet hides and how it shows its numbers is not known of this kind of file; all of it is read")
    if left_out:
        n_rows, n_columns = len({r for r, _ in left_out} & marks.hidden_rows), len({c for _, c in left_out} & marks.hidden_columns)
        notes.append(f"{n_rows} hidden rows and {n_columns} hidden columns with {len(left_out)} values left out")
    numbers = {place: value for place, value in values.items() if place not in left_out and _is_number(value)}
    blank = sum(1 for place, value in numbers.items() if not _text(value, marks, place)[0])
    if blank:
        notes.append(f"{blank} numbers, mostly zeros, that the sheet shows as blanks left out")
    if any(style.power for place, value in numbers.items() if (style := _style(value, marks, place))):
        notes.append("a number format shows numbers in thousands or 万; they are given as shown")
    if any(style.garbled for place, value in numbers.items() if (style := _style(value, marks, place))):
        notes.append("a number format sets other signs between the digits; the numbers held are given")
    if marks.uncalculated:
        notes.append(f"{marks.uncalculated} formulas without a stored result stand as formulas; open the file in Excel and save it")
    return notes


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _style(value: float, marks: SheetMarks, place: tuple[int, int]) -> NumberStyle | None:
    form = marks.styles.get(place)
    return form.style(exact(value)) if form is not None else None


def _visible(n: int, hidden: set[int]) -> dict[int, int]:
    """Old position to new one, hidden ones left out."""
    return {old: new for new, old in enumerate(position for position in range(n) if position not in hidden)}


def _cells(
    values: dict[tuple[int, int], Value], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], marks: SheetMarks,
    row_map: dict[int, int], column_map: dict[int, int],
) -> dict[tuple[int, int], Cell]:
    """Visible cells by position: every written cell and every merged range that lies in the used area."""
    cells: dict[tuple[int, int], Cell] = {}
    covered: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in merged:
        across = [column_map[c] for c in range(left, min(right, max(column_map)) + 1) if c in column_map]
        down = [row_map[r] for r in range(top, min(bottom, max(row_map)) + 1) if r in row_map]
        if across and down:
            covered.update((r, c) for r in down for c in across)
            text, others = _text(values.get((top, left)), marks, (top, left))
            cells[down[0], across[0]] = Cell(
                row=down[0], column=across[0], text=text, row_span=len(down), column_span=len(across),
                original=_indented(values.get((top, left))), alternatives=others, place=sheet_place(top, left),
            )
    for (r, c), value in values.items():
        if r in row_map and c in column_map and (row_map[r], column_map[c]) not in covered:
            text, others = _text(value, marks, (r, c))
            if text:
                place = row_map[r], column_map[c]
                cells[place] = Cell(
                    row=place[0], column=place[1], text=text, original=_indented(value), alternatives=others, place=sheet_place(r, c),
                )
    return cells


def _text(value: Value, marks: SheetMarks, place: tuple[int, int]) -> tuple[str, tuple[str, ...]]:
    """One value as printed, and its other readings."""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ()
    if isinstance(value, (int, float)) and (shown := marks.shown.get(place)) is not None:
        return shown_number(float(value), clean(shown))
    if isinstance(value, (int, float)):
        return number_text(float(value), marks.styles.get(place)) if value or marks.zeros_shown else ("", ())
    if isinstance(value, dt.datetime):
        return (value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")), ()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat(), ()
    return ("" if value is None else clean(str(value))), ()


def _indented(value: Value) -> str | None:
    """The text with its leading blanks, where it has any: the hierarchy of row labels."""
    return indented(value) if isinstance(value, str) else None

"""Reference data shipped with the package: what varies by publisher, year or authority, as reviewed CSV.

Here: finding, reading and hashing those files. Not here: what any of them means to a reader of tables; that is with its user.
A file of the same name in the folder named by the environment variable `YUSUAN_REFERENCE` takes the place of the packaged one,
so that a phrase can be tried without a release.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

SUBJECT_FILES = {
    "function": "subjects_function.csv",
    "economic_department": "subjects_economic_department.csv",
    "economic_government": "subjects_economic_government.csv",
    "income": "subjects_income.csv",
}
REGION_FILE = "regions.csv"
OVERRIDE_VARIABLE = "YUSUAN_REFERENCE"


class ReferenceDataError(LookupError):
    """A reference file is missing or has a row that cannot be read: our mapping is wrong, permanently, until the file is mended."""


class AlternativeName(msgspec.Struct, frozen=True):
    """Another name that documents print for a subject code; `first_year`/`last_year` null where not limited."""

    name: str
    first_year: int | None = None
    last_year: int | None = None


class Subject(msgspec.Struct, frozen=True):
    """One row of 政府收支分类科目.

    `level` 1 类, 2 款, 3 项. `valid_from`/`valid_to` are the first and last year in which documents were seen to use it (not the
    official validity; null: not seen). `confidence`: A two or more documents, B one, C from memory (may help to read a name; never
    rejects a row). `budget` is the budget a function or income code belongs to (一般公共预算, 政府性基金预算, …).
    """

    scheme: str
    code: str
    name: str
    level: int
    parent_code: str | None
    valid_from: int | None
    valid_to: int | None
    confidence: str
    budget: str | None = None
    alternatives: tuple[AlternativeName, ...] = ()


class Region(msgspec.Struct, frozen=True):
    """One row of GB/T 2260: `level` province, prefecture, county; `valid_to` the last year of an abolished code."""

    code: str
    name: str
    level: str
    parent_code: str | None
    full_name: str
    status: str
    valid_from: int | None = None
    valid_to: int | None = None
    successor_code: str | None = None


def reference_bytes(name: str) -> bytes:
    """The bytes of a reference file, the override folder's first. Raises `ReferenceDataError` when there is none of that name.

    A file is read again only when it was written since: stages ask for them at every document.
    """
    folder = os.environ.get(OVERRIDE_VARIABLE)
    own = Path(folder) / name if folder else None
    path = own if own is not None and own.is_file() else _packaged(name)
    if not isinstance(path, Path):
        return path.read_bytes()  # a package inside an archive
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size)


@cache
def _packaged(name: str) -> Traversable:
    packaged = resources.files("schemas").joinpath("reference", name)
    if not packaged.is_file():
        raise ReferenceDataError(f"no reference file {name!r} is packaged in schemas/reference: check the name or add the file")
    return packaged


@lru_cache(maxsize=128)
def _read(path: Path, written_ns: int, size: int) -> bytes:
    return path.read_bytes()


def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a reference CSV as dictionaries of text; parsed once per content."""
    return _rows(name, reference_bytes(name))


@cache
def _rows(name: str, data: bytes) -> tuple[dict[str, str], ...]:
    found = tuple(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), restkey="_more", restval=""))
    for number, row in enumerate(found, start=2):
        if "_more" in row:
            raise ReferenceDataError(f"{name}, line {number}: more fields than the header names; quote the field that holds a comma")
    return found


def reference_hash(names: Iterable[str]) -> str:
    """Sixteen hex digits that change when the content of one of these files does: part of a stage's version."""
    return _hash(tuple((name, reference_bytes(name)) for name in sorted(set(names))))


@lru_cache(maxsize=32)
def _hash(contents: tuple[tuple[str, bytes], ...]) -> str:
    digest = hashlib.sha256()
    for name, data in contents:
        digest.update(name.encode())
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()[:16]


def subjects(scheme: str | None = None) -> tuple[Subject, ...]:
    """All subjects, or those of one scheme, ordered by scheme and code."""
    wanted = SUBJECT_FILES if scheme is None else {scheme: SUBJECT_FILES[scheme]}
    return tuple(subject for each, name in wanted.items() for subject in _subjects(each, name, reference_bytes(name)))


@cache
def _subjects(scheme: str, name: str, data: bytes) -> tuple[Subject, ...]:
    return tuple(
        Subject(
            scheme=scheme, code=row["code"], name=row["name"], level=int(row["level"]), parent_code=row["parent_code"] or None,
            valid_from=_year(row["valid_from"]), valid_to=_year(row["valid_to"]), confidence=row["confidence"],
            budget=row.get("budget") or None, alternatives=tuple(_alternatives(row["alt_names"])),
        )
        for row in _rows(name, data)
    )


def _alternatives(text: str) -> Iterable[AlternativeName]:
    """`名称@2018-2020;名称@-2018;名称` as records."""
    for entry in filter(None, text.split(";")):
        name, _, years = entry.partition("@")
        first, dash, last = years.partition("-")
        yield AlternativeName(name, _year(first), _year(last if dash else first))


def _year(text: str) -> int | None:
    return int(text) if text else None


def regions() -> tuple[Region, ...]:
    """All regions, current and abolished, ordered by code."""
    return _regions(reference_bytes(REGION_FILE))


@cache
def _regions(data: bytes) -> tuple[Region, ...]:
    return tuple(
        Region(
            code=row["code"], name=row["name"], level=row["level"], parent_code=row["parent_code"] or None, full_name=row["full_name"],
            status=row["status"], valid_to=_year(row["valid_to"]), successor_code=row["successor_code"] or None,
        )
        for row in _rows(REGION_FILE, data)
    )


def table_kinds() -> tuple[dict[str, str], ...]:
    """Rows of `table_kinds.csv`: at least `table_kind`, `name_zh`, `name_en`, `priority` (smaller is preferred by the views)."""
    return rows("table_kinds.csv")

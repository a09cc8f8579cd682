"""The version before is what a new one is compared with."""

from pathlib import Path

import duckdb
import pytest

from assets.checks import extraction_findings
from assets.comparison import compare
from assets.resources import Place
from pipelines.publish.paths import warehouse_paths
from schemas.ddl import create_table
from schemas.registry import RELATIONS


def version(warehouse: Path, number: int, trusts: list[str], extraction: list[str]) -> None:
    """A published version with facts of these trusts and extraction findings of these ids; it is also the current file."""
    paths = warehouse_paths(warehouse)
    paths.versions.mkdir(parents=True, exist_ok=True)
    for file in (paths.version(number), warehouse):
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute(create_table(RELATIONS["publication"]))
            connection.execute("create table facts (trust varchar)")
            connection.execute("create table findings (finding_id varchar, verdict varchar)")
            connection.execute("insert into publication values (?, now()::timestamp, 'x', 1, ?)", [number, "0" * 64])
            connection.executemany("insert into facts values (?)", [[trust] for trust in trusts] or [[None]])
            connection.executemany("insert into findings values (?, 'extraction')", [[finding] for finding in extraction] or [[None]])
            connection.execute("delete from facts where trust is null; delete from findings where finding_id is null")


def test_the_first_version_has_nothing_before_it(tmp_path: Path) -> None:
    version(tmp_path / "w.duckdb", 1, ["verified", "plausible"], ["a"])
    found = compare(warehouse_paths(tmp_path / "w.duckdb"))
    assert (found.verified, found.verified_before) == (0.5, None)
    assert found.extraction_new == ("a",)


@pytest.mark.parametrize(("now", "passed"), [(["a"], True), (["a", "b"], False), ([], True)])
def test_only_new_extraction_findings_warn(tmp_path: Path, now: list[str], passed: bool) -> None:
    version(tmp_path / "w.duckdb", 1, ["verified"], ["a"])
    version(tmp_path / "w.duckdb", 2, [], now)
    result = extraction_findings(Place(warehouse=str(tmp_path / "w.duckdb")))
    assert result.passed is passed
    found = compare(warehouse_paths(tmp_path / "w.duckdb"))
    assert (found.verified, found.verified_before) == (None, 1.0)

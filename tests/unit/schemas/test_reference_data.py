"""The packaged reference files are whole, say how sure they are, and can be replaced without a release."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from schemas import reference
from schemas.vocabularies import SUBJECT_SCHEME, TABLE_KIND, VIEW


@pytest.mark.parametrize("scheme", reference.SUBJECT_FILES)
def test_every_subject_stands_once_below_its_parent(scheme: str) -> None:
    subjects = reference.subjects(scheme)
    codes = Counter(subject.code for subject in subjects)
    assert max(codes.values()) == 1
    for subject in subjects:
        assert subject.scheme == scheme
        assert subject.name
        assert len(subject.code) == 1 + 2 * subject.level
        assert (subject.parent_code is None) == (subject.level == 1)
        assert subject.parent_code in (None, subject.code[:-2])
        assert subject.parent_code is None or subject.parent_code in codes
        assert subject.confidence in "ABC"


def test_the_four_classifications_are_there() -> None:
    assert set(reference.SUBJECT_FILES) | {"none"} == set(SUBJECT_SCHEME.codes)
    assert len(reference.subjects()) == sum(len(reference.subjects(scheme)) for scheme in reference.SUBJECT_FILES)
    names = {(subject.scheme, subject.code): subject.name for subject in reference.subjects()}
    assert names["function", "2010301"] == "行政运行"
    assert names["economic_department", "30211"] == "差旅费"
    assert names["economic_government", "501"] == "机关工资福利支出"
    assert names["income", "101"] == "税收收入"


def test_other_names_keep_their_years() -> None:
    found = next(subject for subject in reference.subjects("function") if subject.code == "207")
    assert reference.AlternativeName("文化体育与传媒支出", None, 2018) in found.alternatives


def test_every_region_stands_once_below_its_parent() -> None:
    regions = reference.regions()
    by_code = {region.code: region for region in regions}
    assert len(by_code) == len(regions)
    for region in regions:
        assert region.parent_code is None or region.parent_code in by_code
        assert (region.parent_code is None) == (region.level == "province")
        assert region.full_name.endswith(region.name)
    assert by_code["440300"].full_name == "广东省深圳市"
    assert by_code["130223"].successor_code == "130284"


def test_the_views_take_only_known_kinds_and_only_from_the_side_they_show() -> None:
    sources = reference.rows("summable_sources.csv")
    assert {row["view"] for row in sources} == set(VIEW.codes)
    assert {row["table_kind"] for row in sources} <= set(TABLE_KIND.codes)
    assert {row["side"] for row in sources if row["view"] == "v_income"} == {"income"}


def test_priorities_of_table_kinds_are_distinct() -> None:
    assert max(Counter(row["priority"] for row in reference.table_kinds()).values()) == 1


def test_a_file_in_the_override_folder_takes_the_packaged_ones_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = reference.reference_hash(["units.csv", "regions.csv"])
    other = reference.reference_hash(["regions.csv"])
    (tmp_path / "units.csv").write_text("phrase,yuan\n文,1\n", encoding="utf-8")
    monkeypatch.setenv(reference.OVERRIDE_VARIABLE, str(tmp_path))
    assert reference.rows("units.csv") == ({"phrase": "文", "yuan": "1"},)
    assert reference.reference_hash(["units.csv", "regions.csv"]) != before
    assert reference.reference_hash(["regions.csv"]) == other
    (tmp_path / "units.csv").write_text("phrase,yuan\n贯,1000\n", encoding="utf-8")
    assert reference.rows("units.csv") == ({"phrase": "贯", "yuan": "1000"},)  # written since: read again
    monkeypatch.delenv(reference.OVERRIDE_VARIABLE)
    assert len(reference.rows("units.csv")) > 1
    assert reference.reference_hash(["regions.csv", "units.csv"]) == before


def test_a_missing_or_broken_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(reference.ReferenceDataError, match=r"nothing\.csv"):
        reference.rows("nothing.csv")
    (tmp_path / "units.csv").write_text("phrase,yuan\n文,1,2\n", encoding="utf-8")
    monkeypatch.setenv(reference.OVERRIDE_VARIABLE, str(tmp_path))
    with pytest.raises(reference.ReferenceDataError, match=r"units\.csv, line 2"):
        reference.rows("units.csv")


def test_other_names_of_regions_lead_to_regions_that_are() -> None:
    codes = {region.code for region in reference.regions()}
    assert {row["note"] for row in reference.rows("region_words.csv") if row["role"] == "alias"} <= codes


FOLDER = Path(reference.__file__).parent / "reference"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_no_line_stands_twice(path: Path) -> None:
    counts = Counter(tuple(row.values()) for row in reference.rows(path.name))
    assert [line for line, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", ["column_phrases.csv", "claim_words.csv", "row_words.csv"])
def test_a_phrase_says_one_thing_of_a_kind(name: str) -> None:
    counts = Counter((row["phrase"], row["facet"]) for row in reference.rows(name))
    assert [line for line, count in counts.items() if count > 1] == []

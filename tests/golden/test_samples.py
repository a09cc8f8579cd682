"""The samples themselves: the script makes the committed files again, and their figures agree with one another."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import golden_truth as truth
import pikepdf
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "data" / "samples"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The samples and expectations, made twice, elsewhere."""
    folders = []
    for name in ("one", "two"):
        folder = tmp_path_factory.mktemp(name)
        where = ["--samples", str(folder / "samples"), "--golden", str(folder / "golden")]
        subprocess.run([sys.executable, str(ROOT / "tests/samples/make.py"), *where], check=True, cwd=folder, timeout=120)
        folders.append(folder)
    return folders[0], folders[1]


def contents(path: Path) -> object:
    """What a file says, apart from how a zlib packs it."""
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as z:
            return {n: hashlib.sha256(z.read(n)).hexdigest() for n in z.namelist()}
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return [p.Contents.read_bytes() for p in pdf.pages]
    return path.read_bytes()


def test_the_same_bytes_again(made: tuple[Path, Path]) -> None:
    one, two = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in made)
    assert one == two


def test_what_is_committed_is_what_the_script_makes(made: tuple[Path, Path]) -> None:
    again = made[0]
    assert {p.name for p in COMMITTED.iterdir()} == {p.name for p in (again / "samples").iterdir()}
    for path in (again / "samples").iterdir():
        assert contents(COMMITTED / path.name) == contents(path), path.name
    for path in (again / "golden").rglob("*.*"):
        assert (truth.GOLDEN / path.relative_to(again / "golden")).read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), path


def test_the_set_is_small() -> None:
    assert sum(p.stat().st_size for p in COMMITTED.iterdir()) < 1_000_000


def test_forms_and_formats() -> None:
    assert len(truth.SAMPLES) >= 10
    assert {Path(truth.about(s)["file"]).suffix for s in truth.SAMPLES} == {".pdf", ".docx", ".xlsx", ".html", ".txt"}


@pytest.mark.parametrize("sample", truth.SAMPLES)
def test_every_hierarchy_adds_up_but_for_the_planted_mistake(sample: str) -> None:
    """类 = Σ款 = Σ项 in every table, entity and column; 合计 = Σ类. One cell of one sample is wrong on purpose."""
    apart = ("title", "side", "entity_name", "funding", "expenditure_type", "budget_period", "stage", "fiscal_year", "measure")
    groups: dict[tuple[str, ...], dict[str, Decimal]] = defaultdict(dict)
    for row in truth.read(sample, "expected"):
        if row["subject_code"] or row["row_label"] == "合计":
            groups[tuple(row[k] for k in apart)][row["subject_code"]] = Decimal(row["amount_yuan"])
    broken = []
    for key, amounts in groups.items():
        for code, yuan in amounts.items():
            parts = [y for c, y in amounts.items() if len(c) == (len(code) + 2 if code else 3) and c.startswith(code)]
            if parts and sum(parts) != yuan:
                broken.append((key[0], code, yuan, sum(parts)))
    planted = [f for f in truth.read(sample, "findings") if f["kind"] == "table"]
    assert len(broken) == len(planted)
    if planted:
        assert [(code, yuan - parts) for _, code, yuan, parts in broken] == [("20805", Decimal("19800"))]

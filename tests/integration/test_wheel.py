"""The wheel, installed as a user would (not editable, locked dependencies), works from a folder that is not the checkout."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TABLE = """\
某某市示例局2026年部门预算
收支总表
单位：万元
收入\t\t支出\t
项目\t预算数\t项目\t预算数
一、一般公共预算拨款收入\t100.50\t一、一般公共服务支出\t100.50
本年收入合计\t100.50\t本年支出合计\t100.50
"""


def uv() -> str:
    """The uv that runs these tests, the checkout's own, or the one on the PATH."""
    found = os.environ.get("UV") or shutil.which(ROOT / ".uv" / "bin" / "uv") or shutil.which("uv")
    if found is None:
        pytest.fail("uv is needed to build the wheel: run the tests with `make test` or `uv run pytest`")
    return str(found)


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """One command in a clean environment; its output stands in the failure."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "UV_PROJECT", "COV_"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**kept, **more}, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripts of an environment that holds the wheel and the locked releases of what it needs, and nothing else."""
    work = tmp_path_factory.mktemp("wheel")
    run(uv(), "build", "--wheel", "--quiet", "--out-dir", work / "dist", ROOT, cwd=work)
    (wheel,) = (work / "dist").glob("yusuan-*.whl")
    run(uv(), "export", "--frozen", "--no-dev", "--no-emit-project", "--quiet", "-o", work / "lock.txt", cwd=ROOT)
    run(uv(), "venv", "--quiet", "--python", sys.executable, work / "venv", cwd=work)
    install = [uv(), "pip", "install", "--quiet", "--python", work / "venv", "--no-deps", "-r", work / "lock.txt", wheel]
    offline = subprocess.run([*map(str, install), "--offline"], cwd=work, capture_output=True, text=True, check=False)
    if offline.returncode:  # a cache that was pruned
        run(*install, cwd=work)
    return work / "venv" / "bin"


def test_help_names_every_command(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "yusuan", "--help", cwd=tmp_path).stdout
    for command in ("ingest", "extract", "inspect", "explain", "audit", "status", "retry", "remove", "rollback", "vocabulary"):
        assert command in shown


def test_it_carries_its_reference_data_and_not_its_tests(installed: Path) -> None:
    packages = next((installed.parent / "lib").glob("python3*/site-packages"))
    assert list((packages / "schemas" / "reference").glob("*.csv"))
    assert not (packages / "tests").exists()


def test_ingest_publishes_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "budget.tsv").write_text(TABLE, encoding="utf-8")
    summary = json.loads(run(installed / "yusuan", "ingest", "in", "--json", cwd=tmp_path).stdout)
    assert (tmp_path / "data" / "warehouse" / "yusuan.duckdb").is_file()
    assert sum(summary["inputs"].values()) == 1

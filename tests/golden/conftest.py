"""One real run over the samples for all golden tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"

Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse made of data/samples by the command that users run."""
    path = tmp_path_factory.mktemp("golden") / "yusuan.duckdb"
    command = [sys.executable, "-c", "from assets.cli.app import main; main()", "ingest", str(SAMPLES), "--warehouse", str(path)]
    done = subprocess.run([*command, "--workers", "1"], capture_output=True, text=True, timeout=300, check=False, cwd=path.parent)
    if done.returncode:
        pytest.fail(f"ingest ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return path


@pytest.fixture(scope="session")
def connection(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to it."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        yield con

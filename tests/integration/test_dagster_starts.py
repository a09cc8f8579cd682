"""`dagster dev -w workspace.yaml` from the repository's root really starts, and shows the project."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUERY = """{
 workspaceOrError { ... on Workspace { locationEntries { loadStatus locationOrLoadError {
  ... on PythonError { message }
  ... on RepositoryLocation { repositories { assetNodes { assetKey { path } } jobs { name } sensors { name } schedules { name } } }
 } } } }
 instance { poolConfig { defaultPoolLimit } }
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a Dagster of its own; its home, and what it would write, in a folder of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "dagster.yaml").write_bytes((ROOT / "dagster.yaml").read_bytes())
    command = [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    with (tmp_path / "log.txt").open("wb") as log:
        environment = {**os.environ, "DAGSTER_HOME": str(tmp_path)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            yield f"http://127.0.0.1:{port}/graphql"
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def asked(address: str) -> Any:
    """The answer to QUERY, or None while nobody answers."""
    request = urllib.request.Request(address, json.dumps({"query": QUERY}).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)["data"]
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def test_dagster_dev_starts_and_shows_the_project(server: str, tmp_path: Path) -> None:
    deadline = time.monotonic() + 150
    entry: dict[str, Any] = {}
    data = None
    while time.monotonic() < deadline and entry.get("loadStatus") != "LOADED":
        time.sleep(0.5)
        data = asked(server)
        entry = next(iter(data["workspaceOrError"]["locationEntries"]), {}) if data else {}
    assert data is not None, (tmp_path / "log.txt").read_text(encoding="utf-8", errors="replace")
    assert "repositories" in entry["locationOrLoadError"], entry
    (repository,) = entry["locationOrLoadError"]["repositories"]
    assert {node["assetKey"]["path"][0] for node in repository["assetNodes"]} == {
        "documents", "raw_tables", "tables", "facts", "indicators", "statistics", "warehouse"}
    assert "ingest" in {job["name"] for job in repository["jobs"]}
    assert [sensor["name"] for sensor in repository["sensors"]] == ["inbox"]
    assert [schedule["name"] for schedule in repository["schedules"]] == ["daily"]
    assert data["instance"]["poolConfig"]["defaultPoolLimit"] == 1

"""The command line on a real warehouse: what it prints, what it returns, and that no file name can harm it."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner, Result

from assets.cli.app import app
from pipelines.publish.lock import writer

HEAD = "示例市样本局2026年部门预算\n收支总表\n单位：万元\n"
TABLE = HEAD + """\
收入\t\t支出\t
项目\t预算数\t项目\t预算数
一、一般公共预算拨款收入\t{amount}\t一、一般公共服务支出\t{amount}
本年收入合计\t{amount}\t本年支出合计\t{amount}
"""
STRANGE = "[red]a[bold] 'b\" \x1b[31m\n\udcff"


def yusuan(*arguments: object) -> Result:
    """One command, in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="yusuan")


def parsed(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("in")
    (made / f"{STRANGE}.txt").write_text(TABLE.format(amount="12.50"), encoding="utf-8")
    (made / "torn.pdf").write_bytes(b"%PDF-1.7\n")
    return made


@pytest.fixture(scope="module")
def ingested(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A warehouse, and what ingesting printed."""
    warehouse = tmp_path_factory.mktemp("w") / "w.duckdb"
    return warehouse, yusuan("ingest", folder, "--warehouse", warehouse, "--fail-on", "quarantined=50%", "--workers", "1")


@pytest.fixture(scope="module")
def warehouse(ingested: tuple[Path, Result]) -> Path:
    assert ingested[1].exit_code == 0, ingested[1].output
    return ingested[0]


@pytest.fixture(scope="module")
def fact_id(warehouse: Path) -> str:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row = connection.sql("select fact_id from facts order by row_no limit 1").fetchone()
    assert row is not None
    return str(row[0])


def test_ingest_sums_up(ingested: tuple[Path, Result]) -> None:
    warehouse, result = ingested
    assert result.exit_code == 0, result.output
    assert "loaded" in result.stdout
    assert "torn.pdf: quarantined" in result.stdout
    assert str(warehouse) in result.stdout
    assert "DEBUG" not in result.output
    assert "\x1b" not in result.output


def test_ingest_speaks_json_and_exits_1_when_a_ceiling_is_broken(folder: Path, warehouse: Path) -> None:
    result = yusuan("ingest", *folder.iterdir(), "--warehouse", warehouse, "--json", "--fail-on", "quarantined")
    summary = json.loads(result.stdout)
    assert result.exit_code == 1
    assert summary["inputs"] == {"loaded": 1, "quarantined": 1}
    assert summary["unfinished"] == 0
    assert summary["facts"] > 0


@pytest.mark.parametrize("arguments", [
    ("ingest",), ("ingest", "/nowhere/at/all"), ("ingest", ".", "--fail-on", "gone"), ("ingest", ".", "--workers", "0"), ("nothing",),
    ("extract", "/nowhere"), ("explain",), ("rollback", "x"), ("audit", "--format", "pdf"),
])
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    assert yusuan(*arguments).exit_code == 2


@pytest.mark.parametrize("command", ["status", "audit", "vocabulary", "explain", "remove", "rollback"])
def test_without_a_warehouse_the_way_out_is_told(command: str, tmp_path: Path) -> None:
    more = {"explain": ["00"], "remove": ["x"]}.get(command, [])
    result = yusuan(command, *more, "--warehouse", tmp_path / "none.duckdb")
    assert result.exit_code == 2
    assert "no warehouse" in result.stderr


def test_another_writer_means_75(folder: Path, warehouse: Path) -> None:
    before = warehouse.stat().st_ino
    with writer(warehouse, task="a test"):
        for command in (("ingest", folder), ("remove", "torn.pdf"), ("rollback",), ("retry",)):
            result = yusuan(*command, "--warehouse", warehouse)
            assert result.exit_code == 75, result.output
            assert "a test" in result.stderr
    assert warehouse.stat().st_ino == before


def test_status(warehouse: Path) -> None:
    found = parsed(yusuan("status", "--warehouse", warehouse, "--json"))
    assert found["inputs"] == {"loaded": 1, "quarantined": 1}
    assert found["pending"] == 0
    assert found["writer"] is None
    assert "quarantined" in yusuan("status", "--warehouse", warehouse).stdout


def test_explain_tells_the_whole_way(warehouse: Path, fact_id: str, tmp_path: Path) -> None:
    picture = tmp_path / "cell.png"
    found = parsed(yusuan("explain", fact_id[:10], "--warehouse", warehouse, "--json", "--crop", picture))
    assert found["fact"]["fact_id"] == fact_id
    assert found["fact"]["amount_yuan"] == "125000.0000"
    assert found["fact"]["raw_text"] in found["cell"]["text"]
    assert found["table"]["table_kind"] == found["fact"]["table_kind"]
    assert picture.read_bytes().startswith(b"\x89PNG")
    shown = yusuan("explain", fact_id, "--warehouse", warehouse).stdout
    assert "收支总表" in shown
    assert "[red]" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("text", ["zz", "", "%"])
def test_explain_of_nothing_is_wrong_usage(warehouse: Path, text: str) -> None:
    assert yusuan("explain", text, "--warehouse", warehouse).exit_code == 2


def test_audit(warehouse: Path) -> None:
    assert isinstance(parsed(yusuan("audit", "--warehouse", warehouse, "--format", "json")), list)
    assert yusuan("audit", "--warehouse", warehouse, "--document", "nothing of that name").exit_code == 2
    assert "findings" in yusuan("audit", "--warehouse", warehouse).stdout


def test_vocabulary(warehouse: Path) -> None:
    assert isinstance(parsed(yusuan("vocabulary", "--warehouse", warehouse, "--json")), list)
    assert yusuan("vocabulary", "--warehouse", warehouse, "--csv").stdout.splitlines()[0] == "phrase,facet,value"


def test_extract_and_inspect_write_no_warehouse(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (file,) = folder.glob("*.txt")
    (entry,) = parsed(yusuan("extract", file, "--json"))
    assert [cell["text"] for cell in entry["tables"][0]["cells"] if cell["row"] == 0 and cell["text"]] == ["收入", "支出"]
    (page,) = parsed(yusuan("inspect", file, "--json"))[0]["pages"]
    assert page["path"] == "flow"
    assert "12.50" in yusuan("extract", file).stdout
    assert "\x1b" not in yusuan("inspect", folder / "torn.pdf").output
    assert list(tmp_path.iterdir()) == []


def test_remove_withdraws_retry_repeats_and_rollback_goes_back(folder: Path, warehouse: Path) -> None:
    start = parsed(yusuan("status", "--warehouse", warehouse, "--json"))["publication"]["version"]
    tried = parsed(yusuan("retry", "--warehouse", warehouse, "--json"))
    assert tried["inputs"] == {"quarantined": 1}
    removed = parsed(yusuan("remove", "torn.pdf", "--warehouse", warehouse, "--json"))
    assert (removed["removed"], removed["documents"]) == (1, 1)
    assert yusuan("remove", "torn.pdf", "--warehouse", warehouse).exit_code == 2
    back = parsed(yusuan("rollback", start, "--warehouse", warehouse, "--json"))
    assert (back["version"], back["documents"]) == (start, 2)
    assert yusuan("rollback", "999", "--warehouse", warehouse).exit_code == 2


@pytest.fixture
def environment() -> dict[str, str]:
    """For commands in a process of their own: this one's, and the project findable from any folder."""
    return {**os.environ, "COLUMNS": "100", "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def test_four_at_once_lose_nothing(tmp_path: Path, environment: dict[str, str]) -> None:
    warehouse = tmp_path / "w.duckdb"
    started = []
    for n in range(4):
        (tmp_path / f"in{n}").mkdir()
        (tmp_path / f"in{n}" / "same name.txt").write_text(TABLE.format(amount=f"{n + 1}.25"), encoding="utf-8")
        command = [sys.executable, "-m", "assets.cli", "ingest", f"in{n}", "--warehouse", str(warehouse), "--wait", "--workers", "1"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        started.append(subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, **pipes))
    outputs = [process.communicate(timeout=500)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4, outputs
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        amounts = {row[0] for row in connection.sql("select distinct amount_yuan::varchar from facts").fetchall()}
        assert connection.sql("select count(*) from inputs").fetchall() == [(4,)]
    assert amounts == {f"{n + 1}2500.0000" for n in range(4)}


@pytest.mark.parametrize("command", [["--help"], ["status", "--help"]])
def test_light_commands_load_nothing_heavy(command: list[str], environment: dict[str, str]) -> None:
    program = (
        "import sys\nfrom assets.cli.app import app\n"
        f"try:\n    app({command!r})\nexcept SystemExit:\n    pass\n"
        "heavy = {'dagster', 'polars', 'pandera', 'duckdb', 'cv2', 'camelot'} & set(sys.modules)\nassert not heavy, heavy\n")
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, stdout=subprocess.DEVNULL)


def test_status_starts_without_dagster_and_polars(warehouse: Path, environment: dict[str, str]) -> None:
    program = (
        "import sys\nfrom assets.cli.app import app\n"
        f"try:\n    app(['status', '--warehouse', {str(warehouse)!r}])\nexcept SystemExit:\n    pass\n"
        "heavy = {'dagster', 'polars', 'pandera', 'cv2', 'camelot'} & set(sys.modules)\nassert not heavy, heavy\n")
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("blocks", [60, 700])  # of 1,024 bytes: no room for the state, for the new warehouse
def test_a_full_disk_is_told_in_one_line_and_the_next_run_goes_on(tmp_path: Path, environment: dict[str, str], blocks: int) -> None:
    (tmp_path / "in.txt").write_text(TABLE.format(amount="1.25"), encoding="utf-8")
    command = f"{shlex.quote(sys.executable)} -m assets.cli ingest in.txt --warehouse w.duckdb --workers 1"
    limited = ["bash", "-c", f"ulimit -f {blocks}; exec {command}"]
    full = subprocess.run(limited, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert full.returncode == 1, full.stdout + full.stderr
    assert "Traceback" not in full.stderr
    assert "File too large" in full.stderr or "disk" in full.stderr
    again = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert again.returncode == 0, again.stderr

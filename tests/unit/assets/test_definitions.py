"""What Dagster is told: the graph, its checks, the job's configuration, the schedule.

The graph is compared with `asset_graph.json`; a wanted change is taken over with `YUSUAN_UPDATE_SNAPSHOTS=1 pytest …`.
"""

import json
import os
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from assets.automation import JOB_NAME
from assets.definitions import defs
from assets.resources import Place, Selection
from schemas.registry import RELATIONS

SNAPSHOT = Path(__file__).with_name("asset_graph.json")
ROOT = Path(__file__).resolve().parents[3]


def graph(definitions: dg.Definitions) -> dict[str, Any]:
    """The asset graph as a person reads it: dependencies, group, kinds, pool, checks by asset, and what triggers it."""
    resolved = definitions.resolve_asset_graph()
    assets = {}
    for key in sorted(resolved.get_all_asset_keys()):
        node = resolved.get(key)
        assets[key.to_user_string()] = {
            "after": sorted(parent.to_user_string() for parent in node.parent_keys),
            "description": node.description,
            "group": node.group_name,
            "kinds": sorted(node.kinds),
            "pools": sorted(node.pools or ()),
            "versioned": node.code_version is not None,
            "checks": sorted(check.name for check in node.check_keys),
        }
    repository = definitions.get_repository_def()
    return {
        "assets": assets,
        "jobs": sorted(job.name for job in repository.get_all_jobs() if not job.name.startswith("__")),
        "schedules": {entry.name: entry.cron_schedule for entry in repository.schedule_defs},
        "sensors": {entry.name: entry.minimum_interval_seconds for entry in repository.sensor_defs},
    }


def test_the_asset_graph_is_the_one_that_was_agreed() -> None:
    found = json.dumps(graph(defs), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("YUSUAN_UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(found, encoding="utf-8")
    assert found == SNAPSHOT.read_text(encoding="utf-8")


def test_every_relation_has_one_multi_check() -> None:
    checks = {key.name for key in defs.resolve_asset_graph().asset_check_keys}
    for relation in RELATIONS:
        assert {f"{relation}_rows", f"{relation}_key"} <= checks
    assert {"documents_account", "quarantine_rate", "freshness"} <= checks


def test_everything_that_writes_is_in_the_pool_of_one() -> None:
    limits = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))["concurrency"]["pools"]
    assert limits["default_limit"] == 1
    for node in graph(defs)["assets"].values():
        assert node["pools"] == ["warehouse"]


def test_the_job_takes_a_flat_configuration() -> None:
    job = defs.resolve_job_def(JOB_NAME)
    schema = job.config_mapping.config_schema.config_type  # type: ignore[union-attr]
    assert set(schema.fields) == set(Selection.model_fields)
    resolved = job.config_mapping.resolve_from_unvalidated_config({"region": "3706", "force": True})  # type: ignore[union-attr]
    selection = resolved["resources"]["work"]["config"]["selection"]
    assert (selection["region"], selection["force"], selection["documents"]) == ("3706", True, [])


def test_the_daily_schedule_offers_the_inbox(tmp_path: Path) -> None:
    schedule = defs.resolve_schedule_def("daily")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance=instance, resources={"place": Place(inbox=str(tmp_path))})
        (request,) = schedule.evaluate_tick(context).run_requests or ()
    assert request.run_config["inbox"] is True
    assert request.run_config["files"] == []


@pytest.mark.parametrize("name", ["workspace.yaml", "pyproject.toml"])
def test_both_ways_to_start_dagster_name_the_same_module(name: str) -> None:
    assert "assets.definitions" in (ROOT / name).read_text(encoding="utf-8")

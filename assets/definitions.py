"""Everything Dagster knows of Yusuan, from one function; `defs` is what `workspace.yaml` and `dg` load.

Here: putting together. Not here: any of the parts.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from assets.automation import daily, inbox_sensor, ingest_job
from assets.checks import checks
from assets.graph import build_assets
from assets.resources import Place, Work, progress_resource, writer_resource


def build_definitions(**resources: Any) -> dg.Definitions:
    """The definitions, with some resources replaced: `place` (another warehouse), `work` (a fixed selection), `progress`, `writer`."""
    return dg.Definitions(
        assets=build_assets(),
        asset_checks=checks(),
        jobs=[ingest_job],
        schedules=[daily],
        sensors=[inbox_sensor()],
        resources={
            "place": Place(), "work": Work.configure_at_launch(), "progress": progress_resource(), "writer": writer_resource, **resources,
        },
        executor=dg.in_process_executor,  # the stages bring their own processes; and the writer's lock is held by one
    )


defs = build_definitions()

"""When things are made: the job, the daily schedule and the sensor on the inbox.

Here: triggers and the run configuration they give. Not here: what is made (graph), or how the inbox is listed (inbox).
No `from __future__ import annotations`: Dagster takes the job's configuration schema from the annotation itself.
"""

import json
from pathlib import Path
from typing import Any

import dagster as dg

from assets import inbox
from assets.resources import Place, Selection
from assets.stages.locations import Locations
from pipelines.publish.paths import warehouse_paths
from pipelines.read.inputs import displayable

JOB_NAME = "ingest"
FILES_A_RUN = 1_000  # a run request carries the names of its files; what is left over follows at the next look
SENSOR_SECONDS = 60
DAILY = "30 2 * * *"


@dg.config_mapping
def _selected(config: Selection) -> dict[str, Any]:
    return {"resources": {"work": {"config": {"selection": config.model_dump()}}}}


ingest_job = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    config=_selected,
    description="Offer files, read, understand, normalise, audit and publish them. 采集、读取、理解、规范化、核对、发布",
)


@dg.schedule(
    job=ingest_job, cron_schedule=DAILY, execution_timezone="Asia/Shanghai", name="daily",
    description="Every night: all files of the inbox, and whatever a new reader version or vocabulary has made stale.",
)
def daily(place: Place) -> dg.RunRequest:
    """One run over the whole inbox; what is up to date costs no more than a look."""
    return dg.RunRequest(run_config=Selection(inbox=place.folder.is_dir()).model_dump())


def _cursor(text: str | None) -> dict[str, inbox.Stamp]:
    """What the last look saw. A cursor that cannot be read is one look lost, not more."""
    try:
        return {name: (int(size), int(modified)) for name, (size, modified) in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def offered_before(place: Place) -> dict[Path, set[inbox.Stamp]]:
    """The files below the inbox that the warehouse has been offered, with the stamps they had then."""
    found: dict[Path, set[inbox.Stamp]] = {}
    with Locations(warehouse_paths(place.file)) as locations:
        for entry in locations.below(place.folder.resolve()):
            found.setdefault(entry.path, set()).add((entry.size, entry.modified))
    return found


def inbox_sensor() -> dg.SensorDefinition:
    """The sensor on the inbox."""

    @dg.sensor(
        job=ingest_job, name="inbox", minimum_interval_seconds=SENSOR_SECONDS,
        description="New files in the inbox, once their size has stopped changing.",
    )
    def look(context: dg.SensorEvaluationContext, place: Place) -> dg.SensorResult:
        folder, done = place.folder.resolve(), offered_before(place)
        waiting = {name: stamp for name, stamp in inbox.listing(folder).items() if stamp not in done.get(folder / name, ())}
        ready = inbox.settled(_cursor(context.cursor), waiting)
        batch = dict(sorted(ready.items())[:FILES_A_RUN])
        requests = [
            dg.RunRequest(
                run_key=inbox.digest(batch),
                run_config=Selection(inbox=True, files=[displayable(name) for name in batch]).model_dump(),
            )
        ] if batch else []
        reason = None if batch else dg.SkipReason(f"{len(waiting)} files waiting, none settled" if waiting else "nothing new")
        return dg.SensorResult(run_requests=requests, skip_reason=reason, cursor=json.dumps(waiting))

    return look

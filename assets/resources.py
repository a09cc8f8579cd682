"""What a run is given: the warehouse it writes, and which documents it shall look at.

Here: the two Dagster resources, as plain configuration. Not here: anything that opens a file; stages do that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from pydantic import Field

from assets.progress import Progress, Silent
from pipelines.publish.lock import Holder, writer
from pipelines.read.pdf.sample import SAMPLE_SHARE

DEFAULT_WAREHOUSE = "data/warehouse/yusuan.duckdb"
DEFAULT_INBOX = "data/inbox"
SECOND_OPINION = "YUSUAN_SECOND_OPINION"


class Place(dg.ConfigurableResource):
    """Where things are: the published file (state, batches and versions stand beside it) and the inbox; and how many workers read."""

    warehouse: str = Field(default=DEFAULT_WAREHOUSE, description="The published DuckDB file.")
    inbox: str = Field(default=DEFAULT_INBOX, description="The folder that the sensor and the schedule look at.")
    workers: int = Field(default=0, description="Reading processes; 0 for as many as there are processors.")
    second_opinion: float | None = Field(
        default=None, description="Share of the pages with tables that are read a second time, by stock camelot; 0 for none. "
        f"Not given: the environment's {SECOND_OPINION}, or {SAMPLE_SHARE}.")
    wait: bool = Field(default=True, description="Wait while another writer holds the warehouse; else the run fails at once.")

    @property
    def file(self) -> Path:
        """The published file, absolute: a step may run in another folder."""
        return Path(self.warehouse).absolute()

    @property
    def folder(self) -> Path:
        """The inbox."""
        return Path(self.inbox).absolute()

    @property
    def second_opinion_share(self) -> float:
        """The share of second opinions, 0 to 1. Raises ValueError for any other."""
        given = self.second_opinion if self.second_opinion is not None else os.environ.get(SECOND_OPINION, SAMPLE_SHARE)
        share = float(given)
        if not 0 <= share <= 1:
            raise ValueError(f"{SECOND_OPINION} (or second_opinion) is a share between 0 and 1, not {given}")
        return share

    @property
    def worker_count(self) -> int:
        """Processes to read with: the processors this process may use, unless told."""
        return self.workers or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else self.workers or os.cpu_count() or 1


class Selection(dg.Config):
    """Which documents a run works on: the run configuration of the job. Nothing given means all that are not up to date."""

    paths: list[str] = Field(default=[], description="Files and folders to offer; none: only documents known before.")
    inbox: bool = Field(default=False, description="Offer the inbox: hidden, temporary and growing files and links are left alone.")
    files: list[str] = Field(default=[], description="Of the inbox only these files, by path relative to it; none: all.")
    documents: list[str] = Field(default=[], description="Only these documents: ids, their beginnings, or source names with * and ?.")
    status: str = Field(default="", description="Only documents of this status, e.g. quarantined.")
    region: str = Field(default="", description="Only documents of this region: the beginning of a code, e.g. 3706.")
    since: str = Field(default="", description="Only documents first seen on or after this date, e.g. 2026-03-01.")
    force: bool = Field(default=False, description="Do the selected documents again although they are up to date.")


class Work(dg.ConfigurableResource):
    """What this run shall work on. A resource, because every asset of a run asks for it and a run says it once."""

    selection: Selection = Selection()


@dg.resource(required_resource_keys={"place"}, description="The warehouse's lock, held for the whole run: one writer at a time.")
def writer_resource(context: dg.InitResourceContext) -> Iterator[Holder]:
    """Hold the lock as long as the run lasts; `place.wait` decides what happens when somebody else has it."""
    place: Place = context.resources.place
    with writer(place.file, wait=None if place.wait else 0.0, task=f"run {context.run.run_id}" if context.run else "run") as holder:
        yield holder


def progress_resource(progress: Progress | None = None) -> dg.ResourceDefinition:
    """The progress that stages report to: a live object of this process, not configuration."""
    return dg.ResourceDefinition.hardcoded_resource(progress or Silent(), description="Told how far a run is.")

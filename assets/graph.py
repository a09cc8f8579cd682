"""The assets: documents → raw_tables → tables → facts, indicators, statistics → warehouse.

Here: names, dependencies, descriptions, versions. Not here: the work (stages). Assets hand on nothing but the state of the warehouse,
which says by document and stage what is due; so any of them can be run alone, again, or after having been killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from assets.metadata import result
from assets.progress import Progress
from assets.resources import Place, Work
from assets.stages import offer, publish, read, tabulate, understand
from assets.stages.session import Session, Wanted
from pipelines.publish.lock import Holder

POOL = "warehouse"  # one writer: the pool's limit is 1, see dagster.yaml; the lock file holds where no pool does
Lock = dg.ResourceParam[Holder]  # asked for by every asset, so that the lock is held as long as the run lasts
RESULTS = {
    "facts": "事实：表格中的金额，一行一个。One row an amount of money printed in a table.",
    "indicators": "绩效指标。Performance indicators with typed targets.",
    "statistics": "统计量：编制、车辆、面积、数量。Counted things: posts, vehicles, floor space, quantities.",
}


def session(place: Place, work: Work, progress: Progress) -> Session:
    """A run's session on the warehouse that the resources name."""
    chosen = work.selection
    wanted = Wanted(
        paths=tuple(Path(path) for path in chosen.paths), inbox=chosen.inbox, files=tuple(chosen.files), documents=tuple(chosen.documents),
        status=chosen.status, region=chosen.region, since=chosen.since, force=chosen.force)
    return Session.of(
        place.file, wanted=wanted, inbox=place.folder, workers=place.worker_count, progress=progress,
        second_opinion=place.second_opinion_share, revive=not chosen.inbox)


def build_assets() -> list[dg.AssetsDefinition]:
    """The assets with the versions of their code and vocabularies as they are now."""

    @dg.asset(
        group_name="yusuan", kinds={"file"}, pool=POOL, code_version="1",
        description="文件：提交的文件及压缩包成员，按内容去重。Every file and archive member offered, by content.")
    def documents(place: Place, work: Work, progress: dg.ResourceParam[Progress], writer: Lock) -> dg.MaterializeResult:
        return result(offer.offer(session(place, work, progress)))

    @dg.asset(
        deps=[documents], group_name="yusuan", kinds={"pdf", "excel"}, pool=POOL, code_version=read.version(),
        description="原始表格：逐页读出的文字与单元格。Blocks of text and grids of cells, as they stand on the page.")
    def raw_tables(place: Place, work: Work, progress: dg.ResourceParam[Progress], writer: Lock) -> dg.MaterializeResult:
        return result(read.read(session(place, work, progress)))

    @dg.asset(
        deps=[raw_tables], group_name="yusuan", kinds={"python"}, pool=POOL, code_version=understand.version(),
        description="逻辑表格：跨页拼接，定题名、单位、主体、年度、列与行。Tables stitched, with title, unit, entity, year, columns, rows.")
    def tables(place: Place, work: Work, progress: dg.ResourceParam[Progress], writer: Lock) -> dg.MaterializeResult:
        return result(understand.understand(session(place, work, progress)))

    @dg.multi_asset(
        name="results", group_name=None, pool=POOL,
        specs=[
            dg.AssetSpec(
                name, deps=[tables], group_name="yusuan", kinds={"polars", "parquet"}, code_version=tabulate.version(), description=text)
            for name, text in RESULTS.items()
        ])
    def results(place: Place, work: Work, progress: dg.ResourceParam[Progress], writer: Lock) -> Iterator[dg.MaterializeResult]:
        report = tabulate.tabulate(session(place, work, progress))
        yield from (result(report, name) for name in RESULTS)

    @dg.asset(
        deps=list(RESULTS), group_name="yusuan", kinds={"duckdb"}, pool=POOL, code_version=publish.code_version(),
        description="数据仓库：发布的 DuckDB 文件与 Parquet 副本。The published DuckDB file and its Parquet twin.")
    def warehouse(place: Place, work: Work, progress: dg.ResourceParam[Progress], writer: Lock) -> dg.MaterializeResult:
        return result(publish.publish_all(session(place, work, progress))[1])

    return [documents, raw_tables, tables, results, warehouse]

"""The tabulating worker: an understood document in, audited frames out.

Here: one document. Not here: the loop (stages.tabulate), normalising and auditing (pipelines).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.audit.audit import audit
from pipelines.normalise.normalise import normalise
from pipelines.understand.understand import decode_understood

TABULATE = "assets.tasks.tabulating:tabulate_file"


def tabulate_file(understood_path: str) -> dict[str, pl.DataFrame]:
    """Frames by relation of one understood document, normalised and audited."""
    understood = decode_understood(Path(understood_path).read_bytes())
    return audit(normalise(understood), understood)

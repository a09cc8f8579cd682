"""The understanding worker: a reading in, an understood document laid down.

Here: one document. Not here: the loop (stages.understand), understanding itself (pipelines.understand).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from assets.tasks.files import write_whole
from pipelines.read.document import decode
from pipelines.understand.understand import encode_understood, understand

UNDERSTAND = "assets.tasks.understanding:understand_file"


class Meaning(msgspec.Struct, frozen=True):
    """What a document turned out to be; null where it does not say."""

    entity_name: str | None
    fiscal_year: int | None
    document_kind: str | None
    tables: int


def understand_file(reading: str, target: str) -> Meaning:
    """Understand the reading at one path and lay the result down at the other."""
    understood = understand(decode(Path(reading).read_bytes()))
    write_whole(Path(target), encode_understood(understood))
    context = understood.context
    if context is None:
        return Meaning(None, None, None, len(understood.tables))
    return Meaning(context.entity_name, context.fiscal_year, context.document_kind, len(understood.tables))

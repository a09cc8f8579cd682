"""What the tasks of several stages share: getting at an input's bytes, and laying a result down whole.

Here: files only. Not here: what is in them.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from pipelines.read.failure import ReadFailure
from pipelines.read.inputs import InputRef, load


def content(path: str, member: tuple[int, ...], sha256: str) -> bytes:
    """The bytes of an input, known to be those that were offered. Raises ReadFailure when they are not, or cannot be had."""
    try:
        data = load(InputRef(os.path.basename(path), Path(path), member))
    except OSError as error:
        raise ReadFailure("unreadable", f"The file could not be opened ({error.strerror}); check its rights.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ReadFailure("unreadable", "The file changed between being offered and being read; offer it again.")
    return data


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all. What a killed worker leaves lies in `aside_of(target)`."""
    aside = aside_of(target)
    aside.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(exist_ok=True)
    unfinished = aside / f"{target.name}.{os.getpid()}"
    unfinished.write_bytes(data)
    unfinished.replace(target)


def aside_of(target: Path) -> Path:
    """The folder in which files of a target's kind are written before they are renamed into place."""
    return target.parents[1] / ".unfinished"

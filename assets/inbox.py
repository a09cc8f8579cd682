"""The inbox folder: which of its files may be taken.

Here: the listing, what is left alone, and when a file has settled. Not here: reading, or what Dagster does with the answer.

Left alone: hidden files and folders, the temporary files of browsers, editors and office programs, anything that is no regular
file, linked folders, and links whose target lies outside the inbox (what somebody can link to, they could otherwise publish).
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

Stamp = tuple[int, int]  # size in bytes, modification time in ns
Listing = dict[str, Stamp]  # by path relative to the inbox, with forward slashes

TEMPORARY_PREFIXES = (".", "~$", "._", "#")
TEMPORARY_SUFFIXES = (
    "~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".swp", ".lock", ".!ut", ".aria2",
)


def is_temporary(name: str) -> bool:
    """Whether a file's or folder's bare name marks it as hidden or as work in progress."""
    return name.startswith(TEMPORARY_PREFIXES) or name.lower().endswith(TEMPORARY_SUFFIXES)


def _regular(path: Path, root: Path) -> os.stat_result | None:
    """The file's stat if it is a regular file inside `root` (a link must point inside), else None. A file that vanishes is None."""
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root):
            return None
        found = path.stat()
    except (OSError, RuntimeError):  # gone meanwhile, unreadable, or a loop of links
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not is_temporary(name))
        yield from (Path(parent, name) for name in sorted(files) if not is_temporary(name))


def listing(folder: Path) -> Listing:
    """All files that may be taken, with their stamps; empty when there is no such folder."""
    root = folder.resolve()
    stamped = ((path, _regular(path, root)) for path in _walk(root))
    return {path.relative_to(root).as_posix(): (found.st_size, found.st_mtime_ns) for path, found in stamped if found is not None}


def settled(before: Mapping[str, Stamp], now: Mapping[str, Stamp]) -> Listing:
    """The files whose size and time have not changed since the last look."""
    return {name: stamp for name, stamp in now.items() if before.get(name) == stamp}


def digest(files: Mapping[str, Stamp]) -> str:
    """A name for exactly this set of files in this state: 16 hex digits, whatever the order."""
    total = hashlib.sha256()
    for name, (size, modified) in sorted(files.items()):
        total.update(f"{os.fsencode(name).hex()} {size} {modified}\n".encode("ascii"))
    return total.hexdigest()[:16]

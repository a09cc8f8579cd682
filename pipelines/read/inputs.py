"""What there is to read: every file below a path, and every member of its archives, each with the name that the warehouse shows.

Here: walking folders without leaving them, and loading one input's bytes. Not here: reading, hashing, the record of what was done.

Any file gets a row, hidden and temporary ones too; links that lead out of the folder are not followed. Names are made displayable:
bytes that are no UTF-8 and control characters become visible marks.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.read.archive import SEPARATOR, members, unpack
from pipelines.read.failure import ReadFailure
from pipelines.read.limits import DEFAULT, MIB, Limits
from pipelines.read.sniff import ZIP, zip_type

_ZIP_START: Final = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class InputRef:
    """One thing to read. `name` is relative to the folder given (the file's own name for a file), archive members behind `!`.

    `member` is the way through the archive's directories, empty for a file. With `failure` set there is nothing to load: it is the
    outcome.
    """

    name: str
    path: Path
    member: tuple[int, ...] = ()
    failure: ReadFailure | None = None


def expand(path: Path, limits: Limits = DEFAULT) -> Iterator[InputRef]:
    """The inputs at a path: a file, the members of an archive, or all of these below a folder, in the order of their names.

    Raises FileNotFoundError when nothing is there.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no file or folder {path}")
    if path.is_dir():
        root = path.resolve()
        for file in _files(path):
            name = displayable(os.fspath(file.relative_to(path)).replace(os.sep, "/"))
            if file.is_symlink() and not file.resolve().is_relative_to(root):
                failure = ReadFailure("unsupported", "A link that leads out of the folder; hand in the file itself.")
                yield InputRef(name, file, failure=failure)
            else:
                yield from _expand_file(file, name, limits)
    else:
        yield from _expand_file(path, displayable(path.name), limits)


def load(ref: InputRef, limits: Limits = DEFAULT) -> bytes:
    """An input's bytes. Raises its ReadFailure, ReadFailure (too_large, archive), or OSError."""
    if ref.failure is not None:
        raise ref.failure
    if ref.member:
        return unpack(ref.path, ref.member, limits)
    size = ref.path.stat().st_size
    if size > limits.max_bytes:
        found = f"{size // MIB} MiB, more than the limit of {limits.max_bytes // MIB} MiB"
        raise ReadFailure("too_large", f"The file has {found}; raise the limit to read it.")
    return ref.path.read_bytes()


def displayable(name: str) -> str:
    """A file name as text that can be stored and shown: undecodable bytes and control characters as `\\xNN`."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode("ascii") for c in text)


def _files(folder: Path) -> Iterator[Path]:
    """Everything in a folder that is no folder, sorted by name; folders that are links are not entered (they are inputs themselves)."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except PermissionError:
        yield folder
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        else:
            yield Path(entry.path)


def _expand_file(file: Path, name: str, limits: Limits) -> Iterator[InputRef]:
    """A file as itself, or as the members of the archive that it is."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise ReadFailure("not_a_document", "Not a file: a device, a pipe, or a folder that may not be entered.")
        with file.open("rb") as stream:
            archive = stream.read(4) in _ZIP_START and zip_type(stream) == ZIP
        found = list(members(file, limits)) if archive else []
        if archive and not found:
            raise ReadFailure("archive", "The archive has no files.")
    except ReadFailure as failure:
        yield InputRef(name, file, failure=failure)
    except OSError as error:
        told = f"The file could not be opened ({error.strerror}); check its rights."
        if isinstance(error, FileNotFoundError):
            told = "A link to a file that is not there, or a file that was taken away meanwhile; hand in the file itself."
        yield InputRef(name, file, failure=ReadFailure("unreadable", told))
    else:
        if not archive:
            yield InputRef(name, file)
        for member in found:
            yield InputRef(f"{name}{SEPARATOR}{displayable(member.name)}", file, member.place, member.failure)

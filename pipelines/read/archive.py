"""Members of ZIP archives (压缩包), within limits.

Here: listing members of archives and of archives inside them, and unpacking one. Not here: Office packages (package), what a member is.

Members are addressed by their position in each directory, for names may repeat or be senseless; names serve display only, so a path
that leads out of the archive does no harm. Nothing is ever written to disk.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.read.characters import plausible
from pipelines.read.failure import ReadFailure
from pipelines.read.limits import DEFAULT, MIB, Limits
from pipelines.read.package import DAMAGE

SEPARATOR: Final = "!"
Source = Path | bytes  # an archive on disk, or one that was unpacked from another
_CHUNK: Final = 1 * MIB
_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAG: Final = 1
_JUNK: Final = ("__MACOSX/",)  # the resource forks that macOS adds for every file


@dataclass(frozen=True)
class Member:
    """One file in an archive. `place` is the way to it through the directories; `name` its display name (`内层.zip!表.pdf`).

    `failure` is set where the member cannot be read, with the reason to record.
    """

    name: str
    place: tuple[int, ...]
    failure: ReadFailure | None = None


@dataclass
class _Spent:
    """What has been unpacked of one archive so far."""

    members: int = 0
    total: int = 0


def members(source: Source, limits: Limits = DEFAULT) -> Iterator[Member]:
    """Files of an archive in the order of its directory; archives inside it are opened, links and folders passed over.

    Raises ReadFailure(archive | too_large) where the archive itself is damaged or beyond the limits.
    """
    yield from _list(source, (), 1, _Spent(), limits)


def _list(source: Source, place: tuple[int, ...], depth: int, spent: _Spent, limits: Limits) -> Iterator[Member]:
    for position, info in enumerate(_directory(source, limits)):
        mode = info.external_attr >> 16
        if info.is_dir() or stat.S_ISLNK(mode) or info.filename.startswith(_JUNK):
            continue
        spent.members += 1
        if spent.members > limits.max_members:
            raise ReadFailure("archive", f"The archive has more than {limits.max_members} files; unpack it and hand in its folders.")
        name, here = display_name(info), (*place, position)
        if info.flag_bits & _ENCRYPTED_FLAG:
            yield Member(name, here, _encrypted())
        elif not _looks_packed(info.filename):
            yield Member(name, here)
        else:
            yield from _inner(source, info, name, here, depth, spent, limits)


def _inner(
    source: Source, info: zipfile.ZipInfo, name: str, place: tuple[int, ...], depth: int, spent: _Spent, limits: Limits,
) -> Iterator[Member]:
    """The members of an archive inside an archive, or itself with the reason why it was not opened."""
    if depth >= limits.max_depth:
        detail = f"Archives are nested more than {limits.max_depth} deep; unpack it and hand in its folders."
        yield Member(name, place, ReadFailure("archive", detail))
        return
    try:
        inner = _unpack(source, info, limits)
        spent.total += len(inner)
        if spent.total > limits.max_total:
            raise ReadFailure("too_large", f"The archives inside unpack to more than {limits.max_total // MIB} MiB; they were not opened.")
        found = list(_list(inner, place, depth + 1, spent, limits))
    except ReadFailure as failure:
        yield Member(name, place, failure)
        return
    if not found:
        yield Member(name, place, ReadFailure("archive", "The archive has no files."))
    for member in found:
        yield Member(f"{name}{SEPARATOR}{member.name}", member.place, member.failure)


def unpack(source: Source, place: tuple[int, ...], limits: Limits = DEFAULT) -> bytes:
    """One member's bytes. Raises ReadFailure (archive, encrypted, too_large), ValueError for an empty `place`."""
    for position in place:
        directory = _directory(source, limits)
        if position >= len(directory):
            raise ReadFailure("archive", "The archive has changed since it was listed; hand it in again.")
        source = _unpack(source, directory[position], limits)
    if isinstance(source, Path):
        raise ValueError("an empty place is the archive itself, not a member")
    return source


def display_name(info: zipfile.ZipInfo) -> str:
    """A member's path as its maker wrote it: UTF-8 where flagged, else UTF-8 or GB18030 by trial (Windows writes GBK, unflagged)."""
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG:
        raw = _raw_name(name)
        for encoding in ("utf-8", "gb18030"):
            try:
                candidate = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if plausible(candidate):
                name = candidate
                break
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "unnamed"


def _raw_name(name: str) -> bytes:
    """The bytes that zipfile read as code page 437."""
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return name.encode("utf-8")


def _looks_packed(name: str) -> bool:
    return name.lower().endswith(".zip")


def _encrypted() -> ReadFailure:
    return ReadFailure("encrypted", "The member is encrypted with a password; ask the publisher for an open copy.")


def _open(source: Source) -> zipfile.ZipFile:
    return zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))


def _directory(source: Source, limits: Limits) -> list[zipfile.ZipInfo]:
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    try:
        with _open(source) as archive:
            infos = archive.infolist()
    except DAMAGE as error:
        raise ReadFailure("archive", f"The archive is damaged ({error}); fetch it again.") from error
    if len(infos) > 4 * limits.max_members:
        raise ReadFailure("archive", f"The archive lists {len(infos)} entries, more than the limit; unpack it and hand in its folders.")
    # overlapping members let a small archive hold any amount (a ZIP bomb without recursion)
    packed = sum(info.compress_size for info in infos)
    if packed > size:
        raise ReadFailure("archive", "The archive's members overlap, as archive bombs' do; it was not opened.")
    return infos


def _unpack(source: Source, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise _encrypted()
    pieces: list[bytes] = []
    total = 0
    try:
        with _open(source) as archive, archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                total += len(chunk)
                bomb = total > limits.ratio_from and total > limits.max_ratio * max(1, info.compress_size)
                if total > limits.max_bytes or bomb:
                    found = f"{total // MIB} MiB from {info.compress_size // 1024} KiB"
                    raise ReadFailure("too_large", f"The member unpacks to more than {found}, as archive bombs do; it was not read.")
                pieces.append(chunk)
    except DAMAGE as error:
        raise ReadFailure("archive", f"The member is damaged or packed in an unknown way ({error}); fetch the archive again.") from error
    return b"".join(pieces)

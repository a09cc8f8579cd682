"""From paths to documents: every file and archive member offered gets its row, its content's hash, and its place.

Here: naming, hashing, and marking for redoing. Not here: walking folders and archives (pipelines.read.inputs), the inbox's rules (inbox).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from assets import inbox
from assets.stages.locations import Location, Locations
from assets.stages.report import Report, Tally, digest
from assets.stages.session import Session, selected
from pipelines.publish.state import QUARANTINED, STALE, Offer, State
from pipelines.read.failure import ReadFailure
from pipelines.read.inputs import InputRef, displayable, expand, load

STAGE, BAR = "documents", "finding"
OFFER_EVERY = 200  # inputs a transaction
SETTLE_SECONDS = 60  # a file of the inbox younger than this may still be growing


def offer(session: Session) -> Report:
    """Offer all that the run was given; with `force`, have it (or what is selected) done again."""
    tally = Tally(STAGE)
    offered: list[str] = []
    preview: list[tuple[object, ...]] = []
    with session.state() as state, Locations(session.paths) as locations:
        session.progress.start(BAR, None)
        waiting: list[tuple[Offer, Location]] = []
        taken: dict[str, Path] = {}
        for ref in _inputs(session):
            name = _name(ref, taken, locations)
            taken[name] = ref.path
            made = _offer(replace(ref, name=name), locations, fresh=session.wanted.force)
            waiting.append(made)
            offered.append((made[0].sha256 or "")[:16])
            preview.append((made[0].source_name, made[0].bytes, made[0].reason))
            tally.add(made[0].reason or "offered", made[0].source_name)
            session.progress.advance(BAR)
            if len(waiting) >= OFFER_EVERY:
                _commit(state, locations, waiting, revive=session.revive)
                waiting = []
        _commit(state, locations, waiting, revive=session.revive)
        if session.wanted.force:
            tally.more["forced"] = _make_due(state, _forced(session, state, offered))
        session.progress.finish(BAR)
        documents = [row["document_id"] for row in state.documents()]
    return tally.report(len(documents), digest(documents), ("file", "bytes", "reason"), preview)


def _inputs(session: Session) -> Iterator[InputRef]:
    """All inputs of the run, one after another."""
    for path in session.wanted.paths:
        yield from expand(path)
    if session.wanted.inbox:
        yield from _from_inbox(session.inbox, set(session.wanted.files))


def _from_inbox(folder: Path, files: set[str]) -> Iterator[InputRef]:
    """The inbox's files that may be taken; only those named in `files`, if any are; else those that have come to rest."""
    now = time.time_ns()
    for name, (_, modified) in inbox.listing(folder).items():
        shown = displayable(name)
        if (shown in files) if files else (now - modified > SETTLE_SECONDS * 1_000_000_000):
            parent = str(PurePosixPath(shown).parent)
            for ref in expand(folder.resolve() / name):
                yield ref if parent == "." else replace(ref, name=f"{parent}/{ref.name}")


def _name(ref: InputRef, taken: dict[str, Path], locations: Locations) -> str:
    """The input's name, unless another file that still exists has it: then as many of its folders before it as tell them apart."""
    name, folders = ref.name, list(ref.path.resolve().parent.parts[1:])
    inner = PurePosixPath(ref.name.split("!")[0]).parent.parts  # folders that the name already has
    folders = folders[: len(folders) - len(inner)] if inner else folders
    while folders and _elsewhere(name, ref.path, taken, locations):
        name = f"{displayable(folders.pop())}/{name}"
    return name


def _elsewhere(name: str, path: Path, taken: dict[str, Path], locations: Locations) -> bool:
    """Whether the name belongs to another file, of this run or of an earlier one."""
    noted = locations.named(name)
    other = taken.get(name) or (noted.path if noted else None)
    return other is not None and other.absolute() != path.absolute() and other.is_file() and not (path.exists() and other.samefile(path))


def _offer(ref: InputRef, locations: Locations, *, fresh: bool) -> tuple[Offer, Location]:
    """One input's offer and place; its content is hashed, unless its file surely is as it was."""
    size = modified = 0
    try:
        stat = ref.path.stat()
        size, modified = stat.st_size, stat.st_mtime_ns
        known = None if fresh or ref.member or ref.failure else locations.named(ref.name)
        if known and known.sha256 and known.path == ref.path.absolute() and known.unchanged(size, modified):
            sha256, content_size = known.sha256, size
        else:
            sha256, content_size = _hashed(ref)
    except ReadFailure as failure:
        return _refused(ref, failure, size, modified)
    except OSError as error:
        closed = ReadFailure("unreadable", f"The file could not be opened ({error.strerror}); check its rights.")
        return _refused(ref, closed, size, modified)
    return Offer(ref.name, sha256, content_size), Location(ref.name, ref.path.absolute(), ref.member, sha256, size, modified)


def _hashed(ref: InputRef) -> tuple[str, int]:
    """SHA-256 and size of an input's content; a file is hashed piece by piece, however large it is."""
    if ref.failure is not None:
        raise ref.failure
    if ref.member:
        data = load(ref)
        return hashlib.sha256(data).hexdigest(), len(data)
    with ref.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), ref.path.stat().st_size


def _refused(ref: InputRef, failure: ReadFailure, size: int, modified: int) -> tuple[Offer, Location]:
    """An input without content: its row says why, and that is final."""
    offer = Offer(ref.name, None, size, status=QUARANTINED, reason=failure.reason, detail=failure.detail)
    return offer, Location(ref.name, ref.path.absolute(), ref.member, None, size, modified)


def _commit(state: State, locations: Locations, made: list[tuple[Offer, Location]], *, revive: bool) -> None:
    """Places first: a document that is known has to be findable."""
    if made:
        locations.note(location for _, location in made)
        state.offer((offer for offer, _ in made), revive=revive)


def _forced(session: Session, state: State, offered: Iterable[str]) -> set[str]:
    """What `force` is about: the selected documents; where nothing is selected, those offered; where nothing is offered either, all."""
    chosen = selected(state, session.paths, session.wanted)
    if chosen is not None:
        return chosen
    if session.wanted.paths or session.wanted.inbox:
        return set(offered)
    return {row["document_id"] for row in state.documents()}


def _make_due(state: State, documents: set[str]) -> int:
    """Have these documents done again from the beginning; what they made stays until then. A mark, so that a killed run goes on."""
    marks = [(STALE, document) for document in sorted(documents)]
    with state.change() as connection:
        connection.executemany("UPDATE records SET version = ? WHERE document_id = ?", marks)
    return len(documents)

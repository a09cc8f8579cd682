"""Old Word and WPS files (.doc, .wps, .rtf, .odt) turned into .docx by LibreOffice, where it is installed.

Here: one conversion in a process group of its own, with a profile of its own, no macros, no display, and a time limit. Not here: reading
the result (docx), other formats.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from pipelines.read.failure import ReadFailure
from pipelines.read.limits import DEFAULT, Limits

PROGRAMS: Final = ("soffice", "libreoffice")
_PLACES: Final = ("/usr/lib/libreoffice/program/soffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_SUFFIXES: Final = {"application/rtf": ".rtf", "application/vnd.oasis.opendocument.text": ".odt", "application/vnd.ms-works": ".wps"}
# macros never run, linked content is never fetched, nothing asks back
_SETTINGS: Final = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
)


def find_libreoffice() -> str | None:
    """The program's path, or None where it is not installed."""
    found = next((path for program in PROGRAMS if (path := shutil.which(program))), None)
    return found or next((place for place in _PLACES if os.access(place, os.X_OK)), None)


def to_docx(data: bytes, media_type: str, limits: Limits = DEFAULT) -> bytes:
    """The .docx that LibreOffice makes of an old document. Raises ReadFailure (needs_libreoffice, timeout, corrupt)."""
    program = find_libreoffice()
    if program is None:
        detail = "Old Word and WPS files are read through LibreOffice, which is not installed; install libreoffice-writer."
        raise ReadFailure("needs_libreoffice", detail)
    with tempfile.TemporaryDirectory(prefix="yusuan-office-") as folder:
        place = Path(folder)
        source = place / f"document{_SUFFIXES.get(media_type, '.doc')}"
        source.write_bytes(data)
        profile = place / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
        command = [
            program, f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--invisible", "--norestore", "--nolockcheck",
            "--nodefault", "--nologo", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(place / "out"), str(source),
        ]
        _run(command, place, limits)
        result = place / "out" / "document.docx"
        if not result.is_file():
            raise ReadFailure("corrupt", "LibreOffice could not read the file; open and save it anew in Word or WPS.")
        return result.read_bytes()


def _settings() -> str:
    """The profile's settings in LibreOffice's registry form."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _run(command: list[str], home: Path, limits: Limits) -> None:
    """Run to the end or to the time limit, then end the whole process group: LibreOffice's starter leaves its program behind."""
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home), "SAL_USE_VCLPLUGIN": "svp"}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        environment.pop(name, None)
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    try:
        process.wait(limits.office_seconds)
    except subprocess.TimeoutExpired as error:
        detail = f"LibreOffice took more than {limits.office_seconds:.0f} s over the file; open and save it anew in Word or WPS."
        raise ReadFailure("timeout", detail) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

"""The worker's side of supervised work: one message in, one answer out, until the pipe closes.

Here: what runs inside a worker process. Not here: starting, watching and ending workers (workers).

Started as a process of its own, not through `multiprocessing.Process`: that would import the main program (Dagster, a test runner, an
unguarded script) into every worker. Imports nothing but the standard library until it is told which function to serve.
"""

from __future__ import annotations

import faulthandler
import importlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

try:
    import resource
except ImportError:  # not a Unix: the backstop against orphans that never give up the interpreter is missing there
    resource = None  # type: ignore[assignment]

READY: Final = "ready"
UNUSABLE: Final = "unusable"  # the function cannot be imported: the program's fault, not a document's
DONE: Final = "done"
REFUSED: Final = "refused"  # an expected failure with a reason
RAISED: Final = "raised"  # an unexpected exception
_WATCH_SECONDS: Final = 1.0


def main(descriptor: int, function: str, parent: int, seconds: float) -> None:
    """Serve `function` ("package.module:callable") on a pipe until the other end closes it."""
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends its workers
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    pipe = Connection(descriptor)
    try:
        target = resolve(function)
    except (ImportError, AttributeError, ValueError) as error:
        pipe.send((UNUSABLE, f"{type(error).__name__}: {error}", 0.0))
        return
    pipe.send((READY, os.getpid(), 0.0))
    while True:
        try:
            args = pipe.recv()
        except (EOFError, OSError):
            return
        _limit_processor_time(seconds)
        started = time.monotonic()
        kind, payload = _call(target, args)
        try:
            pipe.send((kind, payload, time.monotonic() - started))
        except (BrokenPipeError, ConnectionResetError):
            return


def resolve(function: str) -> Callable[..., Any]:
    """The callable named "package.module:name". Raises ImportError, AttributeError or ValueError."""
    module, colon, name = function.partition(":")
    if not colon:
        raise ValueError(f"{function!r} is not of the form package.module:callable")
    found = getattr(importlib.import_module(module), name)
    if not callable(found):
        raise ValueError(f"{function!r} is not callable")
    return found


def _call(target: Callable[..., Any], args: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return DONE, target(*args)
    except MemoryError:
        return REFUSED, ("memory", "The document needed more memory than the system gave; read it alone on a larger machine.")
    except Exception as error:  # noqa: BLE001 - the one supervised boundary: whatever a document does to a reader ends here, as its own answer
        reason, detail = getattr(error, "reason", None), getattr(error, "detail", None)
        if isinstance(reason, str) and isinstance(detail, str):
            return REFUSED, (reason, detail)
        where = traceback.extract_tb(error.__traceback__)[-1]
        # its message may quote the document, and with it a person: only its kind and place are told
        return RAISED, (type(error).__name__, f"{os.path.basename(where.filename)}:{where.lineno} in {where.name}")


def _limit_processor_time(seconds: float) -> None:
    """Let the system end this process should one document use twice its time: the last resort when the parent was killed meanwhile and
    a library never returns to the interpreter."""
    if resource is not None:
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        soft = int(time.process_time() + 2 * seconds + 10)
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _leave_with(parent: int) -> None:
    """End this process and its children (LibreOffice) once the parent is gone, even in the middle of a document."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    try:
        import psutil

        for child in psutil.Process().children(recursive=True):
            child.kill()
    except (ImportError, psutil.Error):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))

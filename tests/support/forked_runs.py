"""Runs of the job in processes that can be killed at any moment, without paying for their imports each time.

A program of its own: reads lines `SECONDS WAREHOUSE PATH`, forks a process that runs the job, kills it with signal 9 after so many
seconds (never, if negative), and answers `finished` or `killed`, and the seconds it took.
"""

import os
import signal
import sys
import time
from pathlib import Path

import assets.run
from assets.progress import Silent


def ingest(warehouse: str, path: str) -> None:
    assets.run.run(assets.run.Request(paths=(Path(path),), warehouse=Path(warehouse), workers=2, wait=True), Silent())


def main() -> None:
    for line in sys.stdin:
        seconds, warehouse, path = line.rstrip("\n").split("\t")
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            ingest(warehouse, path)
            os._exit(0)
        status = None
        while status is None:
            done, code = os.waitpid(child, os.WNOHANG)
            if done:
                status = "finished" if code == 0 else "failed" if os.WIFEXITED(code) else "killed"
            elif 0 <= float(seconds) < time.monotonic() - begun:
                os.kill(child, signal.SIGKILL)
                seconds = "-1"
            else:
                time.sleep(0.005)
        sys.stdout.write(f"{status} {time.monotonic() - begun:.3f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

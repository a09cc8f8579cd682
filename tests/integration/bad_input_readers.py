"""A reader for test_bad_input: as the real one, but documents may ask to take forever, to eat memory, or to die."""

import os
import time
from pathlib import Path

from pipelines.read.document import Document
from pipelines.read.inputs import InputRef
from pipelines.read.limits import Limits
from pipelines.read.reader import read_input

FOREVER, HUNGRY, DEADLY = b"%forever", b"%hungry", b"%deadly"


def read(ref: InputRef, limits: Limits) -> Document:
    head = Path(ref.path).read_bytes()[:8]
    if head == FOREVER:
        time.sleep(600)
    if head == HUNGRY:
        eaten = []
        while True:
            eaten.append(b"x" * (50 * 2**20))
    if head == DEADLY:
        os.kill(os.getpid(), 9)
    return read_input(ref, limits)


def die(*_: object) -> None:
    """Killed, whatever it is asked to read."""
    os.kill(os.getpid(), 9)

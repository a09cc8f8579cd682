"""What the workers of test_read_workers do: each behaves in one way that documents make readers behave."""

import ctypes
import os
import time
from typing import NoReturn

from pipelines.read.failure import ReadFailure


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def sleep() -> None:
    time.sleep(600)


def spin() -> NoReturn:
    while True:
        pass


def eat() -> NoReturn:
    eaten = []
    while True:
        eaten.append(b"x" * (20 * 2**20))
        time.sleep(0.01)


def die() -> None:
    os.kill(os.getpid(), 9)


def die_once(mark: str) -> str:
    """Killed the first time, as by the system's memory killer; fine the second."""
    if not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), 9)
    return "survived"


def abort() -> None:
    ctypes.string_at(0)


def refuse() -> NoReturn:
    raise ReadFailure("encrypted", "A password is needed.")


def stumble() -> NoReturn:
    raise KeyError("填表人：李明")


def huge() -> bytes:
    return bytes(30 * 2**20)


def do(name: str, *args: object) -> object:
    return globals()[name](*args)

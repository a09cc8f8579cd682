"""Progress of a run on the terminal.

Here: one bar a stage on stderr; plain lines where stderr is no terminal. Not here: what the stages are (they name themselves).
"""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from assets.cli.console import err
from assets.names import printable


class Bars:
    """Bars, one a stage; a context manager, because the terminal has to be given back."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or err()
        self._bars = Progress(
            SpinnerColumn(finished_text=" "), TextColumn("{task.description}", markup=False), BarColumn(bar_width=30), MofNCompleteColumn(),
            TimeElapsedColumn(), TimeRemainingColumn(compact=True),
            console=self._console, transient=True, disable=not self._console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def start(self, stage: str, total: int | None) -> None:
        """A bar for the stage, or a line in a log."""
        if self._bars.disable:
            if total:
                self._console.print(f"{stage}: {total}")
            return
        self._tasks[stage] = self._bars.add_task(f"{stage:<14}", total=total)

    def advance(self, stage: str, note: str | None = None) -> None:
        """One piece further; a note stays on the screen above the bars."""
        if note:
            self._console.print(printable(note))
        if stage in self._tasks:
            self._bars.advance(self._tasks[stage])

    def finish(self, stage: str) -> None:
        """The bar is full, whatever was announced."""
        task = self._tasks.get(stage)
        if task is not None:
            done = next(entry.completed for entry in self._bars.tasks if entry.id == task)
            self._bars.update(task, total=done or 1, completed=done or 1)

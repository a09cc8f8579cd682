"""A stage's jobs in supervised workers, one outcome at a time.

Here: the bar, and recording what failed. Not here: supervision (pipelines.read.workers), what a stage makes of an outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assets.stages.recorder import Recorder
from assets.stages.session import Session
from pipelines.publish.state import DONE
from pipelines.read.workers import Outcome, Task, run_supervised


def done(session: Session, recorder: Recorder, function: str, jobs: Sequence[Task], bar: str) -> Iterator[Outcome]:
    """The outcomes of jobs that were done; the others are recorded as failed. When all are through, what was recorded is written.

    `function` is "package.module:callable", as `run_supervised` takes it.
    """
    session.progress.start(bar, len(jobs))
    for outcome in run_supervised(function, jobs, workers=session.workers) if jobs else ():
        if outcome.status == DONE:
            yield outcome
        else:
            recorder.fail(outcome)
        session.progress.advance(bar)
    session.progress.finish(bar)
    recorder.flush()

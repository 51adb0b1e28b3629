"""The thread that shows a job's log: it prints what comes, and what goes wrong in it is never lost."""

from collections.abc import Iterator
from typing import Any

import pytest

from proteinx.client import ApiError
from proteinx.client.live import Message
from proteinx.contracts.live import JobMessage, LogMessage
from proteinx.contracts.states import JobState
from proteinx.sdk.stream import Stream

JOB = "a" * 32


class Master:
    """A master of which only the follower is asked."""

    def __init__(self, *messages: Message, end: Exception | None = None) -> None:
        self._messages = messages
        self._end = end

    def follow(self, _: str) -> Iterator[Message]:
        yield from self._messages
        if self._end:
            raise self._end


def streamed(master: Any) -> Stream:
    stream = Stream(master, JOB)
    stream.start()
    stream.finish()
    return stream


def text(what: str, attempt: int = 1) -> LogMessage:
    return LogMessage(job_id=JOB, attempt=attempt, rank=0, offset=0, size=len(what), text=what)


def move(state: JobState, reason: str = "") -> JobMessage:
    return JobMessage(job_id=JOB, state=state, attempt=1, reason=reason)


def test_log_and_moves_come_out_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    master = Master(move(JobState.RUNNING), text("half a line"), move(JobState.FAILED, "exit code 3"))
    assert streamed(master).problem is None
    assert capsys.readouterr().out == "-- running\nhalf a line\n-- failed: exit code 3\n"


def test_another_attempt_is_announced(capsys: pytest.CaptureFixture[str]) -> None:
    streamed(Master(text("one\n"), text("two\n", attempt=2)))
    assert capsys.readouterr().out == "one\n-- attempt 2\ntwo\n"


@pytest.mark.parametrize(
    ("error", "told"), [(ApiError("gone", "The job was deleted.", 404), "was deleted"), (RuntimeError("odd"), "odd")]
)
def test_a_stream_that_breaks_says_so(capsys: pytest.CaptureFixture[str], error: Exception, told: str) -> None:
    stream = streamed(Master(text("one\n"), end=error))
    assert stream.problem is error
    out = capsys.readouterr().out
    assert told in out
    assert "px logs -f" in out

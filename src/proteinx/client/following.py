"""Tells a job's story as it happens: its log as it is written, its moves a line each."""

from collections.abc import Callable, Iterable

from proteinx.client.live import Message
from proteinx.contracts.live import JobMessage, LogMessage


def narrate(
    messages: Iterable[Message], write: Callable[[str], None], tell: Callable[[str], None], *, attempt: int = 1
) -> None:
    """`write` gets the log's own text, `tell` one line for each move and each further attempt than `attempt`."""
    shown, at_line_start = attempt, True
    for message in messages:
        match message:
            case LogMessage():
                if message.attempt != shown:
                    shown = message.attempt
                    tell(f"attempt {shown}")
                write(message.text)
                at_line_start = message.text.endswith("\n")
            case JobMessage():
                if not at_line_start:
                    write("\n")
                    at_line_start = True
                tell(f"{message.state}{': ' + message.reason if message.reason else ''}")

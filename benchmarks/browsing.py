"""What one measures in a browser: how long until something is there, frames while one scrolls, answers to keys."""

import os
import time
from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Page

from benchmarks.figures import Figure, percentile

FRAME_MS: Final = 50.0
ANSWER_MS: Final = 200.0
_RECORD: Final = """() => {
  window.frames_ = []; let last = performance.now()
  const step = (now) => { window.frames_.push(now - last); last = now; window.rolling_ = requestAnimationFrame(step) }
  window.rolling_ = requestAnimationFrame(step)
}"""
_RECORDED: Final = "() => { cancelAnimationFrame(window.rolling_); return window.frames_.slice(2) }"
_LISTEN: Final = """() => {
  window.answers_ = []
  const keep = (list) => {
    for (const one of list.getEntries()) if (one.interactionId) window.answers_.push(one.duration)
  }
  window.listening_ = new PerformanceObserver(keep)
  window.listening_.observe({ type: 'event', durationThreshold: 16, buffered: false })
}"""
_HEARD: Final = "() => { window.listening_.disconnect(); return window.answers_ }"


def timed(act: Callable[[], Any], until: Callable[[], Any]) -> float:
    """Seconds."""
    begin = time.monotonic()
    act()
    until()
    return time.monotonic() - begin


def frames_while(page: Page, act: Callable[[], Any]) -> list[float]:
    """Milliseconds of each frame."""
    page.evaluate(_RECORD)
    act()
    frames: list[float] = page.evaluate(_RECORDED)
    return frames


def scroll(page: Page, pixels: int) -> None:
    for _ in range(60):
        page.mouse.wheel(0, pixels)
        page.wait_for_timeout(16)


def answers_to(page: Page, act: Callable[[], Any]) -> list[float]:
    """Milliseconds from each key or click to the next picture, as the browser's Event Timing has it; from 16 on."""
    page.evaluate(_LISTEN)
    act()
    page.wait_for_timeout(300)
    answers: list[float] = page.evaluate(_HEARD)
    return answers


def duration(what: str, values: list[float], target: float) -> Figure:
    median = percentile(values, 50)
    return Figure(what, f"{median:.2f} s", load(), f"under {target:g} s", median < target)


def smoothness(what: str, frames: list[float], *, has_target: bool = True) -> Figure:
    """Without a GPU, painting is the processor's work as well, and takes most of a frame."""
    longest = max(frames)
    measured = f"p95 {percentile(frames, 95):.0f} ms, longest {longest:.0f} ms of {len(frames)} frames"
    if not has_target:
        return Figure(what, measured, load())
    return Figure(what, measured, load(), f"no frame over {FRAME_MS:g} ms", longest <= FRAME_MS)


def quickness(what: str, answers: list[float]) -> Figure:
    longest = max(answers, default=0.0)
    measured = (
        f"median {percentile(answers or [0.0], 50):.0f} ms, longest {longest:.0f} ms of {len(answers)} over 16 ms"
    )
    return Figure(what, measured, load(), f"all under {ANSWER_MS:g} ms", longest < ANSWER_MS)


def load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f}"

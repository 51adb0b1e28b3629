"""What a notification says, in the reader's language."""

from dataclasses import dataclass
from typing import Any, Final

from proteinx.contracts.notifications import Language, NotifyEvent

_TITLES: Final[dict[Language, dict[NotifyEvent, str]]] = {
    "en": {
        NotifyEvent.JOB_SUCCEEDED: "{name} succeeded",
        NotifyEvent.JOB_FAILED: "{name} failed",
        NotifyEvent.JOB_CANCELLED: "{name} was cancelled",
        NotifyEvent.JOB_HELD: "{name} is on hold and waits for you",
        NotifyEvent.SWEEP_ENDED: "The sweep {name} is {state}",
        NotifyEvent.NODE_LOST: "The machine {name} is lost",
        NotifyEvent.DISK_LOW: "The master's disk is nearly full: {free} GiB free",
    },
    "zh": {
        NotifyEvent.JOB_SUCCEEDED: "{name} 已成功",
        NotifyEvent.JOB_FAILED: "{name} 失败",
        NotifyEvent.JOB_CANCELLED: "{name} 已取消",
        NotifyEvent.JOB_HELD: "{name} 被挂起，等待您处理",
        NotifyEvent.SWEEP_ENDED: "超参搜索 {name} 已结束（{state}）",
        NotifyEvent.NODE_LOST: "机器 {name} 失联",
        NotifyEvent.DISK_LOW: "主节点磁盘将满：剩余 {free} GiB",
    },
}
_LABELS: Final[dict[Language, dict[str, str]]] = {
    "en": {"reason": "Why", "project": "Project", "owner": "Owner", "best": "Best", "last_heard": "Last heard of"},
    "zh": {"reason": "原因", "project": "项目", "owner": "所有者", "best": "最佳", "last_heard": "最后心跳"},
}
BAD: Final = frozenset({NotifyEvent.JOB_FAILED, NotifyEvent.JOB_HELD, NotifyEvent.NODE_LOST, NotifyEvent.DISK_LOW})
_TEST: Final[dict[Language, str]] = {"en": "A test of this notification", "zh": "通知测试"}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that somebody may want to be told of."""

    event: NotifyEvent
    key: str
    data: dict[str, Any]
    """`name` at least, and what the title's words need."""
    path: str
    """Of the portal's page about it."""


def title(happening: Happening, language: Language) -> str:
    return "ProteinX: " + _TITLES[language][happening.event].format(**happening.data)


def text(happening: Happening, language: Language, public_url: str | None) -> str:
    labels = _LABELS[language]
    lines = [f"{label}: {happening.data[key]}" for key, label in labels.items() if happening.data.get(key)]
    if public_url:
        lines.append(f"{public_url.rstrip('/')}{happening.path}")
    return "\n".join(lines) or title(happening, language)


def test_title(language: Language) -> str:
    return f"ProteinX: {_TEST[language]}"

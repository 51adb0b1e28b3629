"""The systemd unit of the agent."""

from typing import Final

from proteinx.cli.agent import Agent

SERVICE: Final = "proteinx-worker.service"


def unit_text(agent: Agent, url: str, *, user: str | None) -> str:
    """`KillMode=process`: an upgrade or restart of the agent leaves its jobs running, and it adopts them again."""
    command = " ".join(_quoted(word) for word in agent.command(url))
    lines = [
        "[Unit]",
        "Description=ProteinX worker",
        "After=network-online.target",
        "Wants=network-online.target",
        "",
        "[Service]",
        f"ExecStart={command}",
        f"WorkingDirectory={_escaped(str(agent.root))}",
        *([f"User={user}"] if user else []),
        "Restart=always",
        "RestartSec=5",
        "KillMode=process",
        "TimeoutStopSec=60",
        "UMask=0077",
        "",
        "[Install]",
        f"WantedBy={'multi-user.target' if user else 'default.target'}",
        "",
    ]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """`%` and `$` mean something to systemd."""
    return text.replace("%", "%%").replace("$", "$$")


def _quoted(word: str) -> str:
    escaped = _escaped(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

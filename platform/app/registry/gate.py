"""The gate in front of the champion: named checks of what a version's run left (`evaluation.json`, `model_card.md`)."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from app.errors import NotFound
from app.master import Master
from app.storage import keys
from proteinx.contracts.models import Gate, GateCheck
from proteinx.contracts.phrases import say, told

EVALUATION: Final = "evaluation.json"
CARD: Final = "model_card.md"
MAX_BYTES: Final = 8 * 1024**2
_WORST: Final = "identical sequences"
"""The level of leakage at which a score says nothing."""


def check(master: Master, job_id: str | None) -> Gate:
    """`job_id` is None for a version that no job made: then nothing is known of it."""
    evaluation = _evaluation(master, job_id) if job_id else None
    checks = [
        _intervals(evaluation),
        _baselines(evaluation),
        _leakage(evaluation),
        _card(master, job_id),
    ]
    return Gate(passed=all(one.passed for one in checks), checks=checks)


def _intervals(evaluation: Mapping[str, Any] | None) -> GateCheck:
    score, low, high, name = _main(evaluation)
    if score is None:
        return _failed("evaluation", say("gate_no_evaluation"))
    if low is None or high is None:
        return _failed("evaluation", say("gate_no_interval", score=name, value=f"{score:.4f}"))
    sentence = say("gate_interval", score=name, value=f"{score:.4f}", low=f"{low:.4f}", high=f"{high:.4f}")
    return _passed("evaluation", sentence)


def _baselines(evaluation: Mapping[str, Any] | None) -> GateCheck:
    """Main scores are all such that more is better."""
    score, _, _, name = _main(evaluation)
    found = {
        baseline: _number(_mapping(_mapping(_mapping(content).get("test")).get(name)).get("value"))
        for baseline, content in _mapping((evaluation or {}).get("baselines")).items()
    }
    known = {baseline: value for baseline, value in found.items() if value is not None}
    if score is None or not known:
        return _failed("baselines", say("gate_no_baseline"))
    best = max(known, key=lambda baseline: known[baseline])
    is_better = score > known[best]
    code = "gate_better" if is_better else "gate_not_better"
    sentence = say(code, score=name, value=f"{score:.4f}", other=f"{known[best]:.4f}", baseline=best)
    return _passed("baselines", sentence) if is_better else _failed("baselines", sentence)


def _leakage(evaluation: Mapping[str, Any] | None) -> GateCheck:
    level = _mapping((evaluation or {}).get("leakage")).get("level")
    if not isinstance(level, str) or not level:
        return _failed("leakage", say("gate_not_searched"))
    if _WORST in level:
        return _failed("leakage", say("gate_identical", level=level))
    return _passed("leakage", say("gate_level", level=level))


def _card(master: Master, job_id: str | None) -> GateCheck:
    size = master.storage.size(f"{keys.artifacts(job_id)}/{CARD}") if job_id else None
    return _passed("model_card", CARD) if size else _failed("model_card", say("gate_no_card", file=CARD))


def _main(evaluation: Mapping[str, Any] | None) -> tuple[float | None, float | None, float | None, str]:
    """The main score on the test set with its interval, and its name."""
    name = str((evaluation or {}).get("main_score", ""))
    score = _mapping(_mapping((evaluation or {}).get("test")).get(name))
    return _number(score.get("value")), _number(score.get("low")), _number(score.get("high")), name


def _evaluation(master: Master, job_id: str) -> dict[str, Any] | None:
    """None where there is none that can be read: it is what somebody's code wrote."""
    key = f"{keys.artifacts(job_id)}/{EVALUATION}"
    size = master.storage.size(key)
    if size is None or size > MAX_BYTES:
        return None
    try:
        content = json.loads(b"".join(master.storage.read(key)))
    except (ValueError, NotFound):
        return None
    return content if isinstance(content, dict) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _passed(name: str, detail: str) -> GateCheck:
    return GateCheck(name=name, passed=True, detail=detail, words=told(detail))


def _failed(name: str, detail: str) -> GateCheck:
    return GateCheck(name=name, passed=False, detail=detail, words=told(detail))

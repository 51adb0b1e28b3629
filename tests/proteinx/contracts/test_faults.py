"""From the end of a log to what failed and what is done about it."""

import pytest
from pydantic import ValidationError

from proteinx.contracts.faults import BUILT_IN, FaultAction, FaultRule, match
from proteinx.contracts.states import Fault

LOGS = {
    "gpu_memory_error": "RuntimeError: CUDA error: uncorrectable ECC error encountered",
    "gpu_gone": "NVRM: GPU 0000:3b:00.0: GPU has fallen off the bus.",
    "gpu_out_of_memory": "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB",
    "out_of_memory": "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 9 TiB",
    "disk_full": "OSError: [Errno 28] No space left on device",
    "nccl_timeout": "[Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7, OpType=ALLREDUCE)",
}


@pytest.mark.parametrize(("name", "line"), LOGS.items())
def test_each_known_fault_is_told_by_its_line(name: str, line: str) -> None:
    found = match(BUILT_IN, f"epoch 3\n{line}\nTraceback ends")
    assert found is not None
    assert found.name == name


def test_what_is_done_about_them() -> None:
    actions = {rule.name: (rule.action, rule.fault) for rule in BUILT_IN}
    assert actions["gpu_memory_error"] == (FaultAction.QUARANTINE, Fault.INFRA)
    assert actions["gpu_out_of_memory"] == (FaultAction.FAIL, Fault.USER)
    assert actions["nccl_timeout"] == (FaultAction.RESTART, Fault.INFRA)
    assert actions["disk_full"] == (FaultAction.CLEAN, Fault.INFRA)


def test_lost_peers_count_for_a_gang_only() -> None:
    line = "RuntimeError: [pair.cc:553] Connection closed by peer [127.0.0.1]:28592."
    assert match(BUILT_IN, line) is None
    found = match(BUILT_IN, line, gang=True)
    assert found is not None and found.name == "peer_lost"


def test_a_cause_goes_before_a_symptom() -> None:
    text = "CUDA out of memory\nConnection reset by peer"
    found = match(BUILT_IN, text, gang=True)
    assert found is not None and found.name == "gpu_out_of_memory"


def test_an_ordinary_error_is_nobodys_but_the_users() -> None:
    assert match(BUILT_IN, "ValueError: shapes (3,) and (4,) not aligned", gang=True) is None


def test_a_rule_that_can_never_match_is_refused() -> None:
    with pytest.raises(ValidationError, match="no regular expression"):
        FaultRule(name="x", pattern="(", reason="r", action=FaultAction.FAIL)

"""What a new supervisor does for a job whose first one died."""

from pathlib import Path

from proteinx.contracts.phrases import say
from proteinx.contracts.states import Fault
from worker import processes
from worker.cgroups import Cgroup
from worker.cleanup import clean_up
from worker.launch import Launch
from worker.layout import AttemptDir, read_json
from worker.outcome import Outcome, failed, tail


def bury(attempt: AttemptDir) -> Outcome:
    """Ends what is left of the job, and leaves an outcome that says so."""
    launch = Launch(**read_json(attempt.launch))
    state = read_json(attempt.state) or {}
    cgroup = Cgroup(Path(state["cgroup"])) if state.get("cgroup") else None
    kill_all = cgroup.kill if cgroup is not None and cgroup.path.exists() else None
    outcome = failed(Fault.INFRA, say("supervisor_died"))
    try:
        processes.end_tree(
            lambda: processes.with_cookie(lambda cookie: cookie == launch.cookie), grace=0.0, kill_all=kill_all
        )
    except processes.Unkillable as error:
        outcome = failed(Fault.INFRA, str(error))
    clean_up(launch)
    outcome.last_lines = tail(attempt.log)
    outcome.save(attempt)
    if cgroup is not None:
        cgroup.remove()
    return outcome

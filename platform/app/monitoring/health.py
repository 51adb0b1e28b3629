"""Which parts of the master work. The answer is public: no paths, no names, no counts."""

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import proteinx
from app.accounts import setup
from app.master import Master
from app.workdir import service as workdir
from proteinx.contracts.system import Health

Probe = Callable[[], str]
"""Says `ok`, or what is wrong in a few words."""
OPTIONAL = frozenset({"starting", "not set", "elsewhere", "off", "standby"})
"""What a fresh or a divided installation may say and still be whole."""


def check(master: Master) -> Health:
    try:
        with master.db.read() as session:
            session.execute(text("SELECT 1"))
            setup_required = setup.is_required(session)
            path = workdir.workdir(session)
    except SQLAlchemyError as error:
        parts = {"database": f"does not answer ({type(error).__name__})"}
        return Health(status="degraded", version=proteinx.__version__, setup_required=False, parts=parts)
    parts = {"database": "ok", "workdir": _workdir(path is not None, workdir.problem(path))}
    parts |= {name: probe() for name, probe in master.probes.items()}
    whole = all(state == "ok" or state in OPTIONAL for state in parts.values())
    return Health(
        status="ok" if whole else "degraded",
        version=proteinx.__version__,
        setup_required=setup_required,
        parts=parts,
    )


def _workdir(is_set: bool, problem: str | None) -> str:
    if not is_set:
        return "not set"
    return problem or "ok"

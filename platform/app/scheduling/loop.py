"""The scheduler: one process leads, and does what nobody asked for by a request.

Threads of their own, so that a slow MLflow or a dead receiver keeps no job from starting: one places, reaps and rings,
one tidies up, one keeps the sweeps going, one sends notifications.
"""

from typing import Final

from app.clock import now
from app.jobs import trash
from app.jobs.upkeep import close_orphan_runs
from app.master import Master
from app.notifications.outbox import Outbox
from app.retention import service as retention
from app.scheduling import closing, placing, reaper, ringing, upkeep, waiting
from app.scheduling.broker import Broker
from app.scheduling.dispatch import Doorbells
from app.scheduling.lane import Lane, Step
from app.scheduling.leadership import TERM_SECONDS, Leadership
from app.scheduling.pace import Pace
from app.scheduling.pulse import Pulse
from app.sweeps.conducting import Conductor
from app.workdir.checking import Looker
from proteinx.contracts.queues import Doorbell

TICK_SECONDS: Final = 1.0
MINUTE: Final = 60.0


class Scheduler:
    """`wake` makes it look at once; a tick makes it look anyway."""

    def __init__(
        self, master: Master, broker: Broker | None, *, tick: float = TICK_SECONDS, term: float = TERM_SECONDS
    ) -> None:
        self._master = master
        self._broker = broker
        self._doorbells = Doorbells(broker.url) if broker is not None else None
        self._noted_takeovers = 0
        self._pace = Pace()
        self._leadership = Leadership(master.db, term)
        self._pulse = Pulse(master)
        self._conductor = Conductor(master)
        self._outbox = Outbox(master)
        self._looker = Looker(master)
        self._lanes = (
            Lane("placing", self._leadership, self._placing_steps(), tick),
            Lane("tidying", self._leadership, self._tidying_steps(), tick),
            Lane("sweeping", self._leadership, [Step("sweeps", self._sweep, backoff=5.0)], tick),
            Lane("notifying", self._leadership, self._notifying_steps(), tick),
        )

    def start(self) -> None:
        self._pulse.start()
        for lane in self._lanes:
            lane.start()

    def stop(self) -> None:
        for lane in self._lanes:
            lane.stop()
        self._pulse.stop()
        self._leadership.release()
        if self._doorbells is not None:
            self._doorbells.close()

    def wake(self) -> None:
        """Returns at once; any thread may call it."""
        self._pace.wake()
        for lane in self._lanes:
            lane.wake()

    def probe(self) -> str:
        """For the health check: `ok`, `standby` where another process leads, or what is wrong."""
        trouble = next((lane.trouble for lane in self._lanes if lane.trouble), "")
        if trouble:
            return trouble
        return "ok" if self._leadership.held else "standby"

    def _placing_steps(self) -> list[Step]:
        return [
            Step("taking over", self._note_takeover),
            Step("placing", self._place, backoff=5.0, again=self._pace.rests_for),
            Step("ringing", self._ring_overdue, backoff=5.0),
            Step("reaping", self._reap, every=1.0, backoff=5.0),
            Step("ending the impatient", self._end_impatient, every=1.0, backoff=5.0),
        ]

    def _tidying_steps(self) -> list[Step]:
        steps = [
            Step("closing runs", self._close_runs, backoff=5.0),
            Step("ending sign-ins", lambda: upkeep.drop_dead_sessions(self._master), every=MINUTE),
            Step("dropping join tokens", lambda: upkeep.drop_dead_join_tokens(self._master), every=MINUTE),
            Step("ending orphan runs", self._close_orphans, every=MINUTE),
            Step("clearing uploads", lambda: upkeep.drop_stale_uploads(self._master), every=MINUTE / 3),
            Step("tidying by the rules", self._tidy, every=24 * 60 * MINUTE, backoff=5 * MINUTE),
            Step("looking through the store", self._looker.turn, every=MINUTE),
            Step("emptying the trash", lambda: trash.purge_old(self._master), every=10 * MINUTE),
            Step("thinning history", lambda: upkeep.thin_history(self._master), every=60 * MINUTE),
        ]
        broker = self._broker
        if broker is not None:
            settle = Step("broker accounts", lambda: upkeep.settle_accounts(self._master, broker), every=MINUTE)
            steps.append(settle)
        return steps

    def _notifying_steps(self) -> list[Step]:
        fence, outbox = self._leadership.fence, self._outbox
        return [
            Step("noting", lambda: outbox.note(fence), backoff=5.0),
            Step("notifying", lambda: outbox.deliver(fence), backoff=5.0),
            Step("forgetting notifications", outbox.forget_old, every=60 * MINUTE),
        ]

    def _note_takeover(self) -> None:
        """Until now agents may have spoken to a leader that is gone: what it did not hear is nobody's fault."""
        if self._noted_takeovers != self._leadership.takeovers:
            self._noted_takeovers = self._leadership.takeovers
            self._master.ready_at = now()

    def _place(self) -> None:
        if self._pace.due(self._master.db):
            with self._pace.timed():
                bells = placing.place_pending(self._master, self._leadership.fence)
            ringing.ring_all(self._master, self._ring, bells)

    def _ring_overdue(self) -> None:
        ringing.ring_overdue(self._master, self._ring)

    def _reap(self) -> None:
        reaper.reap(self._master, self._leadership.fence, self._pulse)

    def _end_impatient(self) -> None:
        waiting.end_impatient(self._master, self._leadership.fence, self._pulse.fair_now())

    def _close_runs(self) -> None:
        closing.bring_runs_in_line(self._master, self._leadership.fence)

    def _sweep(self) -> None:
        self._conductor.turn(self._leadership.fence)

    def _close_orphans(self) -> None:
        close_orphan_runs(self._master)

    def _tidy(self) -> None:
        retention.tidy(self._master)

    def _ring(self, node_id: str, bell: Doorbell) -> bool:
        return self._doorbells is not None and self._doorbells.ring(node_id, bell)

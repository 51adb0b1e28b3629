"""The batches of one process, and where in them a run stands."""

from collections.abc import Iterator

import numpy as np

from proteinlab.training.encoded import Batch, Encoded
from proteinlab.training.plans import Plan


class Batches:
    """The batches of one split for one process. Iterating mid-epoch goes on where the state says.

    Each epoch's order depends on seed and epoch alone. A step of the plan is cut into `world` times
    `accumulate` batches, of which rank r takes every world-th. A batch's weight is its share of the step's rows,
    so that the mean over all of a step's batches is the mean over its rows, however they were cut. Where
    a step has too few samples, a sample of weight 0 fills the batch: all make the same number of steps.
    """

    batch_sampler = None

    def __init__(
        self,
        data: Encoded,
        plan: Plan,
        *,
        shuffle: bool,
        seed: int,
        rank: int = 0,
        world: int = 1,
        accumulate: int = 1,
    ) -> None:
        self._data = data
        self._plan = plan
        self._shuffle = shuffle
        self._seed = seed
        self._rank = rank
        self._world = world
        self._accumulate = accumulate
        self._rows = data.row_counts
        self._epoch = 0
        self._done = 0  # batches of this epoch handed out
        self._resume_at: tuple[int, int] | None = None

    @property
    def sampler(self) -> "Batches":
        """Where Lightning looks for `set_epoch`."""
        return self

    def set_epoch(self, epoch: int) -> None:
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._plan) * self._accumulate

    def __iter__(self) -> Iterator[Batch]:
        generator = np.random.default_rng([self._seed, self._epoch]) if self._shuffle else None
        steps = self._plan.steps(generator)
        first = 0
        if self._resume_at is not None and self._resume_at[0] == self._epoch:
            first = self._resume_at[1] * self._accumulate
        self._resume_at = None
        for number in range(first, len(self)):
            self._done = number + 1
            step, part = divmod(number, self._accumulate)
            yield self._part(steps[step], part * self._world + self._rank)

    def _part(self, step: np.ndarray, number: int) -> Batch:
        parts = self._world * self._accumulate
        mine = np.array_split(step, parts)[number] if parts > 1 else step
        if not len(mine):
            return self._data.batch(step[:1], weight=0.0)
        share = self._rows[mine].sum() / self._rows[step].sum() if parts > 1 else 1.0
        return self._data.batch(mine, weight=float(share * parts))

    def state_dict(self) -> dict[str, int]:
        """Whole steps, since a run may go on with its steps cut otherwise."""
        return {"epoch": self._epoch, "steps": self._done // self._accumulate}

    def load_state_dict(self, state: dict[str, int]) -> None:
        self._resume_at = (state["epoch"], state["steps"])

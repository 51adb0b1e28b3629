from itertools import chain

import numpy as np
import torch

from proteinlab.training.alphabet import PAD, encode
from proteinlab.training.batches import Batches, Encoded


def encoded(count: int) -> Encoded:
    tokens = [encode("ACDEFG"[: 1 + number % 6]) for number in range(count)]
    return Encoded.from_tokens(tokens, np.arange(count, dtype=np.float32))


def indices(batches: Batches) -> list[list[int]]:
    return [batch["index"].tolist() for batch in batches]


def test_a_batch_is_padded_to_its_longest() -> None:
    batch = encoded(6).batch(np.array([2, 0]))
    assert batch["tokens"].tolist() == [encode("ACD").tolist(), [encode("A")[0], PAD, PAD]]
    assert batch["target"].tolist() == [2.0, 0.0]


def test_each_epoch_has_an_order_of_its_own_and_the_same_in_every_run() -> None:
    one = Batches(encoded(20), batch_size=6, shuffle=True, seed=3)
    other = Batches(encoded(20), batch_size=6, shuffle=True, seed=3)
    first = indices(one)
    assert first == indices(other)
    assert sorted(chain(*first)) == list(range(20))
    one.set_epoch(1)
    assert indices(one) != first


def test_resumes_after_the_batches_already_seen() -> None:
    whole = Batches(encoded(20), batch_size=6, shuffle=True, seed=3)
    whole.set_epoch(2)
    undisturbed = indices(whole)

    stopped = Batches(encoded(20), batch_size=6, shuffle=True, seed=3)
    stopped.set_epoch(2)
    run = iter(stopped)
    next(run), next(run)

    resumed = Batches(encoded(20), batch_size=6, shuffle=True, seed=3)
    resumed.load_state_dict(stopped.state_dict())
    resumed.set_epoch(2)
    assert indices(resumed) == undisturbed[2:]
    resumed.set_epoch(3)
    assert len(indices(resumed)) == len(resumed) == 4


def test_processes_share_an_epoch() -> None:
    parts = [indices(Batches(encoded(21), batch_size=4, shuffle=True, seed=0, rank=rank, world=2)) for rank in (0, 1)]
    assert [len(batch) for batch in parts[0]] == [len(batch) for batch in parts[1]]
    assert set(chain(*parts[0], *parts[1])) == set(range(21))
    assert torch.tensor(parts[0][0]).shape == (4,)

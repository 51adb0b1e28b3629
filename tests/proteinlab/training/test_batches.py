from itertools import chain

import numpy as np
import pytest
import torch

from proteinlab.training.alphabet import PAD, encode
from proteinlab.training.batches import Batches
from proteinlab.training.encoded import Encoded
from proteinlab.training.errors import UserError
from proteinlab.training.plans import FixedSize, TokenBudget


def encoded(count: int) -> Encoded:
    tokens = [encode("ACDEFG"[: 1 + number % 6]) for number in range(count)]
    return Encoded.of(tokens, "sequence", targets=np.arange(count, dtype=np.float32))


def batches(count: int, size: int, world: int = 1, rank: int = 0, accumulate: int = 1, seed: int = 3) -> Batches:
    plan = FixedSize(count, size * world * accumulate)
    return Batches(encoded(count), plan, shuffle=True, seed=seed, rank=rank, world=world, accumulate=accumulate)


def indices(made: Batches) -> list[list[int]]:
    return [batch["index"].tolist() for batch in made]


def test_a_batch_is_padded_to_its_longest() -> None:
    batch = encoded(6).batch(np.array([2, 0]))
    assert batch["tokens"].tolist() == [encode("ACD").tolist(), [encode("A")[0], PAD, PAD]]
    assert batch["target"].tolist() == [2.0, 0.0]


def test_each_epoch_has_an_order_of_its_own_and_the_same_in_every_run() -> None:
    one, other = batches(20, 6), batches(20, 6)
    first = indices(one)
    assert first == indices(other)
    assert sorted(chain(*first)) == list(range(20))
    one.set_epoch(1)
    assert indices(one) != first


@pytest.mark.parametrize("accumulate", [1, 2])
def test_resumes_after_the_steps_already_made(accumulate: int) -> None:
    whole = batches(20, 3, accumulate=accumulate)
    whole.set_epoch(2)
    undisturbed = indices(whole)

    stopped = batches(20, 3, accumulate=accumulate)
    stopped.set_epoch(2)
    run = iter(stopped)
    next(run), next(run)

    resumed = batches(20, 3, accumulate=accumulate)
    resumed.load_state_dict(stopped.state_dict())
    resumed.set_epoch(2)
    assert indices(resumed) == undisturbed[2:]
    resumed.set_epoch(3)
    assert len(indices(resumed)) == len(resumed)


@pytest.mark.parametrize(("world", "accumulate"), [(2, 1), (1, 3), (2, 2)])
def test_a_step_is_the_same_however_it_is_cut(world: int, accumulate: int) -> None:
    """Processes and accumulated parts share a step's samples, and their weights make its mean."""
    size = 12 // (world * accumulate)
    together = indices(batches(21, 12))
    parts = [list(batches(21, size, world, rank, accumulate)) for rank in range(world)]
    assert len({len(mine) for mine in parts}) == 1
    for step, whole in enumerate(together):
        cut = [batch for mine in parts for batch in mine[step * accumulate : (step + 1) * accumulate]]
        assert sorted(chain(*(batch["index"].tolist() for batch in cut))) == sorted(whole)
        mean = sum(batch["weight"] * batch["target"].mean().item() for batch in cut) / len(cut)
        assert mean == pytest.approx(np.mean(whole), rel=1e-6)


def test_a_process_without_samples_gets_one_that_weighs_nothing() -> None:
    last = [list(batches(5, 2, 2, rank))[-1] for rank in (0, 1)]
    assert [batch["weight"] for batch in last] == [2.0, 0.0]
    assert all(len(batch["index"]) == 1 for batch in last)


def lengths_like_proteins(count: int) -> np.ndarray:
    return np.random.default_rng(0).lognormal(6.1, 0.7, count).astype(np.int64).clip(30, 4000)


@pytest.mark.parametrize("parts", [1, 4])
def test_no_batch_exceeds_the_budget_and_little_of_it_is_padding(parts: int) -> None:
    lengths = lengths_like_proteins(3000)
    plan = TokenBudget(lengths, 8192, parts)
    steps = plan.steps(np.random.default_rng(1))
    assert len(steps) == len(plan)
    assert sorted(chain(*steps)) == list(range(3000))
    padded = 0
    for step in steps:
        for part in np.array_split(step, parts):
            if len(part):
                assert lengths[part].max() * len(part) <= 8192
                padded += lengths[part].max() * len(part)
    assert lengths.sum() / padded > 0.9


def test_every_epoch_mixes_the_samples_and_has_as_many_steps() -> None:
    plan = TokenBudget(lengths_like_proteins(3000), 8192)
    one, other = plan.steps(np.random.default_rng([0, 1])), plan.steps(np.random.default_rng([0, 2]))
    assert len(one) == len(other)
    same = {frozenset(step) for step in one if len(step) > 2} & {frozenset(step) for step in other}
    assert len(same) <= len(one) / 50, "only where hardly any other has a like length"
    mean_lengths = [lengths_like_proteins(3000)[step].mean() for step in one]
    assert np.corrcoef(mean_lengths[:-1], mean_lengths[1:])[0, 1] < 0.3, "short and long steps in no order"


def test_a_sample_longer_than_the_budget_is_an_error() -> None:
    with pytest.raises(UserError, match="500 residues") as caught:
        TokenBudget(np.array([20, 500]), 400)
    assert caught.value.code == "batch_tokens_too_small"


def test_residues_that_count_keep_their_places() -> None:
    tokens = [encode("ACD"), encode("EFGHI")]
    data = Encoded.of(tokens, "residue", targets=np.arange(8))
    batch = data.batch(np.array([1, 0]))
    flat = batch["tokens"].flatten()[batch["place"]]
    assert flat.tolist() == encode("EFGHIACD").tolist()
    assert batch["target"].tolist() == [3, 4, 5, 6, 7, 0, 1, 2]
    assert torch.equal(batch["counts"], torch.tensor([5, 3]))


def test_processes_share_batches_of_like_lengths_and_make_as_many_steps() -> None:
    data = Encoded.of([encode("A" * length) for length in lengths_like_proteins(300)], "sequence")
    plan = TokenBudget(data.lengths, 8192, parts=4)
    ranks = [Batches(data, plan, shuffle=True, seed=1, rank=rank, world=2, accumulate=2) for rank in (0, 1)]
    made = [list(rank) for rank in ranks]
    assert len(made[0]) == len(made[1]) == len(ranks[0]) == 2 * len(plan)
    seen = [sample for mine in made for batch in mine if batch["weight"] for sample in batch["index"].tolist()]
    assert sorted(seen) == list(range(300)), "each sample once, in one of them"
    assert max(batch["tokens"].numel() for mine in made for batch in mine) <= 8192

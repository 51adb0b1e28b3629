"""Which part of variants a model sees."""

from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import DictConfig

from proteinlab.biodata.records import Record
from proteinlab.training import train
from proteinlab.training.errors import UserError
from proteinlab.training.regions import Region, encode_record

Rows = list[dict[str, str]]


def test_constant_ends_of_variants_are_left_out(gb1_rows: Rows) -> None:
    """The four sites of GB1 are 39, 40, 41 and 54; four residues stay on either side, as far as there are any."""
    region = Region().trimmed([row["sequence"] for row in gb1_rows])
    assert (region.first, region.last) == (35, 56)
    assert region.head == gb1_rows[0]["sequence"][:34]
    assert region.tail == ""


def test_sequences_of_other_lengths_or_without_a_difference_stay_whole() -> None:
    assert Region().trimmed(["MKV", "MKVA"]) == Region()
    assert Region().trimmed(["MKV", "MKV"]) == Region()
    assert Region(2, 3).trimmed(["AKV", "CKV"]) == Region(2, 3), "nothing differs there"


def test_a_change_that_the_model_would_not_see_is_refused() -> None:
    region = Region().trimmed(["A" * 10 + "C" + "D" * 10, "A" * 10 + "E" + "D" * 10])
    assert len(encode_record(Record("fine", "A" * 10 + "F" + "D" * 10), region, 100)) == 9
    with pytest.raises(UserError, match="residues 7 to 15") as refused:
        encode_record(Record("outside", "W" + "A" * 9 + "F" + "D" * 10), region, 100)
    assert refused.value.code == "unseen_change"


def test_a_model_of_trimmed_variants_is_as_good(
    configured: Callable[..., DictConfig], write_csv: Callable[[Rows], Path], gb1_rows: Rows
) -> None:
    data = f"data.path={write_csv(gb1_rows)}"
    whole = train(configured(data, "model=ridge"))
    assert train(configured(data, "model=ridge", "data.region.trim=true"))["test_spearman"] == pytest.approx(
        whole["test_spearman"], abs=1e-6
    )

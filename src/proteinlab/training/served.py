"""A trained model as a folder, and the object that MLflow serves from it.

The folder holds `model.json` (how to build the network, the task and what it learned) and
`weights.safetensors`; nothing in it is executed on loading.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from omegaconf import DictConfig, OmegaConf
from safetensors.torch import load_file, save_file
from torch import nn

from proteinlab.biodata.records import Record
from proteinlab.training.alphabet import Tokens
from proteinlab.training.building import build
from proteinlab.training.encoded import Encoded
from proteinlab.training.errors import UserError
from proteinlab.training.evaluation.answers import given
from proteinlab.training.evaluation.uncertainty import Calibration
from proteinlab.training.inference import dropout_outputs, network_outputs
from proteinlab.training.metrics import Array
from proteinlab.training.models.network import Shape
from proteinlab.training.outputs import Outputs
from proteinlab.training.regions import Region, encode_record
from proteinlab.training.samples import Samples
from proteinlab.training.tasks import Columns, Task

if TYPE_CHECKING:
    import pandas as pd

DESCRIPTION = "model.json"
WEIGHTS = "weights.safetensors"


@dataclass(frozen=True)
class Answered:
    """Predictions with their uncertainty, a row for each that `outputs` has."""

    outputs: Outputs
    columns: Columns
    spread: Array | None
    """(rows,) deviation among passes with dropout, in the target's units; None where none were made."""


@dataclass(frozen=True)
class ServedModel:
    """Predicts from plain sequences. `net_config` and `task_config` are what they were built from."""

    net: nn.Module
    task: Task
    net_config: dict[str, Any]
    task_config: dict[str, Any]
    length: int
    region: Region
    max_length: int
    calibration: Calibration = field(default_factory=Calibration)

    def outputs(self, encoded: Encoded) -> Outputs:
        return network_outputs(self.net, encoded)

    def answer(self, encoded: Encoded) -> Answered:
        """Predictions, `uncertainty` right behind them, and what else the task reads from the outputs."""
        outputs = self.outputs(encoded)
        read = self.task.read(outputs.values / self.calibration.temperature)
        spread = self._spread(encoded)
        uncertainty = self.calibration.uncertainty(self.task.kind, given(self.task, read), spread)
        return Answered(outputs, {"prediction": read.pop("prediction"), "uncertainty": uncertainty, **read}, spread)

    def columns(self, records: Sequence[Record], partners: Sequence[Record] | None = None) -> Columns:
        """Predictions for sequences or pairs; for residues with `sample` (from 0), `position` and `residue`.

        Raises UserError for a sequence that the model cannot take.
        """
        tokens = [self._tokens(record, self.region) for record in records]
        others = None if partners is None else [self._tokens(record, Region()) for record in partners]
        encoded = Encoded.of(tokens, self.task.level, partners=others, first=self.region.first)
        answered = self.answer(encoded)
        outputs, read = answered.outputs, answered.columns
        if outputs.position is None:
            return read
        residues = [records[i].sequence[p - 1] for i, p in zip(outputs.sample, outputs.position, strict=True)]
        return {"sample": outputs.sample, "position": outputs.position, "residue": np.array(residues), **read}

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> "pd.DataFrame":
        """What MLflow calls: with a list of sequences, a series, or a table with a column `sequence`.

        Pairs are a table with the columns `sequence` and `partner`. For residues the result has a row for each,
        where `sequence` counts the sequences from 1.
        """
        import pandas as pd

        del params
        table = _table(model_input)
        records = _records(table["sequence"], "sequence")
        if self.task.level == "pair":
            if "partner" not in table:
                raise UserError("no_partner", "This model takes pairs: give a table with columns sequence and partner.")
            return pd.DataFrame(self.columns(records, _records(table["partner"], "partner")))
        columns = self.columns(records)
        if "sample" in columns:
            columns = {"sequence": columns.pop("sample") + 1, **columns}
        return pd.DataFrame(columns)

    def _spread(self, encoded: Encoded) -> Array | None:
        if self.task.kind != "regression" or not self.calibration.dropout_passes:
            return None
        passes = dropout_outputs(self.net, encoded, self.calibration.dropout_passes)
        spread: Array = np.std([given(self.task, self.task.read(one)) for one in passes], axis=0)
        return spread

    def _tokens(self, record: Record, region: Region) -> Tokens:
        longest = getattr(self.net, "longest", None) or self.max_length
        return encode_record(record, region, min(longest, self.max_length))

    @classmethod
    def from_config(cls, cfg: DictConfig, net: nn.Module, task: Task, samples: Samples) -> "ServedModel":
        net_config: Any = OmegaConf.to_container(cfg.model.net, resolve=True)
        return cls(
            net,
            task,
            {**net_config, **getattr(net, "settings", {})},
            OmegaConf.to_container(cfg.task, resolve=True),
            samples.longest,
            samples.region,
            samples.max_length,
        )

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        description = {
            "net": self.net_config,
            "task": self.task_config,
            "task_state": self.task.state(),
            "length": self.length,
            "region": asdict(self.region),
            "max_length": self.max_length,
            "calibration": asdict(self.calibration),
        }
        (folder / DESCRIPTION).write_text(json.dumps(description, indent=1), encoding="utf-8")
        weights = {name: part.detach().cpu().contiguous() for name, part in self.net.state_dict().items()}
        save_file(weights, folder / WEIGHTS)

    @classmethod
    def load(cls, folder: Path) -> "ServedModel":
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        task: Task = build(description["task"])
        task.restore(description["task_state"])
        shape = Shape(task.outputs, description["length"], task.level)
        net: nn.Module = build(description["net"])(shape=shape)
        net.load_state_dict(load_file(folder / WEIGHTS))
        net.to("cuda" if torch.cuda.is_available() else "cpu").eval()
        return cls(
            net,
            task,
            description["net"],
            description["task"],
            description["length"],
            Region(**description["region"]),
            description["max_length"],
            Calibration(**description.get("calibration", {})),
        )


def _table(model_input: Any) -> "pd.DataFrame":
    import pandas as pd

    if not isinstance(model_input, pd.DataFrame):
        return pd.DataFrame({"sequence": list(model_input)})
    if "sequence" in model_input.columns:
        return model_input
    return model_input.rename(columns={model_input.columns[0]: "sequence"})


def _records(words: Iterable[Any], name: str) -> list[Record]:
    cleaned = ("".join(str(word).split()).upper() for word in words)
    return [Record(f"{name} {number}", word) for number, word in enumerate(cleaned, start=1)]


def _load_pyfunc(path: str) -> ServedModel:
    """MLflow's door to the folder."""
    return ServedModel.load(Path(path))

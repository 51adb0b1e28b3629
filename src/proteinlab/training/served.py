"""A trained model as a folder, and the object that MLflow serves from it.

The folder holds `model.json` (how to build the network, the task and what it learned) and
`weights.safetensors`; nothing in it is executed on loading.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from omegaconf import DictConfig, OmegaConf
from safetensors.torch import load_file, save_file
from torch import nn

from proteinlab.biodata.records import Record
from proteinlab.training.building import build
from proteinlab.training.inference import network_outputs
from proteinlab.training.regions import Region, encode_record
from proteinlab.training.samples import Samples
from proteinlab.training.tasks import Columns, Task

if TYPE_CHECKING:
    import pandas as pd

DESCRIPTION = "model.json"
WEIGHTS = "weights.safetensors"


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

    def columns(self, sequences: list[Record]) -> Columns:
        """Raises UserError for a sequence that the model cannot take."""
        longest = getattr(self.net, "longest", None) or self.max_length
        tokens = [encode_record(record, self.region, min(longest, self.max_length)) for record in sequences]
        return self.task.read(network_outputs(self.net, tokens, self.task.outputs))

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> "pd.DataFrame":
        """What MLflow calls: with a list of sequences, a series, or a table with a column `sequence`."""
        import pandas as pd

        del params
        words = _sequences(model_input)
        records = [Record(f"sequence {number}", word) for number, word in enumerate(words, start=1)]
        return pd.DataFrame(self.columns(records))

    @classmethod
    def from_config(cls, cfg: DictConfig, net: nn.Module, task: Task, samples: Samples) -> "ServedModel":
        return cls(
            net,
            task,
            OmegaConf.to_container(cfg.model.net, resolve=True),
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
        }
        (folder / DESCRIPTION).write_text(json.dumps(description, indent=1), encoding="utf-8")
        weights = {name: part.detach().cpu().contiguous() for name, part in self.net.state_dict().items()}
        save_file(weights, folder / WEIGHTS)

    @classmethod
    def load(cls, folder: Path) -> "ServedModel":
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        task: Task = build(description["task"])
        task.restore(description["task_state"])
        net: nn.Module = build(description["net"])(outputs=task.outputs, length=description["length"])
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
        )


def _sequences(model_input: Any) -> list[str]:
    import pandas as pd

    if isinstance(model_input, pd.DataFrame):
        column = "sequence" if "sequence" in model_input.columns else model_input.columns[0]
        model_input = model_input[column]
    return ["".join(str(word).split()).upper() for word in model_input]


def _load_pyfunc(path: str) -> ServedModel:
    """MLflow's door to the folder."""
    return ServedModel.load(Path(path))

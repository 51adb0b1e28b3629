"""Pretrained protein language models in the Hugging Face format, from a folder or the hub.

ESM-2 (Lin et al. 2023) is the reference; any encoder whose tokenizer gives one token a residue will do.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from proteinlab.training.alphabet import LETTERS, PAD
from proteinlab.training.errors import UserError


@dataclass(frozen=True)
class Vocabulary:
    """How a language model writes a sequence."""

    letters: tuple[int, ...]
    """For each of our LETTERS its token."""
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]
    padding: int


@dataclass(frozen=True)
class Backbone:
    """A language model without its heads, and all that is needed to build it again without its folder."""

    model: nn.Module
    vocabulary: Vocabulary

    def description(self) -> dict[str, Any]:
        config: Any = self.model.config
        return {"config": config.to_dict(), "vocabulary": asdict(self.vocabulary)}

    @property
    def width(self) -> int:
        return int(self.model.config.hidden_size)  # type: ignore[union-attr, arg-type]

    @property
    def longest(self) -> int | None:
        """Residues it has positions for; None for models with relative positions."""
        config: Any = self.model.config
        positions = getattr(config, "max_position_embeddings", None)
        if positions is None or getattr(config, "position_embedding_type", "absolute") != "absolute":
            return None
        special = len(self.vocabulary.prefix) + len(self.vocabulary.suffix)
        unused = config.pad_token_id + 1 if config.model_type in {"esm", "roberta"} else 0
        return int(positions) - special - unused

    def digest(self) -> str:
        """sha256 of architecture, vocabulary and weights."""
        total = hashlib.sha256()
        config: Any = self.model.config
        shown = {key: value for key, value in config.to_diff_dict().items() if not key.startswith("_")}
        total.update(json.dumps([shown, asdict(self.vocabulary)], sort_keys=True, default=str).encode())
        for name, part in sorted(self.model.state_dict().items()):
            total.update(f"{name} {tuple(part.shape)} {part.dtype}".encode())
            total.update(part.detach().cpu().contiguous().view(torch.uint8).numpy().data if part.numel() else b"")
        return total.hexdigest()


def load_backbone(source: str | Mapping[str, Any]) -> Backbone:
    """From a folder or a name on the hub, with its weights; from a description, without.

    Raises UserError: no_backbone, backbone_tokens.
    """
    from transformers import AutoConfig, AutoModel, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    if not isinstance(source, str):
        values = dict(source["config"])
        config = AutoConfig.for_model(values.pop("model_type"), **values)
        model = AutoModel.from_config(config, **_without_pooler(config))
        words = source["vocabulary"]
        vocabulary = Vocabulary(
            tuple(words["letters"]), tuple(words["prefix"]), tuple(words["suffix"]), words["padding"]
        )
        return Backbone(model, vocabulary)
    try:
        config = AutoConfig.from_pretrained(source)
        model = AutoModel.from_pretrained(source, dtype=torch.float32, **_without_pooler(config))
        return Backbone(model, _vocabulary(source))
    except (OSError, ValueError) as error:
        raise UserError(
            "no_backbone",
            f"The language model '{source}' cannot be loaded: give a folder in the Hugging Face format (config.json, "
            f"weights, tokenizer) or a name on the hub that this machine reaches. {str(error).splitlines()[0]}",
        ) from error


def _without_pooler(config: Any) -> dict[str, Any]:
    """Models of the BERT family have a pooler, which nothing here uses."""
    return {"add_pooling_layer": False} if config.model_type in {"esm", "bert", "roberta"} else {}


def _vocabulary(source: str) -> Vocabulary:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(source)
    letters = [tokenizer(letter, add_special_tokens=False)["input_ids"] for letter in LETTERS]
    if any(len(ids) != 1 for ids in letters):
        raise UserError("backbone_tokens", f"The tokenizer of '{source}' doesn't give one token for each residue.")
    whole = tokenizer(LETTERS[0])["input_ids"]
    at = whole.index(letters[0][0])
    return Vocabulary(
        tuple(ids[0] for ids in letters), tuple(whole[:at]), tuple(whole[at + 1 :]), int(tokenizer.pad_token_id)
    )


class Translator(nn.Module):
    """Our tokens as the language model's, and its states as ours."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._prefix, self._suffix = vocabulary.prefix, vocabulary.suffix
        self._padding = vocabulary.padding
        self.table: Tensor
        by_code = torch.tensor([*vocabulary.letters, vocabulary.padding])  # PAD is the code after the letters'
        self.register_buffer("table", by_code, persistent=False)

    def words(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, length) -> ids and attention mask (batch, prefix + length + suffix)."""
        before, after = len(self._prefix), len(self._suffix)
        ids = nn.functional.pad(self.table[tokens.long()], (before, after), value=self._padding)
        lengths = (tokens != PAD).sum(dim=1)
        for position, word in enumerate(self._prefix):
            ids[:, position] = word
        rows = torch.arange(len(tokens), device=tokens.device)
        for offset, word in enumerate(self._suffix):
            ids[rows, before + lengths + offset] = word
        mask = torch.arange(ids.shape[1], device=tokens.device) < (before + lengths + after)[:, None]
        return ids, mask.long()

    def states(self, states: Tensor, length: int) -> Tensor:
        """Without the states of the special tokens; what follows a sequence's end means nothing."""
        before = len(self._prefix)
        return states[:, before : before + length]

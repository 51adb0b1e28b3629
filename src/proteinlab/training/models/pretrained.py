"""Networks on a pretrained protein language model: frozen, fully tuned, or tuned by low-rank adapters."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from proteinlab.training.embeddings.cache import EmbeddingCache
from proteinlab.training.errors import UserError
from proteinlab.training.models.cached import cached_states
from proteinlab.training.models.language import Backbone, Translator, load_backbone
from proteinlab.training.models.network import Encoder, Network, Shape

TUNINGS = ("frozen", "full", "lora")


class LanguageEncoder(Encoder):
    """States of one layer of a language model (-1 the last, which is normalised)."""

    packages: tuple[str, ...] = ("transformers", "platformdirs")

    def __init__(self, backbone: Backbone, layer: int) -> None:
        super().__init__()
        self.settings = {"backbone": backbone.description()}
        self.width, self.longest = backbone.width, backbone.longest
        self.translator = Translator(backbone.vocabulary)
        self.model = backbone.model
        self.layer = layer
        _freeze_unused(self)
        self.model.train()  # it is loaded for evaluation, and Lightning keeps the mode

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) -> (batch, length, width)."""
        ids, mask = self.translator.words(tokens)
        found = self.model(input_ids=ids, attention_mask=mask, output_hidden_states=self.layer != -1)
        states = found.last_hidden_state if self.layer == -1 else found.hidden_states[self.layer]
        return self.translator.states(states, tokens.shape[1])


class FrozenEncoder(LanguageEncoder):
    """Never learns: no dropout, no gradient. With `cache` its states are kept on disk."""

    def __init__(self, backbone: Backbone, layer: int, cache: bool = False) -> None:
        super().__init__(backbone, layer)
        self.settings = {**self.settings, "cache": False}
        self.model.requires_grad_(False).eval()
        self._backbone = backbone
        self._cache = EmbeddingCache.of(self.digest, layer, "float32", "residues") if cache else None

    @property
    def digest(self) -> str:
        return self._backbone.digest()

    def train(self, mode: bool = True) -> "FrozenEncoder":
        super().train(mode)
        self.model.eval()
        return self

    def forward(self, tokens: Tensor) -> Tensor:
        if self._cache is None:
            return self.computed(tokens)
        return cached_states(self._cache, tokens, self.width, self.computed)

    def computed(self, tokens: Tensor) -> Tensor:
        """(batch, length) -> (batch, length, width), without a look into the cache."""
        with torch.no_grad():
            return super().forward(tokens)


class AdaptedEncoder(LanguageEncoder):
    """Low-rank adapters on the frozen model (LoRA, Hu et al. 2022)."""

    packages = (*LanguageEncoder.packages, "peft")

    def __init__(self, backbone: Backbone, layer: int, lora: Mapping[str, Any]) -> None:
        from peft import LoraConfig, inject_adapter_in_model

        super().__init__(backbone, layer)
        config = LoraConfig(
            r=lora["rank"], lora_alpha=lora["alpha"], lora_dropout=lora["dropout"], target_modules=list(lora["targets"])
        )
        try:
            self.model = inject_adapter_in_model(config, backbone.model)
        except ValueError as error:
            raise UserError(
                "no_lora_target",
                f"No part of this language model is called as one of model.net.lora.targets={list(lora['targets'])}: "
                "name its attention's linear layers (query and value in ESM-2, q and v in T5).",
            ) from error


def pretrained(
    *,
    shape: Shape,
    backbone: str | Mapping[str, Any],
    tuning: str,
    layer: int,
    pooling: str,
    dropout: float,
    lora: Mapping[str, Any],
    checkpointing: bool,
    cache: bool,
) -> Network:
    """`backbone` is a folder, a name on the hub, or (in a served model) a description without weights."""
    if cache and tuning != "frozen":
        raise UserError("cache_needs_frozen", "model.net.cache=true is for model.net.tuning=frozen: others change.")
    loaded = load_backbone(backbone)
    if checkpointing:
        _compute_states_again(loaded.model)
    match tuning:
        case "frozen":
            encoder: LanguageEncoder = FrozenEncoder(loaded, layer, cache)
        case "full":
            encoder = LanguageEncoder(loaded, layer)
        case "lora":
            encoder = AdaptedEncoder(loaded, layer, lora)
        case other:
            raise UserError("unknown_tuning", f"model.net.tuning={other} is unknown: take {', '.join(TUNINGS)}.")
    return Network(encoder, shape, pooling, dropout)


def _compute_states_again(model: Any) -> None:
    """In the backward pass, in place of keeping them."""
    if hasattr(model, "activation_checkpointing_enable"):
        model.activation_checkpointing_enable()
    else:  # transformers before 5
        model.gradient_checkpointing_enable()


def frozen_encoder(backbone: str, layer: int, longest: int) -> FrozenEncoder:
    """For extraction, on the GPU if there is one. Raises UserError sequence_too_long, and as `load_backbone` does."""
    encoder = FrozenEncoder(load_backbone(backbone), layer)
    if encoder.longest is not None and longest > encoder.longest:
        detail = f"The longest sequence has {longest} residues, this model takes at most {encoder.longest}."
        raise UserError("sequence_too_long", f"{detail} Set data.region, or remove such sequences.")
    return encoder.to("cuda" if torch.cuda.is_available() else "cpu").eval()


def _freeze_unused(encoder: LanguageEncoder) -> None:
    """Heads and layers that the states don't depend on get no gradient, which DDP would wait for.

    Raises UserError no_such_layer.
    """
    model = encoder.model
    try:
        with torch.enable_grad():
            encoder_states = LanguageEncoder.forward(encoder, torch.zeros(1, 2, dtype=torch.uint8))
            encoder_states.sum().backward()  # type: ignore[no-untyped-call]
    except IndexError as error:
        layers = model.config.num_hidden_layers  # type: ignore[union-attr]
        detail = f"model.net.layer={encoder.layer}: there are layers 0 to {layers}, and -1 for the last."
        raise UserError("no_such_layer", detail) from error
    for parameter in model.parameters():
        if parameter.grad is None:
            parameter.requires_grad_(False)
        parameter.grad = None

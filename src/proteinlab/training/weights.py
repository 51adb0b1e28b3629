"""The weights that a run learns, apart from those it took from elsewhere and never changes."""

from collections.abc import Mapping

from torch import Tensor, nn


def frozen_names(module: nn.Module) -> set[str]:
    """Parameters that no gradient reaches."""
    return {name for name, part in module.named_parameters() if not part.requires_grad}


def learned_state(module: nn.Module) -> dict[str, Tensor]:
    """State without the frozen parameters, on the CPU: a frozen language model is many times the rest."""
    frozen = frozen_names(module)
    state = module.state_dict()
    return {name: part.detach().cpu().contiguous() for name, part in state.items() if name not in frozen}


def load_learned(module: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Raises RuntimeError where anything but frozen parameters is missing, or something unknown is there."""
    found = module.load_state_dict(state, strict=False)
    missing = set(found.missing_keys) - frozen_names(module)
    if missing or found.unexpected_keys:
        raise RuntimeError(f"the weights don't fit: missing {sorted(missing)}, unknown {found.unexpected_keys}")

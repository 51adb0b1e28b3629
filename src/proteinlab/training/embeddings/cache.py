"""Embeddings on disk, named by all that they depend on: the sequence, the model, its layer and the precision.

A file appears whole, by a rename, so that any number of processes may share a folder: at worst two compute the same.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import platformdirs

from proteinlab.training.alphabet import Tokens


@dataclass(frozen=True)
class EmbeddingCache:
    """Of one model, layer and precision; `kind` is `residues` (length, width) or `mean` (width,)."""

    folder: Path

    @classmethod
    def of(cls, model_digest: str, layer: int, precision: str, kind: str, root: Path | None = None) -> "EmbeddingCache":
        root = root or cache_root()
        return cls(root / "embeddings" / model_digest / f"layer{layer}-{precision}-{kind}")

    def find(self, tokens: Tokens) -> npt.NDArray[Any] | None:
        try:
            found: npt.NDArray[Any] = np.load(self._path(tokens), allow_pickle=False)
        except FileNotFoundError:
            return None
        return found

    def keep(self, tokens: Tokens, embedding: npt.NDArray[Any]) -> None:
        path = self._path(tokens)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".partial", delete=False) as stream:
            partial = Path(stream.name)
            try:
                np.save(stream, embedding, allow_pickle=False)
                stream.flush()
                partial.replace(path)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise

    def _path(self, tokens: Tokens) -> Path:
        name = hashlib.sha256(tokens.tobytes()).hexdigest()
        return self.folder / name[:2] / f"{name}.npy"


def cache_root() -> Path:
    """`PROTEINX_CACHE_DIR`, else the folder that this system has for caches."""
    chosen = os.environ.get("PROTEINX_CACHE_DIR")
    return Path(chosen) if chosen else platformdirs.user_cache_path("proteinx")

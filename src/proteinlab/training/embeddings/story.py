"""The story of an embedding run."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from omegaconf import DictConfig

from proteinlab.biodata.formats import data_file
from proteinlab.biodata.records import Record
from proteinlab.training.alphabet import Tokens
from proteinlab.training.errors import UserError
from proteinlab.training.regions import Region, encode_record
from proteinlab.training.tables import read_table

if TYPE_CHECKING:
    from proteinlab.training.embeddings.cache import EmbeddingCache

KINDS = ("mean", "residues")


def embed(cfg: DictConfig) -> dict[str, Any]:
    """Write the embeddings of a file's sequences; returns what `embeddings.json` says of them.

    `embeddings.npy` has a row for each sequence (mean) or residue (residues), `index.csv` says whose rows are whose.
    Raises UserError or DataError where the person who asked has to change something.
    """
    records = read_table(data_file(Path(cfg.data.path)), cfg.data.columns)
    region = Region(**cfg.data.region)
    tokens = [encode_record(record, region, cfg.data.max_length) for record in records]
    _check(cfg)
    print(f"embedding {len(records)} sequences, up to {max(map(len, tokens))} residues", flush=True)

    # Imported now: bad input is reported seconds earlier.
    from proteinlab.training.embeddings.cache import EmbeddingCache
    from proteinlab.training.embeddings.extraction import fill_cache
    from proteinlab.training.models.pretrained import frozen_encoder

    encoder = frozen_encoder(cfg.model.backbone, cfg.model.layer, max(map(len, tokens)))
    digest = encoder.digest
    cache = EmbeddingCache.of(digest, cfg.model.layer, cfg.precision, cfg.kind)
    computed = fill_cache(
        encoder,
        cache,
        tokens,
        mean=cfg.kind == "mean",
        precision=cfg.precision,
        batch_tokens=cfg.batch_tokens,
        said=lambda done, of: print(f"computed {done}/{of}", flush=True),
    )
    told = {
        "sequences": len(records),
        "computed": computed,
        "width": encoder.width,
        "backbone": cfg.model.backbone,
        "model_sha256": digest,
        "layer": cfg.model.layer,
        "precision": cfg.precision,
        "kind": cfg.kind,
    }
    write_embeddings(Path(cfg.output_dir), records, tokens, cache, told)
    print(
        f"wrote {cfg.output_dir}: {computed} computed, {len(records) - computed} from the cache or repeated", flush=True
    )
    return told


def _check(cfg: DictConfig) -> None:
    if cfg.kind not in KINDS:
        raise UserError("unknown_kind", f"kind={cfg.kind} is unknown: take {' or '.join(KINDS)}.")
    precisions = ("float32", "float16", "bfloat16")
    if cfg.precision not in precisions:
        raise UserError("unknown_precision", f"precision={cfg.precision} is unknown: take {', '.join(precisions)}.")


def write_embeddings(
    folder: Path, records: Sequence[Record], tokens: Sequence[Tokens], cache: "EmbeddingCache", told: dict[str, Any]
) -> None:
    """One array over all sequences, written row by row, so that memory holds one sequence at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = [len(one) if told["kind"] == "residues" else 1 for one in tokens]
    kind = np.float32 if told["precision"] == "float32" else np.float16
    partial = folder / "embeddings.partial"
    array = np.lib.format.open_memmap(partial, mode="w+", dtype=kind, shape=(sum(counts), told["width"]))
    with (folder / "index.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "first_row", "rows"])
        start = 0
        for record, one, count in zip(records, tokens, counts, strict=True):
            array[start : start + count] = _found(cache, one)
            writer.writerow([record.id, start, count])
            start += count
    array.flush()
    partial.replace(folder / "embeddings.npy")
    (folder / "embeddings.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _found(cache: "EmbeddingCache", tokens: Tokens) -> Any:
    found = cache.find(tokens)
    if found is None:
        raise UserError("cache_emptied", f"Somebody removed embeddings from {cache.folder} during the run: run again.")
    return found

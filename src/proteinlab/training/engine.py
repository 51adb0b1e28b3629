"""The story of a training run."""

from omegaconf import DictConfig

from proteinlab.training.allocator import keep_freed_memory
from proteinlab.training.building import build
from proteinlab.training.logs import quiet_imports, quiet_libraries
from proteinlab.training.samples import Samples


def train(cfg: DictConfig) -> dict[str, float]:
    """Train, test and record the model that the config describes; returns its metrics.

    In a run of several processes only the first has metrics to return.
    Raises UserError or DataError where the person who asked has to change something.
    """
    keep_freed_memory()
    samples: Samples = build(cfg.data)
    print(f"data: {samples.summary()}", flush=True)

    quiet_imports()
    # Imported now: bad data is reported seconds earlier, and before a GPU is taken.
    from proteinlab.training.callbacks.checkpoints import newest_checkpoint
    from proteinlab.training.datamodule import SequenceDataModule
    from proteinlab.training.evaluation.report import flat_metrics
    from proteinlab.training.once import train_once
    from proteinlab.training.seeds import train_seeds
    from proteinlab.training.tracking import recorded_run

    quiet_libraries()
    task = build(cfg.task)
    data = SequenceDataModule(samples, task, cfg.seed)
    with recorded_run(cfg.track, resumed=newest_checkpoint(cfg.resume_dir) is not None) as record:
        record.describe(cfg, samples)
        if cfg.seeds:
            return train_seeds(cfg, samples, task, record)
        evaluation = train_once(cfg, samples, task, data, record)
    return {} if evaluation is None else flat_metrics(evaluation)

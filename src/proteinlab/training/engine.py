"""The story of a training run."""

from pathlib import Path

from omegaconf import DictConfig

from proteinlab.training.building import build
from proteinlab.training.logs import quiet_imports, quiet_libraries
from proteinlab.training.samples import Samples


def train(cfg: DictConfig) -> dict[str, float]:
    """Train, test and record the model that the config describes; returns its metrics.

    In a run of several processes only the first has metrics to return.
    Raises UserError or DataError where the person who asked has to change something.
    """
    samples: Samples = build(cfg.data)
    print(f"data: {samples.summary()}", flush=True)

    quiet_imports()
    # Imported now: bad data is reported seconds earlier, and before a GPU is taken.
    from proteinlab.training.callbacks.checkpoints import newest_checkpoint
    from proteinlab.training.datamodule import SequenceDataModule
    from proteinlab.training.evaluation import evaluate, write_results, write_timings
    from proteinlab.training.fitting import fit
    from proteinlab.training.served import ServedModel
    from proteinlab.training.tracking import recorded_run

    quiet_libraries()
    task = build(cfg.task)
    data = SequenceDataModule(samples, task, cfg.seed)
    with recorded_run(cfg.track, resumed=newest_checkpoint(cfg.resume_dir) is not None) as record:
        record.describe(cfg, samples)
        fitted = fit(cfg, task, data, samples.longest, record)
        if not fitted.trainer.is_global_zero:
            return {}

        served = ServedModel.from_config(cfg, fitted.recipe.net, task, samples)
        metrics, predictions = evaluate(served, samples, data)
        record.metrics(metrics, fitted.trainer.global_step)
        write_results(Path(cfg.output_dir), metrics, predictions)
        write_timings(Path(cfg.output_dir), fitted.seconds)
        record.model(served, samples=samples, step=fitted.trainer.global_step)
        record.artifacts(Path(cfg.output_dir))
    print("  ".join(f"{name} {value:.4f}" for name, value in metrics.items()), flush=True)
    return metrics

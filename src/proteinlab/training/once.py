"""One training from start to finish: fit, evaluate, record."""

from omegaconf import DictConfig

from proteinlab.training.datamodule import SequenceDataModule
from proteinlab.training.evaluation.concluding import conclude
from proteinlab.training.evaluation.evaluating import Evaluation, Subject
from proteinlab.training.fitting import fit
from proteinlab.training.samples import Samples
from proteinlab.training.served import ServedModel
from proteinlab.training.tasks import Task
from proteinlab.training.tracking import Record


def train_once(
    cfg: DictConfig, samples: Samples, task: Task, data: SequenceDataModule, record: Record
) -> Evaluation | None:
    """None in all processes but the first."""
    fitted = fit(cfg, task, data, samples.longest, record)
    if not fitted.trainer.is_global_zero:
        return None
    served = ServedModel.from_config(cfg, fitted.recipe.net, task, samples)
    return conclude(Subject.of(served, samples, data), cfg, record, fitted.trainer.global_step, fitted.seconds)

"""Hydra's launcher of the platform.

python train.py -m model=cnn,transformer lr=1e-3,1e-4 hydra/launcher=proteinx hydra.launcher.gpus=1
"""

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn, JobStatus, filter_overrides, setup_globals
from hydra.errors import CompactHydraException
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf, open_dict

from hydra_plugins.proteinx_launcher import settings

if TYPE_CHECKING:
    from proteinx.contracts.jobs import JobView
    from proteinx.sdk.multirun import Multirun

log = logging.getLogger(__name__)


class ProteinxLauncher(Launcher):  # type: ignore[misc]  # Hydra's classes are not followed
    def __init__(self, **fields: Any) -> None:
        super().__init__()
        self._fields = {key: _plain(value) for key, value in fields.items()}
        self._multirun: Multirun | None = None

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        self._context, self._config = hydra_context, config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Makes all jobs at once, waits for them, and returns each one's objective or why it has none."""
        setup_globals()
        logging.getLogger("httpx").setLevel(logging.WARNING)  # else Hydra's log has a line for each question
        configs = [self._compose(number, words) for number, words in enumerate(job_overrides, start=initial_job_idx)]
        points = [_point(words) for words in job_overrides]
        with _in_a_sentence():
            multirun = self._opened()
            log.info("Launching %d jobs on %s", len(job_overrides), multirun.url)
            jobs = multirun.run(points, first=initial_job_idx)
        return [self._answer(multirun, job, config) for job, config in zip(jobs, configs, strict=True)]

    def _compose(self, number: int, words: Sequence[str]) -> DictConfig:
        """As Hydra itself would, so that a mistyped key is refused before any job is made."""
        config = self._context.config_loader.load_sweep_config(self._config, list(words))
        with open_dict(config):
            config.hydra.job.id = str(number)
            config.hydra.job.num = number
        return config

    def _opened(self) -> "Multirun":
        # Hydra reads this module in every process that uses it; the client is loaded only where it is needed.
        from proteinx.client import connect
        from proteinx.client.wishes import Wishes
        from proteinx.sdk.multirun import Multirun, Wanted

        if self._multirun is None:
            script = Path(sys.argv[0]).resolve()
            own = settings.of_launcher(self._fields)
            wishes = {key: value for key, value in self._fields.items() if key not in own}
            name = own["name"] or str(self._config.hydra.job.name)
            wanted = Wanted(
                experiment=own["experiment"],
                name=name,
                wishes=Wishes.parse({**wishes, "experiment": own["experiment"]}),
                entry_point=own["entry_point"],
                inputs=own["inputs"],
            )
            self._multirun = Multirun(connect(), _project(script), script.name, wanted)
        return self._multirun

    def _answer(self, multirun: "Multirun", job: "JobView", config: DictConfig) -> JobReturn:
        from proteinx.contracts.states import JobState
        from proteinx.sdk.multirun import PointFailed, objective

        answer = JobReturn()
        answer.overrides = OmegaConf.to_container(config.hydra.overrides.task)
        answer.hydra_cfg = OmegaConf.create({"hydra": OmegaConf.to_container(config.hydra, resolve=False)})
        answer.task_name = config.hydra.job.name
        answer.working_dir = str(Path.cwd())
        with open_dict(config):
            del config["hydra"]
        answer.cfg = config
        try:
            if job.state is not JobState.SUCCEEDED:
                raise PointFailed(f"{job.name} ({job.id[:12]}) is {job.state.value}: {job.reason}")  # noqa: TRY301
            answer.return_value = objective(multirun.master, job, self._fields["metric"])
            answer.status = JobStatus.COMPLETED
        except (PointFailed, LookupError) as error:  # Hydra raises it when somebody asks for the value
            answer.return_value = error
            answer.status = JobStatus.FAILED
        return answer


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """Hydra prints its compact exception without a traceback."""
    try:
        yield
    except Exception as error:
        from proteinx.client.explaining import sentence

        told = sentence(error)
        if told is None:
            raise
        raise CompactHydraException(told) from error


def _point(words: Sequence[str]) -> tuple[list[str], list[tuple[str, Any]]]:
    kept = list(filter_overrides(words))
    parsed = OverridesParser.create().parse_overrides(kept)
    return kept, [(override.key_or_group, override.value()) for override in parsed]


def _project(script: Path) -> Path:
    """The folder with the MLproject file, the script's own or one above it."""
    for folder in script.parents:
        if (folder / "MLproject").is_file():
            return folder
    raise FileNotFoundError(
        f"There is no MLproject file beside {script} or above it; `px projects new` makes one that you can copy."
    )


def _plain(value: Any) -> Any:
    return OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value

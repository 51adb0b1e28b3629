"""What a person who watches the log need not read."""

import logging
import warnings


def quiet_imports() -> None:
    """To be called before the heavy imports: some libraries report what they do while they are loaded."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.WARNING)


def quiet_libraries() -> None:
    """Keep tips and notices of the libraries out of the log; their warnings and errors stay."""
    for name in ("pytorch_lightning", "lightning_fabric", "mlflow.system_metrics.system_metrics_monitor"):
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message=r".*LeafSpec.*is deprecated", module="pytorch_lightning")
    warnings.filterwarnings("ignore", message=r".*module\(s\) in eval mode at the start")  # a frozen language model
    warnings.filterwarnings("ignore", message=".*this fit will run with no optimizer")  # an exact model's
    # Batches come from memory, without worker processes.
    warnings.filterwarnings("ignore", message=".*does not have many workers.*")
    # Validation is scored over all processes at once, so each logs the same numbers.
    warnings.filterwarnings("ignore", message=".*sync_dist=True.*")

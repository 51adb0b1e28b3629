"""What is predicted: how a file's words become targets, what is minimised, how outputs are read and scored."""

from proteinlab.stats.kinds import Kind
from proteinlab.training.tasks.classification import Binary, Classification, softmax
from proteinlab.training.tasks.multilabel import MultiLabel
from proteinlab.training.tasks.regression import Regression
from proteinlab.training.tasks.task import Columns, Task

__all__ = ["Binary", "Classification", "Columns", "Kind", "MultiLabel", "Regression", "Task", "softmax"]

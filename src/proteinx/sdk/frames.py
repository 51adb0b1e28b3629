"""The one file that knows pandas, imported only where it is installed."""

from collections.abc import Sequence
from typing import Any

import pandas as pd


def frame(rows: Sequence[dict[str, Any]], index: str | None = None) -> pd.DataFrame:
    made = pd.DataFrame(list(rows))
    return made.set_index(index) if index is not None and index in made.columns else made

"""What only a notebook can do: show something once and change it in place."""

import sys
from collections.abc import Callable
from typing import Any


def in_notebook() -> bool:
    """Whether this process is a Jupyter kernel. Imports nothing that is not there already."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def show_in_place() -> Callable[[str], None]:
    """Returns what draws HTML at this place of the cell, each time over the last."""
    from IPython.display import HTML, display  # there is one in a kernel

    handle: Any = display(HTML(""), display_id=True)
    return lambda html: handle.update(HTML(html))

"""`import proteinx` must stay as good as free: master, worker and every MLflow process have it."""

import subprocess
import sys


def test_importing_loads_nothing_else() -> None:
    code = (
        "import sys, proteinx\n"
        "heavy = {'httpx', 'pydantic', 'mlflow', 'pandas', 'rich', 'proteinx.sdk', 'proteinx.client'}\n"
        "print(sorted(heavy & set(sys.modules)), 'submit' in dir(proteinx))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"


def test_all_names_are_there() -> None:
    import proteinx

    assert all(getattr(proteinx, name) is not None for name in proteinx.__all__)

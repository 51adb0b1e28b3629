"""The `px` command."""

import sys


def main() -> None:
    from proteinx.cli.app import run

    sys.exit(run(sys.argv[1:]))

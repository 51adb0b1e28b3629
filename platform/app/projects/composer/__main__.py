"""`python -m app.projects.composer` answers one request; with `--serve` it goes on answering until its input ends."""

import json
import sys

from app.projects.composer.answering import answer


def main() -> None:
    if sys.argv[1:] == ["--serve"]:
        from app.projects.composer.serving import serve  # forks: not on every system

        serve(sys.stdin.buffer, sys.stdout.buffer)
    else:
        sys.stdout.buffer.write(answer(json.load(sys.stdin)))


if __name__ == "__main__":
    main()

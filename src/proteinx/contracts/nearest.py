"""The closest of the known words to a mistyped one, for errors that help."""

from collections.abc import Iterable
from difflib import get_close_matches


def hint(word: str, known: Iterable[str]) -> str:
    """` Did you mean 'cnn'?`, or nothing where no known word is close; to be put after a sentence."""
    words = sorted(known)
    lowered = {candidate.lower(): candidate for candidate in reversed(words)}
    close = get_close_matches(word.lower(), lowered, n=1, cutoff=0.5)
    return f" Did you mean {lowered[close[0]]!r}?" if close else ""


def choices(known: Iterable[str], limit: int = 20) -> str:
    """`a, b, c`, cut where there are very many."""
    words = sorted(known)
    more = f" and {len(words) - limit} more" if len(words) > limit else ""
    return (", ".join(words[:limit]) or "none") + more

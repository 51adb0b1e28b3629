"""What sending can end in."""


class NotSent(Exception):
    """Says why, without any secret."""


def without(url: str, told: str) -> str:
    """The sentence, unless any part of the address is in it."""
    rest = url.partition("://")[2]
    parts = [part for part in rest.replace("?", "/").replace("@", "/").replace(":", "/").split("/") if len(part) > 5]
    return "" if any(part in told for part in parts) else told[:300]

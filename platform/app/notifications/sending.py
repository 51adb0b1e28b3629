"""What sending can end in."""


class NotSent(Exception):
    """Says why, without any secret."""

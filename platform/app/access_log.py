"""Keeps query strings out of uvicorn's access log: people put secrets where they don't belong."""

import logging


class WithoutQuery(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Access records carry (client, method, path with query, HTTP version, status)."""
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, version, status = record.args
            record.args = (client, method, str(path).partition("?")[0], version, status)
        return True


def install() -> None:
    logger = logging.getLogger("uvicorn.access")
    if not any(isinstance(item, WithoutQuery) for item in logger.filters):
        logger.addFilter(WithoutQuery())

"""Paging, the same for every list: newest first, an opaque cursor for the next page."""

from typing import Generic, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    next: str | None = None
    """Give it back as `?cursor=`; null on the last page."""
    total: int | None = None

"""Codes of closed sets."""

from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """A code of a closed set. A strict model accepts its text too, since JSON has no other way to write it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return handler(source) | {"strict": False}

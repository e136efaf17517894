"""Codes of closed sets."""

from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """A code of a closed set. Where a model is strict, its text is as good as the code itself: JSON has no other way to say it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return handler(source) | {"strict": False}

"""The state of one part."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PartState:
    """A line of `mocgioi doctor`."""

    part: str
    state: Literal["well", "unwell", "unreachable", "unused"]
    shown: str
    remedy: str = ""


def first_line(error: Exception) -> str:
    """The first line of an error's text, which fits a table."""
    return (str(error).splitlines() or [""])[0]

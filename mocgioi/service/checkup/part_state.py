"""What a look at one part comes to."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PartState:
    """How one part is."""

    part: str
    state: Literal["well", "unwell", "unreachable", "unused"]
    shown: str
    remedy: str = ""


def first_line(error: Exception) -> str:
    """Of an error's text, what fits a table."""
    return (str(error).splitlines() or [""])[0]

"""A payload that stands in no log: a line of a file, judged on its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loose:
    """A record whose offset is a line number."""

    offset: int
    value: bytes
    topic: str = "line"
    partition: int = 0
    timestamp: int = 0
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()

"""The task of a measured process."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

Variant = Literal["ours", "before", "afternoon", "bare"]
Stage = Literal["publish", "classify", "record", "both"]

BATCH = 2000
"""Records a poll takes at most: the service's default."""
GROUP = "bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One run of one stage."""

    stage: Stage
    variant: Variant
    events: int
    kafka: str
    run: int
    """A number of its own, so that its consumer group is new."""
    spool: str = ""
    """Where publish takes its events."""
    database: str = ""
    """Where record puts them."""
    payload: int = 0
    """Bytes an event that a bare client writes: to Kafka or to PostgreSQL."""

    @property
    def group(self) -> str:
        """A new consumer group."""
        return f"{GROUP}-{self.stage}-{self.run}"

    def argument(self) -> str:
        """For the command line. What is empty is left out: the commit before knows fewer fields."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def read(cls, argument: str) -> "Spec":
        """From the command line."""
        return cls(**json.loads(argument))

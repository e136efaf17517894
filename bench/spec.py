"""What a measured process is asked to do."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

Variant = Literal["ours", "by hand", "bare"]
Stage = Literal["publish", "classify", "record"]

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

    @property
    def group(self) -> str:
        """A consumer group nobody used before."""
        return f"{GROUP}-{self.stage}-{self.run}"

    def argument(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, argument: str) -> "Spec":
        """From the command line."""
        return cls(**json.loads(argument))

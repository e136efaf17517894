"""The circuit breaker: too many dead letters stop the worker, so that a bad deploy does not drain a topic into the bin."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

from border.offices import offices
from border.places import posts
from schemas.records import DeadLetter

WINDOW = 1000
LETTERS = 50
POSTS = 3
CRASHES = 20

_REPORTER = re.compile(r"\W*(posts|offices)\W+([a-z0-9]+(?:-[a-z0-9]+)*)(?![^/\s])")
_CRASHES = {"rule_crash": "rule crashes"} | dict.fromkeys(("quarantined", "crashed", "unreadable"), "quarantined records")
"""The dead letter codes for failures of our own code, and what the reason calls them."""


class _Counted(NamedTuple):
    number: int
    reporter: str | None
    crash: str | None
    """What the reason calls it, where our own code failed."""


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """Counts dead letters among the last 1,000 records. It is a value, so a batch that is read again counts from where it began.

    It opens at 50 dead letters of at least three posts, or at 20 crashes of our own code. One broken post alone never stops the nation,
    whatever its devices are called and however they spell its name.
    """

    seen: int = 0
    """Records counted so far."""
    letters: tuple[_Counted, ...] = ()
    opened: str | None = None
    """Why the breaker is open; None while it is closed."""

    def after(self, accepted: int, letter: DeadLetter | None = None) -> "CircuitBreaker":
        """The breaker after so many accepted records, followed by a dead letter if one is given."""
        seen = self.seen + accepted
        if letter is None:
            return replace(self, seen=seen)
        seen += 1
        counted = _Counted(seen, _reporter(letter.source), _CRASHES.get(letter.code))
        letters = (*(earlier for earlier in self.letters if earlier.number > seen - WINDOW), counted)
        return CircuitBreaker(seen, letters, _why(letters))


def _why(letters: tuple[_Counted, ...]) -> str | None:
    crashes = [letter.crash for letter in letters if letter.crash is not None]
    if len(crashes) >= CRASHES:
        return f"{len(crashes)} {' and '.join(dict.fromkeys(crashes))} among the last {WINDOW} events"
    if len(letters) < LETTERS:
        return None
    reporters = Counter(letter.reporter for letter in letters if letter.reporter is not None)
    if len(reporters) < POSTS:
        return None
    worst = ", ".join(f"{_named(reporter)} {count}" for reporter, count in reporters.most_common(POSTS))
    return f"{len(letters)} dead letters from {len(reporters)} posts among the last {WINDOW} events ({worst})"


def _reporter(source: str | None) -> str | None:
    """The post or office of a source, however it is spelt; None where it cannot be read."""
    match = _REPORTER.match((source or "").casefold())
    return f"{match[1]}/{match[2]}" if match else None


def _named(reporter: str) -> str:
    """A post or office by its name if the register has it. Any other name comes from a payload and is not repeated."""
    family, _, name = reporter.partition("/")
    return reporter if name in posts() or name in offices() else f"{family}/?"

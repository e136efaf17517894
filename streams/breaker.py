"""The circuit breaker: a bad deploy must not drain a topic into the bin. Too many dead letters, and the worker stops itself."""

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
"""By code, what our own code failed at."""


class _Counted(NamedTuple):
    number: int
    reporter: str | None
    crash: str | None
    """What our own code failed at, if it was our own code."""


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """Counts dead letters among the last records. A value: a batch that is read again is counted again from where it began.

    Opens at 50 dead letters, of at least three posts, or 20 crashes of our own code, among the last 1000 records. One broken post alone never stops
    the nation, whatever its devices are called and however they spell it.
    """

    seen: int = 0
    """Records counted so far."""
    letters: tuple[_Counted, ...] = ()
    opened: str | None = None
    """Why it has opened, if it has."""

    def after(self, accepted: int, letter: DeadLetter | None = None) -> "CircuitBreaker":
        """What it is behind so many accepted records, and behind the dead letter that followed them, if one did."""
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
    """The post or office of a source, however it is spelt. None where it cannot be read: that counts as nobody's."""
    named = _REPORTER.match((source or "").casefold())
    return f"{named[1]}/{named[2]}" if named else None


def _named(reporter: str) -> str:
    """A post or office by its name only if the register has it: any other is a text of a payload."""
    family, _, name = reporter.partition("/")
    return reporter if name in posts() or name in offices() else f"{family}/?"

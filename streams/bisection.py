"""A batch that fails again and again, taken apart until the record that makes it fail stands alone. Pure."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from streams.batch import Batch, Record, RecordFailed, Refusal, at
from streams.breaker import CRASHES

FEW = 3
"""So many records may be all there is, and all be bad."""


class CauseElsewhere(Exception):
    """Every record fails, so the cause is none of them."""


class Bisection:
    """The parts of a failed batch, to be worked on in order and one at a time.

    A part that fails is halved, unless the failure names a record. A record that fails alone is set aside: it stays in its place, is worked
    on no longer, and becomes a dead letter with the part it is in. That part always reaches to a record that is still to pass: so where all
    records fail, no letter is written and `CauseElsewhere` is raised. Only of a batch of very few records all may be bad.
    """

    def __init__(self, batch: Batch) -> None:
        self._parts = deque([batch])
        self._passed = False

    @property
    def part(self) -> Batch | None:
        """The next one to work on; None when all have passed."""
        return self._parts[0] if self._parts else None

    def passed(self) -> None:
        """The part has passed."""
        self._passed = bool(_suspects(self._parts.popleft())) or self._passed

    def failed(self, error: BaseException) -> None:
        """The part has failed. Raises `CauseElsewhere`."""
        part = self._parts.popleft()
        suspects = _suspects(part)
        bad = suspects[0] if len(suspects) == 1 else _named(error, suspects)
        if not suspects:
            raise CauseElsewhere
        if bad is None:
            self._parts.extendleft(reversed(_split(part, part.records.index(suspects[len(suspects) // 2]))))
            return
        part = replace(part, set_aside={**part.set_aside, at(bad): refusal(error)})
        first, *rest = _split(part, part.records.index(bad) + 1)
        self._parts.extendleft(reversed(rest))
        if not _suspects(first):
            if len(first.records) >= CRASHES or not (self._parts or self._passed or len(first.records) <= FEW):
                raise CauseElsewhere
            if self._parts:
                first = _joined(first, self._parts.popleft())
        self._parts.appendleft(first)


def refusal(error: BaseException) -> Refusal:
    """Why a record is set aside: the error's type and first line, without what it quotes, which may be the payload's."""
    code = "quarantined"
    if isinstance(error, RecordFailed):
        code, error = error.code, error.error
    lines = str(error).splitlines()
    return Refusal(code, f"{type(error).__name__}: {_QUOTED.sub('…', lines[0] if lines else '')}")


_QUOTED = re.compile(r""" '[^']*('|$) | "[^"]*("|$) """, re.VERBOSE)


def _named(error: BaseException, suspects: Sequence[Record]) -> Record | None:
    """The record a failure names, which need not be tried alone."""
    return error.record if isinstance(error, RecordFailed) and error.record in suspects else None


def _suspects(part: Batch) -> list[Record]:
    """The records of a part that are still worked on."""
    return [record for record in part.records if at(record) not in part.set_aside]


def _split(batch: Batch, place: int) -> list[Batch]:
    """A batch as two, of the records before a place and of those from it on; as one where nothing is behind it."""
    before, behind = batch.records[:place], batch.records[place:]
    if not behind:
        return [batch]
    begins = {(record.topic, record.partition): record.offset for record in reversed(behind)}
    ended = {(record.topic, record.partition) for record in before}
    first, second = {}, {}
    for partition, (start, end) in batch.positions.items():
        if partition not in begins:
            first[partition] = start, end
        elif partition in ended:
            first[partition], second[partition] = (start, begins[partition]), (begins[partition], end)
        else:
            second[partition] = start, end
    return [replace(batch, records=before, positions=first), replace(batch, records=behind, positions=second)]


def _joined(first: Batch, second: Batch) -> Batch:
    positions = dict(first.positions)
    for partition, (start, end) in second.positions.items():
        positions[partition] = first.positions.get(partition, (start, end))[0], end
    return replace(
        first,
        records=list(chain(first.records, second.records)),
        positions=positions,
        set_aside={**first.set_aside, **second.set_aside},
    )

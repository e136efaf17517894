"""Bisect a batch that keeps failing, until the record that makes it fail stands alone. Pure."""

import re
from collections import deque
from dataclasses import replace
from itertools import chain

from streams.batch import Batch, Record, RecordFailed, Refusal, at
from streams.breaker import CRASHES

FEW = 3
"""A batch of so few records may consist of bad ones only."""


class CauseElsewhere(Exception):
    """Every record fails, so no record is the cause."""


class Bisection:
    """The parts of a failed batch, to be processed in order and one at a time.

    A part that fails is halved, unless the failure names a record. A record that fails alone is set aside: it keeps its place, is not
    processed again, and becomes a dead letter together with its part. A part always ends with a record that has yet to pass. So where all
    records fail, no dead letter is written and `CauseElsewhere` is raised. Only in a batch of very few records may all be bad.
    """

    def __init__(self, batch: Batch) -> None:
        self._parts = deque([batch])
        self._passed = False

    @property
    def part(self) -> Batch | None:
        """The next part to process; None when all have passed."""
        return self._parts[0] if self._parts else None

    def passed(self) -> None:
        """The current part has passed."""
        self._passed = bool(_suspects(self._parts.popleft())) or self._passed

    def failed(self, error: BaseException) -> None:
        """The current part has failed. Raises `CauseElsewhere`."""
        part = self._parts.popleft()
        suspects = _suspects(part)
        if not suspects:
            raise CauseElsewhere
        if len(suspects) == 1:
            bad = suspects[0]
        elif isinstance(error, RecordFailed) and error.record in suspects:
            bad = error.record
        else:
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
    """Why a record is set aside: the error's type and first line without quoted text, which may come from the payload."""
    code = "quarantined"
    if isinstance(error, RecordFailed):
        code, error = error.code, error.error
    lines = str(error).splitlines()
    return Refusal(code, f"{type(error).__name__}: {_QUOTED.sub('…', lines[0] if lines else '')}")


_QUOTED = re.compile(r""" '[^']*('|$) | "[^"]*("|$) """, re.VERBOSE)


def _suspects(part: Batch) -> list[Record]:
    """The records of a part that are not set aside."""
    return [record for record in part.records if at(record) not in part.set_aside]


def _split(batch: Batch, place: int) -> list[Batch]:
    """Split a batch before the record at `place`; a batch that has no record from there on stays whole."""
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

"""Compares what a simulation must have come to with what the record holds: every difference by name."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from posts.simulation.expected import Expected


class Receipt(NamedTuple):
    """What the record says of one event of a device."""

    sequence: int
    id: str | None
    status: str
    incident: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the record holds of the simulated devices."""

    incidents: Mapping[str, Mapping[str, Any]]
    """As `incidents list --json` shows them, by subject."""
    receipts: Mapping[str, Sequence[Receipt]]
    """By device, in order of sequence."""
    crossings: Mapping[tuple[str, str, str], int]
    """What their records count, by gate, direction and what is counted."""


def differences(expected: Expected, recorded: Recorded) -> Iterator[str]:
    """A sentence for each difference, in a fixed order."""
    for source, events in expected["receipts"].items():
        yield from _of_device(source, events, recorded.receipts.get(source, ()))
    reported = {receipt.incident for receipts in recorded.receipts.values() for receipt in receipts if receipt.incident is not None}
    for subject in sorted(reported | set(expected["incidents"])):
        yield from _of_incident(subject, expected["incidents"].get(subject), recorded.incidents.get(subject))
    planned = {(gate, direction, what): count for gate, direction, what, count in expected["crossings"]}
    for of in sorted(planned.keys() | recorded.crossings.keys()):
        if planned.get(of, 0) != recorded.crossings.get(of, 0):
            yield f"{' '.join(of)}: {recorded.crossings.get(of, 0)}, phải là · must be {planned.get(of, 0)}"


def _of_device(source: str, events: Sequence[Sequence[Any]], receipts: Sequence[Receipt]) -> Iterator[str]:
    """Each event must have one receipt, `recorded`, under its own number, and nothing else may have any."""
    left = Counter(receipts)
    for sequence, (event_id, incident) in enumerate(events, start=1):
        wanted = Receipt(sequence, event_id, "recorded", incident)
        if left[wanted]:
            left[wanted] -= 1
        else:
            yield f"{source} số {sequence} ({event_id}): mất · lost"
    for receipt in left.elements():
        yield f"{source} số {receipt.sequence} ({receipt.id}): thừa, {receipt.status} · nobody sent this, or not so"


def _of_incident(subject: str, wanted: Expected | None, row: Mapping[str, Any] | None) -> Iterator[str]:
    if wanted is None:
        yield f"{subject}: thừa · no such incident was reported"
    elif row is None:
        yield f"{subject}: mất · lost"
    else:
        for name, value in wanted.items():
            if row[name] != value:
                yield f"{subject}: {name} {row[name]!r}, phải là · must be {value!r}"

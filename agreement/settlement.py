"""Conflicts that offices settle: which bodies stand, and so enter the fold. Pure, and the same in whatever order events arrived.

A body that bears the id or the sequence of a recorded event is kept aside. A settlement of the recorded event's subject lets the recorded
body stand (as before any settlement), the other body in its place, or both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agreement.order import Key, in_order
from agreement.speakers import WithoutEffect, objection, owner_of, owner_without_report
from schemas.codebook import Stands
from schemas.events import AnyEvent, Settled

_Body = tuple[str, str, str]
"""Source, id and digest of a body kept aside."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A body that was kept aside."""

    event: AnyEvent
    digest: str
    """Of the body as a JSON value: it distinguishes bodies of one id."""
    with_id: str
    """Id of the recorded event that it conflicts with."""

    @property
    def first(self) -> Key:
        """The recorded event."""
        return self.event.source, self.with_id


@dataclass(frozen=True, slots=True)
class SettledEvents:
    """The events that stand under the settlements."""

    recorded: tuple[AnyEvent, ...]
    """The recorded events that stand, of all subjects at hand."""
    admitted: tuple[tuple[AnyEvent, Aside], ...]
    """The bodies kept aside that stand: each as the event it becomes, and as it was kept."""
    answered: frozenset[Key]
    """Second reports that an office has settled: `settled` of `fold`."""
    unsettled: tuple[Aside, ...]
    """Conflicts that still wait for an office."""
    without_effect: tuple[WithoutEffect, ...]
    """Settlements of sources that may not settle."""

    @property
    def events(self) -> tuple[AnyEvent, ...]:
        """All that stands, in no particular order: the input of the folds."""
        return *self.recorded, *(event for event, _ in self.admitted)


def standing(recorded: Iterable[AnyEvent], aside: Iterable[Aside], settlements: Iterable[Settled]) -> SettledEvents:
    """Which of the recorded events and of the bodies kept aside stand.

    Give all recorded events of every subject involved: a body kept aside may be about another incident than the event it conflicts with. Who
    may settle is asked of the recorded events, as they were before any settlement. Of several settlements the latest about a body decides,
    in the order of the fold; of several bodies that are to replace one event, the one that was decided on last.
    """
    events = {(event.source, event.id): event for event in recorded}
    bodies = {(body.event.source, body.event.id, body.digest): body for body in aside}
    effective, without_effect = _by_effect(events, settlements)
    decisions: dict[_Body, Settled] = {}
    answered: set[Key] = set()
    for settlement in effective:
        ref = settlement.data.of.source, settlement.data.of.id
        under = [key for key in bodies if key[:2] == ref and _subject_of(bodies[key], events) == settlement.subject]
        for key in _bodies_of(settlement, under):
            decisions.pop(key, None)  # the latest stands last
            decisions[key] = settlement
        if settlement.data.stands is Stands.FIRST and ref in events and events[ref].subject == settlement.subject:
            answered.add(ref)
    still_standing, admitted = _decided(events, bodies, decisions)
    return SettledEvents(
        recorded=tuple(still_standing),
        admitted=tuple(admitted),
        answered=frozenset(answered),
        unsettled=tuple(body for key, body in bodies.items() if key not in decisions),
        without_effect=tuple(without_effect),
    )


def _by_effect(events: Mapping[Key, AnyEvent], settlements: Iterable[Settled]) -> tuple[list[Settled], list[WithoutEffect]]:
    """The settlements of those who may settle, in the order of the fold, and the others."""
    by_subject: dict[str, dict[Key, AnyEvent]] = {}
    for event in (*events.values(), *settlements):
        by_subject.setdefault(event.subject, {})[event.source, event.id] = event
    effective: list[Settled] = []
    without_effect: list[WithoutEffect] = []
    for _, events_of_it in sorted(by_subject.items()):
        ordered = in_order(events_of_it.values(), lambda event: event)
        owner = owner_of(ordered)
        for event in ordered:
            if isinstance(event, Settled):
                why = objection(event, owner or owner_without_report(event.data.of.source, event.time))
                if why is None:
                    effective.append(event)
                else:
                    without_effect.append(WithoutEffect(source=event.source, id=event.id, why=why))
    return effective, without_effect


def _subject_of(body: Aside, events: Mapping[Key, AnyEvent]) -> str | None:
    """The subject whose offices settle a conflict: that of the recorded event."""
    return events[body.first].subject if body.first in events else None


def _bodies_of(settlement: Settled, under: list[_Body]) -> list[_Body]:
    """The bodies a settlement decides on: the one it names, or the only one; all of them where the recorded body stands."""
    if settlement.data.digest is not None:
        return [key for key in under if key[2] == settlement.data.digest]
    return under if settlement.data.stands is Stands.FIRST or len(under) == 1 else []


def _decided(
    events: Mapping[Key, AnyEvent], bodies: Mapping[_Body, Aside], decisions: Mapping[_Body, Settled]
) -> tuple[list[AnyEvent], list[tuple[AnyEvent, Aside]]]:
    """The recorded events that no other body replaces, and the bodies admitted. `decisions`: in the order in which they were made."""
    replacing: dict[Key, Aside] = {}
    beside: list[tuple[Aside, str | None]] = []
    for key, settlement in decisions.items():
        body = bodies[key]
        if settlement.data.stands is Stands.OTHER:
            replacing[body.first] = body
        elif settlement.data.stands is Stands.BOTH:
            beside.append((body, settlement.data.sequence))
    standing = {key: event for key, event in events.items() if key not in replacing}
    taken = set(standing)
    replacements: list[tuple[Aside, str | None]] = [(body, None) for body in replacing.values()]
    return list(standing.values()), [(_admitted(body, sequence, taken), body) for body, sequence in replacements + beside]


def _admitted(body: Aside, sequence: str | None, taken: set[Key]) -> AnyEvent:
    """The body kept aside as an event of its own: under the sequence given to it, and under a new id where its id is taken."""
    event = body.event if sequence is None else body.event.model_copy(update={"sequence": sequence})
    if (event.source, event.id) in taken:
        event = event.model_copy(update={"id": f"{event.id}+{body.digest[:16]}"})
    taken.add((event.source, event.id))
    return event

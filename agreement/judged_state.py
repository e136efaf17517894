"""From the recorded events of an incident to its state: settlements are heard, what stands is folded, and the whole is judged. Pure."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import orjson

from agreement.incident import Incident, fold
from agreement.judge import RuleCrash, judge
from agreement.order import Key
from agreement.settlement import Aside, standing
from agreement.state import is_current, pack_of, state_of
from schemas.events import AnyEvent, IncidentEvent, Settled
from schemas.verdicts import IncidentState, Verdict


@dataclass(slots=True)
class FoldInput:
    """What one incident is folded from."""

    events: list[IncidentEvent] = field(default_factory=list)
    """The events that stand. There are none where an office let the body of another incident replace the only one."""
    answered: frozenset[Key] = frozenset()
    """Second reports that an office has settled: `settled` of the fold."""
    is_settled: bool = False
    """Whether an office has settled a conflict about this incident."""

    @property
    def incident(self) -> Incident:
        """The fold. Raises `ValueError` where no event stands."""
        return fold(self.events, settled=self.answered)


class JudgedState(NamedTuple):
    """The state of an incident and the machine's verdict on it."""

    state: IncidentState
    verdict: Verdict
    crash: RuleCrash | None = None
    """Set where a rule crashed: the verdict is an earlier one, and the state says `judge_failed`."""


def fold_inputs(recorded: Iterable[AnyEvent], aside: Iterable[Aside], subjects: Collection[str]) -> dict[str, FoldInput]:
    """What each of these incidents is folded from, by subject.

    `recorded` and `aside` are the events, settlements and bodies kept aside of these subjects and of all that conflicts tie to them.
    """
    events: list[AnyEvent] = []
    settlements: list[Settled] = []
    for event in recorded:
        if isinstance(event, Settled):
            settlements.append(event)
        else:
            events.append(event)
    result = standing(events, aside, settlements) if settlements else None
    inputs = {subject: FoldInput() for subject in subjects}
    for event in events if result is None else result.events:
        if event.subject in inputs and isinstance(event, IncidentEvent):
            inputs[event.subject].events.append(event)
    if result is not None:
        settled = {event.subject for event in settlements} | {event.subject for event, _ in result.admitted}
        for subject in settled.intersection(inputs):
            inputs[subject].answered = result.answered
            inputs[subject].is_settled = True
    return inputs


def first_state(given: FoldInput, fallback: Callable[[], Verdict]) -> JudgedState:
    """Fold and judge an incident of which at least one event stands. Where a rule crashes, the `fallback` verdict is kept."""
    return judged(given.incident, fallback)


def judged(incident: Incident, fallback: Callable[[], Verdict]) -> JudgedState:
    """Judge an incident. Where a rule crashes, the `fallback` verdict is kept."""
    try:
        verdict = judge(incident, pack_of(incident))
    except RuleCrash as crash:
        verdict = fallback()
        return JudgedState(state_of(incident, verdict, judge_failed=True), verdict, crash)
    return JudgedState(state_of(incident, verdict), verdict)


def judged_again(incident: Incident, before: JudgedState) -> JudgedState:
    """The state of an incident worked out again: judged where its verdict is of today's rules, else with the verdict it has.

    The past is not judged again: a state under earlier rules, or one that a rule crashed on, keeps its verdict.
    """
    if is_current(incident, before.state):
        return judged(incident, lambda: before.verdict)
    return JudgedState(state_of(incident, before.verdict, judge_failed=before.state.judge_failed), before.verdict)


def next_state(given: FoldInput, newest: Callable[[], JudgedState]) -> JudgedState:
    """Fold and judge an incident that has a state. Where no event stands it keeps that state, as incomplete, and so counts nowhere.

    `newest` is asked for that state only where it is needed: where no event stands, and where a rule crashes.
    """
    if given.events:
        return first_state(given, lambda: newest().verdict)
    state, verdict, _ = newest()
    return JudgedState(msgspec.structs.replace(state, complete=False), verdict)


def folded_fields(incident: Incident) -> dict[str, Any]:
    """The folded fields of an incident as JSON values, without its events, under the names that programs have always been given."""
    values = msgspec.structs.asdict(incident)
    del values["events"]
    values["first_told"], values["last_told"] = values.pop("first_time"), values.pop("last_time")
    fields: dict[str, Any] = orjson.loads(orjson.dumps(values, default=vars))
    return fields

"""Through which levels an issued report goes: its office submits it, the office above returns or approves it, and locks it. Pure.

The chain begins at the province. A post issues no report: what it states is events (`post.reported`, "post nil"), which nobody edits, and whether
each post was heard is part of every figure. Of the whole line nobody stands above the office: it locks its own reports.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from schemas.failures import Failure


class Verb(StrEnum):
    """What an officer asks for."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    LOCK = "lock"
    UNLOCK = "unlock"


class Act(StrEnum):
    """What was done with a version, as the record keeps it."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    LOCKED = "locked"
    UNLOCK_REQUESTED = "unlock_requested"
    UNLOCKED = "unlocked"


class State(StrEnum):
    """Where a version stands."""

    ISSUED = "issued"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    LOCKED = "locked"
    UNLOCK_REQUESTED = "unlock_requested"

    @property
    def is_locked(self) -> bool:
        """Whether no new version may be issued."""
        return self in (State.LOCKED, State.UNLOCK_REQUESTED)


STATE_NAMES = {
    State.ISSUED: "đã phát hành",
    State.SUBMITTED: "đã trình",
    State.RETURNED: "bị trả lại",
    State.APPROVED: "đã duyệt",
    State.LOCKED: "đã khóa",
    State.UNLOCK_REQUESTED: "đã khóa, có đề nghị mở",
}
"""Vietnamese names."""
_VERB_NAMES = {Verb.SUBMIT: "trình", Verb.RETURN: "trả lại", Verb.APPROVE: "duyệt", Verb.LOCK: "khóa", Verb.UNLOCK: "mở khóa"}
_ACTS = {Verb.SUBMIT: Act.SUBMITTED, Verb.RETURN: Act.RETURNED, Verb.APPROVE: Act.APPROVED, Verb.LOCK: Act.LOCKED}
_UNLOCKABLE = (State.LOCKED, State.UNLOCK_REQUESTED)
# Locking again while somebody asks to unlock is how the office says no.
_FROM = {
    Verb.SUBMIT: (State.ISSUED, State.RETURNED),
    Verb.RETURN: (State.SUBMITTED,),
    Verb.APPROVE: (State.SUBMITTED,),
    Verb.LOCK: (State.APPROVED, State.UNLOCK_REQUESTED),
    Verb.UNLOCK: _UNLOCKABLE,
}
_FROM_ON_TOP = {Verb.LOCK: (State.ISSUED, State.UNLOCK_REQUESTED), Verb.UNLOCK: _UNLOCKABLE}
"""The same of reports that nobody stands above."""


class Side(StrEnum):
    """On which side of a report an officer stands."""

    OWN = "own"
    """Of the unit that reports."""
    ABOVE = "above"
    """Of the office that it reports to."""


class Officer(NamedTuple):
    """Who acts on a report."""

    login: str
    office: str
    side: Side | None
    """None: neither of the unit nor above it."""


class LevelAct(NamedTuple):
    """An act on a version."""

    act: Act
    by: str
    """A login of `mocgioi users`."""
    by_office: str
    reason: str | None
    at: datetime


class NotAllowed(Failure):
    """The act is not this officer's, or not possible where the report stands, or lacks its reason."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def state_of(acts: Iterable[LevelAct]) -> State:
    """Where a version stands after these acts, in their order. Unlocked, it stands where it stood before it was locked."""
    state = before = State.ISSUED
    for act in acts:
        match act.act:
            case Act.LOCKED:
                state, before = State.LOCKED, before if state.is_locked else state
            case Act.UNLOCKED:
                state = before
            case other:
                state = State(other.value)
    return state


def decide(verb: Verb, acts: Sequence[LevelAct], officer: Officer, reason: str | None, *, is_on_top: bool) -> Act:
    """What the verb comes to, if this officer may do it now. `is_on_top`: nobody stands above the unit. Raises `NotAllowed`."""
    state, name = state_of(acts), _VERB_NAMES[verb]
    allowed = (_FROM_ON_TOP if is_on_top else _FROM).get(verb)
    if allowed is None:
        raise NotAllowed("state", f"báo cáo toàn tuyến không có cấp trên trong hệ thống: không {name}, chỉ khóa · nobody is above: lock it")
    if officer.side is None:
        raise NotAllowed("out_of_scope", f"{_signed(officer)}: không phụ trách đơn vị của báo cáo này · another unit's report")
    if state not in allowed:
        needed = " hoặc ".join(f"“{STATE_NAMES[each]}”" for each in allowed)
        raise NotAllowed(
            "state",
            f"bản này “{STATE_NAMES[state]}”: không {name} được, chỉ {name} bản {needed} · is {state}, {verb} needs {' or '.join(allowed)}",
        )
    asks_to_unlock = verb is Verb.UNLOCK and state is State.LOCKED
    if not is_on_top and not asks_to_unlock and (officer.side is Side.OWN) != (verb is Verb.SUBMIT):
        who = "cơ quan lập báo cáo" if verb is Verb.SUBMIT else "cấp trên của cơ quan lập báo cáo"
        raise NotAllowed("out_of_scope", f"{_signed(officer)}: {name} là việc của {who} · is for another office")
    if reason is None and (verb is Verb.RETURN or asks_to_unlock):
        raise NotAllowed("reason", f'{name}: cần lý do, --reason "…" · needs a reason')
    if verb is not Verb.UNLOCK:
        return _ACTS[verb]
    if asks_to_unlock:
        return Act.UNLOCK_REQUESTED
    if acts[-1].by == officer.login:
        raise NotAllowed("second_person", f"{officer.login} đã đề nghị mở khóa: người thứ hai phải mở · a second person has to unlock")
    return Act.UNLOCKED


def _signed(officer: Officer) -> str:
    return f"{officer.login} ({officer.office})"

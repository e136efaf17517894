"""Where an issued report stands, and who may move it: every state, verb and officer there is."""

import itertools
from datetime import datetime, timedelta

import pytest

from border.vietnam import HANOI
from reports.levels import STATE_NAMES, Act, LevelAct, NotAllowed, Officer, Side, State, Verb, decide, state_of

OWN = Officer("can-bo-a", "so-ngoai-vu-lang-son", Side.OWN)
ABOVE = Officer("ubbg-x", "uy-ban-bien-gioi", Side.ABOVE)
SECOND = Officer("ubbg-y", "uy-ban-bien-gioi", Side.ABOVE)
STRANGER = Officer("can-bo-z", "so-ngoai-vu-cao-bang", None)
NOON = datetime(2020, 1, 6, 12, tzinfo=HANOI)


def done(*acts: tuple[Act, Officer]) -> tuple[LevelAct, ...]:
    return tuple(
        LevelAct(act, officer.login, officer.office, "lý do", NOON + timedelta(hours=hour)) for hour, (act, officer) in enumerate(acts)
    )


APPROVED = ((Act.SUBMITTED, OWN), (Act.APPROVED, ABOVE))
LOCKED = (*APPROVED, (Act.LOCKED, ABOVE))
HISTORIES = {
    State.ISSUED: (),
    State.SUBMITTED: ((Act.SUBMITTED, OWN),),
    State.RETURNED: ((Act.SUBMITTED, OWN), (Act.RETURNED, ABOVE)),
    State.APPROVED: APPROVED,
    State.LOCKED: LOCKED,
    State.UNLOCK_REQUESTED: (*LOCKED, (Act.UNLOCK_REQUESTED, OWN)),
}
MOVES = {
    (State.ISSUED, Verb.SUBMIT, OWN): Act.SUBMITTED,
    (State.RETURNED, Verb.SUBMIT, OWN): Act.SUBMITTED,
    (State.SUBMITTED, Verb.RETURN, ABOVE): Act.RETURNED,
    (State.SUBMITTED, Verb.APPROVE, ABOVE): Act.APPROVED,
    (State.APPROVED, Verb.LOCK, ABOVE): Act.LOCKED,
    (State.UNLOCK_REQUESTED, Verb.LOCK, ABOVE): Act.LOCKED,
    (State.LOCKED, Verb.UNLOCK, OWN): Act.UNLOCK_REQUESTED,
    (State.LOCKED, Verb.UNLOCK, ABOVE): Act.UNLOCK_REQUESTED,
    (State.UNLOCK_REQUESTED, Verb.UNLOCK, ABOVE): Act.UNLOCKED,
}
"""What is possible with a province's report. Nothing else is."""
TOP = Officer("ubbg-x", "uy-ban-bien-gioi", Side.OWN)
TOP_MOVES = {
    (State.ISSUED, Verb.LOCK): Act.LOCKED,
    (State.LOCKED, Verb.UNLOCK): Act.UNLOCK_REQUESTED,
    (State.UNLOCK_REQUESTED, Verb.LOCK): Act.LOCKED,
    (State.UNLOCK_REQUESTED, Verb.UNLOCK): Act.UNLOCKED,
}
TOP_HISTORIES = {
    State.ISSUED: (),
    State.LOCKED: ((Act.LOCKED, TOP),),
    State.UNLOCK_REQUESTED: ((Act.LOCKED, TOP), (Act.UNLOCK_REQUESTED, SECOND)),
}


@pytest.mark.parametrize(
    ("state", "verb", "officer"),
    list(itertools.product(State, Verb, (OWN, ABOVE, STRANGER))),
    ids=lambda value: value.login if isinstance(value, Officer) else str(value),
)
def test_a_province_s_report_goes_only_the_ways_there_are(state: State, verb: Verb, officer: Officer) -> None:
    history = done(*HISTORIES[state])
    assert state_of(history) is state
    if (act := MOVES.get((state, verb, officer))) is not None:
        assert decide(verb, history, officer, "lý do", is_on_top=False) is act
        return
    with pytest.raises(NotAllowed) as refused:
        decide(verb, history, officer, "lý do", is_on_top=False)
    is_for_another = officer is STRANGER or any((state, verb, other) in MOVES for other in (OWN, ABOVE))
    assert refused.value.code == ("out_of_scope" if is_for_another else "state")
    assert (officer.login if is_for_another else f"“{STATE_NAMES[state]}”") in str(refused.value)


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(TOP_HISTORIES, Verb)))
def test_nobody_stands_above_the_whole_line_which_locks_its_own(state: State, verb: Verb) -> None:
    history = done(*TOP_HISTORIES[state])
    assert state_of(history) is state
    if (act := TOP_MOVES.get((state, verb))) is not None:
        assert decide(verb, history, TOP, "lý do", is_on_top=True) is act
        return
    with pytest.raises(NotAllowed) as refused:
        decide(verb, history, TOP, "lý do", is_on_top=True)
    assert refused.value.code == "state"
    assert (verb in (Verb.LOCK, Verb.UNLOCK)) == (STATE_NAMES[state] in str(refused.value))


@pytest.mark.parametrize(("state", "verb", "officer"), [(State.SUBMITTED, Verb.RETURN, ABOVE), (State.LOCKED, Verb.UNLOCK, OWN)])
def test_sending_back_and_unlocking_need_a_reason(state: State, verb: Verb, officer: Officer) -> None:
    with pytest.raises(NotAllowed, match="--reason") as refused:
        decide(verb, done(*HISTORIES[state]), officer, None, is_on_top=False)
    assert refused.value.code == "reason"


def test_who_asked_to_unlock_does_not_unlock() -> None:
    asked = done(*LOCKED, (Act.UNLOCK_REQUESTED, ABOVE))
    with pytest.raises(NotAllowed, match="người thứ hai") as refused:
        decide(Verb.UNLOCK, asked, ABOVE, None, is_on_top=False)
    assert refused.value.code == "second_person"
    assert decide(Verb.UNLOCK, asked, SECOND, None, is_on_top=False) is Act.UNLOCKED


def test_unlocked_a_report_stands_where_it_stood_however_often_unlocking_was_turned_down() -> None:
    again = ((Act.UNLOCK_REQUESTED, OWN), (Act.LOCKED, ABOVE))
    assert state_of(done(*LOCKED, *again, *again)) is State.LOCKED
    assert state_of(done(*LOCKED, *again, (Act.UNLOCK_REQUESTED, OWN), (Act.UNLOCKED, ABOVE))) is State.APPROVED
    assert state_of(done((Act.LOCKED, TOP), (Act.UNLOCK_REQUESTED, TOP), (Act.UNLOCKED, SECOND))) is State.ISSUED

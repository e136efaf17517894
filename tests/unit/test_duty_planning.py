"""Which alerts stand: at, inside and outside every limit, and to whom they go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from duty.planning import Candidate, PlanConfig, plan
from duty.roster import Roster

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
"""10:00 in Vietnam, a Friday."""
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
CONFIG = PlanConfig(wake=timedelta(hours=24), known=timedelta(days=7), escalate=timedelta(minutes=15))
ROSTER = Roster.model_validate(
    {
        "people": {key: {"name": key.title(), "address": f"to-{key}"} for key in ("an", "binh", "chi", "lang")},
        "shifts": [
            {"name": "ngày", "from": "06:00", "to": "18:00", "on_duty": "an", "next": ["chi"]},
            {"name": "đêm", "from": "18:00", "to": "06:00", "on_duty": "binh", "next": ["chi"]},
            {"name": "tỉnh", "from": "07:30", "to": "17:00", "province": "lang-son", "on_duty": "lang", "next": ["an"]},
        ],
    }
)


def incident(alert_class: str = "flash", **changes: Any) -> Candidate:
    """One that was reported a minute ago and that nobody has seen to."""
    values: dict[str, Any] = {
        "subject": "inc-1", "alert_class": alert_class, "kind": "shooting", "side": "CN", "province": "cao-bang", "markers": ["711"], "gate": None,
        "occurred_start": NOW - timedelta(hours=1), "reporter": "/posts/tan-thanh/d1", "received_at": NOW - MINUTE, "known_at": NOW - timedelta(hours=1),
        "via": None, "reported_at": NOW - MINUTE, "acknowledged_at": None, "outgrown_by": None, "due": None, "acted_at": None,
    }  # fmt: skip
    return Candidate(**values | changes)


def classes(row: Candidate, *, standing: frozenset[tuple[str, str]] = frozenset()) -> list[str]:
    return [alert.labels["class"] for alert in plan([row], NOW, CONFIG, standing)]


@pytest.mark.parametrize("alert_class", ["flash", "breach"])
@pytest.mark.parametrize(
    ("age", "wakes"),
    [(timedelta(), True), (CONFIG.wake - TICK, True), (CONFIG.wake, True), (CONFIG.wake + TICK, False), (timedelta(days=400), False)],
)
def test_flash_and_breach_wake_within_a_day_of_being_received(alert_class: str, age: timedelta, wakes: bool) -> None:
    assert classes(incident(alert_class, received_at=NOW - age)) == [alert_class] * wakes


@pytest.mark.parametrize(
    ("age", "wakes"),
    [
        (timedelta(days=1) - TICK, False),
        (timedelta(days=1), True),
        (timedelta(days=1) + CONFIG.wake, True),
        (timedelta(days=1) + CONFIG.wake + TICK, False),
    ],
)
def test_missing_facts_wake_after_a_day_and_for_a_day(age: timedelta, wakes: bool) -> None:
    assert classes(incident("needs_facts", received_at=NOW - age)) == ["needs_facts"] * wakes


@pytest.mark.parametrize(
    ("known_for", "wakes"), [(CONFIG.known - TICK, True), (CONFIG.known, True), (CONFIG.known + TICK, False), (-MINUTE, True), (None, True)]
)
def test_what_a_post_had_known_for_long_wakes_nobody_and_an_unknown_moment_silences_nothing(
    known_for: timedelta | None, wakes: bool
) -> None:
    report = NOW - timedelta(days=30)
    known_at = None if known_for is None else report - known_for
    assert classes(incident(known_at=known_at, reported_at=report)) == ["flash"] * wakes


def test_an_incident_that_grew_worse_says_so_and_who_had_acknowledged_it() -> None:
    (alert,) = plan([incident(outgrown_by="binh", reported_at=NOW - timedelta(days=9), known_at=NOW - timedelta(days=9))], NOW, CONFIG)
    assert alert.annotations["summary"] == "KHẨN, NẶNG THÊM: nổ súng tại mốc 711, Cao Bằng"
    assert alert.annotations["description"].endswith(
        "trung tâm nhận lúc 10:00 18/11/2026. binh đã nhận khi vụ chưa khẩn; tin mới lúc 09:59 27/11/2026, chưa ai nhận lại."
    )


@pytest.mark.parametrize(
    ("due", "acted_at", "wakes"),
    [
        (NOW + TICK, None, False),
        (NOW, None, True),
        (NOW - CONFIG.wake, None, True),
        (NOW - CONFIG.wake - TICK, None, False),
        (NOW - MINUTE, NOW - MINUTE - TICK, True),
        (NOW - MINUTE, NOW - MINUTE, False),
        (NOW - MINUTE, NOW, False),
    ],
)
def test_a_deadline_wakes_when_it_has_passed_until_an_officer_acts(due: datetime, acted_at: datetime | None, wakes: bool) -> None:
    old = NOW - timedelta(days=60)
    row = incident("breach", received_at=old, known_at=old, acknowledged_at=old, due=due, acted_at=acted_at)
    assert classes(row) == ["deadline"] * wakes


@pytest.mark.parametrize("alert_class", ["flash", "breach", "needs_facts"])
def test_an_import_wakes_nobody(alert_class: str) -> None:
    assert classes(incident(alert_class, via="import", received_at=NOW - timedelta(days=1), due=NOW - MINUTE)) == []


def test_what_is_acknowledged_stands_no_more() -> None:
    assert classes(incident(acknowledged_at=NOW)) == []
    assert classes(incident(acknowledged_at=NOW), standing=frozenset({("inc-1", "flash")})) == []


def test_what_has_begun_stands_beyond_every_window_until_somebody_acknowledges_it() -> None:
    forgotten = incident(received_at=NOW - timedelta(days=30), known_at=NOW - timedelta(days=40))
    assert classes(forgotten, standing=frozenset({("inc-1", "flash")})) == ["flash"]
    assert classes(forgotten, standing=frozenset({("inc-1", "breach"), ("inc-2", "flash")})) == []


def test_a_door_whose_clock_is_ahead_delays_nothing() -> None:
    (alert,) = plan([incident(received_at=NOW + timedelta(minutes=10))], NOW, CONFIG)
    assert alert.since == NOW


def test_an_alert_says_in_vietnamese_what_where_and_who_but_nothing_that_a_post_wrote_freely() -> None:
    (alert,) = plan([incident()], NOW, PlanConfig(public_url="https://mocgioi.example"))
    assert alert.labels == {
        "alertname": "BorderIncident", "severity": "critical", "class": "flash", "incident": "inc-1", "kind": "shooting", "side": "CN",
        "province": "cao-bang", "level": "0",
    }  # fmt: skip
    assert alert.annotations == {
        "summary": "KHẨN: nổ súng tại mốc 711, Cao Bằng",
        "description": "Xảy ra lúc 09:00 27/11/2026. Phía gây ra: Trung Quốc. /posts/tan-thanh/d1 báo, trung tâm nhận lúc 09:59 27/11/2026. "
        "Chưa ai nhận việc.",
        "runbook_url": "https://mocgioi.example/runbooks/incidents#flash",
        "link": "https://mocgioi.example/duty/incidents/inc-1",
    }


@pytest.mark.parametrize(("alert_class", "severity"), [("flash", "critical"), ("breach", "warning"), ("needs_facts", "warning")])
def test_only_flash_is_critical(alert_class: str, severity: str) -> None:
    (alert,) = plan([incident(alert_class, received_at=NOW - timedelta(days=1))], NOW, CONFIG)
    assert alert.labels["severity"] == severity


def escalated(row: Candidate, now: datetime = NOW) -> list[tuple[str, str, timedelta]]:
    """The level, address and age of each alert."""
    alerts = plan([row], now, PlanConfig(roster=ROSTER), frozenset({("inc-1", "flash")}))
    return [(alert.labels["level"], alert.labels["to"], alert.since - row.received_at) for alert in alerts]


@pytest.mark.parametrize(
    ("age", "levels"), [(timedelta(minutes=15) - TICK, 1), (timedelta(minutes=15), 2), (timedelta(minutes=30), 2), (timedelta(hours=3), 2)]
)
def test_it_goes_to_the_next_as_well_while_nobody_acknowledges(age: timedelta, levels: int) -> None:
    row = incident(received_at=NOW - age)
    assert escalated(row) == [("0", "to-an", timedelta()), ("1", "to-chi", timedelta(minutes=15))][:levels]


def test_a_new_shift_is_told_of_what_the_last_left() -> None:
    evening = datetime(2026, 11, 27, 10, 50, tzinfo=UTC)  # 17:50 in Vietnam
    row = incident(received_at=evening)
    levels = escalated(row, evening + timedelta(hours=1))
    assert [address for _, address, _ in levels] == ["to-an", "to-binh", "to-chi"]
    assert levels == escalated(row, evening + timedelta(days=3))[:3], "who was told and since when does not move with time"


def test_a_province_with_a_shift_of_its_own_comes_before_the_whole_line() -> None:
    row = incident(received_at=NOW - timedelta(minutes=20), province="lang-son")
    assert [address for _, address, _ in escalated(row)] == ["to-lang", "to-an"]


def test_an_alert_keeps_its_labels_as_it_escalates_so_that_alertmanager_ends_none_of_them() -> None:
    row = incident(received_at=NOW - timedelta(minutes=1))
    config = PlanConfig(roster=ROSTER)
    first = {alert.identity for alert in plan([row], NOW, config)}
    later = {alert.identity for alert in plan([row], NOW + timedelta(minutes=20), config)}
    assert first < later

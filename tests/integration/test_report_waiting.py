"""How long incidents waited for a duty officer, as a report gives it: of whom, from when, and nothing where nobody acknowledged."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from agreement.periods import Period, Regime
from reports.audit.audit import audit
from reports.build import drawn
from reports.model import Report
from reports.trace import traced
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import RECEIVED_MS, Log

MONTH = Period.parse("2025-12", Regime.CALENDAR)
RECEIVED = datetime.fromtimestamp(RECEIVED_MS / 1000, UTC)


def report(engine: Engine, *, as_of: datetime | None = None) -> Report:
    with engine.connect() as connection:
        made = drawn(connection, unit_named("lang-son", MONTH), MONTH, as_of or as_of_now(engine))
        assert not [check for check in audit(connection, made) if check.severity == "error"]
        return made


def waited(made: Report) -> dict[str, float | None]:
    return {figure.id: figure.value for figure in made.figures if figure.id.startswith("duty.")}


def acknowledged(subject: str, minutes: float, **changes: str) -> dict[str, object]:
    return builders.duty("acknowledged", subject, time=(RECEIVED + timedelta(minutes=minutes)).isoformat(), **changes)


def test_the_time_until_somebody_took_note_is_a_figure_with_its_incidents(
    engine: Engine, reader: Engine, database: Database, log: Log
) -> None:
    breaches = [builders.reported() for _ in range(3)]
    shooting = builders.reported(builders.incident(kind="shooting", facts={}))
    asked, imported = builders.reported(builders.incident(kind="gun_hunting", facts={})), builders.reported(via="import")
    database.record(log.batch([*breaches, shooting, asked, imported]))
    before = report(engine)
    assert waited(before) == {}, "nobody acknowledged, which is no waiting time of 0"
    slow, quick, unread = (event["subject"] for event in breaches)
    database.record(
        log.batch(
            [
                acknowledged(slow, 90),
                acknowledged(slow, 5, source="/posts/tan-thanh/d1"),
                acknowledged(quick, 4),
                acknowledged(quick, 50),
                acknowledged(shooting["subject"], 10),
                acknowledged(asked["subject"], 600),
                acknowledged(imported["subject"], 900),
            ]
        )
    )
    made = report(engine)
    assert waited(made) == {"duty.acknowledged_median": 10, "duty.acknowledged_longest": 90}
    figure = made.figure("duty.acknowledged_longest")
    assert figure is not None
    assert figure.subjects == tuple(sorted([slow, quick, shooting["subject"]]))
    assert unread not in figure.subjects
    assert made.data_sha256 == before.data_sha256, "an act of an officer changes no count"
    assert waited(report(engine, as_of=before.as_of)) == {}
    rows = traced(reader, "duty.acknowledged_median", unit_named("lang-son", MONTH), MONTH, as_of_now(engine), least_shown=5)
    assert {row["subject"]: row["n"] for row in rows} == {slow: 90, quick: 4, shooting["subject"]: 10}


@pytest.mark.parametrize("change", [{"status": "exercise"}, {"place": {"scheme": "area", "province": "cao-bang"}}])
def test_what_does_not_count_for_the_unit_waited_for_nobody(
    engine: Engine, database: Database, log: Log, change: dict[str, object]
) -> None:
    event = builders.reported(builders.incident(**change))
    database.record(log.batch([event, acknowledged(event["subject"], 5)]))
    assert waited(report(engine)) == {}

"""What was issued never changes; the next version says what moved, and which events moved it."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from agreement.periods import Period, Regime, month_of
from border.vietnam import HANOI
from reports.build import build
from reports.documents import FORMATS, render
from reports.estimates import NotEstimable
from reports.issued import IssuedReport, document, every, newest
from reports.issuing import NotReleasable
from reports.model import Moved
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support import issuing
from tests.support.classified_batches import Log

LANG_SON = unit_named("lang-son")
YEAR = Period.parse("2019", Regime.ND09)
NINE_MONTHS = Period.parse("2019M9", Regime.ND09)


def breach(side: str = "CN", at: str = "2019-03-01T10:00:00+07:00", **changes: Any) -> dict[str, Any]:
    data = builders.incident(occurred={"start": at, "precision": "minute"}, side=side)
    return builders.reported(data, **({"time": "2019-12-20T00:00:00+07:00"} | changes))


def issued(engine: Engine, period: Period = YEAR, *, as_of: datetime | None = None, estimate: tuple[Period, ...] = ()) -> IssuedReport:
    return issuing.issued(engine, LANG_SON, period, as_of=as_of, estimate=estimate)


def test_an_issued_report_is_kept_with_its_documents(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach(), breach("VN")]))
    out = issued(engine)
    assert (out.new, out.report.version, out.report.issued_by) == (True, 1, "so-ngoai-vu-lang-son")
    with engine.connect() as connection:
        kept = newest(connection, LANG_SON, YEAR)
        assert kept is not None
        assert kept.report == out.report
        for form in FORMATS:
            assert document(connection, LANG_SON, YEAR, form) == render(kept.report, form)
        assert [(one.period, one.version, one.data_sha256) for one in every(connection)] == [("2019", 1, out.report.data_sha256)]


def test_issuing_again_with_nothing_moved_is_nothing_new(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    first = issued(engine)
    database.record(log.batch([breach(at="2020-03-01T10:00:00+07:00", time="2020-12-20T00:00:00+07:00")]))
    again = issued(engine)
    assert (again.new, again.report, again.issued_at) == (False, first.report, first.issued_at)


def test_what_is_out_cannot_be_changed(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    issued(engine)
    for statement in ("UPDATE issued_report SET version = 2", "DELETE FROM issued_document", "TRUNCATE issued_report CASCADE"):
        with pytest.raises(DBAPIError, match="what was said stands"), engine.begin() as connection:
            connection.execute(text(statement))


def test_late_and_corrected_events_make_version_2_with_what_moved(engine: Engine, database: Database, log: Log) -> None:
    stays, turns, goes = breach(), breach(), breach()
    database.record(log.batch([stays, turns, goes]))
    issued(engine)
    late = breach("VN")
    corrected = builders.updated(turns["subject"], {"side": "VN"}, time="2026-01-03T00:00:00+07:00")
    taken_back = builders.retracted(goes["subject"], time="2026-01-03T00:00:00+07:00")
    database.record(log.batch([late, corrected, taken_back]))
    second = issued(engine)
    assert (second.new, second.report.version) == (True, 2)
    moved = {one.figure: one for one in second.report.moved}
    assert moved["breach.total"] == Moved(
        figure="breach.total",
        before=3,
        after=3,
        added=(late["subject"],),
        removed=(goes["subject"],),
        changed=(turns["subject"],),
        events=tuple(f"{event['source']} {event['id']}" for event in sorted((late, corrected, taken_back), key=lambda event: event["id"])),
    )
    assert (moved["breach.CN"].before, moved["breach.CN"].after, moved["breach.CN"].removed) == (
        3,
        1,
        tuple(sorted((goes["subject"], turns["subject"]))),
    )
    assert (moved["breach.VN"].before, moved["breach.VN"].after) == (0, 2)
    assert "border_event.total" not in moved
    with engine.connect() as connection:
        first = newest(connection, LANG_SON, YEAR, 1)
        assert first is not None
        assert first.report.value("breach.CN") == 3
        assert "điều chỉnh" in (document(connection, LANG_SON, YEAR, "md") or b"").decode()
        assert "điều chỉnh so với" not in (document(connection, LANG_SON, YEAR, "md", 1) or b"").decode()


def test_a_corrected_crossing_count_says_which_gate_moved(engine: Engine, database: Database, log: Log) -> None:
    interval = {"start": "2019-06-01T10:00:00+07:00", "end": "2019-06-01T11:00:00+07:00"}
    told = builders.crossing(interval=interval, counts=[{"what": "persons", "n": 140}])
    database.record(log.batch([told]))
    issued(engine)
    data = told["data"] | {"counts": [{"what": "persons", "n": 150}], "corrects": {"source": told["source"], "id": told["id"]}}
    fixed = builders.envelope("crossing.corrected", data, subject="tan-thanh", time="2026-01-03T00:00:00+07:00")
    database.record(log.batch([fixed]))
    (moved,) = (one for one in issued(engine).report.moved if one.figure == "crossing.VN-CN.persons")
    assert (moved.before, moved.after, moved.changed) == (140, 150, ("tan-thanh VN-CN",))
    assert moved.events == (f"{fixed['source']} {fixed['id']}",)


def test_a_report_whose_period_has_not_ended_is_not_issued(engine: Engine) -> None:
    running = month_of(as_of_now(engine).astimezone(HANOI).date(), Regime.ND09)
    with pytest.raises(NotReleasable, match="chưa kết thúc"):
        issued(engine, running)


def test_a_report_that_does_not_add_up_is_not_issued(engine: Engine, database: Database, log: Log) -> None:
    told = breach()
    database.record(log.batch([told]))
    with engine.begin() as connection:
        connection.execute(text("UPDATE incident_state SET side = 'VN'"))
    with pytest.raises(NotReleasable, match=r"breach\.VN"):
        issued(engine)
    with engine.connect() as connection:
        assert every(connection) == []


def test_the_same_moment_gives_the_same_bytes_later(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach(), breach("VN")]))
    then = as_of_now(engine)
    first = {form: render(build(engine, LANG_SON, YEAR, then), form) for form in FORMATS}
    database.record(log.batch([breach(), breach()]))
    assert {form: render(build(engine, LANG_SON, YEAR, then), form) for form in FORMATS} == first
    assert render(build(engine, LANG_SON, YEAR, as_of_now(engine)), "json") != first["json"]


def test_an_estimate_is_apart_and_the_next_report_says_how_far_it_was_off(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach(at=f"2019-0{month}-01T10:00:00+07:00") for month in (1, 2, 3, 4, 5)]))
    half = issued(engine, Period.parse("2019H1", Regime.ND09), estimate=(YEAR, NINE_MONTHS))
    expected, of_nine_months = (one for one in half.report.estimates if one.figure == "breach.total")
    assert [(one.value, one.period) for one in (expected, of_nine_months)] == [(10, "2019"), (8, "2019M9")]
    assert "06 tháng" in expected.method
    assert half.report.value("breach.total") == 5
    assert "ước" in half.report.sentences["estimate"].lower()
    database.record(log.batch([breach(at="2019-09-01T10:00:00+07:00")]))
    year = issued(engine)
    (missed,) = (one for one in year.report.missed if one.estimate.figure == "breach.total")
    assert (missed.estimate.value, missed.actual, missed.report) == (10, 6, "2019H1, bản 1")
    with pytest.raises(NotEstimable, match="2019"):
        issued(engine, Period.parse("2019H2", Regime.ND09), estimate=(YEAR,))

"""Version after version of a report: each says what moved since the last and by which events, never more than may be told."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from agreement import packs
from agreement.packs import PACKS
from agreement.periods import Period, Regime, month_of
from border.vietnam import HANOI
from reports.baselines.store import load
from reports.estimates import NotEstimable
from reports.issued import IssuedReport, every
from reports.issuing import NotReleasable
from reports.model import Moved
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from sinks.record.rejudge import rejudge
from tests import builders
from tests.support import issuing
from tests.support.classified_batches import Log
from tests.support.packs import WIDER

LANG_SON = unit_named("lang-son")
YEAR = Period.parse("2019", Regime.ND09)
LATER = "2026-01-03T00:00:00+07:00"


def breach(at: str = "2019-03-01T10:00:00+07:00", **changes: Any) -> dict[str, Any]:
    return builders.reported(builders.incident(occurred={"start": at, "precision": "minute"}, **changes))


def updated(of: dict[str, Any], **data: Any) -> dict[str, Any]:
    return builders.updated(of["subject"], data, time=LATER)


def passed(start: str = "2019-06-01T10:00:00+07:00", end: str = "2019-06-01T11:00:00+07:00", *ns: int) -> dict[str, Any]:
    return builders.crossing(interval={"start": start, "end": end}, counts=[{"what": "persons", "n": n} for n in ns or (140,)])


def corrected(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    data = of["data"] | changes | {"corrects": {"source": of["source"], "id": of["id"]}}
    return builders.envelope("crossing.corrected", data, subject=data["gate"], time=LATER)


def ref(event: dict[str, Any]) -> str:
    return f"{event['source']} {event['id']}"


def issued(engine: Engine, period: Period = YEAR, *, as_of: datetime | None = None, least_shown: int = 5) -> IssuedReport:
    return issuing.issued(engine, LANG_SON, period, as_of=as_of, least_shown=least_shown)


def moves(out: IssuedReport) -> dict[str, Moved]:
    return {one.figure: one for one in out.report.moved}


def notes(out: IssuedReport) -> dict[str, tuple[str, ...]]:
    return {check.code: check.subjects for check in out.report.checks if check.code in ("comparison_moved", "rules_changed")}


def test_a_later_version_never_knows_less_than_the_one_that_is_out(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    early = as_of_now(engine)
    database.record(log.batch([breach()]))
    first = issued(engine)
    with pytest.raises(NotReleasable, match="Bản 1 đã phát hành theo dữ liệu muộn hơn"):
        issued(engine, as_of=early)
    with engine.connect() as connection:
        assert [one.version for one in every(connection)] == [1]
    assert issued(engine).report == first.report


def test_three_versions_each_tell_what_moved_since_the_last(engine: Engine, database: Database, log: Log) -> None:
    told = [breach() for _ in range(3)]
    seen = []
    for event in told:
        database.record(log.batch([event]))
        seen.append(issued(engine))
    assert [one.report.version for one in seen] == [1, 2, 3]
    assert [one.report.value("breach.total") for one in seen] == [1, 2, 3]
    assert [moves(one)["breach.total"].added for one in seen[1:]] == [(event["subject"],) for event in told[1:]]
    assert [moves(one)["breach.total"].events for one in seen[1:]] == [(ref(event),) for event in told[1:]]


def test_words_added_to_an_incident_are_no_reason_for_a_new_version(engine: Engine, database: Database, log: Log) -> None:
    event = breach()
    database.record(log.batch([event]))
    first = issued(engine)
    database.record(log.batch([updated(event, text="Đã lập biên bản")]))
    assert not issued(engine).new
    assert issued(engine).report == first.report


def test_an_incident_told_otherwise_is_said_though_every_figure_stays(engine: Engine, database: Database, log: Log) -> None:
    event, other = breach(), breach()
    database.record(log.batch([event, other]))
    issued(engine)
    late = updated(event, occurred={"start": "2019-03-01T11:00:00+07:00", "precision": "minute"})
    database.record(log.batch([late, updated(other, text="Đã lập biên bản")]))
    assert moves(issued(engine)) == {
        "incident.total": Moved(figure="incident.total", before=2, after=2, changed=(event["subject"],), events=(ref(late),))
    }


def test_what_a_duty_officer_did_moved_no_figure(engine: Engine, database: Database, log: Log) -> None:
    event = breach()
    database.record(log.batch([event]))
    issued(engine)
    late = updated(event, side="VN")
    seen = builders.envelope("duty.acknowledged", {"by_office": "ban-tac-chien"}, subject=event["subject"], source="/offices/ban-tac-chien")
    database.record(log.batch([late, seen]))
    assert moves(issued(engine))["breach.VN"].events == (ref(late),)


def test_another_number_to_compare_with_is_a_new_version(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    issued(engine)
    load(engine, b"unit,period,figure,value,source\nlang-son,2018,breach.total,4,S1\n")
    second = issued(engine)
    assert (second.report.version, second.report.moved) == (2, ())
    assert notes(second) == {"comparison_moved": ("outcome.breach", "breach.total")}
    assert "so với cùng kỳ năm 2018" in second.report.sentences["breach"]
    database.record(log.batch([breach("2018-03-01T10:00:00+07:00")]))  # the published number speaks for it
    assert "breach.total" not in notes(issued(engine)).get("comparison_moved", ())


def test_rules_that_changed_are_said_where_no_event_came(
    engine: Engine, database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = breach(facts=builders.incident()["facts"] | {"distance_m": 40})
    database.record(log.batch([far]))
    issued(engine)
    monkeypatch.setattr(packs, "PACKS", (*PACKS, WIDER))
    rejudge(engine, WIDER, "dải 50 m")
    second = issued(engine)
    assert notes(second) == {"rules_changed": ()}
    assert moves(second)["breach.total"] == Moved(figure="breach.total", before=0, after=1, added=(far["subject"],))
    assert second.report.rule_packs != ("2009.1/1",)


@pytest.mark.parametrize(
    "changes",
    [
        {"interval": {"start": "2019-12-15T10:00:00+07:00", "end": "2019-12-15T11:00:00+07:00"}},
        {"gate": "mong-cai"},
        {"direction": "CN-VN"},
        {"status": "exercise"},
        {"counts": [{"what": "vehicles", "n": 1}]},
    ],
)
def test_the_correction_that_took_a_count_away_is_named(engine: Engine, database: Database, log: Log, changes: dict[str, Any]) -> None:
    count, stays = passed(), builders.crossing(gate="huu-nghi", interval={"start": LATER, "end": LATER})
    database.record(log.batch([count, stays]))
    issued(engine)
    fixed = corrected(count, **changes)
    noise = [builders.crossing(gate="tan-thanh", counts=[{"what": "goods", "n": 1, "unit": "kg"}]), corrected(stays, direction="CN-VN")]
    database.record(log.batch([fixed, *noise]))
    moved = moves(issued(engine))["crossing.VN-CN.persons"]
    left = 0 if changes.keys() & {"direction", "counts"} else None  # no count is left, and nobody else was heard on crossings
    assert (moved.before, moved.after, moved.removed, moved.events) == (140, left, ("tan-thanh VN-CN",), (ref(fixed),))


def test_a_record_that_came_after_its_correction_is_what_moved_the_figure(engine: Engine, database: Database, log: Log) -> None:
    count = passed()
    database.record(log.batch([corrected(count, counts=[{"what": "persons", "n": 9}])]))
    issued(engine)
    database.record(log.batch([count]))
    assert moves(issued(engine))["crossing.total.persons"].events == (ref(count),)


def test_a_count_told_in_two_parts_is_a_gate_that_changed(engine: Engine, database: Database, log: Log) -> None:
    count = passed()
    database.record(log.batch([count]))
    issued(engine)
    fixed = corrected(count, counts=[{"what": "persons", "n": 100, "nationality": "VN"}, {"what": "persons", "n": 40, "nationality": "CN"}])
    database.record(log.batch([fixed]))
    moved = moves(issued(engine))["crossing.total.persons"]
    assert (moved.before, moved.after, moved.changed, moved.events) == (140, 140, ("tan-thanh VN-CN",), (ref(fixed),))


def test_a_notice_that_came_late_is_what_moved_the_posts(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    issued(engine)
    month = {"start": "2019-06-01T00:00:00+07:00", "end": "2019-07-01T00:00:00+07:00"}
    nil = {"status": "actual", "interval": month, "incidents": 0, "crossings": 0}
    late = builders.envelope("post.reported", nil, subject="chi-ma", source="/posts/chi-ma/d1")
    other = builders.envelope(
        "post.reported", nil | {"interval": {"start": LATER, "end": LATER}}, subject="chi-ma", source="/posts/chi-ma/d1"
    )
    database.record(log.batch([late, other]))
    moved = moves(issued(engine))
    assert (moved["posts.reported"].added, moved["posts.reported"].events) == (("chi-ma",), (ref(late),))


def test_of_a_number_that_is_or_was_suppressed_only_the_other_one_is_told(engine: Engine, database: Database, log: Log) -> None:
    sold: dict[str, Any] = {"kind": "trafficking", "facts": {}, "side": "undetermined"}
    first = breach(**sold, measures=[{"what": "persons", "n": 3}])
    database.record(log.batch([first]))
    assert issued(engine).report.figure("article39.14.persons").value is None  # type: ignore[union-attr]
    database.record(log.batch([breach(**sold, measures=[{"what": "persons", "n": 4}])]))
    assert moves(issued(engine))["article39.14.persons"] == Moved(figure="article39.14.persons", before=None, after=7)
    database.record(log.batch([updated(first, measures=[]), breach()]))
    assert moves(issued(engine))["article39.14.persons"] == Moved(figure="article39.14.persons", before=7, after=None)


def test_one_period_under_two_names_is_issued_once(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    for name, same in (("2019H1", "2019M6"), ("2019", "2019M12"), ("2019Q1", "2019M3"), ("2019-01", "2019M1")):
        first = issued(engine, Period.parse(name, Regime.ND09))
        again = issued(engine, Period.parse(same, Regime.ND09))
        assert (again.new, again.report) == (False, first.report)


def test_nothing_is_reckoned_forward_from_a_period_that_goes_on(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    now = as_of_now(engine)
    running = month_of(now.astimezone(HANOI).date(), Regime.ND09)
    longer = Period.parse(f"{running.id}..2199-12", Regime.ND09)
    with pytest.raises(NotEstimable, match="chưa kết thúc"):
        issuing.issued(engine, LANG_SON, running, as_of=now, estimate=(longer,))


def test_what_does_not_add_up_leaves_the_version_that_is_out(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    first = issued(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE incident_state SET outcome = 'no_breach'"))
    with pytest.raises(NotReleasable):
        issued(engine)
    with engine.connect() as connection:
        assert [(one.version, one.data_sha256) for one in every(connection)] == [(1, first.report.data_sha256)]

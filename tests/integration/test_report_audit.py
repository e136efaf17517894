"""The self-audit of a report: figures counted again from the raw events, and what a person has to look at before signing."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from agreement import judged_state
from agreement.periods import Period, Regime
from reports.build import build
from reports.model import Check, Report, Severity, canonical
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.integration.test_crossing_counts import corrected
from tests.integration.test_incident_versions import crash
from tests.support.classified_batches import Log, dead_letter
from tests.support.random_events import RandomEvents
from tests.support.rows import one, rows

Record = Callable[..., datetime]


@pytest.fixture
def record(engine: Engine) -> Record:
    """Records events in one batch, and says when."""
    database = Database(engine)
    log = Log(database)

    def recorded(*events: dict[str, Any], **more: Any) -> datetime:
        database.record(log.batch(list(events), **more))
        return as_of_now(engine)

    return recorded


def built(
    engine: Engine, period: str = "2025-12", *, unit: str = "all", as_of: datetime | None = None, regime: Regime = Regime.CALENDAR
) -> Report:
    whole = Period.parse(period, regime)
    return build(engine, unit_named(unit, whole), whole, as_of or as_of_now(engine))


def checks(report: Report, code: str) -> list[Check]:
    return [check for check in report.checks if check.code == code]


def only(report: Report, code: str) -> Check:
    (found,) = checks(report, code)
    return found


def errors(report: Report) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(check.code, check.message, check.subjects) for check in report.checks if check.severity is Severity.ERROR]


def recounted(found: list[tuple[str, str, tuple[str, ...]]]) -> set[str]:
    """The figures that errors are about."""
    return {message.split(" ")[2].rstrip(":") for code, message, _ in found if code == "recount"}


def tamper(engine: Engine, statement: str, **values: Any) -> None:
    """Change what the record derived, as no program of ours would."""
    with engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount > 0


def at(hours: float) -> str:
    return (builders.NOON + timedelta(hours=hours)).isoformat()


def counting(start: float, end: float, n: int = 10, *, source: str = "/posts/tan-thanh/d1", **changes: Any) -> dict[str, Any]:
    """Vehicles through Tân Thanh, hours after noon."""
    event = builders.crossing(interval={"start": at(start), "end": at(end)}, counts=[{"what": "vehicles", "n": n}], **changes)
    return event | {"source": source, "time": at(end)}


def notice(source: str = "/posts/chi-ma/d1", **changes: Any) -> dict[str, Any]:
    """A post's notice on the day of noon."""
    said = {"status": "actual", "interval": {"start": at(-12), "end": at(12)}, "incidents": 0, "crossings": 0} | changes
    return builders.envelope("post.reported", said, source=source, subject="chi-ma", time=at(12))


def recorded_in_parts(record: Record, told: RandomEvents, events: list[dict[str, Any]]) -> list[datetime]:
    """When each part was in the record."""
    moments = []
    while events:
        size = told.chance.randint(1, 90)
        moments.append(record(*events[:size]))
        events = events[size:]
    return moments


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_said_in_whatever_order_the_second_count_agrees(record: Record, engine: Engine, seed: int) -> None:
    told = RandomEvents(seed)
    recorded_in_parts(record, told, told.events(120, 80))
    counted = 0
    for unit in ("all", "lang-son", "cao-bang", "none"):
        for period, regime in (("2025-12", Regime.CALENDAR), ("2025-11", Regime.CALENDAR), ("2025", Regime.ND09)):
            report = built(engine, period, unit=unit, regime=regime)
            assert errors(report) == []
            counted += len(report.rows)
    assert counted > 150


@pytest.mark.parametrize("seed", range(10, 12))
def test_the_second_count_agrees_as_known_on_any_moment(record: Record, engine: Engine, seed: int) -> None:
    told = RandomEvents(seed)
    moments = recorded_in_parts(record, told, told.events(100, 80))
    assert all(errors(built(engine, "2025H2", as_of=moment)) == [] for moment in moments)
    sizes = [len(built(engine, "2025H2", as_of=moment).rows) for moment in moments]
    assert sizes[-1] > sizes[0]


def test_a_stored_outcome_that_the_events_do_not_give_is_an_error_naming_figures_values_and_incident(
    record: Record, engine: Engine
) -> None:
    first, second = builders.reported(), builders.reported(builders.incident(side="VN"))
    record(first, second)
    tamper(engine, "UPDATE incident_state SET outcome = 'no_breach' WHERE subject = :subject", subject=first["subject"])
    found = errors(built(engine))
    total = next(message for _, message, _ in found if "breach.total" in message)
    assert "báo cáo 1, tính lại từ tin gốc 2" in total
    assert all(first["subject"] in message for code, message, _ in found if code == "recount")
    assert {subject for _, _, subjects in found for subject in subjects if subject.startswith("inc-")} == {first["subject"]}
    assert recounted(found) >= {"breach.total", "breach.CN", "outcome.no_breach"}
    assert not any("breach.VN" in message for _, message, _ in found)


@pytest.mark.parametrize(
    ("change", "figures"),
    [
        ("side = 'VN'", {"breach.CN", "breach.VN"}),
        ("clauses = '{15(7)}'", {"breach.clause.15(7)", "breach.clause.21(1)"}),
        ("markers = '{940}'", {"breach.stretch.900-949", "breach.stretch.1050-1099"}),
        ("province = 'cao-bang'", {"breach.province.cao-bang", "breach.province.lang-son"}),
        ("kind = 'mining'", {"breach.kind.mining", "breach.kind.works"}),
        ("article39 = '{3}'", {"breach.article39.3"}),
        ("retracted = true", {"incident.total", "breach.total", "outcome.breach"}),
        ("status = 'exercise'", {"incident.total", "breach.total", "outcome.breach"}),
    ],
)
def test_whatever_column_is_wrong_is_found(record: Record, engine: Engine, change: str, figures: set[str]) -> None:
    event = builders.reported()
    record(event)
    assert errors(built(engine)) == []
    tamper(engine, f"UPDATE incident_state SET {change}")
    found = errors(built(engine))
    assert figures <= recounted(found)
    assert all(event["subject"] in subjects for code, _, subjects in found if code in ("recount", "row_recount"))


def test_a_measure_that_differs_is_found_and_exact_sums_do_not_differ(record: Record, engine: Engine) -> None:
    goods = [{"what": "goods", "n": 0.1, "unit": "kg"}, {"what": "goods", "n": 0.2, "unit": "kg"}]
    smuggled = builders.incident(kind="smuggling", facts={"goods": "pháo nổ"}, measures=goods)
    event = builders.reported(smuggled)
    record(event)
    report = built(engine)
    assert report.value("article39.9.goods.kg") == 0.3
    assert errors(report) == []
    tamper(engine, "UPDATE incident_state SET measures = replace(measures::text, '0.2', '0.25')::json")
    ((code, message, subjects),) = errors(built(engine))
    assert (code, subjects) == ("recount", (event["subject"],))
    assert "báo cáo 0,35, tính lại từ tin gốc 0,3" in message


def test_a_stored_count_that_no_record_states_is_an_error_naming_the_gate(record: Record, engine: Engine) -> None:
    record(counting(-3, -2, 100), counting(-2, -1, 7, gate="huu-nghi"))
    assert errors(built(engine)) == []
    tamper(engine, "UPDATE crossing_state SET n = 10 WHERE gate = 'tan-thanh'")
    found = errors(built(engine))
    assert [subjects for _, _, subjects in found] == [("tan-thanh VN-CN",)] * 2
    assert "báo cáo 17, tính lại từ tin gốc 107 (tan-thanh VN-CN: 10 trong 1 dòng ≠ 100 trong 1 dòng)" in found[0][1]


def test_a_count_that_is_missing_from_the_tables_is_found(record: Record, engine: Engine) -> None:
    first = counting(-3, -2, 100)
    record(first, corrected(first, 60))
    tamper(engine, "DELETE FROM crossing_state WHERE superseded_at IS NULL")
    assert "báo cáo 0, tính lại từ tin gốc 60 (tan-thanh VN-CN: không có ≠ 60 trong 1 dòng)" in errors(built(engine))[0][1]


def test_an_incident_without_a_version_is_found(record: Record, engine: Engine) -> None:
    event = builders.reported()
    record(event)
    tamper(engine, "DELETE FROM incident_state")
    found = errors(built(engine))
    assert {code for code, _, _ in found} == {"recount", "row_recount", "month_recount", "events_unaccounted"}
    assert all(event["subject"] in subjects for code, _, subjects in found if code != "month_recount")


def test_an_event_the_record_never_folded_is_an_error(record: Record, engine: Engine) -> None:
    event = builders.reported()
    record(event)
    record(builders.updated(event["subject"], {"text": "chỉ thêm lời"}))
    tamper(engine, "DELETE FROM incident_state WHERE version = 2")
    tamper(engine, "UPDATE incident_state SET superseded_at = NULL")
    ((code, message, subjects),) = errors(built(engine))
    assert (code, subjects) == ("events_unaccounted", (event["subject"],))
    assert "mocgioi db rebuild" in message


def test_words_of_earlier_rules_stand_and_are_said(record: Record, engine: Engine) -> None:
    event = builders.reported()
    record(event)
    tamper(
        engine,
        "UPDATE incident_state SET judge_version = 1, outcome = 'no_breach', machine_outcome = 'no_breach', clauses = '{}',"
        " findings = replace(findings_of(incident_state)::text, '\"breach\"', '\"no_breach\"')::json",
    )
    report = built(engine)
    assert [(code, subjects) for code, _, subjects in errors(report)] == [
        ("row_recount", (event["subject"],))
    ]  # its clause is the finding's
    assert report.value("breach.total") == 0
    note = only(report, "earlier_rules")
    assert (note.severity, note.subjects) == (Severity.NOTE, (event["subject"],))
    assert "01 vụ" in note.message
    assert "2009.1/1" in note.message


def test_a_failed_judge_is_an_error_until_an_officer_decides(record: Record, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    event = builders.reported()
    record(event)
    with monkeypatch.context() as broken:
        broken.setattr(judged_state, "judge", crash)
        record(builders.updated(event["subject"], {"facts": {"distance_m": 12}}))
    assert [(code, subjects) for code, _, subjects in errors(built(engine))] == [("judge_failed", (event["subject"],))]
    with monkeypatch.context() as broken:
        broken.setattr(judged_state, "judge", crash)
        record(builders.assessed(event["subject"], {"outcome": "breach"}))
    report = built(engine)
    assert errors(report) == []
    assert only(report, "judge_failed").severity is Severity.REVIEW


def test_a_moment_in_the_middle_of_a_recording_is_said_and_is_no_error(record: Record, engine: Engine) -> None:
    event = builders.reported()
    record(event)
    record(builders.updated(event["subject"], {"side": "VN"}))
    between = one(engine, "SELECT max(recorded_at) FROM event")
    assert between < one(engine, "SELECT max(recorded_at) FROM incident_state")
    report = built(engine, as_of=between)
    assert errors(report) == []
    assert report.value("breach.CN") == 1
    assert only(report, "moment_torn").subjects == (event["subject"],)


def issue(engine: Engine, report: Report, version: int = 1) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO issued_report (unit, regime, period, version, as_of, issued_by, data_sha256, report, issued_at)"
                " VALUES (:unit, :regime, :period, :version, :as_of, 'so-ngoai-vu', 'x', :report, clock_timestamp())"
            ),
            {
                "unit": report.unit,
                "regime": report.regime.value,
                "period": report.period,
                "version": version,
                "as_of": report.as_of,
                "report": canonical(report).decode(),
            },
        )


def test_figures_that_moved_since_the_last_issue_are_named(record: Record, engine: Engine) -> None:
    record(builders.reported())
    issue(engine, built(engine))
    same = built(engine)
    assert checks(same, "moved_since_issue") == []
    record(builders.reported(builders.incident(side="VN")))
    found = only(built(engine), "moved_since_issue")
    assert {"breach.total", "breach.VN", "incident.total"} <= set(found.subjects)
    assert "breach.CN" not in found.subjects
    assert "breach.total: 1 → 2" in found.message
    assert "bản 1" in found.message
    assert checks(built(engine, as_of=same.as_of), "moved_since_issue") == []


def test_issued_parts_that_do_not_add_up_to_the_whole_are_named(record: Record, engine: Engine) -> None:
    october = {"start": "2025-10-05T08:00:00+07:00", "precision": "hour"}
    record(builders.reported(), builders.reported(builders.incident(occurred=october), source="/posts/chi-ma/d1"))
    for month in ("2025-10", "2025-11", "2025-12"):
        issue(engine, built(engine, month))
    assert checks(built(engine, "2025Q4"), "parts_issued") == []
    last = builders.reported()
    record(last)
    found = only(built(engine, "2025Q4"), "parts_issued")
    assert "03 tháng" in found.message
    assert "breach.total: 2 ≠ 3" in found.message
    assert checks(built(engine, "2025"), "parts_issued") == []  # three months of twelve may be less
    record(builders.retracted(last["subject"]), *(builders.retracted(row.subject, time=at(3)) for row in built(engine).rows))
    assert "breach.total: 2 > 1" in only(built(engine, "2025"), "parts_issued").message


def test_silent_posts_are_named(record: Record, engine: Engine) -> None:
    record(builders.reported(), notice())
    silent = only(built(engine, unit="lang-son"), "silent_posts")
    assert silent.severity is Severity.REVIEW
    assert {"tan-thanh", "chi-ma"}.isdisjoint(silent.subjects)
    assert "huu-nghi" in silent.subjects
    assert "Hữu Nghị" in silent.message


def test_a_notice_that_claims_more_than_the_record_holds_is_named(record: Record, engine: Engine) -> None:
    source = "/posts/chi-ma/d1"
    held = [builders.reported(source=source), builders.reported(source="/posts/chi-ma/d2")]
    said = notice(incidents=3, crossings=1)
    record(*held, said, counting(-3, -2, source=source), builders.reported())
    found = only(built(engine), "notice_claims_more")
    assert found.subjects == (f"{source} {said['id']}",)
    assert "Đồn Chi Ma báo đã gửi 03 vụ việc từ 00:00 28/12/2025 đến 00:00 29/12/2025, hồ sơ có 02" in found.message
    record(builders.reported(source=source, time=at(1)))
    assert checks(built(engine), "notice_claims_more") == []


def test_an_incident_told_in_the_interval_and_of_before_it_keeps_a_notice_true(record: Record, engine: Engine) -> None:
    earlier = {"start": at(-60), "precision": "hour"}
    record(builders.reported(builders.incident(occurred=earlier), source="/posts/chi-ma/d1"), notice(incidents=1))
    assert checks(built(engine), "notice_claims_more") == []


def test_events_still_waiting_at_a_post_are_said_until_a_later_notice(record: Record, engine: Engine) -> None:
    record(notice(waiting=3))
    waiting = only(built(engine), "events_waiting")
    assert "Chi Ma (/posts/chi-ma/d1) còn 03 tin" in waiting.message
    record(notice(waiting=0) | {"time": at(13)})
    assert checks(built(engine), "events_waiting") == []


def test_numbers_missing_from_a_device_are_named(record: Record, engine: Engine) -> None:
    def numbered(*numbers: int) -> list[dict[str, Any]]:
        return [builders.reported(source="/posts/chi-ma/d7", sequence=str(number)) for number in numbers]

    first = numbered(11, 12, 15, 19)
    record(*first, builders.retracted(first[0]["subject"], source="/posts/chi-ma/d7", sequence="16", time=at(1)))
    before = as_of_now(engine)
    gap = only(built(engine, unit="lang-son"), "sequence_gap")
    assert gap.subjects == ("/posts/chi-ma/d7",)
    assert "Thiếu 04 tin" in gap.message
    assert "(13-14, 17-18)" in gap.message
    record(*numbered(13, 14, 17, 18))
    assert checks(built(engine), "sequence_gap") == []
    assert only(built(engine, unit="lang-son", as_of=before), "sequence_gap") == gap
    record(notice("/posts/chi-ma/d7", last_sequence="00000022") | {"sequence": "21"})
    assert "Thiếu 02 tin của máy /posts/chi-ma/d7 theo số thứ tự (20, 22)" in only(built(engine), "sequence_gap").message


def test_a_conflict_has_used_up_its_number(record: Record, engine: Engine) -> None:
    event = builders.reported(sequence="1", source="/posts/chi-ma/d8")
    record(event)
    record(event | {"sequence": "2", "time": at(1)}, builders.reported(sequence="3", source="/posts/chi-ma/d8"))
    assert checks(built(engine), "sequence_gap") == []


def test_clocks_that_were_ahead_are_named(record: Record, engine: Engine) -> None:
    right, ahead = builders.reported(), builders.reported(time=at(1))
    record(right, ahead, counting(-1, 0), fast := counting(3, 4))
    incidents, others = checks(built(engine), "clock_skew")
    assert incidents.subjects == (ahead["subject"],)
    assert "nhiều nhất 59 phút" in incidents.message  # the log took it a little after noon
    assert others.subjects == (f"{fast['source']} {fast['id']}",)


def test_what_was_recorded_after_the_cut_off_is_noted(record: Record, engine: Engine) -> None:
    event = builders.reported()
    record(event, counting(-3, -2))
    incidents, gates = checks(built(engine), "late_events")
    assert (incidents.severity, gates.severity) == (Severity.NOTE, Severity.NOTE)
    assert incidents.subjects == (event["subject"],)
    assert gates.subjects == ("tan-thanh",)


def test_an_incident_written_long_after_it_was_known_is_noted(record: Record, engine: Engine) -> None:
    slow = builders.reported(builders.incident(known_at=at(-73), occurred={"start": at(-80), "precision": "hour"}))
    record(slow, builders.reported(builders.incident(known_at=at(-2))))
    assert only(built(engine), "told_late").subjects == (slow["subject"],)


def test_missing_facts_are_named_in_words(record: Record, engine: Engine) -> None:
    event = builders.reported(
        builders.incident(facts={"structure": "nhà ở", "purpose": "other", "permanent": True, "change": "new", "distance_m": 18})
    )
    record(event, builders.reported())
    found = only(built(engine), "needs_facts")
    assert found.subjects == (event["subject"],)
    assert "hai bên đã thỏa thuận" in found.message


def test_facts_after_an_officers_finding_and_open_matters_are_listed(record: Record, engine: Engine) -> None:
    event = builders.reported()
    record(
        event,
        builders.assessed(event["subject"], {"outcome": "no_breach"}),
        builders.updated(event["subject"], {"facts": {"distance_m": 2}}, time=at(3)),
        dead_letters=[dead_letter(b"{bad")],
    )
    record(event | {"time": at(0.1)})
    report = built(engine)
    assert only(report, "facts_after_assessment").subjects == (event["subject"],)
    assert "01 tin gửi đến không đọc được" in only(report, "open_dead_letters").message
    assert "01 tin mâu thuẫn" in only(report, "open_conflicts").message
    assert only(report, "open_corrections").subjects == (event["subject"],)


def test_an_event_set_aside_by_a_squatted_number_is_named_with_its_squatter_until_an_office_admits_it(
    record: Record, engine: Engine
) -> None:
    device = "/posts/chi-ma/d9"
    squatter = builders.reported(builders.incident(status="test"), source=device, sequence="12", subject="inc-squat", id="squat")
    event = builders.reported(source=device, sequence="12", subject="inc-own", id="own")
    before = record(squatter)
    record(event)
    report = built(engine, unit="lang-son")
    assert report.figure("breach.total").value is None, "a test is no report"  # type: ignore[union-attr]
    check = only(report, "same_sequence")
    assert (check.severity, check.subjects) == (Severity.REVIEW, ("inc-own", "inc-squat"))
    for named in (f"{device} số 12: own (border.incidents.v1[0]@1) để riêng", "squat (border.incidents.v1[0]@0) đã ghi"):
        assert named in check.message
    assert checks(built(engine, as_of=before), "same_sequence") == checks(built(engine, unit="cao-bang"), "same_sequence") == []
    # The squatter's subject is its own device's: an office over that post admits the other.
    record(builders.settled(event, "both", data={"sequence": "13"}, subject="inc-squat"))
    report = built(engine, unit="lang-son")
    assert report.figure("breach.total").subjects == ("inc-own",)  # type: ignore[union-attr]
    assert checks(report, "same_sequence") == checks(report, "open_conflicts") == []


def test_words_without_effect_are_listed_and_change_no_figure(record: Record, engine: Engine) -> None:
    event = builders.reported()
    record(event, builders.retracted(event["subject"], source="/posts/chi-ma/d1", time=builders.NOON.isoformat()))
    report = built(engine)
    assert errors(report) == []
    check = only(report, "without_effect")
    assert (check.severity, check.subjects) == (Severity.REVIEW, (event["subject"],))
    assert "/posts/chi-ma/d1: vụ việc không thuộc đồn này" in check.message
    assert report.figure("breach.total").value == 1  # type: ignore[union-attr]
    assert checks(report, "second_report") == checks(report, "unknown_source") == []


def test_a_second_posts_report_stops_the_release_of_both_until_an_office_settles_it(record: Record, engine: Engine) -> None:
    event = builders.reported()
    place = {"scheme": "gate", "gate": "tra-linh"}
    second = builders.reported(builders.incident(place=place, side="VN"), subject=event["subject"], source="/posts/tra-linh/d1")
    before = record(event, second)
    for unit in ("lang-son", "cao-bang", "all"):
        check = only(built(engine, unit=unit), "second_report")
        assert (check.severity, check.subjects) == (Severity.ERROR, (event["subject"],))
        assert "/posts/tra-linh/d1" in check.message
    assert checks(built(engine, unit="quang-ninh"), "second_report") == []
    assert checks(built(engine, "2025-11"), "second_report") == []
    record(builders.settled(second, "first", source="/offices/so-ngoai-vu-cao-bang"))
    assert checks(built(engine), "second_report"), "not its incident"
    record(builders.settled(second, "first"))
    for unit in ("lang-son", "cao-bang", "all"):
        report = built(engine, unit=unit)
        assert checks(report, "second_report") == checks(report, "without_effect") == errors(report) == []
    assert only(built(engine, as_of=before), "second_report")


def test_sources_that_the_register_does_not_know_are_noted(record: Record, engine: Engine) -> None:
    known, unknown = builders.reported(), builders.reported(source="/posts/khong-biet/d1")
    office = builders.reported(source="/offices/khong-biet")
    record(known, unknown, office)
    check = only(built(engine), "unknown_source")
    assert (check.severity, set(check.subjects)) == (Severity.NOTE, {unknown["subject"], office["subject"]})
    assert "/offices/khong-biet; /posts/khong-biet/d1" in check.message


def test_intervals_that_overlap_are_shown_in_pairs_and_nothing_else_is(record: Record, engine: Engine) -> None:
    first = counting(-6, -4, 100)
    other_post = counting(-5, -3, 90, source="/posts/huu-nghi/d1")
    record(
        first,
        other_post,
        counting(-3, -2, 1),  # touches
        counting(-6, -4, 5, direction="CN-VN"),
        counting(-6, -4, 6, gate="huu-nghi"),
        builders.crossing(interval={"start": at(-6), "end": at(-4)}, counts=[{"what": "vehicles", "n": 3, "nationality": "CN"}]),
        counting(-6, -4, 8, status="test"),
    )
    found = only(built(engine), "overlapping_intervals")
    assert found.severity is Severity.REVIEW
    assert found.subjects == (f"{first['source']} {first['id']}", f"{other_post['source']} {other_post['id']}")
    assert "100 (06:00 28/12/2025 - 08:00, đồn Tân Thanh) và 90 (07:00 28/12/2025 - 09:00, đồn Hữu Nghị)" in found.message
    assert built(engine).value("crossing.VN-CN.vehicles") == 100 + 90 + 1 + 6 + 3


def test_one_interval_over_many_makes_a_pair_with_each(record: Record, engine: Engine) -> None:
    day = counting(-12, 0, 500, source="/posts/huu-nghi/d1")
    hours = [counting(-hour, -hour + 1) for hour in range(1, 6)]
    record(day, *hours)
    found = checks(built(engine), "overlapping_intervals")
    assert [check.subjects[1] for check in found] == [f"{event['source']} {event['id']}" for event in reversed(hours)]
    assert {check.subjects[0] for check in found} == {f"{day['source']} {day['id']}"}


def test_a_correction_ends_an_overlap_and_as_of_before_it_is_still_there(record: Record, engine: Engine) -> None:
    first, second = counting(-6, -4), counting(-5, -3, source="/posts/huu-nghi/d1")
    then = record(first, second)
    moved = corrected(second, 10)
    moved["data"]["interval"] = {"start": at(-4), "end": at(-3)}
    record(moved)
    assert checks(built(engine), "overlapping_intervals") == []
    assert len(checks(built(engine, as_of=then), "overlapping_intervals")) == 1


def test_an_overlap_over_the_periods_edge_is_shown_where_the_later_one_counts(record: Record, engine: Engine) -> None:
    edge = (datetime.fromisoformat("2025-12-01T00:00:00+07:00") - builders.NOON).total_seconds() / 3600
    record(counting(edge - 2, edge + 2), counting(edge + 1, edge + 3, source="/posts/huu-nghi/d1"))
    assert len(checks(built(engine), "overlapping_intervals")) == 1
    assert checks(built(engine, "2025-11"), "overlapping_intervals") == []


def test_an_interval_of_sixty_days_overlaps_one_that_begins_fifty_days_after_it(record: Record, engine: Engine) -> None:
    day = 24
    long = counting(-73 * day, -13 * day, 9000, source="/posts/huu-nghi/d1")
    later = counting(-23 * day, -23 * day + 2)
    over = counting(-100 * day, -40 * day, 8000, source="/posts/huu-nghi/d2")  # ended before the period
    record(long, later, over)
    assert only(built(engine), "overlapping_intervals").subjects == tuple(f"{event['source']} {event['id']}" for event in (long, later))


def test_a_count_of_no_length_meets_what_it_begins_with_or_lies_in_and_not_what_it_ends(record: Record, engine: Engine) -> None:
    moment, again = counting(-5, -5), counting(-5, -5, source="/posts/huu-nghi/d1")
    record(moment, counting(-6, -5), counting(-4, -3), edge := counting(-4, -4, source="/posts/huu-nghi/d2"))
    assert [check.subjects[0] for check in checks(built(engine), "overlapping_intervals")] == [f"{edge['source']} {edge['id']}"]
    record(again)
    assert len(checks(built(engine), "overlapping_intervals")) == 2
    record(counting(-5.5, -4.5, source="/posts/huu-nghi/d3"))
    assert len(checks(built(engine), "overlapping_intervals")) == 5


def test_many_overlaps_are_all_there_in_a_bounded_number_of_checks(record: Record, engine: Engine) -> None:
    record(*(counting(-6, -4, number, source=f"/posts/huu-nghi/d{number}") for number in range(15)))
    found = checks(built(engine), "overlapping_intervals")
    assert len(found) == 51
    assert len(found[-1].subjects) == 15 * 14 // 2 - 50


def test_one_incident_told_by_two_posts_in_one_night_is_suspected_across_the_periods_edge(record: Record, engine: Engine) -> None:
    def seen(moment: str, marker: str, source: str) -> dict[str, Any]:
        place = {"scheme": "marker", "line": "VN-CN", "marker": marker}
        return builders.reported(builders.incident(occurred={"start": moment, "precision": "minute"}, place=place), source=source)

    evening = seen("2025-11-30T23:30:00+07:00", "1088/2", "/posts/tan-thanh/d1")
    night = seen("2025-12-01T02:00:00+07:00", "1090", "/posts/huu-nghi/d1")
    record(evening, night)
    for period in ("2025-11", "2025-12"):
        found = only(built(engine, period), "suspected_duplicate")
        assert found.subjects == (evening["subject"], night["subject"])
    assert "đồn Tân Thanh, máy d1; 23:30 30/11/2025; 1088/2" in found.message
    assert f"{evening['subject']} không thuộc số liệu của báo cáo này" in found.message
    record(builders.retracted(night["subject"], time=at(1), source=night["source"]))
    assert checks(built(engine), "suspected_duplicate") == []


def test_the_audit_says_the_same_in_the_same_order_every_time_and_a_year_later(record: Record, engine: Engine) -> None:
    told = RandomEvents(9)
    then = record(*told.events(60, 60))
    before = built(engine, "2025H2", as_of=then)
    assert len(before.checks) > 10
    record(*RandomEvents(10).events(60, 60))
    assert canonical(built(engine, "2025H2", as_of=then)) == canonical(before)
    assert json.loads(canonical(before))["checks"] == [check.model_dump(mode="json") for check in before.checks]
    assert rows(engine, "SELECT count(*) FROM event")[0][0] > 300

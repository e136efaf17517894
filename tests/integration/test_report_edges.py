"""Edges of a report: counts nobody should compare with, dates of any coarseness, provinces that end, units of goods of any spelling."""

import random
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from agreement.periods import Period, Regime
from reports.baselines.store import load, withdraw
from reports.begun import PeriodNotBegun
from reports.build import build
from reports.documents import FORMATS, render
from reports.model import Comparison, Heard, Origin, Report, Subtotal
from reports.trace import traced
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log

HOUR = {"start": "2019-06-01T10:00:00+07:00", "end": "2019-06-01T11:00:00+07:00"}


def breach(at: str = "2019-06-01T10:00:00+07:00", precision: str = "minute", **changes: Any) -> dict[str, Any]:
    return builders.reported(builders.incident(occurred={"start": at, "precision": precision}, **changes))


def made(engine: Engine, period: str = "2019", unit: str = "lang-son", regime: Regime = Regime.ND09) -> Report:
    span = Period.parse(period, regime)
    return build(engine, unit_named(unit, span), span, as_of_now(engine))


def check(report: Report, code: str) -> Any:
    return next((one for one in report.checks if one.code == code), None)


def errors(report: Report) -> list[Any]:
    return [one for one in report.checks if one.severity == "error"]


@pytest.mark.parametrize("status", ["test", "exercise", "draft"])
def test_what_was_only_tried_a_year_before_is_nothing_to_compare_with(engine: Engine, database: Database, log: Log, status: str) -> None:
    then = {"start": "2018-06-01T10:00:00+07:00", "end": "2018-06-01T11:00:00+07:00"}
    nil = {"status": status, "interval": then, "incidents": 0, "crossings": 0}
    tried = [builders.crossing(interval=then, status=status), breach("2018-06-01T10:00:00+07:00", status=status)]
    database.record(log.batch([breach(), *tried, builders.envelope("post.reported", nil, subject="chi-ma", source="/posts/chi-ma/d1")]))
    report = made(engine)
    assert report.before("breach.total") == Comparison(figure="breach.total", period="2018", before=None, origin=None)
    assert "chưa có số liệu so sánh" in report.sentences["breach"]


def test_a_period_nobody_reported_of_is_not_one_in_which_nothing_happened(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    silent = made(engine, unit="quang-ngai")
    assert "không có nghĩa là không xảy ra" in check(silent, "nothing_told").message
    assert {figure.value for figure in silent.figures if figure.coverage is not None} == {None}
    assert silent.comparisons == ()
    assert check(made(engine), "nothing_told") is None
    with pytest.raises(PeriodNotBegun, match="2199 has not begun"):
        made(engine, "2199")


def test_a_published_total_is_cited_by_page_or_by_line(engine: Engine, database: Database, log: Log) -> None:
    rows = ("lang-son,2018,breach.total,4,Báo cáo A,3", "cao-bang,2018,breach.total,4,Báo cáo B,dòng 12")
    load(engine, "\n".join(("unit,period,figure,value,source,page", *rows)).encode())
    database.record(log.batch([breach(), breach(place={"scheme": "area", "province": "cao-bang"})]))
    cited = [made(engine, unit=unit).before("breach.total") for unit in ("lang-son", "cao-bang")]
    assert [one and one.source for one in cited] == ["Báo cáo A, tr. 3", "Báo cáo B, dòng 12"]


def test_a_nil_report_of_an_hour_is_no_zero_to_compare_with_and_says_whose_it_is(engine: Engine, database: Database, log: Log) -> None:
    then = {"start": "2018-06-01T10:00:00+07:00", "end": "2018-06-01T11:00:00+07:00"}
    nil = {"status": "actual", "interval": then, "incidents": 0, "crossings": 0}
    database.record(log.batch([breach(), builders.envelope("post.reported", nil, subject="chi-ma", source="/posts/chi-ma/d1")]))
    report = made(engine)
    assert report.before("breach.total") == Comparison(
        figure="breach.total", period="2018", before=0, origin=Origin.RECORD, coverage=Heard(whole=0, part=1, expected=8)
    )
    whose = "0/08 đồn báo cáo cho cả kỳ, 01 đồn báo cáo một phần kỳ"
    assert f"Kỳ so sánh (năm 2018): {whose}" in check(report, "comparison_partial").message
    assert report.sentences["breach"].endswith(f", cùng kỳ năm 2018 chưa ghi nhận trường hợp nào ({whose})")


def test_a_published_total_speaks_for_its_parts_until_it_is_withdrawn(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach(), breach("2018-06-01T10:00:00+07:00")]))
    load(
        engine,
        b"unit,period,regime,figure,value,source\nlang-son,2018,nd09,breach.total,1234567,S1\nlang-son,2018,calendar,breach.VN,2,S2\n",
    )
    report = made(engine)
    assert report.before("breach.total") == Comparison(
        figure="breach.total", period="2018", before=1234567, origin=Origin.BASELINE, source="S1"
    )
    assert report.before("breach.CN") == Comparison(figure="breach.CN", period="2018", before=None, origin=None)
    assert "breach.total: 1.234.567, theo S1" in check(report, "baseline_differs").message
    calendar = made(engine, regime=Regime.CALENDAR)
    assert (calendar.before("breach.VN").before, calendar.before("breach.total").before) == (2, None)  # type: ignore[union-attr]
    withdraw(engine, "lang-son", "2018", "breach.total", Regime.ND09, "nhầm")
    assert made(engine).before("breach.total").before == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("at", "precision", "period", "regime", "doubtful"),
    [
        ("2019-01-01T00:00:00+07:00", "year", "2019", Regime.CALENDAR, False),
        ("2019-01-01T00:00:00+07:00", "half", "2019H1", Regime.CALENDAR, False),
        ("2019-01-01T00:00:00+07:00", "quarter", "2019Q1", Regime.CALENDAR, False),
        ("2019-02-01T00:00:00+07:00", "month", "2019-02", Regime.CALENDAR, False),
        ("2019-01-15T00:00:00+07:00", "month", "2019-02", Regime.ND09, False),
        ("2019-12-01T00:00:00+07:00", "month", "2019", Regime.ND09, True),
        ("2019-01-01T00:00:00+07:00", "year", "2019", Regime.ND09, True),
        ("2019-12-14T10:00:00+07:00", "day", "2019", Regime.ND09, False),
        ("2019-12-14T20:00:00+07:00", "night", "2019", Regime.ND09, True),
        ("2019-12-14T23:30:00+07:00", "hour", "2019", Regime.ND09, True),
        ("2019-12-14T23:59:59+07:00", "minute", "2019", Regime.ND09, False),
    ],
)
def test_a_date_is_doubted_only_where_it_may_lie_behind_the_edge(
    engine: Engine, database: Database, log: Log, at: str, precision: str, period: str, regime: Regime, doubtful: bool
) -> None:
    event = breach(at, precision)
    database.record(log.batch([event]))
    report = made(engine, period, regime=regime)
    assert report.value("breach.total") == 1
    found = check(report, "coarse_date")
    assert (found.subjects if found else ()) == ((event["subject"],) if doubtful else ())


def test_a_merger_is_told_where_figures_reach_across_it() -> None:
    def told(period: str, unit: str) -> list[str]:
        span = Period.parse(period, Regime.ND09)
        return [merger.before for merger in unit_named(unit, span).mapping(span, span.before)]

    assert told("2019", "tuyen-quang") == ["Hà Giang"]  # its successor counts what was its own then
    assert told("2025", "tuyen-quang") == ["Hà Giang"]
    assert told("2026", "tuyen-quang") == ["Hà Giang"]  # the year before reaches over it
    assert told("2027", "tuyen-quang") == []
    assert told("2019", "ha-giang") == []
    assert told("2019", "all") == []
    assert told("2025", "all") == ["Hà Giang"]
    assert told("2025", "none") == told("2025", "lang-son") == []


def test_a_province_that_ends_within_the_period_says_so(engine: Engine, database: Database, log: Log) -> None:
    place = {"scheme": "marker", "line": "VN-CN", "marker": "300"}
    database.record(log.batch([breach("2025-06-30T23:59:00+07:00", place=place), breach("2025-07-01T00:00:00+07:00", place=place)]))
    old, new = made(engine, "2025-07", "ha-giang"), made(engine, "2025-07", "tuyen-quang")
    assert (old.value("breach.total"), new.value("breach.total")) == (1, 2)
    assert "30/06/2025" in check(old, "unit_ended").message
    assert check(new, "unit_ended") is check(made(engine, "2025-06", "ha-giang"), "unit_ended") is None


def test_what_a_merged_province_published_is_what_its_successor_compares_with(engine: Engine, database: Database, log: Log) -> None:
    place = {"scheme": "marker", "line": "VN-CN", "marker": "300"}
    database.record(log.batch([breach("2025-03-01T10:00:00+07:00", place=place)]))
    load(engine, b"unit,period,figure,value,source\nha-giang,2024,breach.total,5,S1\nha-giang,2024,breach.CN,3,S1\n")
    report = made(engine, "2025", "tuyen-quang")
    assert report.before("breach.total") == Comparison(
        figure="breach.total", period="2024", before=5, origin=Origin.BASELINE, source="S1 (tỉnh Hà Giang)"
    )
    load(engine, b"unit,period,figure,value,source\ntuyen-quang,2024,breach.total,6,S2\n")
    assert made(engine, "2025", "tuyen-quang").before("breach.total").before == 6  # type: ignore[union-attr]
    assert made(engine, "2025", "tuyen-quang").before("breach.CN").before == 3  # type: ignore[union-attr]


def test_what_there_was_a_year_before_and_is_no_more_is_compared(engine: Engine, database: Database, log: Log) -> None:
    then = {"start": "2018-06-01T10:00:00+07:00", "end": "2018-06-01T11:00:00+07:00"}
    seized = [{"what": "goods", "n": 7, "unit": "kg"}]
    old = breach("2018-06-01T10:00:00+07:00", kind="smuggling", facts={}, side="undetermined", measures=seized)
    database.record(log.batch([old, breach("2018-06-01T10:00:00+07:00"), builders.crossing(interval=then, counts=seized)]))
    report = made(engine)
    assert errors(report) == []
    gone = {"breach.clause.21(1)": 1, "article39.9": 1, "article39.9.goods.kg": 7, "crossing.VN-CN.goods.kg": 7}
    assert {report.figure(figure).value for figure in gone} == {None}, "nobody has reported of this year"
    assert not [comparison for comparison in report.comparisons if comparison.figure in gone]
    year = {"start": "2018-12-15T00:00:00+07:00", "end": "2019-12-15T00:00:00+07:00"}
    nil = {"status": "actual", "interval": year, "incidents": 0, "crossings": 0}
    database.record(log.batch([builders.envelope("post.reported", nil, subject="tan-thanh")]))
    report = made(engine)
    assert {one.figure: one.before for one in report.comparisons if one.figure in gone} == gone
    assert {report.figure(figure).value for figure in gone} == {0}
    assert "| kg | chưa ghi nhận | 7 | - |" in render(report, "md").decode(), "one post of eight is too few to say that it fell"


def test_a_notice_is_read_however_its_time_is_written(engine: Engine, database: Database, log: Log) -> None:
    interval = {"start": "2019-06-01T10:00:00,5\u221207:00", "end": "2019-06-01T11:00:00,25\u221207:00"}
    nil = {"status": "actual", "interval": interval, "incidents": 1, "crossings": 0}
    database.record(log.batch([builders.envelope("post.reported", nil, subject="chi-ma", source="/posts/chi-ma/d1")]))
    assert check(made(engine), "notice_claims_more") is not None


UNITS = ["kg", "tấn khô", "m3.gỗ", ".", "none", "a\nb", "ta\u0301n", "%s :x {0}", "'", None]


def test_goods_of_any_unit_are_summed_and_traced(engine: Engine, database: Database, log: Log) -> None:
    counts = [{"what": "goods", "n": 0.1, **({"unit": unit} if unit else {})} for unit in UNITS]
    seized = breach(kind="smuggling", facts={}, side="undetermined", measures=counts)
    database.record(log.batch([builders.crossing(interval=HOUR, counts=counts), seized]))
    report = made(engine)
    assert errors(report) == []
    figures = [one for one in report.figures if ".goods" in one.id]
    assert len(figures) == 3 * (len(UNITS) - 1)  # what has no unit is `none`, too
    span, unit, now = Period.parse("2019", Regime.ND09), unit_named("lang-son"), as_of_now(engine)
    for figure in figures:
        rows = list(traced(engine, figure.id, unit, span, now, least_shown=5))
        assert rows, figure.id
        if figure.id.startswith("crossing.") and ".total." in figure.id:
            assert figure.value == float(sum(Decimal(str(row["n"])) for row in rows))


def test_control_characters_in_names_break_no_document(engine: Engine, database: Database, log: Log) -> None:
    place = {"scheme": "marker", "line": "VN-CN", "marker": "1088/2", "district": "Văn\x0bLãng", "commune": "Tân\x1fThanh\ufffe"}
    goods = [{"what": "goods", "n": 2, "unit": "a\x01\nb"}]
    database.record(log.batch([breach(place=place), builders.crossing(interval=HOUR, counts=goods)]))
    report = made(engine)
    assert all(render(report, form) for form in FORMATS)


def test_sums_of_any_counts_are_exact_and_their_rows_are_all_there(engine: Engine, database: Database, log: Log) -> None:
    chance = random.Random(7)
    events: list[dict[str, Any]] = []
    fixed: list[dict[str, Any]] = []
    for _ in range(150):
        goods = chance.choice([0.1, 0.7, 0.001, 123456.789, 999_999_999.25, chance.randrange(10**9) / 1000])
        counts = [{"what": "goods", "n": goods, "unit": "tấn"}, {"what": "persons", "n": chance.randrange(10**6)}]
        start = f"20{chance.randrange(18, 20)}-{chance.randrange(1, 13):02d}-{chance.choice([14, 15])}T{chance.choice(['00:00', '23:59'])}:00+07:00"
        told = builders.crossing(
            interval={"start": start, "end": start},
            counts=counts,
            gate=chance.choice(["tan-thanh", "huu-nghi"]),
            direction=chance.choice(["VN-CN", "CN-VN"]),
        )
        events.append(told)
        if chance.random() < 0.4:
            of = chance.choice([told, *fixed][-3:])
            data = told["data"] | {"gate": chance.choice(["huu-nghi", "mong-cai"]), "status": chance.choice(["actual", "test"])}
            data |= {"corrects": {"source": of["source"], "id": of["id"]}, "counts": chance.choice([counts, counts[:1]])}
            fixed.append(builders.envelope("crossing.corrected", data, subject=data["gate"], time="2026-01-03T00:00:00+07:00"))
            events.append(fixed[-1])
    chance.shuffle(events)
    for place in range(0, len(events), 40):
        database.record(log.batch(events[place : place + 40]))
    unit, now = unit_named("all"), as_of_now(engine)
    span = Period.parse("2019", Regime.ND09)
    year = build(engine, unit, span, now)
    assert errors(year) == []
    months = [build(engine, unit, month, now, audited=False) for month in span.months]
    for figure in (one for one in year.figures if one.id.startswith("crossing.")):
        rows = list(traced(engine, figure.id, unit, span, now, least_shown=5))
        exact = sum((Decimal(repr(row["n"])) for row in rows), Decimal(0))
        assert figure.value == float(exact)
        assert sum(one.rows for one in figure.subjects if isinstance(one, Subtotal)) == len(rows)
        assert sum((Decimal(repr(month.value(figure.id))) for month in months), Decimal(0)) == exact
        assert all(span.holds(datetime.fromisoformat(row["interval_start"])) for row in rows)
    assert year.value("crossing.total.persons") == sum(year.value(f"crossing.{way}.persons") for way in ("VN-CN", "CN-VN")) > 0

"""Whom a report speaks for: notices, incidents and counts in the record, and what is said where a post is silent."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from agreement.periods import Period, Regime, month_of
from border import places
from border.data_tables import Validity
from border.vietnam import HANOI
from reports.baselines.store import load
from reports.begun import PeriodNotBegun
from reports.build import build
from reports.estimates import estimates
from reports.export.figures import figure_rows
from reports.figures import coverage as covering
from reports.model import Heard, Report
from reports.trace import traced
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.issuing import issued

LANG_SON = unit_named("lang-son")
POSTS = LANG_SON.posts
YEAR = Period.parse("2019", Regime.ND09)
START, END = "2018-12-15T00:00:00+07:00", "2019-12-15T00:00:00+07:00"
Record = Callable[..., None]


@pytest.fixture
def record(database: Database, log: Log) -> Record:
    return lambda *events: database.record(log.batch(list(events)))


def notice(
    post: str, start: str = START, end: str = END, *, device: str = "d1", time: str = "2026-01-01T00:00:00+07:00", **data: Any
) -> Any:
    """A post's notice that nothing happened in an interval."""
    stated = {"status": "actual", "interval": {"start": start, "end": end}, "incidents": 0, "crossings": 0} | data
    return builders.envelope("post.reported", stated, subject=post, source=f"/posts/{post}/{device}", time=time)


def breach(at: str = "2019-06-01T10:00:00+07:00", post: str = "tan-thanh", **changes: Any) -> Any:
    data = builders.incident(occurred={"start": at, "precision": "minute"})
    return builders.reported(data, **{"source": f"/posts/{post}/d1", "time": "2026-01-01T00:00:00+07:00"} | changes)


def report(engine: Engine, period: Period = YEAR, unit: str = "lang-son", as_of: datetime | None = None) -> Report:
    made = build(engine, unit_named(unit, period), period, as_of or as_of_now(engine))
    assert not [check for check in made.checks if check.severity == "error"]
    return made


def on_incidents(engine: Engine, post: str = "chi-ma") -> str:
    heard = report(engine).coverage.incidents
    return "whole" if post in heard.whole else "part" if post in heard.part else "none"


@pytest.mark.parametrize(
    ("notices", "how_much"),
    [
        ([notice("chi-ma")], "whole"),
        ([notice("chi-ma", "2018-06-01T00:00:00+07:00", "2019-12-31T00:00:00+07:00")], "whole"),
        ([notice("chi-ma", START, "2019-12-14T23:59:00+07:00")], "whole"),
        ([notice("chi-ma", START, "2019-12-14T23:58:00+07:00")], "part"),
        ([notice("chi-ma", "2018-12-15T00:01:00+07:00")], "part"),
        ([notice("chi-ma", END, "2019-12-31T00:00:00+07:00")], "none"),
        ([notice("chi-ma", "2018-12-01T00:00:00+07:00", START)], "none"),
        ([notice("chi-ma", time="2019-12-14T23:59:10+07:00")], "whole"),
        ([notice("chi-ma", time="2019-12-14T18:00:00+07:00")], "part"),
        ([notice("chi-ma", time="2018-12-14T18:00:00+07:00")], "none"),
        ([notice("chi-ma", START, "2019-06-01T00:00:00+07:00"), notice("chi-ma", "2019-06-01T00:00:00+07:00", device="d2")], "whole"),
        ([notice("chi-ma", START, "2019-06-01T23:59:00+07:00"), notice("chi-ma", "2019-06-02T00:00:00+07:00")], "whole"),
        ([notice("chi-ma", START, "2019-06-01T00:00:00+07:00"), notice("chi-ma", "2019-06-02T00:00:00+07:00")], "part"),
        ([notice("chi-ma", incidents=1)], "part"),
        ([notice("chi-ma", incidents=1), breach(post="chi-ma")], "whole"),
        ([notice("chi-ma", incidents=1), breach(post="tan-thanh")], "part"),
        ([notice("chi-ma", crossings=1)], "whole"),
        ([notice("chi-ma", status="exercise")], "none"),
        ([notice("chi-ma") | {"source": "/offices/so-ngoai-vu-lang-son"}], "none"),
        ([notice("chi-ma") | {"source": "/posts/tan-thanh/d1"}], "none"),
        ([breach(post="chi-ma")], "part"),
    ],
)
def test_a_post_is_heard_for_what_it_spoke_of(engine: Engine, record: Record, notices: Iterable[Any], how_much: str) -> None:
    record(*notices)
    assert on_incidents(engine) == how_much


def test_what_was_recorded_after_the_moment_was_not_heard_then(engine: Engine, record: Record) -> None:
    record(breach())
    then = as_of_now(engine)
    record(*(notice(post) for post in POSTS))
    assert report(engine, as_of=then).coverage.incidents.heard == Heard(whole=0, part=1, expected=8)
    assert report(engine).coverage.incidents.heard == Heard(whole=8, part=0, expected=8)


def test_zero_is_said_when_every_post_was_heard_and_then_nothing_is_said_of_posts(engine: Engine, record: Record) -> None:
    *others, last = POSTS
    record(*(notice(post) for post in others))
    nearly = report(engine)
    assert nearly.sentences["breach"].startswith("Trong năm 2019 chưa ghi nhận vụ vi phạm")
    assert "nào (07/08 đồn báo cáo), " in nearly.sentences["breach"]
    assert nearly.sentences["coverage"].endswith("07/08 đồn báo cáo, 01 đồn chưa báo cáo (Chi Lăng)"), last
    total = nearly.figure("breach.total")
    assert total is not None
    assert (total.value, total.coverage) == (0, Heard(whole=7, part=0, expected=8))
    record(notice(last))
    whole = report(engine)
    assert whole.sentences["breach"].startswith("Trong năm 2019 không xảy ra vụ vi phạm Hiệp định")
    assert "không ghi nhận lượt qua lại nào" in whole.sentences["crossing"]
    assert not [text for text in whole.sentences.values() if "đồn" in text]
    assert whole.data_sha256 != nearly.data_sha256


def test_counts_speak_of_crossings_only_and_a_notice_that_claims_more_of_them_for_a_part(engine: Engine, record: Record) -> None:
    record(builders.crossing(interval={"start": START, "end": END}, counts=[{"what": "persons", "n": 9}]))
    counted = report(engine).coverage
    assert (counted.crossings.whole, counted.incidents.heard.nobody) == (("tan-thanh",), True)
    record(notice("chi-ma", crossings=2), notice("bao-lam", crossings=0))
    claimed = report(engine).coverage
    assert (claimed.crossings.whole, claimed.crossings.part) == (("bao-lam", "tan-thanh"), ("chi-ma",))
    assert claimed.incidents.whole == ("bao-lam", "chi-ma")


def test_an_office_speaks_for_no_post(engine: Engine, record: Record) -> None:
    record(breach(source=builders.OFFICE))
    made = report(engine)
    values = {figure.id: figure.value for figure in made.figures}
    assert (values["breach.total"], values["breach.CN"], values["breach.VN"]) == (1, 1, None)
    assert made.sentences["breach"].startswith("Kết quả trong năm 2019 xảy ra 01 vụ")
    assert made.sentences["coverage"].endswith("trong số 08 đồn; 01 vụ việc được tính do cơ quan báo")
    assert made.coverage.incidents.heard == Heard(whole=0, part=0, expected=8)


def test_a_unit_without_posts_never_has_a_zero(engine: Engine, record: Record) -> None:
    record(*(notice(post) for post in POSTS))
    made = report(engine, unit="quang-ngai")
    assert made.sentences["sea"].startswith("Trong năm 2019 chưa có báo cáo của đồn nào về tàu cá")
    assert made.coverage.incidents.heard == Heard(whole=0, part=0, expected=0)
    patrol = builders.incident(kind="patrol", place={"scheme": "sea", "area": "Lý Sơn", "province": "quang-ngai"}, facts={})
    source = {"source": "/posts/ly-son/d1", "time": "2026-01-01T00:00:00+07:00"}
    record(builders.reported(patrol | {"occurred": breach()["data"]["occurred"]}, **source), notice("ly-son", incidents=1))
    strange = report(engine, unit="quang-ngai")
    assert "chưa ghi nhận tàu cá" in strange.sentences["sea"]
    assert strange.sentences["sea"].endswith("(01 đồn ngoài danh bạ báo cáo)")
    assert strange.coverage.incidents.heard == Heard(whole=1, part=0, expected=0)


def test_posts_are_expected_for_the_days_on_which_they_existed(engine: Engine, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, closed, later = POSTS[:3]
    valid = {
        opened: Validity(date(2019, 6, 1), None),
        closed: Validity(None, date(2019, 6, 1)),
        later: Validity(date(2019, 12, 15), None),
    }
    register = {slug: replace(post, valid=valid.get(slug, post.valid)) for slug, post in places.posts().items()}
    monkeypatch.setattr(covering, "posts", lambda: register)
    record(notice(opened, "2019-06-01T00:00:00+07:00"), notice(closed, START, "2019-06-01T00:00:00+07:00"))
    assert report(engine).coverage.incidents.heard == Heard(whole=2, part=0, expected=7)


def test_a_running_period_is_whole_until_yesterday(engine: Engine, record: Record) -> None:
    today = as_of_now(engine).astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
    running = month_of(today.date(), Regime.CALENDAR)
    if running.start == today:  # on the first of a month nothing has been until yesterday
        running = Period.parse(str(today.year), Regime.CALENDAR)
    record(*(notice(post, running.start.isoformat(), today.isoformat(), time=today.isoformat()) for post in POSTS))
    made = build(engine, LANG_SON, running, as_of_now(engine))
    yesterday = today - timedelta(days=1)
    assert f"(tính đến hết ngày {yesterday:%d/%m/%Y}) không xảy ra vụ vi phạm" in made.sentences["breach"]


def test_a_period_to_come_is_refused_by_everything(engine: Engine) -> None:
    ahead, now = Period.parse("2199", Regime.ND09), as_of_now(engine)
    attempts: list[Callable[[], object]] = [
        lambda: build(engine, LANG_SON, ahead, now),
        lambda: list(traced(engine, "breach.total", LANG_SON, ahead, now, least_shown=5)),
        lambda: list(figure_rows(engine, LANG_SON, ahead, now, least_shown=5, by_month=True)),
    ]
    for attempt in attempts:
        with pytest.raises(PeriodNotBegun, match="chưa bắt đầu"):
            attempt()


def test_what_was_published_of_a_silent_period_is_printed_and_compared_with_what_was_published(engine: Engine, record: Record) -> None:
    published = ("2019,breach.total,8", "2019,breach.CN,7", "2019,breach.VN,1", "2018,breach.total,4")
    load(engine, "\n".join(("unit,period,figure,value,source", *(f"lang-son,{row},Báo cáo A" for row in published))).encode())
    silent = report(engine)
    assert silent.sentences["breach"] == (
        "Trong năm 2019 chưa có báo cáo của đồn nào về vụ vi phạm Hiệp định về quy chế quản lý biên giới; "
        "theo Báo cáo A: 08 vụ (phía Trung Quốc vi phạm 07 vụ, Việt Nam vi phạm 01 vụ) tăng 04 vụ so với cùng kỳ năm 2018"
    )
    codes = {check.code for check in silent.checks}
    assert "nothing_told" in codes
    assert "baseline_differs" not in codes, "nothing differs from silence"
    assert silent.months == (), "a chart of it would be one of zeros"
    record(breach())
    (differs, *_) = [
        check.message for check in report(engine).checks if check.code == "baseline_differs" and "breach.total" in check.message
    ]
    assert differs == "Số đã công bố của năm 2019 (breach.total: 8, theo Báo cáo A) khác số trong hồ sơ (1)"


def test_a_late_notice_makes_a_version_that_says_what_moved(engine: Engine, record: Record) -> None:
    record(notice("chi-ma", crossings=0))
    first = issued(engine, LANG_SON, YEAR)
    assert first.report.version == 1
    record(notice("bao-lam"))
    second = issued(engine, LANG_SON, YEAR)
    moved = {move.figure: (move.before, move.after, move.added) for move in second.report.moved}
    assert moved == dict.fromkeys(("posts.reported", "posts.whole.incidents", "posts.whole.crossings"), (1, 2, ("bao-lam",)))


def test_silence_that_ends_is_a_move_from_no_value(engine: Engine, record: Record) -> None:
    issued(engine, LANG_SON, YEAR)
    event = breach()
    record(event)
    second = issued(engine, LANG_SON, YEAR)
    moved = {move.figure: move for move in second.report.moved}
    assert (moved["breach.total"].before, moved["breach.total"].after, moved["breach.total"].added) == (None, 1, (event["subject"],))
    assert (moved["breach.VN"].before, moved["breach.VN"].after) == (None, 0)


def test_nothing_is_estimated_from_silence(engine: Engine, record: Record) -> None:
    half = Period.parse("2019H1", Regime.ND09)
    assert estimates(report(engine, half), [YEAR]) == ()


def test_an_export_has_an_empty_value_and_whom_it_speaks_for(engine: Engine, record: Record) -> None:
    record(notice("chi-ma"))
    rows = {row[3]: row for row in figure_rows(engine, LANG_SON, YEAR, as_of_now(engine), least_shown=5)}
    assert rows["breach.total"][5:] == (0, "vụ", 0, 1, 0, 8)
    assert rows["posts.expected"][-3:] == (None, None, None)
    silent = {row[3]: row for row in figure_rows(engine, unit_named("cao-bang"), YEAR, as_of_now(engine), least_shown=5)}
    assert silent["breach.total"][5:8] == (None, "vụ", None)

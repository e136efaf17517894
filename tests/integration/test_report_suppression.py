"""Few victims and minors: in no place of a report, nor beside it, is there a way to their number."""

from typing import Any

import pytest
from sqlalchemy import Engine

from agreement.periods import Period, Regime
from reports.baselines.store import load
from reports.build import build
from reports.documents import FORMATS, render
from reports.model import Report
from reports.trace import traced
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log

LANG_SON = unit_named("lang-son")
YEAR = Period.parse("2019", Regime.ND09)
CROSSED: dict[str, Any] = {"kind": "crossing", "facts": {"subject": "person"}, "side": "undetermined"}
SOLD: dict[str, Any] = {"kind": "trafficking", "facts": {}, "side": "undetermined"}


def event(at: str = "2019-03-01T10:00:00+07:00", **changes: Any) -> dict[str, Any]:
    return builders.reported(builders.incident(occurred={"start": at, "precision": "minute"}, **changes))


def persons(n: int, **parts: int) -> list[dict[str, Any]]:
    return [{"what": "persons", "n": n, "of": parts}]


def made(engine: Engine) -> Report:
    return build(engine, LANG_SON, YEAR, as_of_now(engine))


def values(report: Report, head: str) -> dict[str, float | None]:
    return {figure.id.removeprefix(head): figure.value for figure in report.figures if figure.id.startswith(head)}


def test_where_the_parts_are_the_whole_none_is_shown_beside_a_suppressed_one(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([event(**CROSSED, measures=persons(9, men=7, minors=2, wanted=0))]))
    report = made(engine)
    assert values(report, "article39.6.persons") == {"": 9, ".men": None, ".minors": None, ".wanted": 0}
    assert [check for check in report.checks if check.severity == "error"] == []


def test_a_suppressed_part_hides_no_other_where_nothing_follows_from_it(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([event(**CROSSED, measures=persons(300, wanted=67, minors=2))]))
    assert values(made(engine), "article39.6.persons") == {"": 300, ".wanted": 67, ".minors": None}


@pytest.mark.parametrize(
    "name", ["minors", "tre em", "cháu", "học sinh", "khách lạ", "Trẻ em gái", "nạn nhân nữ", "Child victims", "under 16"]
)
def test_a_part_is_protected_whatever_a_post_calls_it(engine: Engine, database: Database, log: Log, name: str) -> None:
    database.record(log.batch([event(**CROSSED, measures=persons(30, **{name: 2}))]))
    assert values(made(engine), "article39.6.persons.") == {name: None}


def test_goods_are_no_minors(engine: Engine, database: Database, log: Log) -> None:
    seats = [{"what": "goods", "n": 2, "unit": "child seat"}]
    database.record(log.batch([event(kind="smuggling", facts={}, side="undetermined", measures=seats)]))
    assert values(made(engine), "article39.9.goods") == {".child seat": 2}


def test_a_trace_tells_not_how_few_each_incident_adds(engine: Engine, database: Database, log: Log) -> None:
    few, many = event(**SOLD, measures=persons(3)), event("2019-04-01T10:00:00+07:00", **SOLD, measures=persons(6, women=6))
    database.record(log.batch([few, many]))
    rows = list(traced(engine, "article39.14.persons", LANG_SON, YEAR, as_of_now(engine), least_shown=5))
    assert [(row["subject"], row.get("n")) for row in rows] == [(few["subject"], None), (many["subject"], 6)]
    (row,) = traced(engine, "article39.14.persons.women", LANG_SON, YEAR, as_of_now(engine), least_shown=5)
    assert row["n"] == 6


def test_the_year_before_keeps_its_secret_too(engine: Engine, database: Database, log: Log) -> None:
    before = event("2018-03-01T10:00:00+07:00", **SOLD, measures=persons(3))
    database.record(log.batch([before, event(**SOLD, measures=persons(8))]))
    load(engine, b"unit,period,figure,value,source\nlang-son,2018,breach.total,4,S1\n")
    compared = made(engine).before("article39.14.persons")
    assert compared is not None
    assert (compared.before, compared.origin) == (None, None)
    load(engine, b"unit,period,figure,value,source\nlang-son,2018,article39.14.persons,7,S1\n")
    published = made(engine)
    assert published.before("article39.14.persons").before == 7  # type: ignore[union-attr]
    assert not [check for check in published.checks if check.code == "baseline_differs" and "article39" in check.message]


def test_every_document_is_the_same_whichever_the_suppressed_number(engine: Engine, database: Database, log: Log) -> None:
    first = event(**SOLD, measures=persons(2, women=1, minors=2))
    database.record(log.batch([first]))
    then = as_of_now(engine)
    told = {form: render(build(engine, LANG_SON, YEAR, then), form) for form in FORMATS}
    another = {"measures": persons(3, women=3, minors=1)}
    database.record(log.batch([builders.updated(first["subject"], another, time="2026-01-03T00:00:00+07:00")]))
    # What differs is that somebody said something more: when it was known, and how often the incident was told.
    before, after = build(engine, LANG_SON, YEAR, then), made(engine)
    alike = after.model_copy(update={"as_of": before.as_of, "rows": before.rows, "sentences": before.sentences, "checks": before.checks})
    assert [row.content for row in after.rows] == [row.content for row in before.rows]
    assert {form: render(alike, form) for form in FORMATS} == told

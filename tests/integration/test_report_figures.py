"""The figures of a report: from the record alone, as known at a moment, each with what it counts."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from agreement.figure_families import FAMILIES, SIDES
from agreement.periods import Period, Regime
from border.vietnam import HANOI
from reports import checks
from reports.build import drawn
from reports.model import Figure, Report, Subtotal
from reports.trace import UnknownFigure, traced
from reports.units import UnknownUnit, unit_named
from schemas.codebook import Kind, Outcome
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log

YEAR = Period.parse("2019", Regime.ND09)


def breach(
    at: str = "2019-06-01T10:00:00+07:00", side: str = "CN", *, time: str = "2026-01-01T00:00:00+07:00", **changes: Any
) -> dict[str, Any]:
    """A house too near the line at marker 1088/2."""
    return builders.reported(builders.incident(occurred={"start": at, "precision": "minute"}, side=side, **changes), time=time)


def record(database: Database, log: Log, events: Sequence[dict[str, Any]]) -> None:
    database.record(log.batch(events))


def report(
    engine: Engine,
    period: str = "2019",
    unit: str = "lang-son",
    *,
    as_of: datetime | None = None,
    regime: Regime = Regime.ND09,
    **options: Any,
) -> Report:
    span = Period.parse(period, regime)
    with engine.connect() as connection:
        return drawn(connection, unit_named(unit, span), span, as_of or as_of_now(engine), **options)


def values(made: Report, head: str) -> dict[str, float | None]:
    return {figure.id: figure.value for figure in made.figures if figure.id.startswith(head) and figure.value}


def test_breaches_are_counted_by_side_and_every_column_is_there(engine: Engine, database: Database, log: Log) -> None:
    told = [breach(side=side) for side in ("CN",) * 7 + ("VN",)]
    record(database, log, told)
    made = report(engine)
    assert values(made, "breach.total") == {"breach.total": 8}
    assert {side: made.figure(f"breach.{side}").value for side in SIDES} == dict(zip(SIDES, (7, 1, 0, 0, 0, 0), strict=True))  # type: ignore[union-attr]
    chinese = made.figure("breach.CN")
    assert chinese is not None
    assert chinese.subjects == tuple(sorted(event["subject"] for event in told[:7]))


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2018-12-14T23:59:59.999999+07:00", False),
        ("2018-12-15T00:00:00+07:00", True),
        ("2019-12-14T16:59:59+00:00", True),
        ("2019-12-14T17:00:00+00:00", False),
    ],
)
def test_the_year_is_cut_in_vietnam_on_15_december(engine: Engine, database: Database, log: Log, at: str, inside: bool) -> None:
    record(database, log, [breach(at)])
    assert report(engine).value("breach.total") == inside


def test_what_does_not_count_is_in_no_figure(engine: Engine, database: Database, log: Log) -> None:
    gone = breach()
    record(
        database,
        log,
        [gone, builders.retracted(gone["subject"], time="2026-01-02T00:00:00+07:00")]
        + [breach(status=status) for status in ("draft", "exercise", "test")]
        + [builders.updated("inc-unreported", {"side": "CN"})],
    )
    made = report(engine)
    assert values(made, "incident.") == {}
    assert values(made, "open.corrections") == {"open.corrections": 1}


def test_a_report_is_as_the_record_knew_it(engine: Engine, database: Database, log: Log) -> None:
    first = breach()
    record(database, log, [first])
    then = as_of_now(engine)
    record(database, log, [builders.updated(first["subject"], {"side": "VN"}, time="2026-01-03T00:00:00+07:00"), breach()])
    assert values(report(engine, as_of=then), "breach.C") == {"breach.CN": 1}
    now = report(engine)
    assert (values(now, "breach.CN"), values(now, "breach.VN")) == ({"breach.CN": 1}, {"breach.VN": 1})
    assert report(engine, as_of=then).data_sha256 != now.data_sha256
    assert report(engine).data_sha256 == now.data_sha256


def test_units_are_provinces_with_what_was_merged_into_them(engine: Engine, database: Database, log: Log) -> None:
    area = {"scheme": "area", "province": "ha-giang"}
    at = "2025-03-01T00:00:00+07:00"
    record(
        database,
        log,
        [breach(at, place=area), breach(at, place={"scheme": "sea", "area": "Hoàng Sa"}) | {"source": "/offices/uy-ban-bien-gioi"}],
    )
    made = report(engine, "2025", "tuyen-quang")
    assert values(made, "breach.province") == {"breach.province.ha-giang": 1}
    assert [(one.before, one.after, one.on) for one in made.mapping] == [("Hà Giang", "Tuyên Quang", "2025-07-01")]
    assert report(engine, "2025", "none").value("incident.total") == 1
    assert report(engine, "2025", "all").value("incident.total") == 2
    assert report(engine, "2025", "lang-son").value("incident.total") == 0
    with pytest.raises(UnknownUnit, match="tuyen-quang"):
        report(engine, "2026", "ha-giang")
    with pytest.raises(UnknownUnit, match="Lạng Sơn"):
        report(engine, "2026", "langson1")
    assert unit_named("Lạng Sơn").code == "lang-son"


def test_places_are_told_by_stretch_district_and_commune_as_they_were_called(engine: Engine, database: Database, log: Log) -> None:
    marker = {"scheme": "marker", "line": "VN-CN", "marker": "1088/2"}
    record(
        database,
        log,
        [
            breach(place=marker | {"district": "Văn Lãng", "commune": "Tân Thanh"}),
            breach(place=marker),
            breach(place={"scheme": "area", "province": "lang-son"}),
        ],
    )
    made = report(engine)
    assert values(made, "breach.stretch") == {"breach.stretch.1050-1099": 2, "breach.stretch.none": 1}
    assert values(made, "breach.district") == {"breach.district.Văn Lãng": 1, "breach.district.none": 2}
    assert values(made, "breach.commune") == {"breach.commune.Tân Thanh": 1, "breach.commune.none": 2}


def test_cases_and_people_of_article_39_are_never_added(engine: Engine, database: Database, log: Log) -> None:
    walked = {"kind": "crossing", "facts": {"subject": "person"}, "side": "undetermined"}
    people = [{"what": "persons", "n": 9, "nationality": "CN"}, {"what": "persons", "n": 2, "nationality": "VN", "of": {"wanted": 1}}]
    drugs = {
        "kind": "drugs",
        "facts": {},
        "measures": [{"what": "goods", "n": 346.433, "unit": "g"}, {"what": "goods", "n": 2, "unit": "kg"}],
    }
    record(database, log, [breach(**walked, measures=people), breach(**walked), breach(**drugs)])
    made = report(engine)
    assert values(made, "article39.") == {
        "article39.6": 2,
        "article39.15": 1,
        "article39.6.persons": 11,
        "article39.6.persons.wanted": 1,
        "article39.15.goods.g": 346.433,
        "article39.15.goods.kg": 2,
    }
    assert {figure.unit for figure in made.figures if figure.id in ("article39.6", "article39.6.persons")} == {"vụ", "người"}


def test_few_victims_and_minors_are_not_printed(engine: Engine, database: Database, log: Log) -> None:
    sold = {"kind": "trafficking", "facts": {}, "side": "undetermined"}
    record(database, log, [breach(**sold, measures=[{"what": "persons", "n": 4, "of": {"minors": 4}}])])
    hidden, shown = report(engine, least_shown=5), report(engine, least_shown=4)
    for figure_id in ("article39.14.persons", "article39.14.persons.minors"):
        figure = hidden.figure(figure_id)
        assert figure is not None
        assert (figure.value, figure.subjects) == (None, ())
        assert shown.value(figure_id) == 4
    assert hidden.value("article39.14") == 1
    now = as_of_now(engine)
    assert list(traced(engine, "article39.14.persons", unit_named("lang-son"), YEAR, now, least_shown=5)) == []
    assert len(list(traced(engine, "article39.14.persons", unit_named("lang-son"), YEAR, now, least_shown=0))) == 1


def test_matters_at_sea_are_told_by_act_with_boats_and_fishermen(engine: Engine, database: Database, log: Log) -> None:
    taken = {"kind": "sea_obstruction", "place": {"scheme": "sea", "area": "Hoàng Sa", "province": "quang-ngai"}, "side": "third"}
    measures = [{"what": "boats", "n": 4}, {"what": "persons", "n": 22}]
    record(database, log, [breach(**taken, facts={"act": "property_taken"}, measures=measures)])
    made = report(engine, unit="quang-ngai")
    assert values(made, "sea.") == {"sea.property_taken": 1, "sea.property_taken.boats": 4, "sea.property_taken.persons": 22}
    assert made.figure("sea.detained") is not None


def test_crossings_are_summed_by_gate_and_traced_to_their_records(engine: Engine, database: Database, log: Log) -> None:
    hour = {"start": "2019-06-01T10:00:00+07:00", "end": "2019-06-01T11:00:00+07:00"}
    goods = [{"what": "goods", "n": 0.1, "unit": "tấn"}, {"what": "goods", "n": 0.2, "unit": "tấn"}]
    told = [
        builders.crossing(interval=hour, counts=[{"what": "persons", "n": 140}, *goods]),
        builders.crossing(interval=hour, gate="huu-nghi", direction="CN-VN", counts=[{"what": "persons", "n": 10}]),
        builders.crossing(interval=hour, status="test"),
        builders.crossing(interval=hour, gate="mong-cai"),
    ]
    record(database, log, told)
    then = as_of_now(engine)
    changed = told[0]["data"] | {"counts": [{"what": "persons", "n": 150}], "corrects": {"source": told[0]["source"], "id": told[0]["id"]}}
    record(database, log, [builders.envelope("crossing.corrected", changed, subject="tan-thanh", time="2026-01-01T00:00:00+07:00")])
    before = report(engine, as_of=then)
    assert values(before, "crossing.") == {
        "crossing.total.persons": 150,
        "crossing.VN-CN.persons": 140,
        "crossing.CN-VN.persons": 10,
        "crossing.total.goods.tấn": 0.3,
        "crossing.VN-CN.goods.tấn": 0.3,
    }
    now = report(engine)
    assert values(now, "crossing.") == {"crossing.total.persons": 160, "crossing.VN-CN.persons": 150, "crossing.CN-VN.persons": 10}
    figure = now.figure("crossing.total.persons")
    assert figure is not None
    assert figure.subjects == (
        Subtotal(gate="huu-nghi", direction="CN-VN", rows=1, n=10),
        Subtotal(gate="tan-thanh", direction="VN-CN", rows=1, n=150),
    )
    rows = list(traced(engine, "crossing.total.persons", unit_named("lang-son"), YEAR, as_of_now(engine), least_shown=5))
    assert [(row["gate"], row["n"]) for row in rows] == [("huu-nghi", 10), ("tan-thanh", 150)]
    assert rows[1]["id"] == told[0]["id"]
    assert rows[1]["stated_id"] != told[0]["id"]


def test_posts_that_reported_are_told_from_those_expected(engine: Engine, database: Database, log: Log) -> None:
    interval = {"start": "2019-06-01T00:00:00+07:00", "end": "2019-07-01T00:00:00+07:00"}
    nil = {"status": "actual", "interval": interval, "incidents": 0, "crossings": 0}
    told = [
        builders.envelope("post.reported", nil, subject="chi-ma", source="/posts/chi-ma/d1"),
        builders.envelope("post.reported", nil, subject="tra-linh", source="/posts/tra-linh/d1"),
        breach() | {"source": "/posts/don-moi/d1"},
        breach("2018-06-01T00:00:00+07:00") | {"source": "/posts/don-cu/d1"},
        breach() | {"source": "/offices/so-ngoai-vu-lang-son"},
    ]
    record(database, log, told)
    made = report(engine)
    assert made.coverage.reported == ("chi-ma", "don-moi")
    assert {"chi-ma", "don-moi", "don-cu", "tan-thanh"} < set(made.coverage.expected)
    assert "tra-linh" not in made.coverage.expected
    assert made.value("posts.reported") == 2


def test_every_figure_is_traced_to_what_it_counts(engine: Engine, database: Database, log: Log) -> None:
    record(database, log, anything(random.Random(5), 120))
    made = report(engine, unit="all")
    now = as_of_now(engine)
    for figure in made.figures:
        if figure.id.startswith("crossing."):
            assert (figure.value or 0) == sum(one.n for one in figure.subjects if isinstance(one, Subtotal))
            continue
        rows = list(traced(engine, figure.id, unit_named("all"), YEAR, now, least_shown=0))
        assert [row["subject"] for row in rows] == list(figure.subjects)
        if figure.unit in ("vụ", "đồn", "tin", "vụ việc"):
            assert figure.value == len(figure.subjects), figure.id
        else:
            assert sum(row["n"] for row in rows) == pytest.approx(figure.value), figure.id
    with pytest.raises(UnknownFigure, match=r"breach\.everything"):
        list(traced(engine, "breach.everything", unit_named("all"), YEAR, now, least_shown=0))


@pytest.mark.parametrize("seed", range(4))
def test_a_total_is_the_sum_of_its_columns_for_any_data(engine: Engine, database: Database, log: Log, seed: int) -> None:
    chance = random.Random(seed)
    record(database, log, anything(chance, 150))
    for regime in Regime:
        year = report(engine, unit="all", regime=regime, least_shown=0)
        months = [report(engine, month.id, "all", regime=regime, least_shown=0) for month in Period.parse("2019", regime).months]
        for made in (year, *months):
            assert list(checks.wholes(made.figures)) == []
            assert sum(made.value(f"breach.{side}") for side in SIDES) == made.value("breach.total")
            assert sum(made.value(f"outcome.{outcome}") for outcome in Outcome) == made.value("incident.total")
        added = {figure.id for figure in year.figures if not figure.id.startswith(("open.", "posts."))}
        for figure_id in added:
            assert year.value(figure_id) == pytest.approx(sum(made.value(figure_id) for made in months)), figure_id
        by_unit = [report(engine, unit=unit, regime=regime) for unit in ("lang-son", "cao-bang", "tuyen-quang", "none")]
        assert sum(made.value("incident.total") for made in by_unit) == year.value("incident.total")
    assert year.value("breach.total") > 0


def test_a_whole_that_is_not_its_parts_is_an_error() -> None:
    told = [Figure(id="breach.total", label="x", unit="vụ", value=9), Figure(id="breach.CN", label="x", unit="vụ", value=8)]
    (check,) = checks.wholes(told)
    assert (check.severity, "8 = 8 ≠ 9" in check.message) == ("error", True)


def test_no_two_families_may_give_a_figure_the_same_name() -> None:
    for name in (
        "breach.total",
        "breach.CN",
        "article39.6",
        "article39.6.persons",
        "sea.chased",
        "sea.chased.boats",
        "needs_facts.kind.works",
    ):
        meant = [family for family in FAMILIES if family.key_of(name) is not None]
        assert len({(family.prefix, family.unit("6.persons") if "." in name else "") for family in meant}) == 1, name


def anything(chance: random.Random, count: int) -> list[dict[str, Any]]:
    """Events of all kinds, places, sides and statuses, in the years round 2019; some corrected, assessed or taken back."""
    events: list[dict[str, Any]] = []
    places = [
        {"scheme": "marker", "line": "VN-CN", "marker": "1088/2"},
        {"scheme": "marker", "line": "VN-CN", "marker": "753, 1200"},
        {"scheme": "gate", "gate": "tan-thanh"},
        {"scheme": "area", "province": "ha-giang", "district": "Đồng Văn"},
        {"scheme": "sea", "area": "Hoàng Sa"},
    ]
    for _ in range(count):
        at = datetime(2018, 11, 1, tzinfo=HANOI) + timedelta(hours=chance.randrange(24 * 450))
        kind = chance.choice(
            [Kind.WORKS, Kind.CROSSING, Kind.LETTER, Kind.SEA_OBSTRUCTION, Kind.DRUGS, Kind.TRAFFICKING, Kind.MARKER_DAMAGE]
        )
        data: dict[str, Any] = {
            "kind": kind.value,
            "place": chance.choice(places),
            "side": chance.choice(["VN", "CN", "both", "third", "natural", "undetermined", "contested"]),
        }
        if kind is not Kind.WORKS:
            data["facts"] = {}
        if chance.random() < 0.5:
            data["measures"] = [
                {"what": "persons", "n": chance.randrange(9)},
                {"what": "goods", "n": chance.randrange(99) / 8, "unit": "kg"},
            ]
        if chance.random() < 0.1:
            data["status"] = chance.choice(["draft", "exercise"])
        told = breach(at.isoformat(), **data)
        events.append(told)
        chosen = chance.random()
        if chosen < 0.05:
            events.append(builders.retracted(told["subject"], time="2026-02-01T00:00:00+07:00"))
        elif chosen < 0.3:
            said = {
                "outcome": chance.choice(list(Outcome)).value,
                "side": chance.choice(["VN", "CN", "natural", "contested"]),
                "clause": "21(1)",
            }
            events.append(builders.assessed(told["subject"], said, time="2026-02-01T00:00:00+07:00"))
        elif chosen < 0.4:
            events.append(builders.updated(told["subject"], {"place": chance.choice(places)}, time="2026-02-01T00:00:00+07:00"))
    return events

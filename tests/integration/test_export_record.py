"""What an export reads from the record: every incident and crossing as known on T, in a fixed order, nobody's story told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from agreement.figures import ALL
from agreement.periods import Period, Regime
from reports.build import LEAST_SHOWN, build
from reports.export.columns import CROSSINGS, FIGURES, INCIDENTS, Dataset
from reports.export.figures import figure_rows
from reports.export.record import Selection, crossing_rows, crossings, how_many, incident_rows, incidents
from reports.export.text import Canonical
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log

YEAR = Period.parse("2025", Regime.CALENDAR)


@pytest.fixture
def log(engine: Engine) -> Log:
    return Log(Database(engine))


def record(engine: Engine, log: Log, *events: dict[str, Any]) -> None:
    Database(engine).record(log.batch(events))


def chosen(engine: Engine, unit: str = ALL, **changes: Any) -> Selection:
    return Selection(**{"as_of": as_of_now(engine), "unit": unit_named(unit)} | changes)


def named(dataset: Dataset, rows: Any) -> list[dict[str, Any]]:
    names = [column.name for column in dataset.columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def listed(engine: Engine, **changes: Any) -> list[dict[str, Any]]:
    return named(INCIDENTS, incident_rows(engine, chosen(engine, **changes)))


def passed(engine: Engine, **changes: Any) -> list[dict[str, Any]]:
    return named(CROSSINGS, crossing_rows(engine, chosen(engine, **changes)))


def at(hours: float) -> str:
    return (builders.NOON + timedelta(hours=hours)).isoformat()


def test_an_incident_is_told_by_all_its_columns(engine: Engine, log: Log) -> None:
    event = builders.reported(
        builders.incident(
            place={"scheme": "marker", "line": "VN-CN", "marker": "M. 1088/2", "district": "huyện Văn Lãng", "commune": "xã Tân Thanh"},
            direction="CN-VN",
            measures=[
                {"what": "persons", "n": 4, "nationality": "CN", "of": {"minors": 1}},
                {"what": "persons", "n": 2, "nationality": "VN"},
                {"what": "livestock", "n": 7},
                {"what": "goods", "n": 1.5, "unit": "tấn"},
            ],
        )
    )
    record(engine, log, event)
    (row,) = listed(engine)
    assert {name: value for name, value in row.items() if name not in ("recorded_at", "judge_version")} == {
        "subject": event["subject"],
        "occurred": builders.NOON - timedelta(hours=3),
        "precision": "hour",
        "kind": "works",
        "status": "actual",
        "side": "CN",
        "outcome": "breach",
        "machine_outcome": "breach",
        "assessed": False,
        "clauses": ["21(1)"],
        "article39": [],
        "markers": ["1088/2"],
        "province": "lang-son",
        "district": "huyện Văn Lãng",
        "commune": "xã Tân Thanh",
        "scheme": "marker",
        "gate": None,
        "sea_area": None,
        "direction": "CN-VN",
        "persons": 6,
        "vehicles": None,
        "boats": None,
        "livestock": 7,
        "complete": True,
        "retracted": False,
        "rule_pack": "2009.1",
        "version": 1,
        "counts": True,
        "judge_failed": False,
    }
    assert isinstance(row["recorded_at"], datetime)


def test_what_never_counts_is_there_and_says_so(engine: Engine, log: Log) -> None:
    counted, exercise, withdrawn = builders.reported(), builders.reported(builders.incident(status="exercise")), builders.reported()
    unknown = builders.updated("inc-unreported", {"facts": {}})
    record(engine, log, counted, exercise, withdrawn, unknown, builders.retracted(withdrawn["subject"], time=at(1)))
    rows = {row["subject"]: row for row in listed(engine)}
    assert {subject: row["counts"] for subject, row in rows.items()} == {
        counted["subject"]: True,
        exercise["subject"]: False,
        withdrawn["subject"]: False,
        "inc-unreported": False,
    }
    assert rows[withdrawn["subject"]]["retracted"]
    unreported = rows["inc-unreported"]
    assert (unreported["complete"], unreported["occurred"], unreported["scheme"], unreported["persons"]) == (False, None, None, None)


def test_gates_and_seas_are_named_where_they_are_the_place(engine: Engine, log: Log) -> None:
    gate = builders.reported(builders.incident(place={"scheme": "gate", "gate": "Hữu Nghị"}))
    sea = builders.reported(
        builders.incident(kind="sea_obstruction", facts={}, place={"scheme": "sea", "area": "Hoàng Sa", "province": "quang-ngai"})
    )
    area = builders.reported(builders.incident(place={"scheme": "area", "area": "nhà của một người", "province": "cao-bang"}))
    record(engine, log, gate, sea, area)
    rows = {row["subject"]: (row["scheme"], row["gate"], row["sea_area"]) for row in listed(engine)}
    assert rows == {
        gate["subject"]: ("gate", "huu-nghi", None),
        sea["subject"]: ("sea", None, "Hoàng Sa"),
        area["subject"]: ("area", None, None),
    }


def test_victims_are_not_counted_out_and_no_story_is_told(engine: Engine, log: Log) -> None:
    people = [{"what": "persons", "n": 3, "of": {"nạn nhân": 2, "trẻ em": 1}}, {"what": "vehicles", "n": 1}]
    told = {"measures": people, "text": "lời kể riêng", "handling": [{"action": "rescued", "note": "ghi chú riêng"}], "facts": {}}
    sold = builders.reported(builders.incident(kind="trafficking", side="undetermined", **told))
    assessed = builders.reported(builders.incident(kind="crossing", side="undetermined", **told))
    crossed = builders.reported(builders.incident(kind="crossing", side="undetermined", **told))
    record(engine, log, sold, assessed, crossed, builders.assessed(assessed["subject"], {"article39": 14}))
    rows = {row["subject"]: row for row in listed(engine)}
    assert {subject: (row["persons"], row["vehicles"]) for subject, row in rows.items()} == {
        sold["subject"]: (None, 1),
        assessed["subject"]: (None, 1),
        crossed["subject"]: (3, 1),
    }
    page = Canonical(INCIDENTS).lines([tuple(row.values()) for row in rows.values()]).decode()
    for private in ("riêng", "nạn nhân", "trẻ em", "kết luận sau khảo sát"):
        assert private not in page
    with engine.connect() as connection:
        fetched = str([tuple(row) for row in connection.execute(incidents(chosen(engine)))])
    assert "riêng" not in fetched, "a narrative does not even leave the database"


def test_rows_stand_by_time_then_by_the_bytes_of_their_subject(engine: Engine, log: Log) -> None:
    subjects = ["inc-b", "inc-B", "inc-a", "inc-Z"]
    events = [builders.reported(subject=subject) for subject in subjects]
    early = builders.reported(builders.incident(occurred={"start": at(-100), "precision": "day"}), subject="inc-z")
    record(engine, log, *events, early, builders.updated("inc-0", {"facts": {}}))
    assert [row["subject"] for row in listed(engine)] == ["inc-z", "inc-B", "inc-Z", "inc-a", "inc-b", "inc-0"]


def test_a_unit_has_those_merged_into_it_and_none_has_the_rest(engine: Engine, log: Log) -> None:
    def in_province(province: str) -> dict[str, Any]:
        return builders.reported(builders.incident(place={"scheme": "area", "province": province}))

    here, merged, elsewhere = in_province("tuyen-quang"), in_province("ha-giang"), in_province("cao-bang")
    nowhere = builders.reported(builders.incident(place={"scheme": "area", "area": "biên giới"}), source="/offices/bo-ngoai-giao")
    record(engine, log, here, merged, elsewhere, nowhere)

    def subjects(unit: str) -> set[str]:
        return {row["subject"] for row in listed(engine, unit=unit)}

    assert subjects("tuyen-quang") == {here["subject"], merged["subject"]}
    assert subjects("ha-giang") == {merged["subject"]}
    assert subjects("none") == {nowhere["subject"]}
    assert len(subjects("all")) == 4


def test_a_span_is_half_open_and_leaves_out_what_has_no_time(engine: Engine, log: Log) -> None:
    first, last = (builders.reported(builders.incident(occurred={"start": at(hours), "precision": "hour"})) for hours in (-5, -3))
    record(engine, log, first, last, builders.updated("inc-unreported", {"facts": {}}))
    start, end = builders.NOON - timedelta(hours=5), builders.NOON - timedelta(hours=3)
    assert [row["subject"] for row in listed(engine, start=start, end=end)] == [first["subject"]]
    assert [row["subject"] for row in listed(engine, start=end)] == [last["subject"]]
    assert len(listed(engine, end=end)) == 1


def test_as_known_then_is_the_same_content_whatever_came_later(engine: Engine, log: Log) -> None:
    event, passage = builders.reported(), builders.crossing()
    record(engine, log, event, passage)
    then = as_of_now(engine)

    def contents() -> list[str]:
        made = []
        for dataset, rows in ((INCIDENTS, incident_rows), (CROSSINGS, crossing_rows)):
            canonical = Canonical(dataset)
            canonical.lines(list(rows(engine, chosen(engine, as_of=then))))
            made.append(canonical.sha256)
        return made

    before = contents()
    fixed = passage["data"] | {"counts": [{"what": "vehicles", "n": 99}], "corrects": {"source": passage["source"], "id": passage["id"]}}
    correction = builders.envelope("crossing.corrected", fixed, subject=passage["subject"], time=at(1))
    record(engine, log, builders.updated(event["subject"], {"side": "VN"}), correction, builders.reported(), builders.crossing())
    assert contents() == before
    assert listed(engine)[0]["side"] == "VN"


def test_a_crossing_says_what_it_counts_and_who_stated_it(engine: Engine, log: Log) -> None:
    passage = builders.crossing(counts=[{"what": "vehicles", "n": 120}, {"what": "goods", "n": 1234.5, "unit": "tấn", "nationality": "CN"}])
    tried = builders.crossing(status="test", gate="chi-ma")
    fixed = passage["data"] | {"counts": [{"what": "vehicles", "n": 99}], "corrects": {"source": passage["source"], "id": passage["id"]}}
    record(engine, log, passage, tried)
    rows = passed(engine, unit="lang-son")
    assert [(row["gate"], row["what"], row["counts"]) for row in rows] == [
        ("chi-ma", "vehicles", False),
        ("chi-ma", "persons", False),
        ("tan-thanh", "vehicles", True),
        ("tan-thanh", "goods", True),
    ]
    assert {name: value for name, value in rows[3].items() if name != "recorded_at"} == {
        "gate": "tan-thanh",
        "direction": "VN-CN",
        "interval_start": builders.NOON - timedelta(hours=1),
        "interval_end": builders.NOON,
        "what": "goods",
        "n": 1234.5,
        "unit": "tấn",
        "nationality": "CN",
        "status": "actual",
        "source": passage["source"],
        "id": passage["id"],
        "position": 1,
        "stated_source": passage["source"],
        "stated_id": passage["id"],
        "counts": True,
    }
    correction = builders.envelope("crossing.corrected", fixed, subject="tan-thanh", time=at(1))
    record(engine, log, correction)
    (now,) = [row for row in passed(engine) if row["gate"] == "tan-thanh"]
    assert (now["n"], now["id"], now["stated_id"]) == (99, passage["id"], correction["id"])
    assert passed(engine, unit="cao-bang") == []
    assert passed(engine, start=builders.NOON) == []


def test_a_count_goes_no_further_than_it_is_asked(engine: Engine, log: Log) -> None:
    record(engine, log, *(builders.crossing() for _ in range(3)), builders.reported())
    assert how_many(engine, crossings(chosen(engine)), 100) == 6
    assert how_many(engine, crossings(chosen(engine)), 4) == 4
    assert how_many(engine, incidents(chosen(engine)), 4) == 1


def test_figures_are_the_reports_and_months_are_their_own(engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported(), builders.reported(builders.incident(side="VN")), builders.crossing())
    as_of, unit = as_of_now(engine), unit_named("lang-son")
    rows = named(FIGURES, figure_rows(engine, unit, YEAR, as_of, least_shown=LEAST_SHOWN))
    report = build(engine, unit, YEAR, as_of, audited=False)
    assert [(row["figure"], row["label"], row["value"], row["unit_of_value"], row["subjects"]) for row in rows] == [
        (figure.id, figure.label, figure.value, figure.unit, len(figure.subjects)) for figure in report.figures
    ]
    assert {(row["unit"], row["regime"], row["period"]) for row in rows} == {("lang-son", "calendar", "2025")}
    months = named(FIGURES, figure_rows(engine, unit, YEAR, as_of, least_shown=LEAST_SHOWN, by_month=True))
    assert list(dict.fromkeys(row["period"] for row in months)) == [f"2025-{month:02}" for month in range(1, 13)]
    by_month = [row["value"] for row in months if row["figure"] == "breach.total"]
    assert by_month == [None] * 11 + [2], "of the other months nobody has reported"
    assert [row["period"] for row in months if row["figure"] == "breach.CN" and row["value"]] == ["2025-12"]


def test_a_suppressed_figure_tells_nothing_of_itself(engine: Engine, log: Log) -> None:
    few = [{"what": "persons", "n": 3}]
    record(engine, log, builders.reported(builders.incident(kind="trafficking", side="undetermined", facts={}, measures=few)))
    as_of, unit = as_of_now(engine), unit_named("lang-son")

    def persons(least_shown: int) -> tuple[Any, Any]:
        rows = named(FIGURES, figure_rows(engine, unit, YEAR, as_of, least_shown=least_shown))
        (row,) = [row for row in rows if row["figure"] == "article39.14.persons"]
        return row["value"], row["subjects"]

    assert persons(4) == (None, None)
    assert persons(3) == (3, 1)


def test_the_server_keeps_the_rows_that_are_not_read_yet(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO crossing (source, id, position, stated_source, stated_id, gate, direction, status, interval_start, interval_end,"
                " what, n, recorded_at) SELECT '/posts/tan-thanh/d1', 'e-' || g, 0, '/posts/tan-thanh/d1', 'e-' || g, 'tan-thanh', 'VN-CN',"
                " 'actual', now(), now(), 'persons', g, now() FROM generate_series(1, 20000) g"
            )
        )
    rows = crossing_rows(engine, chosen(engine))
    next(rows)
    with engine.connect() as connection:
        (open_cursors,) = connection.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE 'FETCH FORWARD %'")
        ).one()
    assert open_cursors == 1
    assert sum(1 for _ in rows) == 19_999

"""What a report said of a moment it says again, byte for byte, whatever is recorded then and afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from agreement.periods import Period, Regime
from reports.baselines.store import load
from reports.build import build
from reports.documents import render
from reports.issued import document, newest
from reports.model import Report, canonical
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.query.dead_letters import dead_letters
from sinks.record.database import Database
from sinks.record.dead_letters import mark_redriven
from tests import builders
from tests.support.classified_batches import Log, dead_letter
from tests.support.issuing import issued

LANG_SON = unit_named("lang-son")
YEAR = Period.parse("2019", Regime.ND09)
LATER = "2026-01-03T00:00:00+07:00"


def breach(at: str = "2019-03-01T10:00:00+07:00", **changes: Any) -> dict[str, Any]:
    return builders.reported(builders.incident(occurred={"start": at, "precision": "minute"}, **changes))


def passed(start: str, end: str, n: float = 140, **changes: Any) -> dict[str, Any]:
    return builders.crossing(interval={"start": start, "end": end}, counts=[{"what": "persons", "n": n}], **changes)


def corrected(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    data = of["data"] | changes | {"corrects": {"source": of["source"], "id": of["id"]}}
    return builders.envelope("crossing.corrected", data, subject=data["gate"], time=LATER)


def told(engine: Engine, as_of: Any = None) -> Report:
    return build(engine, LANG_SON, YEAR, as_of or as_of_now(engine))


CORRECTIONS: dict[str, tuple[tuple[str, str], dict[str, Any]]] = {
    "a count of the year before that was all that was known of it": (
        ("2018-03-01T10:00:00+07:00", "2018-03-01T11:00:00+07:00"),
        {"status": "test"},
    ),
    "a count across the edge that ends before it": (
        ("2018-12-14T23:00:00+07:00", "2018-12-15T01:00:00+07:00"),
        {"interval": {"start": "2018-12-14T23:00:00+07:00", "end": "2018-12-15T00:00:00+07:00"}},
    ),
    "a count at another gate": (("2019-12-14T23:00:00+07:00", "2019-12-15T01:00:00+07:00"), {"gate": "mong-cai"}),
    "a count of the next year": (
        ("2019-12-14T23:00:00+07:00", "2019-12-14T23:30:00+07:00"),
        {"interval": {"start": "2019-12-15T00:00:00+07:00", "end": "2019-12-15T00:30:00+07:00"}},
    ),
}


@pytest.mark.parametrize("name", CORRECTIONS)
def test_a_count_corrected_afterwards_leaves_a_moment_as_it_was(engine: Engine, database: Database, log: Log, name: str) -> None:
    (start, end), changes = CORRECTIONS[name]
    count = passed(start, end)
    database.record(log.batch([breach(), count]))
    then = as_of_now(engine)
    first = render(told(engine, then), "json")
    database.record(log.batch([corrected(count, **changes)]))
    assert render(told(engine, then), "json") == first
    assert render(told(engine), "json") != first


def test_a_letter_sent_again_twice_leaves_a_moment_as_it_was(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([], [dead_letter(b"{", offset=0)]))
    (letter,) = dead_letters(engine)
    mark_redriven(engine, letter)
    then = as_of_now(engine)
    first = render(told(engine, then), "json")
    mark_redriven(engine, letter)
    assert render(told(engine, then), "json") == first


def test_a_moment_chosen_while_posts_send_is_the_same_when_they_have_sent(engine: Engine) -> None:
    failures: list[BaseException] = []
    going = threading.Event()

    def send(number: int) -> None:
        try:
            writer = Database(engine)
            log = Log(writer, f"log-of-{number}")
            for turn in range(12):
                count = passed("2019-06-01T10:00:00+07:00", "2019-06-01T11:00:00+07:00", n=turn)
                report = breach() | {"source": f"/posts/tan-thanh/d{number}"}
                writer.record(log.batch([report, count]))
                later = [builders.updated(report["subject"], {"side": "VN"}, time=LATER), corrected(count, gate="huu-nghi")]
                writer.record(log.batch(later))
                going.set()
        except BaseException as error:  # noqa: BLE001  # looked at by the test
            failures.append(error)

    writers = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for writer in writers:
        writer.start()
    going.wait(60)
    seen: list[tuple[Any, bytes]] = []
    while any(writer.is_alive() for writer in writers) and len(seen) < 6:
        then = as_of_now(engine)
        seen.append((then, render(told(engine, then), "json")))
    for writer in writers:
        writer.join()
    assert failures == []
    assert len(seen) > 1
    assert [render(told(engine, then), "json") for then, _ in seen] == [first for _, first in seen]
    assert not [check for _, first in seen for check in Report.model_validate_json(first).checks if check.severity == "error"]


def test_two_offices_that_issue_at_once_make_one_version(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach(), breach(side="VN")]))
    start = threading.Barrier(4)

    def once(_: int) -> Any:
        start.wait()
        return issued(engine, LANG_SON, YEAR)

    with ThreadPoolExecutor(4) as offices:
        out = list(offices.map(once, range(4)))
    assert [one.report.version for one in out] == [1] * 4
    assert sorted(one.new for one in out) == [False, False, False, True]
    assert len({canonical(one.report) for one in out}) == 1


def test_what_was_issued_is_read_back_to_the_byte(engine: Engine, database: Database, log: Log) -> None:
    goods = [{"what": "goods", "n": n, "unit": "tấn .khô"} for n in (0.1, 0.2, 1e-7, 123456789.125)]
    hour = {"start": "2019-06-01T10:00:00+07:00", "end": "2019-06-01T11:00:00+07:00"}
    seized = breach(
        kind="drugs", facts={}, measures=[{"what": "value", "n": 1e15, "unit": "đồng"}, {"what": "value", "n": 0.1, "unit": "đồng"}]
    )
    database.record(log.batch([breach(), seized, builders.crossing(interval=hour, counts=goods)]))
    load(engine, b"unit,period,figure,value,source\nlang-son,2018,breach.total,4,S1\n")
    out = issued(engine, LANG_SON, YEAR)
    with engine.connect() as connection:
        kept = newest(connection, LANG_SON, YEAR)
        assert kept is not None
        assert canonical(kept.report) == canonical(out.report)
        assert canonical(kept.report) == document(connection, LANG_SON, YEAR, "json")
    assert Report.model_validate_json(canonical(out.report)) == out.report
    assert out.report.value("crossing.total.goods.tấn .khô") == 123456789.4250001

"""Receipts: what became of each event, as it stood once that event was recorded; and whether all events are there."""

from datetime import datetime, timedelta

import pytest

from schemas.problems import Problem
from schemas.topics import DOOR
from schemas.verdicts import Origin
from sinks.query import completeness
from sinks.query.receipts import Receipts, receipts
from sinks.record import devices
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import RECEIVED_MS, Log, dead_letter

D1, D2, HUU_NGHI, UNKNOWN = "/posts/tan-thanh/d1", "/posts/tan-thanh/d2", "/posts/huu-nghi/d1", "/posts/chua-co/d1"
UNDECIDED = builders.incident(facts={"structure": "nhà ở", "purpose": "other", "permanent": True, "change": "new", "distance_m": 18})


class Recorded:
    """A record, and what is asked of it."""

    def __init__(self, engine):
        self.engine = engine
        self.database = Database(engine)
        self.log = Log(self.database)

    def __call__(self, *events, letters=()):
        self.database.record(self.log.batch(list(events), letters))

    def of(self, source: str, *, after: int = 0, limit: int = 100) -> Receipts:
        return receipts(self.engine, source, after=after, limit=limit)


@pytest.fixture
def record(engine):
    return Recorded(engine)


def report(sequence: int, source: str = D1, data=None, **changes):
    return builders.reported(data, source=source, sequence=f"{sequence:08d}", **changes)


def refused(sequence: int, source: str = D1, event_id: str | None = "e-bad", **changes):
    given = {
        "origin": Origin(DOOR, 0, sequence, RECEIVED_MS),
        "code": "value",
        "source": source,
        "sequence": sequence,
        "event_id": event_id,
    }
    return dead_letter(f"refused {sequence}".encode(), **given | {"problems": (Problem("value", "data.side: …", "data.side"),)} | changes)


def test_a_receipt_says_how_the_incident_stood_once_the_event_was_recorded_and_never_changes(record):
    first = report(1, data=UNDECIDED)
    record(first)
    (before,) = record.of(D1).receipts
    assert (before.status, before.incident, before.outcome, before.missing) == ("recorded", first["subject"], "needs_facts", ["agreed"])
    record(builders.updated(first["subject"], {"facts": {"agreed": False}}, source=D1, sequence="00000002"))
    record(builders.assessed(first["subject"], {"outcome": "no_breach"}))
    record(builders.retracted(first["subject"], source=D2, sequence="00000001"))
    again, update = record.of(D1).receipts
    assert again == before
    assert (update.status, update.outcome, list(update.clauses), update.missing) == ("recorded", "breach", ["21(1)"], [])


def test_events_of_one_batch_share_the_state_they_made(record):
    first = report(1, data=UNDECIDED)
    record(first, builders.updated(first["subject"], {"facts": {"agreed": False}}, source=D1, sequence="00000002"))
    assert [receipt.outcome for receipt in record.of(D1).receipts] == ["breach", "breach"]


def test_a_word_on_another_posts_incident_is_without_effect_and_says_why(record):
    first = report(1)
    record(first)
    record(builders.updated(first["subject"], {"facts": {"agreed": True}}, source=HUU_NGHI, sequence="00000001"))
    (receipt,) = record.of(HUU_NGHI).receipts
    assert (receipt.status, receipt.outcome, receipt.code) == ("without_effect", "breach", "without_effect")
    assert receipt.reason == "vụ việc không thuộc đồn này"
    record(builders.updated(first["subject"], {"facts": {"agreed": True}}, source=D2, sequence="00000001"))
    assert [receipt.status for receipt in record.of(D2).receipts] == ["recorded"]


def test_a_second_report_is_without_effect(record):
    first = report(1)
    record(first)
    record(report(1, HUU_NGHI, subject=first["subject"], time=(builders.NOON + timedelta(hours=1)).isoformat()))
    assert [receipt.status for receipt in record.of(HUU_NGHI).receipts] == ["without_effect"]


def test_a_posts_assessment_is_without_effect_even_of_its_own_incident(record):
    first = report(1)
    record(first)
    record(builders.assessed(first["subject"], {"outcome": "no_breach"}, source=D1, sequence="00000002"))
    assert [receipt.status for receipt in record.of(D1).receipts] == ["recorded", "without_effect"]


def test_an_update_before_its_report_is_recorded_and_stays_so(record):
    update = builders.updated("inc-later", {"facts": {"agreed": True}}, source=HUU_NGHI, sequence="00000001")
    record(update)
    (before,) = record.of(HUU_NGHI).receipts
    assert before.status == "recorded"
    record(report(1, subject="inc-later"))
    assert list(record.of(HUU_NGHI).receipts) == [before]


def test_counts_and_notices_have_no_incident(record):
    record(builders.crossing() | {"source": D1, "sequence": "00000001"})
    (receipt,) = record.of(D1).receipts
    assert (receipt.status, receipt.incident, receipt.outcome, list(receipt.clauses), receipt.missing) == ("recorded", None, None, [], [])


def test_a_conflict_has_its_own_row_beside_the_firsts(record):
    first = report(1)
    record(first)
    record(report(1, id="e-other"), {**first, "data": builders.incident(side="VN")})
    rows = [(receipt.sequence, receipt.id, receipt.status) for receipt in record.of(D1).receipts]
    assert rows == [(1, first["id"], "recorded"), (1, first["id"], "conflict"), (1, "e-other", "conflict")]
    assert all("ghi danh lại" in receipt.reason for receipt in record.of(D1).receipts[1:])


def test_a_duplicate_has_no_row_of_its_own(record):
    first = report(1)
    record(first)
    record(first)
    assert len(record.of(D1).receipts) == 1


def test_what_was_refused_has_its_number_and_is_no_gap(record):
    record(report(1), report(3), letters=[refused(2)])
    record(letters=[refused(2, origin=Origin(DOOR, 0, 2, RECEIVED_MS + 9))])  # sent again: no second letter
    highest, gaps, rows = record.of(D1)
    assert (highest, gaps) == (3, [])
    assert [(row.sequence, row.status) for row in rows] == [(1, "recorded"), (2, "refused"), (3, "recorded")]
    assert (rows[1].id, rows[1].code, rows[1].problems[0].pointer) == ("e-bad", "value", "/data/side")


def test_a_letter_that_was_sent_again_and_recorded_has_the_receipt_of_its_event(record):
    record(letters=[refused(1, event_id="e-mended")])
    record(report(1, id="e-mended"))
    assert [row.status for row in record.of(D1).receipts] == ["recorded"]


def test_gaps_are_of_the_whole_device_and_its_first_number_is_one(record):
    record(report(4), report(5), report(9))
    highest, gaps, rows = record.of(D1, after=4)
    assert (highest, gaps) == (9, [(1, 3), (6, 8)])
    assert [row.sequence for row in rows] == [5, 9]
    assert record.of(D2) == Receipts(0, [], [])


def test_pages_follow_one_another_and_never_part_the_rows_of_a_number(record):
    events = [report(number) for number in range(1, 7)]
    record(*events)
    record(report(3, id="e-other"))
    seen, after = [], 0
    while rows := record.of(D1, after=after, limit=3).receipts:
        assert len(rows) <= 3
        seen += [(row.sequence, row.status) for row in rows]
        after = rows[-1].sequence
    assert seen == [(1, "recorded"), (2, "recorded"), (3, "recorded"), (3, "conflict"), (4, "recorded"), (5, "recorded"), (6, "recorded")]


def test_a_post_that_the_register_does_not_know_is_told_so(record):
    record(report(1, UNKNOWN))
    (receipt,) = record.of(UNKNOWN).receipts
    assert (receipt.status, receipt.code) == ("recorded", "unknown_source")


def test_the_missing_numbers_lateness_and_silence_of_each_device_are_shown(record):
    sent = datetime.fromtimestamp(RECEIVED_MS / 1000, builders.HANOI) - timedelta(hours=2)
    occurred = {"start": (sent - timedelta(days=1)).isoformat(), "precision": "hour"}
    record(
        report(1),
        report(1, id="e-other"),
        report(4, data=builders.incident(occurred=occurred), time=sent.isoformat()),
        letters=[refused(2)],
    )
    issued = devices.add(record.engine, "huu-nghi")
    devices.revoke(record.engine, devices.add(record.engine, "coc-nam").source)
    rows = {standing.source: standing for standing in completeness.standings(record.engine)}
    assert {source: (row.highest, row.missing, row.is_revoked, row.conflicts) for source, row in rows.items()} == {
        D1: (4, 1, None, 1),
        issued.source: (0, 0, False, 0),
        "/posts/coc-nam/d1": (0, 0, True, 0),
    }
    assert rows[D1].last_seen.timestamp() * 1000 == pytest.approx(RECEIVED_MS + 2)
    assert rows[issued.source].last_seen is None
    assert completeness.gaps(record.engine, [D1]) == {D1: [(3, 3)]}
    late = completeness.lateness(record.engine)[D1]
    assert sum(late) == 2
    assert late[2] == 1


def test_a_new_device_never_takes_a_name_that_the_record_knows(record):
    record(report(1), letters=[refused(1, D2)])
    assert devices.add(record.engine, "tan-thanh").source == "/posts/tan-thanh/d3"

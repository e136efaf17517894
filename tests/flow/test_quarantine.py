"""No record stops the nation: the one that makes its batch fail becomes a dead letter, and all others are recorded."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

import streams.classify
from schemas.records import ClassifiedBatch, ClassifiedEvent, DeadLetter
from streams.breaker import CRASHES
from streams.intake import BatchFailed
from tests.builders import payload, reported
from tests.support.log import WORKER, ListLog, Pipeline, until

EVENTS = [payload(reported(source=f"/posts/p{number % 7}/d1")) for number in range(60)]


class RefusingRecord:
    """A record that refuses some events, as a database does."""

    def __init__(self, refuses: Callable[[ClassifiedEvent], bool]) -> None:
        self.refuses = refuses
        self.events: list[int] = []
        self.dead: dict[int, DeadLetter] = {}
        self.writes = 0

    async def write(self, batch: ClassifiedBatch) -> None:
        self.writes += 1
        if any(map(self.refuses, batch.events)):
            raise RuntimeError("row is too big: 'tên một người'\nDETAIL: everything")
        self.events += [event.origin.offset for event in batch.events]
        self.dead |= {letter.origin.offset: letter for letter in batch.dead}


def at(*offsets: int) -> Callable[[ClassifiedEvent], bool]:
    return lambda event: event.origin.offset in offsets


def run(log: ListLog, *effects: Callable[[ClassifiedBatch], Awaitable[None]], **options: Any) -> Pipeline:
    pipeline = Pipeline(log, effects, **options)

    async def main() -> None:
        async with pipeline:
            await pipeline.end()

    asyncio.run(main())
    return pipeline


@pytest.mark.parametrize("size", [1, 10, 60], ids=["alone", "in a batch", "all in one batch"])
@pytest.mark.parametrize("bad", [[0], [13], [59], [0, 59], [20, 21, 22], [5, 17, 44]], ids=str)
def test_a_record_that_an_effect_refuses_is_a_dead_letter_and_all_others_are_recorded(bad: list[int], size: int) -> None:
    log, record = ListLog(EVENTS, size=size), RefusingRecord(at(*bad))
    pipeline = run(log, record.write)
    assert pipeline.crashed is None
    assert record.events == [number for number in range(60) if number not in bad], "each once, in order"
    assert sorted(record.dead) == bad
    assert log.safe == 60
    letter = record.dead[bad[0]]
    assert (letter.code, letter.reason) == ("quarantined", "RuntimeError: row is too big: …"), "neither what it quotes nor its details"
    assert letter.source == f"/posts/p{bad[0] % 7}/d1"
    assert letter.payload == EVENTS[bad[0]]


def test_a_record_on_which_our_own_code_raises_is_found_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    row = streams.classify.event_row

    def raises(event: Any, verdict: Any) -> Any:
        if event.id == json.loads(EVENTS[13])["id"]:
            raise KeyError("tên một người")
        return row(event, verdict)

    monkeypatch.setattr(streams.classify, "event_row", raises)
    log, record = ListLog(EVENTS, size=60), RefusingRecord(at())
    assert run(log, record.write).crashed is None
    assert record.events == [number for number in range(60) if number != 13]
    assert (record.dead[13].code, record.dead[13].reason) == ("quarantined", "KeyError: …")
    assert record.writes == 2, "what was before it, with it, and what was behind it"


def test_what_cannot_even_be_read_again_is_quarantined_without_its_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    decode = streams.classify.decode_quickly

    def raises(raw: bytes) -> Any:
        if raw == EVENTS[13]:
            raise RecursionError("maximum recursion depth exceeded")
        return decode(raw)

    monkeypatch.setattr(streams.classify, "decode_quickly", raises)
    log, record = ListLog(EVENTS), RefusingRecord(at())
    assert run(log, record.write).crashed is None
    letter = record.dead[13]
    assert (letter.payload, letter.source) == (None, None), "it may be marked secret"
    assert len(record.events) == 59


@pytest.mark.parametrize("size", [10, 60])
def test_where_every_record_fails_the_cause_is_none_of_them_and_the_worker_stops_with_nothing_quarantined(size: int) -> None:
    log, record = ListLog(EVENTS, size=size), RefusingRecord(lambda _: True)
    pipeline = run(log, record.write)
    assert isinstance(pipeline.crashed, BatchFailed)
    assert "list[0]@0" in str(pipeline.crashed)
    assert (record.events, record.dead, log.safe) == ([], {}, 0)
    assert record.writes < 60, "it does not try each of thousands"


def test_where_a_part_of_the_records_fails_the_circuit_breaker_stops_the_worker() -> None:
    log, record = ListLog(EVENTS * 2, size=40), RefusingRecord(lambda event: event.origin.offset % 3 == 0)
    pipeline = run(log, record.write)
    assert pipeline.crashed is None
    assert len(record.dead) == CRASHES
    assert log.kept.flag == f"{CRASHES} quarantined records among the last 1000 events"
    assert log.safe == max(record.dead) + 1


def test_a_failure_that_passes_quarantines_nothing() -> None:
    failures = iter([True] * 2)
    log, record = ListLog(EVENTS), RefusingRecord(lambda event: event.origin.offset == 13 and next(failures, False))
    assert run(log, record.write).crashed is None
    assert (record.events, record.dead) == (list(range(60)), {})


def test_a_rebalance_while_a_batch_is_taken_apart_loses_and_doubles_nothing() -> None:
    log, record = ListLog(EVENTS, size=60), RefusingRecord(at(13, 40))

    async def main() -> None:
        async with Pipeline(log, [record.write]) as pipeline:
            while log.safe == 0:  # the first part has passed
                await asyncio.sleep(0.001)
            assert log.drain is not None
            log.reassigning = True
            await log.drain()
            log.rewind()
            log.reassigning = False
            await pipeline.end()

    asyncio.run(main())
    assert record.events == [number for number in range(60) if number not in (13, 40)]
    assert sorted(record.dead) == [13, 40]


def test_a_rebalance_just_before_a_part_is_handed_on_hands_on_none() -> None:
    log, record = ListLog(EVENTS, size=60), RefusingRecord(at(13))
    keep_alive = log.keep_alive
    is_first = iter([True])

    async def main() -> None:
        async with Pipeline(log, [record.write], config=WORKER) as pipeline:

            async def drain_meanwhile() -> None:
                await keep_alive()
                if pipeline.intake._bisection is not None and next(is_first, False):
                    assert log.drain is not None
                    await log.drain()
                    log.rewind()

            log.keep_alive = drain_meanwhile  # type: ignore[method-assign]
            await until(lambda: log.safe == 60)

    asyncio.run(main())
    assert next(is_first, None) is None, "it came"
    assert record.events == [number for number in range(60) if number != 13]

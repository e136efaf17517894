"""What intake guarantees over the real Faust agents: nothing lost, in order, read again on failure."""

import asyncio

import pytest
from structlog.testing import capture_logs

from schemas.records import ClassifiedBatch, PositionLost, StalePosition, Unavailable
from streams.intake import BatchFailed, StrayCancellation
from streams.kafka import asking
from tests.builders import payload, reported
from tests.support.log import SOON, WORKER, Kept, ListLog, Pipeline, until

EVENTS = [payload(reported()) for _ in range(95)]


def ids(batches: list[ClassifiedBatch]) -> list[int]:
    return [event.origin.offset for batch in batches for event in batch.events]


async def _run(pipeline: Pipeline) -> None:
    async with pipeline:
        await pipeline.end()


def test_every_record_passes_once_and_in_order() -> None:
    seen: list[ClassifiedBatch] = []

    async def keep(batch: ClassifiedBatch) -> None:
        seen.append(batch)

    log = ListLog(EVENTS)
    asyncio.run(_run(Pipeline(log, [keep])))
    assert ids(seen) == list(range(95))
    assert log.safe == 95
    assert log.closed


def test_effects_run_in_their_order_and_the_release_comes_last() -> None:
    order: list[str] = []
    log = ListLog(EVENTS[:5])

    async def publish(_: ClassifiedBatch) -> None:
        await asyncio.sleep(0.02)
        order.append(f"publish, released {len(log.released)}")

    async def count(_: ClassifiedBatch) -> None:
        order.append(f"count, released {len(log.released)}")

    asyncio.run(_run(Pipeline(log, [publish, count])))
    assert order == ["publish, released 0", "count, released 0"]
    assert log.released == [(0, 5)]


def test_a_sink_that_raises_fails_its_batch_and_the_batch_comes_again() -> None:
    seen: list[ClassifiedBatch] = []
    failures = iter([True, True])

    async def fails_twice(batch: ClassifiedBatch) -> None:
        if batch.positions["list", 0][0] == 20 and next(failures, False):
            raise RuntimeError("on cue")
        seen.append(batch)

    log = ListLog(EVENTS)
    asyncio.run(_run(Pipeline(log, [fails_twice])))
    assert ids(seen) == list(range(95)), "nothing behind the failed batch may pass before it"
    assert log.rewinds == 2


def test_no_later_effect_happens_for_a_batch_whose_first_effect_failed() -> None:
    counted: list[int] = []
    failures = iter([True])

    async def publish(_: ClassifiedBatch) -> None:
        if next(failures, False):
            raise RuntimeError("on cue")

    async def count(batch: ClassifiedBatch) -> None:
        counted.append(len(batch.events))

    asyncio.run(_run(Pipeline(ListLog(EVENTS[:10]), [publish, count])))
    assert counted == [10]


def test_a_batch_that_fails_whichever_records_are_tried_ends_the_worker_which_names_the_offsets() -> None:
    tries: list[int] = []

    async def always_fails_at_thirty(batch: ClassifiedBatch) -> None:
        if batch.positions["list", 0][0] == 30:
            tries.append(1)
            raise RuntimeError("on cue")

    log = ListLog(EVENTS)
    pipeline = Pipeline(log, [always_fails_at_thirty])
    asyncio.run(_run(pipeline))
    assert isinstance(pipeline.crashed, BatchFailed)
    assert "list[0]@30" in str(pipeline.crashed)
    assert "on cue" in str(pipeline.crashed)
    assert len(tries) > 3, "three times whole, then in parts: see test_quarantine.py"
    assert log.safe == 30


def test_a_stale_position_is_read_again_and_never_counts_as_a_failure() -> None:
    left = [5]

    async def stale(_: ClassifiedBatch) -> None:
        if left[0]:
            left[0] -= 1
            raise StalePosition("another worker was here")

    log = ListLog(EVENTS[:10])
    asyncio.run(_run(Pipeline(log, [stale])))
    assert log.safe == 10
    assert log.rewinds == 5


def test_a_position_that_is_lost_stops_the_worker_which_leaves_the_group_and_says_why() -> None:
    log = ListLog(EVENTS, kept=Kept(safe=96))

    async def story() -> None:
        async with Pipeline(log, [], config=WORKER) as pipeline:
            await until(lambda: pipeline.intake.status.paused == "list[0] stands at 96")
            assert log.closed
            assert pipeline.app.crash_reason is None

    with capture_logs() as lines:
        asyncio.run(story())
    assert [line for line in lines if line["event"] == "stopped"] == [
        {"event": "stopped", "log_level": "error", "reason": "list[0] stands at 96", "then": "deploy/runbooks/positions.md"}
    ]


def test_a_run_that_ends_with_its_log_ends_on_a_lost_position() -> None:
    pipeline = Pipeline(ListLog(EVENTS, kept=Kept(safe=96)), [])
    asyncio.run(_run(pipeline))
    assert isinstance(pipeline.crashed, PositionLost)


def test_at_most_two_batches_are_in_flight_and_polling_goes_on_while_one_waits() -> None:
    hold = asyncio.Event()
    log = ListLog(EVENTS)
    waiting: list[int] = []

    async def slow(_: ClassifiedBatch) -> None:
        waiting.append(1)
        await hold.wait()

    async def main() -> None:
        async with Pipeline(log, [slow]) as pipeline:
            await until(lambda: log.kept_alive >= 3)
            assert log.next == 20
            assert len(waiting) == 1, "the second waits for the first"
            hold.set()
            await pipeline.end()

    asyncio.run(main())
    assert log.safe == 95


def test_a_stop_waits_for_what_is_in_flight_and_takes_no_more() -> None:
    log = ListLog(EVENTS)

    async def slow(_: ClassifiedBatch) -> None:
        await asyncio.sleep(0.2)

    async def main() -> None:
        async with Pipeline(log, [slow]):
            await until(lambda: (log.next or 0) >= 20)

    asyncio.run(main())
    assert log.safe in (20, 30)
    assert log.closed


def test_a_stop_does_not_wait_for_ever() -> None:
    log = ListLog(EVENTS)

    async def stuck(_: ClassifiedBatch) -> None:
        await asyncio.sleep(3600)

    async def main() -> float:
        loop = asyncio.get_running_loop()
        async with Pipeline(log, [stuck]):
            await until(lambda: (log.next or 0) >= 20)
            began = loop.time()
        return loop.time() - began

    assert asyncio.run(main()) < 4
    assert log.safe == 0, "what was not finished is read again by the next worker"


def test_a_drain_on_rebalance_releases_what_is_done_and_voids_the_rest() -> None:
    log = ListLog(EVENTS)
    passed: list[int] = []

    async def slow(batch: ClassifiedBatch) -> None:
        await asyncio.sleep(0.05)
        passed.append(batch.positions["list", 0][0])

    async def main() -> None:
        async with Pipeline(log, [slow]) as pipeline:
            await until(lambda: (log.next or 0) >= 40)
            assert log.drain is not None
            log.reassigning = True
            await log.drain()
            assert log.safe == log.next, "both batches in flight were waited for"
            log.rewind()
            log.reassigning = False
            await pipeline.end()

    asyncio.run(main())
    assert passed == sorted(set(passed)), "drained batches are not read twice"
    assert log.safe == 95


@pytest.mark.parametrize("when", ["first effect", "second effect"])
def test_an_agent_cancelled_in_the_middle_of_an_effect_loses_nothing(when: str) -> None:
    seen: list[ClassifiedBatch] = []
    cancel = iter([True])

    async def first(_: ClassifiedBatch) -> None:
        if when == "first effect" and next(cancel, False):
            raise asyncio.CancelledError

    async def second(batch: ClassifiedBatch) -> None:
        if when == "second effect" and next(cancel, False):
            raise asyncio.CancelledError
        seen.append(batch)

    log = ListLog(EVENTS)
    asyncio.run(_run(Pipeline(log, [first, second], config=SOON)))
    assert sorted(set(ids(seen))) == list(range(95))
    assert log.safe == 95


def test_a_cancellation_that_nobody_asked_for_ends_the_process_instead_of_the_reading_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    log = ListLog(EVENTS)
    polls = iter(range(9))
    poll = log.poll

    async def stray_at_the_third() -> object:
        if next(polls) == 2:
            raise asyncio.CancelledError
        return await poll()

    monkeypatch.setattr(log, "poll", stray_at_the_third)
    pipeline = Pipeline(log, [])
    asyncio.run(_run(pipeline))
    assert isinstance(pipeline.crashed, StrayCancellation)


def test_a_request_that_the_kafka_client_cancels_is_asked_again_and_a_stop_is_a_stop() -> None:
    async def cancelled() -> None:
        with asking():
            raise asyncio.CancelledError

    async def stopped() -> None:
        with asking():
            await asyncio.sleep(9)

    async def story() -> None:
        with pytest.raises(Unavailable):
            await cancelled()
        with pytest.raises(Unavailable), asking():
            await asyncio.wait_for(asyncio.create_task(_raise_cancelled()), timeout=9)
        task = asyncio.create_task(stopped())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())


async def _raise_cancelled() -> None:
    raise asyncio.CancelledError

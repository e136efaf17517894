"""A bad deploy does not drain the topic into the bin: the worker stops itself, remembers it, and waits."""

import asyncio

from schemas.records import ClassifiedBatch
from streams.fuse import Fuse
from tests.builders import payload, reported
from tests.support.log import ListLog, Pipeline, until

GOOD = payload(reported())


def bad(source: str) -> bytes:
    return payload(reported(source=source, colour="blue") | {"data": {"kind": "works"}})


def test_fifty_dead_letters_from_three_sources_blow_the_fuse_and_forty_nine_do_not() -> None:
    fuse = Fuse()
    answers = [fuse.failed(f"/posts/p{number % 3}", crash=False) for number in range(50)]
    assert answers[:49] == [None] * 49
    assert answers[49] is not None
    assert "50 dead letters from 3 sources" in answers[49]


def test_one_broken_post_alone_never_blows_the_fuse() -> None:
    fuse = Fuse()
    assert [fuse.failed("/posts/one", crash=False) for _ in range(5000)] == [None] * 5000
    unreadable = Fuse()
    assert [unreadable.failed(None, crash=False) for _ in range(5000)] == [None] * 5000, "garbage of nobody's is one source"


def test_only_the_last_thousand_events_count() -> None:
    fuse = Fuse()
    for number in range(49):
        fuse.failed(f"/posts/p{number % 3}", crash=False)
    for _ in range(1000):
        fuse.passed()
    assert fuse.failed("/posts/p0", crash=False) is None


def test_twenty_rule_crashes_blow_the_fuse_from_whatever_source() -> None:
    fuse = Fuse()
    answers = [fuse.failed("/posts/one", crash=True) for _ in range(20)]
    assert answers[:19] == [None] * 19
    assert answers[19] == "20 rule crashes among the last 1000 events"


def test_the_worker_stops_behind_the_fiftieth_and_goes_on_from_there_when_resumed() -> None:
    payloads = [bad(f"/posts/p{number % 4}") for number in range(70)] + [GOOD] * 30
    log = ListLog(payloads, size=40)
    dead: list[int] = []
    good: list[int] = []

    async def keep(delivery: ClassifiedBatch) -> None:
        dead.extend(letter.origin.offset for letter in delivery.dead)
        good.extend(judged.origin.offset for judged in delivery.events)

    async def main() -> None:
        async with Pipeline(log, [keep]) as pipeline:
            await until(lambda: log.mark is not None)
            await until(lambda: pipeline.intake.condition.stopped is not None)
            await asyncio.sleep(0.2)
            assert dead == list(range(50)), "exactly up to the one that blew it"
            assert log.safe == 50
            log.mark = None  # somebody looked, and resumed
            await pipeline.end()

    asyncio.run(main())
    assert dead == list(range(70))
    assert good == list(range(70, 100))


def test_a_worker_that_finds_the_mark_waits_before_it_reads_anything() -> None:
    log = ListLog([GOOD] * 20)
    log.mark = "50 dead letters"
    seen: list[ClassifiedBatch] = []

    async def keep(delivery: ClassifiedBatch) -> None:
        seen.append(delivery)

    async def main() -> None:
        async with Pipeline(log, [keep]) as pipeline:
            await until(lambda: pipeline.intake.condition.stopped is not None)
            await asyncio.sleep(0.2)
            assert not seen
            log.mark = None
            await pipeline.end()

    asyncio.run(main())
    assert log.safe == 20


def test_a_worker_told_to_stop_while_the_fuse_blows_still_leaves_the_mark() -> None:
    log = ListLog([bad(f"/posts/p{number % 4}") for number in range(70)], size=70)
    at_work, told = asyncio.Event(), asyncio.Event()

    async def keep(_: ClassifiedBatch) -> None:
        at_work.set()
        await told.wait()

    async def main() -> None:
        async with Pipeline(log, [keep]) as pipeline:
            await at_work.wait()
            stopping = asyncio.create_task(pipeline.intake.stop())
            await until(lambda: pipeline.intake.should_stop)
            told.set()
            await stopping

    asyncio.run(main())
    assert log.mark is not None
    assert log.safe == 50

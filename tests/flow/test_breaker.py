"""A bad deploy does not drain the topic into the bin: the worker stops itself, remembers it, and waits."""

import asyncio

import pytest

from schemas.records import ClassifiedBatch, DeadLetter, Unavailable
from schemas.verdicts import Origin
from streams.breaker import CircuitBreaker
from tests.builders import payload, reported
from tests.support.log import SOON, WORKER, Kept, ListLog, Pipeline, until

GOOD = payload(reported())


def bad(source: str) -> bytes:
    return payload(reported(source=source, colour="blue") | {"data": {"kind": "works"}})


def letter(source: str | None, code: str = "value") -> DeadLetter:
    return DeadLetter(Origin("list", 0, 0, 0), code, "", b"", "", source=source)


def counted(*letters: DeadLetter) -> list[str | None]:
    """Why the breaker is open behind each of these, one after the other."""
    breaker, answers = CircuitBreaker(), []
    for dead_letter in letters:
        breaker = breaker.after(0, dead_letter)
        answers.append(breaker.opened)
    return answers


def test_fifty_dead_letters_from_three_posts_open_the_breaker_and_forty_nine_do_not() -> None:
    answers = counted(*(letter(f"/posts/p{number % 3}/d1") for number in range(50)))
    assert answers[:49] == [None] * 49
    assert answers[49] == "50 dead letters from 3 posts among the last 1000 events (posts/? 17, posts/? 17, posts/? 16)"


def test_why_it_opened_names_posts_of_the_register_only() -> None:
    """Any other name is a text of a payload, and the reason goes to logs and to Kafka."""
    sources = ["/posts/tan-thanh/d1", "/offices/uy-ban-bien-gioi", "/posts/to-i-mat-4711/d1"]
    opened = counted(*(letter(sources[number % 3]) for number in range(50)))[-1]
    assert opened is not None
    assert opened.endswith("(posts/tan-thanh 17, offices/uy-ban-bien-gioi 17, posts/? 16)")


@pytest.mark.parametrize(
    "sources",
    [
        ["/posts/one/d1"],
        [None],
        ["/posts/one/d1", "/posts/one/d2", "/posts/one", "posts/one/d1", "/Posts/ONE/d1", " /posts/one/", "//posts//one//d1"],
        ["/posts/one/d1", "/posts/ONE/d1", None, "", "tan thanh", "/posts/", "/posts/Tân Thanh/d1", "/x/one", "{}"],
        ["/posts/one/d1", "/posts/two/d1", None],
    ],
    ids=["one device", "nobody's", "one post, spelt in many ways", "one post and what nobody can read", "two posts"],
)
def test_one_broken_post_alone_never_opens_it(sources: list[str | None]) -> None:
    assert not any(counted(*(letter(sources[number % len(sources)]) for number in range(3000))))


def test_an_office_counts_as_a_post_does() -> None:
    sources = ["/offices/uy-ban-bien-gioi", "/posts/uy-ban-bien-gioi/d1", "/posts/two/d1"]
    assert counted(*(letter(sources[number % 3]) for number in range(50)))[-1] is not None


def test_only_the_last_thousand_events_count() -> None:
    breaker = CircuitBreaker()
    for number in range(49):
        breaker = breaker.after(0, letter(f"/posts/p{number % 3}"))
    assert breaker.after(951, letter("/posts/p0")).opened is None, "the first of them is the 1001st from here"
    assert breaker.after(950, letter("/posts/p0")).opened is not None


def test_twenty_rule_crashes_open_it_from_whatever_source() -> None:
    answers = counted(*[letter("/posts/one", "rule_crash")] * 20)
    assert answers[:19] == [None] * 19
    assert answers[19] == "20 rule crashes among the last 1000 events"


def test_dead_letters_that_come_again_count_once() -> None:
    log = ListLog([bad(f"/posts/p{number % 3}/d1") for number in range(49)], size=30)
    failures = iter([True, True])

    async def fails_twice(_: ClassifiedBatch) -> None:
        if next(failures, False):
            raise RuntimeError("on cue")

    async def main() -> None:
        async with Pipeline(log, [fails_twice]) as pipeline:
            await pipeline.end()

    asyncio.run(main())
    assert log.rewinds == 2
    assert (log.kept.flag, log.safe) == (None, 49)


def test_dead_letters_count_on_from_batch_to_batch_though_some_of_them_came_again() -> None:
    log = ListLog([bad(f"/posts/p{number % 3}/d1") for number in range(60)], size=10)
    failures = iter([False, True])

    async def fails_once(_: ClassifiedBatch) -> None:
        if next(failures, False):
            raise RuntimeError("on cue")

    async def main() -> None:
        async with Pipeline(log, [fails_once]) as pipeline:
            await pipeline.end()

    asyncio.run(main())
    assert log.rewinds == 2, "once for the failure, once to stop"
    assert log.safe == 50
    assert log.kept.flag is not None


def test_the_worker_stops_behind_the_fiftieth_and_goes_on_from_there_when_resumed() -> None:
    payloads = [bad(f"/posts/p{number % 4}") for number in range(70)] + [GOOD] * 30
    log = ListLog(payloads, size=40)
    dead: list[int] = []
    good: list[int] = []

    async def keep(batch: ClassifiedBatch) -> None:
        dead.extend(letter.origin.offset for letter in batch.dead)
        good.extend(event.origin.offset for event in batch.events)

    async def main() -> None:
        async with Pipeline(log, [keep], config=WORKER) as pipeline:
            await until(lambda: pipeline.intake.status.paused is not None)
            await asyncio.sleep(0.2)
            assert dead == list(range(50)), "exactly up to the one that opened it"
            assert log.safe == 50
            log.kept.flag = None  # somebody looked, and resumed
            await until(lambda: log.safe == 100)
            assert pipeline.intake.status.paused is None

    asyncio.run(main())
    assert dead == list(range(70))
    assert good == list(range(70, 100))


def test_a_worker_that_finds_the_flag_waits_before_it_reads_anything() -> None:
    log = ListLog([GOOD] * 20, kept=Kept(flag="50 dead letters"))
    seen: list[ClassifiedBatch] = []

    async def keep(batch: ClassifiedBatch) -> None:
        seen.append(batch)

    async def main() -> None:
        async with Pipeline(log, [keep], config=WORKER) as pipeline:
            await until(lambda: pipeline.intake.status.paused is not None)
            await asyncio.sleep(0.2)
            assert not seen
            log.kept.flag = None
            await until(lambda: log.safe == 20)

    asyncio.run(main())


def test_a_worker_pauses_when_another_of_its_group_raised_the_flag() -> None:
    log = ListLog([GOOD] * 2000, size=1)

    async def main() -> None:
        async with Pipeline(log, [], config=WORKER) as pipeline:
            await until(lambda: log.safe > 5)
            log.kept.flag = "another saw 50 dead letters"
            await until(lambda: pipeline.intake.status.paused is not None)
            await asyncio.sleep(0.2)
            stands = log.safe
            assert 5 < stands < 2000
            await asyncio.sleep(0.2)
            assert log.safe == stands
            log.kept.flag = None
            await until(lambda: log.safe == 2000)

    asyncio.run(main())


def test_the_flag_is_raised_before_the_positions_move_and_waits_for_a_log_that_is_away() -> None:
    raised: list[int] = []
    away = iter([True, True])

    class Away(ListLog):
        async def pause(self, reason: str) -> None:
            if next(away, False):
                raise Unavailable("broker", "on cue")
            raised.append(self.safe)
            await super().pause(reason)

    log = Away([bad(f"/posts/p{number % 4}") for number in range(70)], size=70)

    async def main() -> None:
        async with Pipeline(log, [], config=SOON) as pipeline:
            await pipeline.end()
            assert pipeline.intake.status.paused == log.kept.flag is not None

    asyncio.run(main())
    assert (raised, log.safe) == ([0], 50)


def test_a_worker_told_to_stop_while_the_breaker_opens_still_leaves_the_flag() -> None:
    log = ListLog([bad(f"/posts/p{number % 4}") for number in range(70)], size=70)
    at_work, may_finish = asyncio.Event(), asyncio.Event()

    async def keep(_: ClassifiedBatch) -> None:
        at_work.set()
        await may_finish.wait()

    async def main() -> None:
        async with Pipeline(log, [keep]) as pipeline:
            await at_work.wait()
            stopping = asyncio.create_task(pipeline.intake.stop())
            await until(lambda: pipeline.intake.should_stop)
            may_finish.set()
            await stopping

    asyncio.run(main())
    assert log.kept.flag is not None
    assert log.safe == 50

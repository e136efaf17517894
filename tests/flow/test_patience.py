"""What does not answer is waited for, announced once, and named for as long as somebody waits for it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from schemas.records import Unavailable
from streams.patience import Patience


def answers(*parts: str) -> Callable[[], Awaitable[str]]:
    """A question that is answered once each of these was away once."""
    away = iter(parts)

    async def ask() -> str:
        for part in away:
            raise Unavailable(part, "on cue")  # type: ignore[arg-type]
        return "answer"

    return ask


def patient(**options: float) -> tuple[Patience, list[str]]:
    announced: list[str] = []
    return Patience(retry_delay_s=0.01, on_waiting=announced.append, **options), announced


def test_it_asks_until_it_is_answered_and_says_both_once() -> None:
    patience, announced = patient()
    with capture_logs() as logs:
        assert asyncio.run(patience(answers("database", "database", "database"))) == "answer"
    assert [(line["event"], line["part"]) for line in logs] == [("waiting", "database"), ("answered", "database")]
    assert announced == ["database"]
    assert patience.waiting == []


def test_it_names_the_part_that_is_away_now() -> None:
    patience, announced = patient()
    with capture_logs() as logs:
        assert asyncio.run(patience(answers("broker", "broker", "database"))) == "answer"
    assert [(line["event"], line["part"]) for line in logs] == [("waiting", "broker"), ("waiting", "database"), ("answered", "database")]
    assert announced == ["broker", "database"]


def test_it_says_nothing_of_what_answers_at_once() -> None:
    patience, announced = patient()
    with capture_logs() as logs:
        assert asyncio.run(patience(answers(), part="broker")) == "answer"
    assert (logs, announced) == ([], [])


def test_an_answer_that_takes_long_is_waited_for_by_name() -> None:
    patience, announced = patient(late_s=0.05)

    async def slow() -> str:
        await asyncio.sleep(0.2)
        assert patience.waiting == ["broker"]
        return "answer"

    assert asyncio.run(patience(slow, part="broker")) == "answer"
    assert (announced, patience.waiting) == (["broker"], [])


def test_a_part_is_named_until_the_last_of_those_who_wait_has_its_answer() -> None:
    patience, _ = patient()
    back = asyncio.Event()

    async def ask() -> None:
        if not back.is_set():
            raise Unavailable("database", "on cue")

    async def story() -> None:
        short = asyncio.create_task(patience(answers(*["broker"] * 3, *["database"] * 3)))
        long = asyncio.create_task(patience(ask))
        await asyncio.sleep(0.02)
        assert patience.waiting == ["broker", "database"]
        assert await short == "answer"
        assert patience.waiting == ["database"]
        back.set()
        await long
        assert patience.waiting == []

    asyncio.run(story())


def test_whoever_gives_up_between_two_tries_waits_no_longer() -> None:
    patience, _ = patient()

    async def give_up() -> None:
        assert patience.waiting == ["broker"]
        raise KeyError

    with pytest.raises(KeyError):
        asyncio.run(patience(answers("broker"), between=give_up))
    assert patience.waiting == []


def test_whatever_else_is_raised_passes_and_is_an_answer() -> None:
    patience, announced = patient()
    away = iter([True])

    async def ask() -> None:
        if next(away, False):
            raise Unavailable("database", "on cue")
        raise ZeroDivisionError

    with capture_logs() as logs, pytest.raises(ZeroDivisionError):
        asyncio.run(patience(ask))
    assert [line["event"] for line in logs] == ["waiting", "answered"]
    assert (announced, patience.waiting) == (["database"], [])

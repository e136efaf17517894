"""Nil reports and counts at a gate on their way to the spool: asked for what is missing, then minted."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from mocgioi.service.posting import Post
from mocgioi.views.asking import Asker
from mocgioi.views.output import fail
from posts import notices
from posts.answers import moment_of
from schemas.codebook import Direction
from schemas.codebook_entries import codes
from schemas.events import AnyEvent

T = TypeVar("T")

_FROM, _TO = "data.interval.start", "data.interval.end"


def nothing_happened(
    here: Post, asker: Asker | None, *, since: str | None, until: str | None, text: str | None, exercise: bool
) -> AnyEvent:
    """Mint a nil report. Raises `InvalidEvent`; leaves where something is missing and nobody can be asked."""
    start = moment_of(_FROM, _given(since, "--from", "Từ ngày nào (2026-11-27)?", asker))
    end = moment_of(_TO, _given(until, "--to", "Đến hết ngày nào (2026-11-27)?", asker), is_end=True)
    (event,) = here.mint([notices.nil_report(here.spool, here.device, start, end, text=text, exercise=exercise)])
    return event


def crossing_counted(
    here: Post,
    asker: Asker | None,
    *,
    gate: str | None,
    since: str | None,
    until: str | None,
    direction: Direction | None,
    counts: Sequence[str],
    text: str | None,
    reason: str | None,
    exercise: bool,
) -> AnyEvent:
    """Mint counts at a gate, or their correction. Raises `InvalidEvent`; leaves where something is missing and nobody can be asked."""
    gate = _given(gate, "--gate", "Cửa khẩu, lối mở nào?", asker)
    start = moment_of(_FROM, _given(since, "--from", "Từ ngày nào (2026-11-27)?", asker))
    end = moment_of(_TO, _given(until, "--to", "Đến hết ngày nào (2026-11-27)?", asker), is_end=True)
    ways = [(Direction(entry.code), entry.label.vi) for entry in codes()["direction"] if entry.code != Direction.ALONG]
    way = _given(direction, "--direction", "Chiều nào?", asker, lambda question, person: person.choose(question, ways))
    counts = counts or [_given(None, "--count", "Bao nhiêu (persons=1240, vehicles=30)?", asker)]
    event = notices.crossing(
        here.spool, gate=gate, start=start, end=end, direction=way, counts=counts, text=text, reason=reason, exercise=exercise
    )
    (minted,) = here.mint([event])
    return minted


def _ask(question: str, asker: Asker) -> str | None:
    return asker.ask(question, str)


def _given(
    value: T | None,
    option: str,
    question: str,
    asker: Asker | None,
    ask: Callable[[str, Asker], T | None] = _ask,  # type: ignore[assignment]
) -> T:
    """The value of an option, or the answer of a person."""
    if value is None and asker is not None:
        value = ask(question, asker)
    if value is None:
        fail("missing", f"{option}: {question}")
    return value

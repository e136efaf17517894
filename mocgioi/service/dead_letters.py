"""Dead letters for the commands: read from the record, and sent again to where they came from."""

import asyncio
from collections.abc import Sequence
from typing import Any

from mocgioi.service import logs
from mocgioi.service.cluster import cluster_of
from mocgioi.service.database import record_engine
from mocgioi.service.sending import recording
from mocgioi.service.settings import Settings
from mocgioi.views.output import USAGE, fail, problem
from posts.spool import TOPIC as SPOOL
from posts.spool import SpoolEntry
from schemas.records import DeadLetter
from schemas.strict_json import load_loosely
from schemas.topics import DOOR, SOURCES, topic_of
from schemas.verdicts import Origin
from sinks.query.dead_letters import dead_letter_whole, dead_letters, dead_letters_at
from sinks.record.dead_letters import mark_redriven
from streams.publish import publish
from streams.redrive import PayloadGone
from streams.redrive import redrive as send_again

Row = dict[str, Any]

_DIGEST = 12
"""So many digits of a SHA-256 tell the letters of one place apart."""
EXPIRED = "nội dung đã bị xóa vì giữ quá MOCGIOI_DEADLETTER_DAYS ngày · the payload was removed, it had been kept for that many days"


def listed(settings: Settings, *, waiting: bool, limit: int | None = None) -> list[Row]:
    """Dead letters without their payloads, the latest first."""
    with record_engine(settings) as engine:
        return dead_letters(engine, limit=limit, waiting=waiting)


def letter_at(settings: Settings, origin: str) -> Row:
    """The dead letter read at TOPIC:PARTITION:OFFSET. Leaves with a problem where there is none.

    Where logs replaced one another there may be several: then `#` and the beginning of its SHA-256 says which. The same payload twice is the
    latest.
    """
    at, _, digest = origin.partition("#")
    topic, *numbers = at.rsplit(":", 2)
    if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        fail("usage", f"{origin}: cần TOPIC:PARTITION:OFFSET", USAGE)
    with record_engine(settings) as engine:
        letters = dead_letters_at(engine, topic, *map(int, numbers))
    letter = next((letter for letter in letters if letter["sha256"].startswith(digest)), None)
    if letter is None:
        fail("not_found", f"{origin}: không có thư chết này · no such dead letter")
    if not digest and len({letter["sha256"] for letter in letters}) > 1:
        each = ", ".join(f"#{letter['sha256'][:_DIGEST]}" for letter in letters)
        fail("several", f"{origin}: có {len(letters)} thư ở nơi này, thêm vào sau · there are several, add behind it one of {each}")
    return letter


def with_payloads(settings: Settings, rows: Sequence[Row]) -> list[Row]:
    """These letters, with their payloads."""
    with record_engine(settings) as engine:
        return [dead_letter_whole(engine, row) for row in rows]


def place(row: Row) -> str:
    """Where it was read, as `letter_at` takes it."""
    return f"{row['topic']}:{row['partition']}:{row['offset']}"


def is_expired(row: Row) -> bool:
    """Whether its payload was kept, and then removed after its time."""
    return row["payload_removed_at"] is not None


def as_json(row: Row) -> Row:
    """A row with its bytes as text."""
    return {name: value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value for name, value in row.items()}


def redrive(settings: Settings, rows: Sequence[Row]) -> int:
    """Send letters again and note it in the record. Returns how many were sent. Leaves with a problem, and sends nothing, where a payload is gone.

    A letter of the door or the spool lies in no topic: it goes to that of its event's type. Only to where posts write: whoever writes to the
    topic of dead letters could have verdicts sent in our name. Others are named and stay.
    """
    logs.at_prompt(settings)
    for row in rows:
        if row["topic"] not in (SPOOL, DOOR, *SOURCES):
            sentence = "không phải topic nguồn, không gửi lại · not a source topic, not sent; there are"
            problem("not_a_source", f"{place(row)}: {sentence}: {', '.join(SOURCES)}")
    entries = [(row, entry) for row in rows if row["topic"] in (SPOOL, DOOR) and (entry := _entry(row)) is not None]
    in_topics = [row for row in rows if row["topic"] in SOURCES]
    unspooled = {DOOR} if settings.kafka is not None else set()
    published = [(row, entry) for row, entry in entries if row["topic"] in unspooled]
    spooled = [(row, entry) for row, entry in entries if row["topic"] not in unspooled]
    if in_topics:
        asyncio.run(send_again(cluster_of(settings), [_letter(row) for row in in_topics]))
        _mark(settings, in_topics)
    if published:
        asyncio.run(publish(cluster_of(settings), [entry for _, entry in published]))
        _mark(settings, [row for row, _ in published])
    if spooled:
        _into_the_spool(settings, [entry for _, entry in spooled])
        _mark(settings, [row for row, _ in spooled])
    return len(in_topics) + len(entries)


def _mark(settings: Settings, rows: Sequence[Row]) -> None:
    with record_engine(settings) as engine:
        for row in rows:
            mark_redriven(engine, row)


def _into_the_spool(settings: Settings, entries: Sequence[SpoolEntry]) -> None:
    with recording(settings) as session:
        session.spool.append(entries)
        session.record().insist()


def _entry(row: Row) -> SpoolEntry | None:
    """A letter of no topic, to be sent as it came. One without a known type is named, and stays. Raises `PayloadGone`."""
    payload = row["payload"]
    if payload is None:
        raise PayloadGone(f"{place(row)}: {EXPIRED if is_expired(row) else 'không giữ nội dung · nothing of it was kept'}")
    event = load_loosely(payload)
    try:
        target = topic_of(event["type"])
    except (KeyError, TypeError, AttributeError):
        problem(
            "no_topic",
            f"{place(row)}: loại tin (type) thiếu hoặc lạ nên không biết gửi về topic nào; đồn phải báo lại bằng tin mới · without a known type "
            "it has no topic to go to: the post has to report anew",
        )
        return None
    return SpoolEntry(target, row["key"] or b"", payload)


def _letter(row: Row) -> DeadLetter:
    return DeadLetter(
        origin=Origin(row["topic"], row["partition"], row["offset"], 0),
        code=row["code"],
        reason=row["reason"],
        payload=row["payload"],
        sha256=row["sha256"],
        key=row["key"],
        source=row["source"],
    )

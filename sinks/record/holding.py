"""Whether the record holds payloads, which is asked before the only other copy of them is deleted."""

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine

from schemas.probe import PROBE_SOURCE
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.session import transaction
from sinks.record import canonical_json

# LATERAL … OFFSET 0 makes one index lookup for each payload. The planner does not know how few there are, and would scan all events instead.
_OTHER_THAN_WRITTEN = """
SELECT place, recorded.body FROM unnest(%s::int[], %s::text[], %s::text[], %s::bytea[]) AS wanted (place, source, id, sha256)
LEFT JOIN LATERAL (
    SELECT body::text AS body FROM event WHERE event.source = wanted.source AND event.id = wanted.id OFFSET 0
) AS recorded ON true WHERE sha256(convert_to(recorded.body, 'UTF8')) IS DISTINCT FROM wanted.sha256
"""
_KEPT_ASIDE = "SELECT 1 FROM conflict WHERE source = %s AND id = %s AND digest = %s"
_DEAD = "SELECT 1 FROM dead_letter WHERE sha256 = %s LIMIT 1"


class _Named(msgspec.Struct):
    """What identifies an event."""

    source: str
    id: str


_decode = msgspec.json.Decoder(_Named).decode


def unheld(engine: Engine, payloads: Sequence[bytes]) -> list[int]:
    """The places of the payloads that the record does not hold, neither as an event nor as a conflict nor as a dead letter.

    Raises `Unavailable`.
    """

    def places(cursor: Statements) -> list[int]:
        return [place for place in without_event(cursor, payloads) if not _is_dead(cursor, payloads[place])]

    return transaction(engine, places, snapshot=True)


def without_event(cursor: Statements, payloads: Sequence[bytes]) -> list[int]:
    """The places of the payloads that the record holds neither as an event nor as a conflict. Of a probe there is nothing to hold."""
    names = {place: name for place, payload in enumerate(payloads) if (name := _name(payload)) is not None}
    digests = [hashlib.sha256(payloads[place]).digest() for place in names]
    sources, ids = [name.source for name in names.values()], [name.id for name in names.values()]
    bodies: dict[int, str | None] = dict(cursor.execute(_OTHER_THAN_WRITTEN, (list(names), sources, ids, digests)))
    doubtful = [place for place in range(len(payloads)) if place not in names or (place in bodies and names[place].source != PROBE_SOURCE)]
    return [place for place in doubtful if not _is_event(cursor, payloads[place], names.get(place), bodies.get(place))]


def _is_event(cursor: Statements, payload: bytes, name: _Named | None, body: str | None) -> bool:
    """Whether a payload is held as an event though no event has exactly its bytes. `body` is that of the event of its source and id."""
    if name is None:
        return False
    if body is not None and canonical_json.same(body.encode(), payload):
        return True
    return cursor.execute(_KEPT_ASIDE, (name.source, name.id, canonical_json.digest(payload))).fetchone() is not None


def _is_dead(cursor: Statements, payload: bytes) -> bool:
    return cursor.execute(_DEAD, (hashlib.sha256(payload).hexdigest(),)).fetchone() is not None


def _name(payload: bytes) -> _Named | None:
    """Source and id of an event, or None for a payload that is no event, which only a dead letter can hold."""
    try:
        return _decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None

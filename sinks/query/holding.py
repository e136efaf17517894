"""What the record holds: asked before anybody else's copy of it is given up."""

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine

from sinks.postgres.bulk_copy import Statements
from sinks.postgres.session import transaction
from sinks.record import canonical_json

# LATERAL … OFFSET 0: one look into the index a payload. The planner does not know how few there are, and would read all events instead.
_OTHER_THAN_WRITTEN = """
SELECT place, known.body FROM unnest(%s::int[], %s::text[], %s::text[], %s::bytea[]) AS wanted (place, source, id, sha256)
LEFT JOIN LATERAL (
    SELECT body::text AS body FROM event WHERE event.source = wanted.source AND event.id = wanted.id OFFSET 0
) AS known ON true WHERE sha256(convert_to(known.body, 'UTF8')) IS DISTINCT FROM wanted.sha256
"""
_KEPT_ASIDE = "SELECT 1 FROM conflict WHERE source = %s AND id = %s AND digest = %s"
_DEAD = "SELECT 1 FROM dead_letter WHERE sha256 = %s LIMIT 1"


class _Named(msgspec.Struct):
    """What identifies an event."""

    source: str
    id: str


_decode = msgspec.json.Decoder(_Named).decode


def unheld(engine: Engine, payloads: Sequence[bytes]) -> list[int]:
    """The places of the payloads that the record holds in no way: as an event, as a conflict or as a dead letter.

    Raises `Unavailable`.
    """
    return transaction(engine, lambda cursor: _unheld(cursor, payloads), snapshot=True)


def _unheld(cursor: Statements, payloads: Sequence[bytes]) -> list[int]:
    names = {place: name for place, payload in enumerate(payloads) if (name := _name(payload)) is not None}
    digests = [hashlib.sha256(payloads[place]).digest() for place in names]
    sources, ids = [name.source for name in names.values()], [name.id for name in names.values()]
    bodies: dict[int, str | None] = dict(cursor.execute(_OTHER_THAN_WRITTEN, (list(names), sources, ids, digests)))
    doubtful = [place for place in range(len(payloads)) if place in bodies or place not in names]
    return [place for place in doubtful if not _held(cursor, payloads[place], names.get(place), bodies.get(place))]


def _held(cursor: Statements, payload: bytes, name: _Named | None, body: str | None) -> bool:
    """Whether a payload is held though no event was written with just its bytes. `body`: of the event of its name."""
    if body is not None and canonical_json.same(body.encode(), payload):
        return True
    if name is not None and cursor.execute(_KEPT_ASIDE, (name.source, name.id, canonical_json.digest(payload))).fetchone():
        return True
    return cursor.execute(_DEAD, (hashlib.sha256(payload).hexdigest(),)).fetchone() is not None


def _name(payload: bytes) -> _Named | None:
    """The event's name, or None for what is no event: only a dead letter can hold that."""
    try:
        return _decode(payload)
    except msgspec.DecodeError:
        return None

"""Whether all that devices sent has arrived: the sequence of each has no gap, and none is silent. Raises `Unavailable`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from sinks.postgres.bulk_copy import Statements
from sinks.postgres.session import transaction

LATENESS_S = (60, 3600, 86_400, 7 * 86_400)
"""The upper ends, in seconds, of what `Standing.lateness` counts; its last number is of all that came later."""

_NEWEST = 20
"""So many of a device's last numbers are looked at for when it was heard last: they may have come in another order."""
SEQUENCES = """
SELECT source, sequence FROM event UNION SELECT source, sequence FROM conflict
UNION SELECT source, sequence FROM dead_letter WHERE sequence IS NOT NULL
"""
"""Every number of a device that the record accounts for: of an event, of one kept aside, or of one refused."""
_STANDINGS = f"""
WITH counted AS (
    SELECT source, max(sequence) AS highest, max(sequence) - count(*) AS missing FROM ({SEQUENCES}) AS every
    WHERE source LIKE '/posts/%%' AND sequence > 0 GROUP BY source
), keyed AS (SELECT source, bool_and(revoked_at IS NOT NULL) AS is_revoked FROM device_key GROUP BY source)
SELECT source, coalesce(highest, 0), coalesce(missing, 0), is_revoked, greatest(
    (SELECT max(received_at) FROM (
        SELECT received_at FROM event WHERE event.source = device.source ORDER BY sequence DESC LIMIT {_NEWEST}
    ) AS newest),
    (SELECT max(received_at) FROM dead_letter WHERE dead_letter.source = device.source AND sequence IS NOT NULL)
), (SELECT count(*) FROM conflict WHERE conflict.source = device.source AND settled_at IS NULL)
FROM counted FULL JOIN keyed USING (source) AS device ORDER BY source
"""
_GAPS = f"""
SELECT source, before + 1, sequence - 1 FROM (
    SELECT source, sequence, lag(sequence, 1, 0::bigint) OVER (PARTITION BY source ORDER BY sequence) AS before
    FROM ({SEQUENCES}) AS every WHERE source = ANY(%s)
) AS pair WHERE sequence > before + 1 ORDER BY source, sequence
"""
_LATENESS = """
SELECT source, width_bucket(extract(epoch FROM received_at - time)::float8, %s::float8[]), count(*) FROM event WHERE source LIKE '/posts/%%' GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the sequence of one device stands."""

    source: str
    highest: int
    """The highest number that has arrived; 0 where nothing has."""
    missing: int
    """How many numbers below it have not."""
    is_revoked: bool | None
    """Whether its key no longer opens; None for one that never had a key."""
    last_seen: datetime | None
    """When the newest that it sent was received."""
    conflicts: int
    """How many of its events are kept aside and not settled: a spool that was copied or put back uses its numbers twice."""


def standings(engine: Engine) -> list[Standing]:
    """All devices of posts that have a key or were heard, by name."""
    return transaction(engine, _standings, snapshot=True)


def gaps(engine: Engine, sources: Sequence[str]) -> Mapping[str, list[tuple[int, int]]]:
    """The runs of missing numbers, first and last of each, by device."""
    return transaction(engine, lambda cursor: gaps_of(cursor, sources), snapshot=True)


def gaps_of(cursor: Statements, sources: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """The same, within a transaction."""
    runs: dict[str, list[tuple[int, int]]] = {source: [] for source in sources}
    for source, first, last in cursor.execute(_GAPS, (list(sources),)):
        runs[source].append((first, last))
    return runs


def lateness(engine: Engine) -> Mapping[str, list[int]]:
    """How many events of each device came how long after they were minted, in the steps of `LATENESS_S`."""
    return transaction(engine, _lateness, snapshot=True)


def _standings(cursor: Statements) -> list[Standing]:
    return [Standing(*row) for row in cursor.execute(_STANDINGS)]


def _lateness(cursor: Statements) -> dict[str, list[int]]:
    counts: dict[str, list[int]] = {}
    for source, step, count in cursor.execute(_LATENESS, (list(LATENESS_S),)):
        counts.setdefault(source, [0] * (len(LATENESS_S) + 1))[step] = count
    return counts

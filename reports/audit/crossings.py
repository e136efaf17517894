"""What passed the gates by the events, counted as a report counts what the record holds.

A record that nobody corrected is read from its event's body. The states of one that was corrected are worked out by the function that record uses.
"""

from collections.abc import Iterator
from itertools import chain, starmap
from typing import Any

from agreement.order import Key
from agreement.periods import Period
from reports.figures.crossing import CrossingCount, Crossings, count_crossings
from reports.figures.scope import Scope
from schemas.codebook import Status
from sinks.postgres.session import statements
from sinks.record.crossings import restated

# The corrections of all records of which some statement lies in the period.
_CORRECTIONS = """
SELECT source, id FROM event AS correction
WHERE type = 'vn.mocgioi.crossing.corrected.v1' AND recorded_at <= :as_of AND (
    occurred_start >= :opened AND occurred_start < :closed OR EXISTS (
        SELECT FROM event WHERE source = correction.body #>> '{data,corrects,source}' AND id = correction.body #>> '{data,corrects,id}'
            AND occurred_start >= :opened AND occurred_start < :closed
    )
)
"""
# A number of goods that is not whole is the nearest double of what a body states, as in the record. Each body is parsed once (OFFSET), by parallel
# workers, who take a constant offset only.
_UNCORRECTED = """
SELECT source, gate, direction, what, CASE WHEN what = 'goods' THEN normalize(unit, NFC) END AS unit,
    count(*), sum(CASE WHEN what = 'goods' THEN n::float8::text::numeric ELSE n END)
FROM (
    SELECT source, data ->> 'gate' AS gate, data ->> 'direction' AS direction, data ->> 'status' AS status,
        counted ->> 'what' AS what, counted ->> 'unit' AS unit, (counted ->> 'n')::numeric AS n
    FROM (
        SELECT source, (body -> 'data')::jsonb AS data FROM event
        WHERE type = 'vn.mocgioi.crossing.recorded.v1' AND occurred_start >= :opened AND occurred_start < :closed AND recorded_at <= :as_of
            AND (source, id) NOT IN (SELECT * FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[])))
        OFFSET bigint '0'
    ) AS stated CROSS JOIN LATERAL jsonb_array_elements(data -> 'counts') AS counted
) AS measured WHERE status = 'actual' GROUP BY 1, 2, 3, 4, 5
"""


def crossings_by_events(scoped: Scope, period: Period) -> Crossings:
    """The crossing figures of a period, by the events that were recorded by then."""
    corrections = scoped.ask(_CORRECTIONS, opened=period.start, closed=period.end)
    with statements(scoped.connection) as cursor:
        rows = restated(cursor, [(source, event_id) for source, event_id in corrections])
    corrected = {(row["source"], row["id"]) for row in rows}
    restatements = [
        CrossingCount(row["source"], row["gate"], row["direction"], row["what"], row["unit"], 1, row["n"])
        for row in rows
        if row["status"] == Status.ACTUAL
        and period.holds(row["interval_start"])
        and row["recorded_at"] <= scoped.as_of
        and (row["superseded_at"] is None or row["superseded_at"] > scoped.as_of)
    ]
    return count_crossings(scoped.unit, chain(_uncorrected(scoped, period, corrected), restatements))


def _uncorrected(scoped: Scope, period: Period, corrected: set[Key]) -> Iterator[CrossingCount]:
    """The counts of the records of a period that nobody corrected. The database adds up what is alike."""
    keys: dict[str, Any] = {"sources": [source for source, _ in corrected], "ids": [event_id for _, event_id in corrected]}
    return starmap(CrossingCount, scoped.ask(_UNCORRECTED, opened=period.start, closed=period.end, **keys))

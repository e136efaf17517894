"""What passed the gates by the events, counted as a report counts what the record holds.

A record that nobody corrected is read from its event's body by SQL. Where one was corrected, its states are worked out by the function that
record uses.
"""

from typing import Any

import orjson

from agreement.periods import Period
from reports.figures.crossing import Crossings, count_crossings
from reports.figures.scope import Scope
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
_BY_EVENTS = """
SELECT source, gate, direction, status, what, normalize(unit, NFC) AS unit, CASE WHEN what = 'goods' THEN n::float8::text::numeric ELSE n END AS n
FROM (
    SELECT source, data ->> 'gate' AS gate, data ->> 'direction' AS direction, data ->> 'status' AS status,
        counted ->> 'what' AS what, counted ->> 'unit' AS unit, (counted ->> 'n')::numeric AS n
    FROM (
        SELECT source, (body -> 'data')::jsonb AS data FROM event
        WHERE type = 'vn.mocgioi.crossing.recorded.v1' AND occurred_start >= :opened AND occurred_start < :closed AND recorded_at <= :as_of
            AND (source, id) NOT IN (SELECT * FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[])))
        OFFSET bigint '0'
    ) AS stated CROSS JOIN LATERAL jsonb_array_elements(data -> 'counts') AS counted
) AS measured
UNION ALL
SELECT source, gate, direction, status, what, unit, n FROM json_populate_recordset(CAST(NULL AS crossing_state), CAST(:restated AS json))
WHERE recorded_at <= :as_of AND (superseded_at IS NULL OR superseded_at > :as_of) AND interval_start >= :opened AND interval_start < :closed
"""


def crossings_by_events(scoped: Scope, period: Period) -> Crossings:
    """The crossing figures of a period, by the events that were recorded by then."""
    corrections = scoped.ask(_CORRECTIONS, opened=period.start, closed=period.end)
    with statements(scoped.connection) as cursor:
        rows = restated(cursor, [(source, event_id) for source, event_id in corrections])
    corrected = sorted({(row["source"], row["id"]) for row in rows})
    parameters: dict[str, Any] = {
        "sources": [source for source, _ in corrected],
        "ids": [event_id for _, event_id in corrected],
        "restated": orjson.dumps(rows, default=str).decode(),
    }
    return count_crossings(scoped, period, _BY_EVENTS, **parameters)

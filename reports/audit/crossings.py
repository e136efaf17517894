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
# A number of goods that is not whole is the nearest double of what a body states, as in the record.
_BY_EVENTS = """
SELECT event.source, gate, direction, status, what, normalize(unit, NFC) AS unit,
    CASE WHEN what = 'goods' THEN n::float8::text::numeric ELSE n END AS n
FROM event CROSS JOIN LATERAL json_to_record(body -> 'data') AS stated (gate text, direction text, status text, counts json)
CROSS JOIN LATERAL json_to_recordset(counts) AS counted (what text, n numeric, unit text)
WHERE type = 'vn.mocgioi.crossing.recorded.v1' AND occurred_start >= :opened AND occurred_start < :closed AND recorded_at <= :as_of
    AND (source, id) NOT IN (SELECT * FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[])))
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

"""What passed the gates a second time: by SQL from the bodies of the events, not from the tables of counts.

A record nobody corrected is added as it stands; one that was corrected says what its latest statement says, in the order (clock, source,
sequence, id): see `agreement.order`. Only what was recorded by then is looked at.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from unicodedata import normalize

from sqlalchemy import Connection, text

from agreement.periods import Period
from border.places import known_gate
from reports.units import Unit
from schemas.codebook import Status

_CORRECTED = """
WITH RECURSIVE fixed AS MATERIALIZED (
    SELECT source, id, body #>> '{data,corrects,source}' AS of_source, body #>> '{data,corrects,id}' AS of_id
    FROM event WHERE type = 'vn.mocgioi.crossing.corrected.v1' AND recorded_at <= :as_of
),
named AS (
    SELECT * FROM fixed
    UNION
    SELECT named.source, named.id, fixed.of_source, fixed.of_id FROM named JOIN fixed ON (fixed.source, fixed.id) = (named.of_source, named.of_id)
),
root AS (
    SELECT named.source, named.id, event.source AS root_source, event.id AS root_id
    FROM named JOIN event ON (event.source, event.id) = (of_source, of_id)
    WHERE event.type = 'vn.mocgioi.crossing.recorded.v1' AND event.recorded_at <= :as_of
)
SELECT DISTINCT ON (root_source, root_id) root_source, root_id, source, id FROM (
    SELECT root_source, root_id, event.source, event.id, sequence,
        max(time) OVER (PARTITION BY root_source, root_id, event.source ORDER BY sequence) AS clock
    FROM (SELECT * FROM root UNION SELECT root_source, root_id, root_source, root_id FROM root) AS statement JOIN event USING (source, id)
) AS clocked
ORDER BY root_source, root_id, clock DESC, source COLLATE "C" DESC, sequence DESC, id COLLATE "C" DESC
"""
"""Records somebody corrected, each with its latest statement; a correction may correct another one."""
# What is no whole number is the nearest double of what a body says, as in the record. Each body is parsed once (OFFSET), by parallel workers:
# they take a constant offset only, and a plan with a condition on the status would expect too few rows to give them any.
_SUMS = """
WITH standing AS (
    SELECT body FROM event WHERE type = 'vn.mocgioi.crossing.recorded.v1' AND occurred_start >= :opens AND occurred_start < :closes
        AND recorded_at <= :as_of AND (source, id) NOT IN (SELECT * FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[])))
    UNION ALL
    SELECT body FROM unnest(CAST(:latest_sources AS text[]), CAST(:latest_ids AS text[])) AS latest (source, id) JOIN event USING (source, id)
        WHERE occurred_start >= :opens AND occurred_start < :closes
)
SELECT status, gate, direction, what, CASE WHEN what = 'goods' THEN unit END AS unit, count(*),
    sum(CASE WHEN what = 'goods' THEN n::float8::text::numeric ELSE n END)
FROM (
    SELECT status, gate, direction, counted ->> 'what' AS what, counted ->> 'unit' AS unit, (counted ->> 'n')::numeric AS n FROM (
        SELECT data ->> 'status' AS status, data ->> 'gate' AS gate, data ->> 'direction' AS direction, jsonb_array_elements(data -> 'counts') AS counted
        FROM (SELECT (body -> 'data')::jsonb AS data FROM standing OFFSET bigint '0') AS parsed
    ) AS said
) AS measured GROUP BY 1, 2, 3, 4, 5
"""

Subtotals = dict[tuple[str, str], tuple[int, Decimal]]
"""By gate and direction: how many measures were added up, and their sum."""


def crossings_again(connection: Connection, period: Period, unit: Unit, as_of: datetime) -> Mapping[str, Subtotals]:
    """Every crossing figure of a period in which something was counted, by its id."""
    corrected = connection.execute(text(_CORRECTED), {"as_of": as_of}).all()
    names = "sources", "ids", "latest_sources", "latest_ids"
    given = {name: [row[place] for row in corrected] for place, name in enumerate(names)}
    ours = set(unit.gates)
    found: dict[str, Subtotals] = {}
    between = {"opens": period.start, "closes": period.end, "as_of": as_of}
    for status, name, direction, what, goods_unit, rows, n in connection.execute(text(_SUMS), given | between):
        gate = known_gate(name)  # a body may name the pair by any name of either side
        if status != Status.ACTUAL or gate not in ours:
            continue
        key = f"{what}.{normalize('NFC', goods_unit or 'none')}" if what == "goods" else what
        for way in ("total", direction):
            subtotals = found.setdefault(f"crossing.{way}.{key}", {})
            known_rows, known_n = subtotals.get((gate, direction), (0, Decimal(0)))
            subtotals[gate, direction] = known_rows + rows, known_n + n
    return found

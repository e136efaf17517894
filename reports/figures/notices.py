"""What posts stated in their notices: the queries that a report's coverage and its audit share."""

OURS = "(:all OR (source LIKE '/posts/%' AND split_part(source, '/', 3) = ANY(CAST(:posts AS text[]))))"
"""Of an event: that it is a unit's own. The whole line has every source, offices too."""
# A time may be written with a decimal comma or a minus sign (U+2212), which PostgreSQL does not read.
NOTICES = f"""
notice AS (
    SELECT source, id, subject, split_part(source, '/', 3) AS post, time, sequence, occurred_start AS opens,
        translate("interval" ->> 'end', ',' || chr(8722), '.-')::timestamptz AS closes, incidents, crossings, waiting,
        substring(last_sequence FROM '^[0-9]+$')::bigint AS last_sequence
    FROM event CROSS JOIN LATERAL json_to_record(body -> 'data')
        AS stated (status text, "interval" json, incidents bigint, crossings bigint, waiting bigint, last_sequence text)
    WHERE type = 'vn.mocgioi.post.reported.v1' AND occurred_start >= :opens AND occurred_start < :closes AND recorded_at <= :as_of
        AND {OURS} AND status = 'actual'
)
"""
"""A common table expression: the actual notices that begin in [opens, closes)."""
# How much a post has before a moment is a running count over what is held and the notices' bounds together: one sort, no join by range.
# "For an interval" may be read as what occurred in it or what was sent in it: a notice is doubted where both readings hold less. Counts at gates
# are made for an interval, so they have the first reading only.
OVERSTATED = f"""
WITH {NOTICES},
claimed AS (SELECT source, id, post, opens, closes, 'incident' AS what, incidents AS n FROM notice WHERE incidents > 0
    UNION ALL SELECT source, id, post, opens, closes, 'crossing', crossings FROM notice WHERE crossings > 0),
incident AS (
    SELECT split_part(reporter, '/', 3) AS post, occurred_start, (
        SELECT min(time) FROM event WHERE event.subject = state.subject AND source = reporter AND type = 'vn.mocgioi.incident.reported.v1'
    ) AS time
    FROM incident_as_of(:as_of) AS state
    WHERE occurred_start >= CAST(:opens AS timestamptz) - interval '31 days' AND occurred_start < CAST(:closes AS timestamptz) + interval '31 days'
        AND split_part(reporter, '/', 3) IN (SELECT post FROM claimed WHERE what = 'incident')
),
held AS (
    SELECT post, 'incident' AS what, reading, CASE reading WHEN 'time' THEN time ELSE occurred_start END AS at, 1 AS n
    FROM incident CROSS JOIN (VALUES ('occurred'), ('time')) AS readings (reading)
    UNION ALL
    SELECT split_part(source, '/', 3), 'crossing', 'occurred', interval_start, count(*) FROM crossing_as_of(:as_of)
    WHERE position = 0 AND interval_start >= :opens AND interval_start < CAST(:closes AS timestamptz) + interval '31 days'
        AND split_part(source, '/', 3) IN (SELECT post FROM claimed WHERE what = 'crossing')
    GROUP BY source, interval_start
),
moment AS (
    SELECT post, what, reading, at, n, NULL AS source, NULL AS id, NULL AS edge FROM held
    UNION ALL
    SELECT post, what, reading, CASE edge WHEN 'opens' THEN opens ELSE closes END, 0, source, id, edge
    FROM claimed JOIN (VALUES ('incident', 'occurred'), ('incident', 'time'), ('crossing', 'occurred')) AS readings (what, reading) USING (what)
        CROSS JOIN (VALUES ('opens'), ('closes')) AS edges (edge)
),
reached AS (
    SELECT *, sum(n) OVER (PARTITION BY post, what, reading ORDER BY at, n ROWS UNBOUNDED PRECEDING) AS so_far FROM moment
),
counted AS (
    SELECT source, id, what, reading, sum(CASE edge WHEN 'closes' THEN so_far ELSE -so_far END) AS n
    FROM reached WHERE edge IS NOT NULL GROUP BY source, id, what, reading
)
SELECT claimed.source, claimed.id, claimed.post, claimed.what, claimed.opens, claimed.closes, claimed.n AS claimed, max(counted.n) AS held
FROM claimed JOIN counted USING (source, id, what) GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING max(counted.n) < claimed.n ORDER BY 3, 5, 1, 2, 4
"""
"""The notices that claim more than the record holds."""
# Side by side is joined by the database: a record holds thousands of intervals for each that is left. Of notices that claim to have sent anything,
# each stays by itself. What was made before its interval ended does not speak of the rest of it: a count has no `time` here, but when it was recorded.
SPOKEN = f"""
WITH {NOTICES},
stated AS (
    SELECT what, post, CASE WHEN n > 0 THEN source || ' ' || id END AS claiming, opens, least(closes, time) AS closes
    FROM notice CROSS JOIN LATERAL (VALUES ('incident', incidents), ('crossing', crossings)) AS claims (what, n)
    WHERE time > :opened AND closes > :opened AND source LIKE '/posts/%' AND subject = post AND n IS NOT NULL
    UNION ALL
    SELECT 'crossing', split_part(source, '/', 3), NULL, interval_start, max(least(interval_end, recorded_at)) FROM crossing_as_of(:as_of)
    WHERE status = 'actual' AND position = 0 AND interval_start >= :opens AND interval_start < :closes AND interval_end > :opened
        AND gate = ANY(CAST(:gates AS text[])) AND source LIKE '/posts/%'
    GROUP BY source, interval_start
)
SELECT what, post, claiming, lower(spoken) AS opens, upper(spoken) AS closes FROM (
    SELECT what, post, claiming, unnest(range_agg(tstzrange(opens, closes))) AS spoken FROM stated WHERE closes > opens GROUP BY what, post, claiming
) AS joined
"""
"""For when each post spoke of incidents and of crossings, as far as it reaches into the period that begins at `opened`."""

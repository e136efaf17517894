"""What posts stated in their notices: the queries that a report's coverage and its audit share."""

# A time may be written with a decimal comma or a minus sign (U+2212), which PostgreSQL does not read.
OURS = "(:all OR (source LIKE '/posts/%' AND split_part(source, '/', 3) = ANY(CAST(:posts AS text[]))))"
NOTICES = f"""
notice AS (
    SELECT source, id, subject, split_part(source, '/', 3) AS post, time, sequence, occurred_start AS opens, stated.*
    FROM event CROSS JOIN LATERAL (
        SELECT translate(body #>> '{{data,interval,end}}', ',' || chr(8722), '.-')::timestamptz AS closes, (body #>> '{{data,incidents}}')::bigint AS incidents,
            (body #>> '{{data,crossings}}')::bigint AS crossings, (body #>> '{{data,waiting}}')::bigint AS waiting,
            substring(body #>> '{{data,last_sequence}}' FROM '^[0-9]+$')::bigint AS last_sequence
    ) AS stated
    WHERE type = 'vn.mocgioi.post.reported.v1' AND occurred_start >= :opens AND occurred_start < :closes AND recorded_at <= :as_of
        AND body #>> '{{data,status}}' = 'actual' AND {OURS}
)
"""
# How many events a post has before a moment is a running count over events and the notices' bounds together: one sort, no join by range.
# "For an interval" may be read as what occurred in it or what was minted in it: a notice is doubted where both readings hold less.
OVERSTATED = f"""
WITH {NOTICES},
claimed AS (SELECT source, id, post, opens, closes, 'incident' AS what, incidents AS n FROM notice WHERE incidents > 0
    UNION ALL SELECT source, id, post, opens, closes, 'crossing', crossings FROM notice WHERE crossings > 0),
held AS (
    SELECT split_part(source, '/', 3) AS post, split_part(type, '.', 3) AS what, occurred_start, time FROM event
    WHERE type IN ('vn.mocgioi.incident.reported.v1', 'vn.mocgioi.crossing.recorded.v1') AND recorded_at <= :as_of
        AND occurred_start >= CAST(:opens AS timestamptz) - interval '31 days' AND occurred_start < CAST(:closes AS timestamptz) + interval '31 days'
        AND split_part(source, '/', 3) IN (SELECT post FROM claimed)
),
moment AS (
    SELECT post, what, reading, CASE reading WHEN 'time' THEN time ELSE occurred_start END AS at, 1 AS n, NULL AS source, NULL AS id, NULL AS edge
    FROM held CROSS JOIN (VALUES ('occurred'), ('time')) AS readings (reading)
    UNION ALL
    SELECT post, what, reading, CASE edge WHEN 'opens' THEN opens ELSE closes END, 0, source, id, edge
    FROM claimed CROSS JOIN (VALUES ('occurred'), ('time')) AS readings (reading) CROSS JOIN (VALUES ('opens'), ('closes')) AS edges (edge)
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
STATED = f"""
WITH {NOTICES}
SELECT post, opens, closes, time, source || ' ' || id, incidents, crossings FROM notice
WHERE closes > :opened AND source LIKE '/posts/%' AND subject = post
"""
"""The notices of posts about themselves that reach into a period."""

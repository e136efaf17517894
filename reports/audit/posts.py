"""What posts stated of themselves, against what the record holds: silent posts, notices that claim more, events that wait, missing numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from agreement.figures import ALL
from agreement.periods import Period
from reports.audit.naming import moment, post_name, some
from reports.figures.notices import NOTICES, OURS, OVERSTATED
from reports.model import Check, Report, Severity
from texts.wording import padded

_WAITING = f"""
WITH {NOTICES}
SELECT * FROM (SELECT DISTINCT ON (source) source, post, time, waiting FROM notice ORDER BY source, time DESC, sequence DESC) AS last
WHERE waiting > 0 ORDER BY post, source
"""
# Numbers between the lowest and the highest that the period's events have, or a notice knows of. Only those that are not the period's own are
# looked for: most are of events about other periods, or about no time (a retraction). A conflict used up its number, too.
# Sources whose numbers are whole, most of them, are passed over by counting: sorting the numbers of a million events costs more.
_GAPS = f"""
WITH {NOTICES},
spoken AS (
    SELECT source, min(sequence) AS lowest, max(sequence) AS highest, count(*) AS n FROM event
    WHERE occurred_start >= :opens AND occurred_start < :closes AND recorded_at <= :as_of AND {OURS} GROUP BY source
),
claimed AS (SELECT source, min(last_sequence) + 1 AS lowest, max(last_sequence) + 1 AS highest FROM notice GROUP BY source),
holed AS (
    SELECT source FROM spoken FULL JOIN claimed USING (source)
    WHERE (n = spoken.highest - spoken.lowest + 1 AND coalesce(claimed.lowest >= spoken.lowest AND claimed.highest <= spoken.highest, true)) IS NOT TRUE
),
heard AS (
    SELECT source, sequence FROM event
    WHERE source IN (SELECT source FROM holed) AND occurred_start >= :opens AND occurred_start < :closes AND recorded_at <= :as_of
    UNION ALL
    SELECT source, last_sequence + 1 FROM notice WHERE last_sequence IS NOT NULL
),
hole AS (
    SELECT source, int8range(sequence + 1, next) AS numbers
    FROM (SELECT source, sequence, lead(sequence) OVER (PARTITION BY source ORDER BY sequence) AS next FROM heard) AS numbered
    WHERE next > sequence + 1
),
elsewhere AS (
    SELECT hole.source, sequence FROM hole CROSS JOIN LATERAL (
        SELECT sequence FROM event
        WHERE event.source = hole.source AND sequence >= lower(numbers) AND sequence < upper(numbers) AND recorded_at <= :as_of OFFSET 0
    ) AS other
    UNION ALL
    SELECT hole.source, sequence FROM hole JOIN conflict ON conflict.source = hole.source AND sequence <@ numbers WHERE recorded_at <= :as_of
),
accounted AS (SELECT source, range_agg(int8range(sequence, sequence, '[]')) AS numbers FROM elsewhere GROUP BY source),
missing AS (
    SELECT source, unnest(range_agg(hole.numbers) - coalesce(any_value(accounted.numbers), '{{}}')) AS numbers
    FROM hole LEFT JOIN accounted USING (source) GROUP BY source
)
SELECT source, lower(numbers) AS first, upper(numbers) - 1 AS last FROM missing ORDER BY source, first
"""
_WHAT = {"incident": "vụ việc", "crossing": "bản ghi số liệu qua cửa khẩu"}


def post_checks(connection: Connection, report: Report, period: Period) -> Iterable[Check]:
    """All of them, posts in order."""
    parameters = parameters_of(report, period)
    yield from _silent(report)
    yield from (_claim(row) for row in connection.execute(text(OVERSTATED), parameters))
    yield from (_waiting(row) for row in connection.execute(text(_WAITING), parameters))
    gaps: dict[str, list[tuple[int, int]]] = {}
    for source, first, last in connection.execute(text(_GAPS), parameters):
        gaps.setdefault(source, []).append((first, last))
    yield from (_gap(source, spans) for source, spans in gaps.items())


def parameters_of(report: Report, period: Period) -> dict[str, Any]:
    """The parameters of queries about a report's posts: the whole line has every source, offices too."""
    return {
        "opens": period.start,
        "closes": period.end,
        "as_of": report.as_of,
        "all": report.unit == ALL,
        "posts": list(report.coverage.expected),
    }


def _silent(report: Report) -> Iterable[Check]:
    silent = [slug for slug in report.coverage.expected if slug not in report.coverage.reported]
    if silent:
        expected = len(report.coverage.expected)
        message = (
            f"{padded(len(silent))}/{padded(expected)} đồn không có tin nào trong kỳ, cũng không báo “không có vụ việc”: "
            + ", ".join(map(post_name, silent))
        )
        yield Check(code="silent_posts", severity=Severity.REVIEW, message=message, subjects=tuple(silent))


def _claim(row: Any) -> Check:
    message = (
        f"Đồn {post_name(row.post)} báo đã gửi {padded(row.claimed)} {_WHAT[row.what]} từ {moment(row.opens)} đến {moment(row.closes)}, "
        f"hồ sơ có {padded(int(row.held))}"
    )
    return Check(code="notice_claims_more", severity=Severity.REVIEW, message=message, subjects=(f"{row.source} {row.id}",))


def _waiting(row: Any) -> Check:
    message = f"Đồn {post_name(row.post)} ({row.source}) còn {padded(row.waiting)} tin chờ gửi lúc {moment(row.time)}"
    return Check(code="events_waiting", severity=Severity.REVIEW, message=message, subjects=(row.source,))


def _gap(source: str, spans: Sequence[tuple[int, int]]) -> Check:
    missing = sum(last - first + 1 for first, last in spans)
    numbers = some([str(first) if first == last else f"{first}-{last}" for first, last in spans], most=8)
    message = f"Thiếu {padded(missing)} tin của máy {source} theo số thứ tự ({numbers}): chưa gửi đến, hoặc đến mà không đọc được"
    return Check(code="sequence_gap", severity=Severity.REVIEW, message=message, subjects=(source,))

"""What passed the gates, looked at for double counts and clocks: overlapping intervals, counts told before they began, counts that came late."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, text

from border.gates import gate_named, gates
from border.vietnam import HANOI
from reports.audit.posts import asked, post_name
from reports.model import Check, Report, Severity
from reports.units import Unit
from schemas.validation import MAX_AHEAD
from texts.wording import number, padded

_KNOWN = """
known AS (
    SELECT {columns} FROM crossing_as_of(:as_of)
    WHERE {began} AND interval_start < :closes AND status = 'actual' AND gate = ANY(CAST(:gates AS text[]))
)
"""
_ALIKE = "hashtextextended(concat_ws('|', gate, direction, what, unit, '|' || nationality), 0)"
"""A number for what is counted: sorted in a third of the time. Should two have the same, a few too many are looked at."""
# An interval that began before the period may reach into it: one of a day at most is found by its start, a longer one by the index on its range.
_MAY_REACH = """(
    interval_start >= CAST(:opens AS timestamptz) - interval '1 day'
    OR interval_end - interval_start > interval '1 day'
        AND tstzrange(interval_start, interval_end, '[]') && tstzrange(CAST(:opens AS timestamptz), CAST(:closes AS timestamptz))
)"""
# Who begins before the one before has ended meets it. Those that begin before the period count too, as the other half of a pair.
_MEETING = f"""
WITH {_KNOWN.format(columns=f"gate, {_ALIKE} AS alike, interval_start, interval_end", began=_MAY_REACH)},
laid AS (
    SELECT alike, interval_start, interval_end, lag(interval_start) OVER before AS earlier, lead(interval_start) OVER before AS later,
        max(interval_end) OVER before AS reached
    FROM known WHERE interval_end > :opens OR interval_start >= :opens
    WINDOW before AS (PARTITION BY alike ORDER BY interval_start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT DISTINCT alike, interval_start FROM laid
WHERE interval_start < reached OR interval_start = earlier OR later < interval_end OR later = interval_start
"""
_COUNTED = "gate, direction, what, unit, nationality, source, id, n, interval_start, interval_end"
_THEM = f"""
WITH {_KNOWN.format(columns=f"{_COUNTED}, {_ALIKE} AS alike", began="interval_start >= :first")}
SELECT {_COUNTED} FROM known
WHERE (alike, interval_start) IN (SELECT * FROM unnest(CAST(:alike AS bigint[]), CAST(:starts AS timestamptz[]))) AND interval_end >= :opens
ORDER BY gate, direction, what, unit NULLS FIRST, nationality NULLS FIRST, interval_start, interval_end, source, id
"""
_LATE = f"""
WITH {_KNOWN.format(columns="gate, source, id, recorded_at", began="interval_start >= :opens")}
SELECT gate, count(DISTINCT (source, id)) FROM known WHERE recorded_at >= :closes GROUP BY gate ORDER BY gate
"""
_AHEAD = """
SELECT source, id, type, body #>> '{data,gate}' AS gate, time, received_at, occurred_start FROM event
WHERE occurred_start >= :opens AND occurred_start < :closes AND recorded_at <= :as_of
    AND (time > received_at + CAST(:ahead AS interval) OR occurred_start > time + CAST(:ahead AS interval))
    AND type IN ('vn.mocgioi.crossing.recorded.v1', 'vn.mocgioi.crossing.corrected.v1', 'vn.mocgioi.post.reported.v1')
ORDER BY source, id
"""
_WHAT = {"persons": "lượt người", "vehicles": "lượt phương tiện", "goods": "hàng hóa"}
PAIRS = 50
"""Pairs that get a check of their own; the rest are named in one."""
_PARTNERS = 20
"""Of many records over one another each is paired with so many of the others."""


def overlaps(connection: Connection, report: Report, unit: Unit) -> Iterable[Check]:
    """Pairs of records that count the same gate, direction and measure over intervals that overlap. Both are in the figures."""
    given: dict[str, Any] = {"opens": report.start, "closes": report.end, "as_of": report.as_of, "gates": list(unit.gates)}
    meeting = connection.execute(text(_MEETING), given).all()
    if not meeting:
        return
    given |= {"first": min(start for _, start in meeting), "alike": [key for key, _ in meeting], "starts": [start for _, start in meeting]}
    pairs = _pairs(connection.execute(text(_THEM), given).all(), report.start)
    yield from (_overlap(one, other) for one, other in islice(pairs, PAIRS))
    rest = list(pairs)
    if rest:
        message = f"Còn {padded(len(rest))} cặp bản ghi số liệu qua cửa khẩu trùng khoảng thời gian, đều đang được cộng"
        yield Check(code="overlapping_intervals", severity=Severity.REVIEW, message=message, subjects=tuple(_both(*pair) for pair in rest))


def gate_clocks(connection: Connection, report: Report, unit: Unit) -> Iterable[Check]:
    """Counts and notices from clocks that were ahead, or of what had not begun; counts recorded after the cut-off."""
    given = asked(report, report.span) | {"ahead": MAX_AHEAD, "gates": list(unit.gates)}
    ours, expected = set(unit.gates), set(report.coverage.expected)
    ahead = [
        row
        for row in connection.execute(text(_AHEAD), given)
        if (row.gate in ours or gate_named(row.gate) in ours if row.gate is not None else row.source.split("/")[2] in expected)
    ]
    if ahead:
        skewed = sum(1 for row in ahead if row.time > row.received_at + MAX_AHEAD)
        message = (
            f"{padded(len(ahead))} tin số liệu qua cửa khẩu và tin của đồn có giờ không hợp lý: {padded(skewed)} tin có giờ lập sau giờ nhận quá 15 phút, "
            f"{padded(len(ahead) - skewed)} tin lập trước khi khoảng được đếm bắt đầu"
        )
        yield Check(code="clock_skew", severity=Severity.REVIEW, message=message, subjects=tuple(f"{row.source} {row.id}" for row in ahead))
    late = connection.execute(text(_LATE), given).all()
    if late:
        total = sum(n for _, n in late)
        message = (
            f"{padded(total)} bản ghi số liệu qua cửa khẩu được ghi nhận hoặc đính chính sau mốc chốt kỳ "
            f"({report.end.astimezone(HANOI):%H:%M ngày %d/%m/%Y}): " + ", ".join(f"{_gate(gate)} {padded(n)}" for gate, n in late)
        )
        yield Check(code="late_events", severity=Severity.NOTE, message=message, subjects=tuple(gate for gate, _ in late))


def _pairs(rows: Sequence[Any], opens: datetime) -> Iterator[tuple[Any, Any]]:
    """Each pair of different records that overlap, at least one of them in the period. Rows are sorted; open ones are kept while they last."""
    for _, alike in groupby(rows, key=lambda row: row[:5]):
        lasting: list[Any] = []
        for row in alike:
            # What is of no length meets only what begins with it.
            lasting = [one for one in lasting if one.interval_end > row.interval_start or one.interval_start == row.interval_start]
            seen = set()
            for one in lasting[-_PARTNERS:]:
                named = one.source, one.id
                if named != (row.source, row.id) and named not in seen and row.interval_start >= opens:
                    seen.add(named)
                    yield one, row
            lasting.append(row)


def _overlap(one: Any, other: Any) -> Check:
    measure = _WHAT[one.what] + (f" ({one.unit})" if one.unit else "") + (f", quốc tịch {one.nationality}" if one.nationality else "")
    message = (
        f"Cửa khẩu {_gate(one.gate)}, chiều {one.direction}, {measure}: hai bản ghi trùng khoảng thời gian và đều đang được cộng: "
        f"{number(one.n)} ({_interval(one)}, {_teller(one.source)}) và {number(other.n)} ({_interval(other)}, {_teller(other.source)})"
    )
    return Check(
        code="overlapping_intervals",
        severity=Severity.REVIEW,
        message=message,
        subjects=(f"{one.source} {one.id}", f"{other.source} {other.id}"),
    )


def _both(one: Any, other: Any) -> str:
    return f"{one.source} {one.id} | {other.source} {other.id}"


def _interval(row: Any) -> str:
    start, end = row.interval_start.astimezone(HANOI), row.interval_end.astimezone(HANOI)
    last = f"{end:%H:%M}" if end - start < timedelta(days=1) and end.date() == start.date() else f"{end:%H:%M %d/%m/%Y}"
    return f"{start:%H:%M %d/%m/%Y} - {last}"


def _teller(source: str) -> str:
    _, kind, slug, *_ = source.split("/")
    return f"đồn {post_name(slug)}" if kind == "posts" else slug


def _gate(slug: str) -> str:
    return gates()[slug].label if slug in gates() else slug

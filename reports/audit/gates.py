"""What passed the gates, looked at for double counts and clocks: overlapping intervals, counts minted before they began, counts that came late."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, text

from border.gates import gate_named
from border.vietnam import HANOI
from reports.audit.naming import gate_name, moment, source_name
from reports.audit.posts import parameters_of
from reports.model import Check, Report, Severity
from reports.units import Unit
from schemas.validation import MAX_AHEAD
from texts.wording import number, padded

_HELD = """
counted AS (
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
# Intervals overlap where they are longer together than what they cover. One of no length is taken for a microsecond: it meets what begins with it.
_END = "greatest(interval_end, interval_start + interval '1 microsecond')"
_CROWDED = f"""
WITH {_HELD.format(columns=f"{_ALIKE} AS alike, interval_start, {_END} AS ends", began=_MAY_REACH)},
laid AS (SELECT alike, sum(ends - interval_start) AS length, range_agg(tstzrange(interval_start, ends)) AS covered FROM counted GROUP BY alike)
SELECT alike FROM laid WHERE length > (SELECT sum(upper(span) - lower(span)) FROM unnest(covered) AS span)
"""
"""What is counted twice somewhere: one pass and no sorting by the database, since nearly always there is none."""
_COUNTED = "gate, direction, what, unit, nationality, source, id, n, interval_start, interval_end"
# What begins before an earlier one has ended meets it. Those that begin before the period count too, as the other half of a pair.
_MEETING = f"""
WITH {_HELD.format(columns=f"{_COUNTED}, {_ALIKE} AS alike", began=_MAY_REACH)},
laid AS (
    SELECT {_COUNTED}, lag(interval_start) OVER before AS earlier, lead(interval_start) OVER before AS later, max(interval_end) OVER before AS reached
    FROM counted WHERE alike = ANY(CAST(:alike AS bigint[])) AND (interval_end > :opens OR interval_start >= :opens)
    WINDOW before AS (PARTITION BY alike ORDER BY interval_start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT {_COUNTED} FROM laid WHERE interval_start < reached OR interval_start = earlier OR later < interval_end OR later = interval_start
ORDER BY gate, direction, what, unit NULLS FIRST, nationality NULLS FIRST, interval_start, interval_end, source, id
"""
_LATE = f"""
WITH {_HELD.format(columns="gate, source, id, recorded_at", began="interval_start >= :opens")}
SELECT gate, count(DISTINCT (source, id)) FROM counted WHERE recorded_at >= :closes GROUP BY gate ORDER BY gate
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
    parameters: dict[str, Any] = {"opens": report.start, "closes": report.end, "as_of": report.as_of, "gates": list(unit.gates)}
    crowded = connection.execute(text(_CROWDED), parameters).scalars().all()
    if not crowded:
        return
    pairs = _pairs(connection.execute(text(_MEETING), parameters | {"alike": crowded}), report.start)
    yield from (_overlap(*pair) for pair in islice(pairs, PAIRS))
    rest = list(pairs)
    if rest:
        message = f"Còn {padded(len(rest))} cặp bản ghi số liệu qua cửa khẩu trùng khoảng thời gian, đều đang được cộng"
        yield Check(code="overlapping_intervals", severity=Severity.REVIEW, message=message, subjects=tuple(_both(*pair) for pair in rest))


def gate_clocks(connection: Connection, report: Report, unit: Unit) -> Iterable[Check]:
    """Counts and notices from clocks that were ahead, or of what had not begun; counts recorded after the cut-off."""
    parameters = parameters_of(report, report.span) | {"ahead": MAX_AHEAD, "gates": list(unit.gates)}
    ours, expected = set(unit.gates), set(report.coverage.expected)
    ahead = [
        row
        for row in connection.execute(text(_AHEAD), parameters)
        if (row.gate in ours or gate_named(row.gate) in ours if row.gate is not None else row.source.split("/")[2] in expected)
    ]
    if ahead:
        skewed = sum(1 for row in ahead if row.time > row.received_at + MAX_AHEAD)
        message = (
            f"{padded(len(ahead))} tin số liệu qua cửa khẩu và tin của đồn có giờ không hợp lý: {padded(skewed)} tin có giờ lập sau giờ nhận quá 15 phút, "
            f"{padded(len(ahead) - skewed)} tin lập trước khi khoảng được đếm bắt đầu"
        )
        yield Check(code="clock_skew", severity=Severity.REVIEW, message=message, subjects=tuple(f"{row.source} {row.id}" for row in ahead))
    late = connection.execute(text(_LATE), parameters).all()
    if late:
        total = sum(n for _, n in late)
        message = (
            f"{padded(total)} bản ghi số liệu qua cửa khẩu được ghi nhận hoặc đính chính sau mốc chốt kỳ "
            f"({report.end.astimezone(HANOI):%H:%M ngày %d/%m/%Y}): " + ", ".join(f"{gate_name(gate)} {padded(n)}" for gate, n in late)
        )
        yield Check(code="late_events", severity=Severity.NOTE, message=message, subjects=tuple(gate for gate, _ in late))


def _pairs(rows: Iterable[Any], opens: datetime) -> Iterator[tuple[Any, Any]]:
    """Each pair of different records that overlap, at least one of them in the period. Rows are sorted; open ones are kept while they last."""
    for _, alike in groupby(rows, key=lambda row: row[:5]):
        lasting: list[Any] = []
        for row in alike:
            # What is of no length meets only what begins with it.
            lasting = [
                earlier for earlier in lasting if earlier.interval_end > row.interval_start or earlier.interval_start == row.interval_start
            ]
            paired = {(row.source, row.id)}
            for earlier in lasting[-_PARTNERS:]:
                key = earlier.source, earlier.id
                if key not in paired and row.interval_start >= opens:
                    paired.add(key)
                    yield earlier, row
            lasting.append(row)


def _overlap(first: Any, second: Any) -> Check:
    measure = (
        _WHAT[first.what] + (f" ({first.unit})" if first.unit else "") + (f", quốc tịch {first.nationality}" if first.nationality else "")
    )
    message = (
        f"Cửa khẩu {gate_name(first.gate)}, chiều {first.direction}, {measure}: hai bản ghi trùng khoảng thời gian và đều đang được cộng: "
        f"{number(first.n)} ({_interval(first)}, {source_name(first.source)}) và {number(second.n)} ({_interval(second)}, {source_name(second.source)})"
    )
    return Check(
        code="overlapping_intervals",
        severity=Severity.REVIEW,
        message=message,
        subjects=(f"{first.source} {first.id}", f"{second.source} {second.id}"),
    )


def _both(first: Any, second: Any) -> str:
    return f"{first.source} {first.id} | {second.source} {second.id}"


def _interval(row: Any) -> str:
    start, end = row.interval_start.astimezone(HANOI), row.interval_end.astimezone(HANOI)
    last = f"{end:%H:%M}" if end - start < timedelta(days=1) and end.date() == start.date() else f"{end:%H:%M %d/%m/%Y}"
    return f"{moment(start)} - {last}"

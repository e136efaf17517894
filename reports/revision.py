"""What moved between the version of a report that was issued and the record of today: the annex "số liệu điều chỉnh so với báo cáo trước"."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from reports.figures.crossing import asked_of
from reports.model import Figure, Moved, Report, Subtotal

_SINCE = """
SELECT source || ' ' || id FROM event WHERE recorded_at > :before AND recorded_at <= :after
    AND type LIKE 'vn.mocgioi.incident.%' AND subject = ANY(CAST(:subjects AS text[])) ORDER BY recorded_at, source COLLATE "C", id COLLATE "C"
"""
_POSTS_SINCE = """
SELECT source || ' ' || id FROM event WHERE recorded_at > :before AND recorded_at <= :after AND occurred_start >= :opens AND occurred_start < :closes
    AND source LIKE '/posts/%' AND split_part(source, '/', 3) = ANY(CAST(:subjects AS text[])) ORDER BY recorded_at, source COLLATE "C", id COLLATE "C"
"""
_COUNTED = """
    status = 'actual' AND interval_start >= :opens AND interval_start < :closes AND gate || ' ' || direction = ANY(CAST(:subjects AS text[]))
    AND what = :what AND (CAST(:measure_unit AS text) IS NULL OR coalesce(unit, 'none') = :measure_unit)
"""
# What counts since, and what took the place of what counted: a correction may have moved a count to another gate or period, or to none.
_CROSSINGS_SINCE = f"""
WITH said AS (
    SELECT source, id, stated_source, stated_id, recorded_at FROM crossing_state
        WHERE {_COUNTED} AND recorded_at > :before AND recorded_at <= :after
    UNION ALL
    SELECT source, id, instead.stated_source, instead.stated_id, superseded_at FROM crossing_state AS gone CROSS JOIN LATERAL (
        SELECT DISTINCT stated_source, stated_id FROM crossing_state AS later
            WHERE later.source = gone.source AND later.id = gone.id AND later.recorded_at = gone.superseded_at
    ) AS instead WHERE {_COUNTED} AND superseded_at > :before AND superseded_at <= :after
),
named AS (SELECT source, id FROM said UNION SELECT stated_source, stated_id FROM said)
SELECT source || ' ' || id FROM named JOIN event USING (source, id) WHERE recorded_at > :before AND recorded_at <= :after
ORDER BY recorded_at, source COLLATE "C", id COLLATE "C"
"""
_OF_A_MOMENT = "open."
"""What is open is of a moment: it is no figure that was adjusted."""
_ALL_INCIDENTS = "incident.total"
_AS_MANY = 50
"""Events named of one figure; the rest are counted."""


def moved(connection: Connection, before: Report, after: Report) -> tuple[Moved, ...]:
    """Every figure that counts something else than in the version before, with what came, went or changed, and the events that did it.

    An incident that is told otherwise, though every figure stays, is said of the figure that counts them all. Of a figure that is, or was,
    suppressed neither incidents nor events are named: they would tell what it hides.
    """
    rows_before = {row.subject: row for row in before.rows}
    again = [(row, rows_before[row.subject]) for row in after.rows if row.subject in rows_before]
    changed = {row.subject for row, then in again if row.version != then.version}
    changed_rows = {row.subject for row, then in again if row.content != then.content}
    earlier = {figure.id: figure for figure in before.figures}
    later = {figure.id: figure for figure in after.figures}
    found = []
    for figure_id in dict.fromkeys((*later, *earlier)):
        old, new = earlier.get(figure_id), later.get(figure_id)
        if _told(old) != _told(new) and not figure_id.startswith(_OF_A_MOMENT):
            found.append(_moved(figure_id, old, new, changed))
        elif figure_id == _ALL_INCIDENTS and changed_rows:
            found.append(_moved(figure_id, old, new, changed_rows))
    return tuple(_with_events(connection, before, after, one) for one in found)


def _told(figure: Figure | None) -> tuple[object, ...]:
    """What a figure says; one nobody is in says the same as none."""
    return (0, ()) if figure is None else (figure.value, figure.subjects)


def _moved(figure_id: str, old: Figure | None, new: Figure | None, again: set[str]) -> Moved:
    values = {"before": 0 if old is None else old.value, "after": 0 if new is None else new.value}
    if None in values.values():
        return Moved(figure=figure_id, **values)
    was, now = _subjects(old), _subjects(new)
    return Moved(
        figure=figure_id,
        **values,
        added=tuple(sorted(now.keys() - was.keys())),
        removed=tuple(sorted(was.keys() - now.keys())),
        changed=tuple(sorted(key for key in now.keys() & was.keys() if now[key] != was[key] or key in again)),
    )


def _subjects(figure: Figure | None) -> dict[str, object]:
    """What a figure counts; of a crossing figure each gate and direction with its sum and rows."""
    if figure is None:
        return {}
    return {
        f"{one.gate} {one.direction}" if isinstance(one, Subtotal) else one: one if isinstance(one, Subtotal) else 0
        for one in figure.subjects
    }


def _with_events(connection: Connection, before: Report, after: Report, one: Moved) -> Moved:
    named = sorted({*one.added, *one.removed, *one.changed})
    if not named:
        return one
    given = {"before": before.as_of, "after": after.as_of, "subjects": named, "opens": after.start, "closes": after.end}
    if one.figure.startswith("crossing."):
        events = _asked(connection, _CROSSINGS_SINCE, given | asked_of(one.figure))
    elif one.figure.startswith("posts."):
        # Posts are expected that reported in the year before, too.
        events = _asked(connection, _POSTS_SINCE, given | ({"opens": after.span.before.start} if one.figure == "posts.expected" else {}))
    else:
        events = _asked(connection, _SINCE, given)
    more = (f"… và {len(events) - _AS_MANY} sự kiện khác",) if len(events) > _AS_MANY else ()
    return one.model_copy(update={"events": (*events[:_AS_MANY], *more)})


def _asked(connection: Connection, query: str, given: dict[str, Any]) -> Sequence[str]:
    return connection.execute(text(query), given).scalars().all()

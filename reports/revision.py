"""What moved between the version of a report that was issued and the record of today: the annex "số liệu điều chỉnh so với báo cáo trước"."""

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
WITH stated AS (
    SELECT source, id, stated_source, stated_id, recorded_at FROM crossing_state
        WHERE {_COUNTED} AND recorded_at > :before AND recorded_at <= :after
    UNION ALL
    SELECT source, id, instead.stated_source, instead.stated_id, superseded_at FROM crossing_state AS gone CROSS JOIN LATERAL (
        SELECT DISTINCT stated_source, stated_id FROM crossing_state AS later
            WHERE later.source = gone.source AND later.id = gone.id AND later.recorded_at = gone.superseded_at
    ) AS instead WHERE {_COUNTED} AND superseded_at > :before AND superseded_at <= :after
),
named AS (SELECT source, id FROM stated UNION SELECT stated_source, stated_id FROM stated)
SELECT source || ' ' || id FROM named JOIN event USING (source, id) WHERE recorded_at > :before AND recorded_at <= :after
ORDER BY recorded_at, source COLLATE "C", id COLLATE "C"
"""
_OF_A_MOMENT = "open."
"""Open matters are those of a moment, so they are never adjusted."""
_ALL_INCIDENTS = "incident.total"
_AS_MANY = 50
"""Events named of one figure; the rest are counted."""


def moved(connection: Connection, before: Report, after: Report) -> tuple[Moved, ...]:
    """Every figure that counts something else than in the version before, with what came, went or changed, and the events that did it.

    An incident that changed while every figure stayed stands under the figure that counts all incidents. A figure that is, or was, suppressed
    names neither incidents nor events: the hidden number could be worked out from them.
    """
    rows_before = {row.subject: row for row in before.rows}
    again = [(row, rows_before[row.subject]) for row in after.rows if row.subject in rows_before]
    changed = {row.subject for row, then in again if row.version != then.version}
    changed_rows = {row.subject for row, then in again if row.content != then.content}
    earlier = {figure.id: figure for figure in before.figures}
    later = {figure.id: figure for figure in after.figures}
    moves = []
    for figure_id in dict.fromkeys((*later, *earlier)):
        old, new = earlier.get(figure_id), later.get(figure_id)
        if _content(old) != _content(new) and not figure_id.startswith(_OF_A_MOMENT):
            moves.append(_moved(figure_id, old, new, changed))
        elif figure_id == _ALL_INCIDENTS and changed_rows:
            moves.append(_moved(figure_id, old, new, changed_rows))
    return tuple(_with_events(connection, before, after, move) for move in moves)


def _content(figure: Figure | None) -> tuple[object, ...]:
    """What a figure counts; an absent figure counts as nothing."""
    return (0, ()) if figure is None else (figure.value, figure.subjects)


def _moved(figure_id: str, old: Figure | None, new: Figure | None, changed: set[str]) -> Moved:
    values = {"before": 0 if old is None else old.value, "after": 0 if new is None else new.value}
    if any(figure is not None and figure.value is None and not figure.unheard for figure in (old, new)):
        return Moved(figure=figure_id, **values)
    was, now = _subjects(old), _subjects(new)
    return Moved(
        figure=figure_id,
        **values,
        added=tuple(sorted(now.keys() - was.keys())),
        removed=tuple(sorted(was.keys() - now.keys())),
        changed=tuple(sorted(key for key in now.keys() & was.keys() if now[key] != was[key] or key in changed)),
    )


def _subjects(figure: Figure | None) -> dict[str, object]:
    """What a figure counts; of a crossing figure each gate and direction with its sum and rows."""
    subjects = () if figure is None else figure.subjects
    return {f"{part.gate} {part.direction}" if isinstance(part, Subtotal) else part: part for part in subjects}


def _with_events(connection: Connection, before: Report, after: Report, move: Moved) -> Moved:
    named = sorted({*move.added, *move.removed, *move.changed})
    if not named:
        return move
    given = {"before": before.as_of, "after": after.as_of, "subjects": named, "opens": after.start, "closes": after.end}
    query = _SINCE
    if move.figure.startswith("crossing."):
        query, given = _CROSSINGS_SINCE, given | asked_of(move.figure)
    elif move.figure.startswith("posts."):
        # Posts are expected that reported in the year before, too.
        query, opens = _POSTS_SINCE, after.span.before.start if move.figure == "posts.expected" else after.start
        given |= {"opens": opens}
    events = connection.execute(text(query), given).scalars().all()
    more = (f"… và {len(events) - _AS_MANY} sự kiện khác",) if len(events) > _AS_MANY else ()
    return move.model_copy(update={"events": (*events[:_AS_MANY], *more)})

"""What moved between the version of a report that was issued and the record of today: the annex "số liệu điều chỉnh so với báo cáo trước"."""

from sqlalchemy import Connection, text

from reports.model import Figure, Moved, Report, Subtotal

_SINCE = """
SELECT subject, source || ' ' || id FROM event WHERE recorded_at > :before AND recorded_at <= :after
    AND subject = ANY(CAST(:subjects AS text[])) ORDER BY recorded_at, source, id
"""
# A gate's events of a year are many: only those whose interval lies in the period can have moved it.
_CROSSINGS_SINCE = """
SELECT subject, source || ' ' || id FROM event WHERE recorded_at > :before AND recorded_at <= :after
    AND subject = ANY(CAST(:subjects AS text[])) AND occurred_start >= :opens AND occurred_start < :closes ORDER BY recorded_at, source, id
"""
_AS_MANY = 50
"""Events named of one figure; the rest are counted."""


def moved(connection: Connection, before: Report, after: Report) -> tuple[Moved, ...]:
    """Every figure that counts something else than in the version before, with what came, went or changed, and the events that did it."""
    versions_before = {row.subject: row.version for row in before.rows}
    versions_after = {row.subject: row.version for row in after.rows}
    again = {subject for subject, version in versions_after.items() if versions_before.get(subject, version) != version}
    earlier = {figure.id: figure for figure in before.figures}
    later = {figure.id: figure for figure in after.figures}
    found = []
    for figure_id in dict.fromkeys((*later, *earlier)):
        old, new = earlier.get(figure_id), later.get(figure_id)
        if _told(old) != _told(new):
            found.append(_moved(figure_id, old, new, again))
    return tuple(_with_events(connection, before, after, one) for one in found)


def _told(figure: Figure | None) -> tuple[object, ...]:
    """What a figure says; one nobody is in says the same as none."""
    return (0, ()) if figure is None else (figure.value, figure.subjects)


def _moved(figure_id: str, old: Figure | None, new: Figure | None, again: set[str]) -> Moved:
    was, now = _subjects(old), _subjects(new)
    return Moved(
        figure=figure_id,
        before=0 if old is None else old.value,
        after=0 if new is None else new.value,
        added=tuple(sorted(now.keys() - was.keys())),
        removed=tuple(sorted(was.keys() - now.keys())),
        changed=tuple(sorted(key for key in now.keys() & was.keys() if now[key] != was[key] or key in again)),
    )


def _subjects(figure: Figure | None) -> dict[str, float]:
    """What a figure counts; of a crossing figure each gate and direction with its sum."""
    if figure is None:
        return {}
    return {
        f"{one.gate} {one.direction}" if isinstance(one, Subtotal) else one: one.n if isinstance(one, Subtotal) else 0
        for one in figure.subjects
    }


def _with_events(connection: Connection, before: Report, after: Report, one: Moved) -> Moved:
    crossing = one.figure.startswith("crossing.")
    named = {subject.split(" ")[0] if crossing else subject for subject in (*one.added, *one.removed, *one.changed)}
    given = {"before": before.as_of, "after": after.as_of, "subjects": sorted(named)}
    if crossing:
        given |= {"opens": after.start, "closes": after.end}
    events = [event for _, event in connection.execute(text(_CROSSINGS_SINCE if crossing else _SINCE), given)]
    more = (f"… và {len(events) - _AS_MANY} sự kiện khác",) if len(events) > _AS_MANY else ()
    return one.model_copy(update={"events": (*events[:_AS_MANY], *more)})

"""The incidents that alerts may be about now, read from the record: few, however long the record is."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, Connection, Text, cast, exists, func, literal, or_, select, union

from duty.planning import Candidate, PlanConfig
from sinks.postgres.tables import attention, duty_state, event, incident

_A_DAY = timedelta(days=1)
_OF_INCIDENTS = "vn.mocgioi.incident.%"
_REPORT = "vn.mocgioi.incident.reported.v1"
_COLUMNS = {"alert_class": "class"}


def candidates(connection: Connection, now: datetime, config: PlanConfig, standing: Collection[str]) -> list[Candidate]:
    """What `duty.planning.plan` chooses from. `standing`: the incidents whose alerts have begun."""
    known_at = func.coalesce(incident.c.known_at, incident.c.occurred_start)
    report = event.alias("report")
    of_news = exists().where(
        report.c.subject == incident.c.subject,
        report.c.type == _REPORT,
        or_(known_at.is_(None), report.c.received_at <= known_at + config.known),
    )
    heard_of = select(event.c.subject).where(
        event.c.subject == incident.c.subject,
        event.c.type.like(_OF_INCIDENTS),
        event.c.received_at >= now - config.wake - _A_DAY,
        of_news,
    )
    overdue = select(duty_state.c.subject).where(duty_state.c.due.between(now - config.wake, now))
    begun = select(func.unnest(cast(literal(list(standing)), ARRAY(Text))))
    acted_at = (
        select(func.max(event.c.time))
        .where(event.c.subject == attention.c.subject, event.c.type.like("vn.mocgioi.duty.%"), event.c.source.like("/offices/%"))
        .scalar_subquery()
    )
    *columns, _ = Candidate._fields
    query = select(*(attention.c[_COLUMNS.get(name, name)] for name in columns), acted_at)
    rows = connection.execute(query.where(attention.c.subject.in_(union(heard_of, overdue, begun))))
    return list(map(Candidate._make, rows))

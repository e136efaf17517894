"""What officers did with issued reports, in the record. One report is acted on by one at a time, whoever issues it or acts on it."""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, insert, select, text

from agreement.figures import ALL, NO_UNIT
from agreement.periods import Period
from reports.issued import newest
from reports.levels import Act, LevelAct, Officer, State, Verb, decide, state_of
from reports.units import Unit
from schemas.failures import Failure
from sinks.postgres.clock import stamped
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.tables import report_act

Version = tuple[str, str, str, int]
"""Unit, regime, period, version."""
_KEY = (report_act.c.unit, report_act.c.regime, report_act.c.period, report_act.c.version)


class NotIssued(Failure):
    """There is no issued version to act on."""

    code = "not_found"


class Acted(NamedTuple):
    """What was done, with which version, and where it stands now."""

    version: int
    act: Act
    state: State


def alone(connection: Connection, key: str) -> None:
    """Wait until no other transaction holds this key, and hold it until the end of this one."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def report_key(unit: Unit, period: Period) -> str:
    """What is held while a report is issued or acted on."""
    return f"{unit.code}/{period.regime}/{period.id}"


def act(engine: Engine, unit: Unit, period: Period, verb: Verb, officer: Officer, reason: str | None) -> Acted:
    """Do it with the newest version. Raises `NotIssued`, `NotAllowed`, `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        alone(connection, report_key(unit, period))
        issued = newest(connection, unit, period)
        if issued is None:
            raise NotIssued(f"{unit.name}, {period.name}: chưa phát hành · not issued, see `mocgioi report issued`")
        version = issued.report.version or 0
        done = acts_of(connection, unit, period, version)
        decided = decide(verb, done, officer, reason, is_on_top=unit.code in (ALL, NO_UNIT))
        row = LevelAct(decided, officer.login, officer.office, reason, stamped(connection))
        key = {"unit": unit.code, "regime": period.regime, "period": period.id, "version": version}
        connection.execute(insert(report_act).values(**key, **row._asdict()))
        return Acted(version, decided, state_of((*done, row)))


def acts_of(connection: Connection, unit: Unit, period: Period, version: int) -> tuple[LevelAct, ...]:
    """What was done with a version, in order."""
    key = (unit.code, period.regime.value, period.id, version)
    return every_act(connection, *(column == value for column, value in zip(_KEY, key, strict=True))).get(key, ())


def every_act(connection: Connection, *where: ColumnElement[bool]) -> dict[Version, tuple[LevelAct, ...]]:
    """What was done with each version that anybody acted on, in order."""
    acts: defaultdict[Version, tuple[LevelAct, ...]] = defaultdict(tuple)
    for row in connection.execute(select(report_act).where(*where).order_by(report_act.c.number)):
        acts[(row.unit, row.regime, row.period, row.version)] += (LevelAct(Act(row.act), row.by, row.by_office, row.reason, row.at),)
    return dict(acts)

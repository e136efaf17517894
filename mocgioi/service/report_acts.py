"""What officers do with issued reports, as users of the centre. What is refused leaves a row in the audit, as with incidents."""

from datetime import datetime

from agreement.periods import Period
from border.vietnam import HANOI
from duty import users
from duty.users import NoSuchUser, User
from mocgioi.service.database import record_engine
from mocgioi.service.settings import Settings
from reports.acts import Acted, act
from reports.levels import NotAllowed, Officer, Side, Verb
from reports.units import Unit
from sinks.postgres.engine import Engine
from sinks.record.audit import AuditEntry, append, typed


def act_as(settings: Settings, login: str, verb: Verb, unit: Unit, period: Period, reason: str | None) -> Acted:
    """Do it as the user of a login. Raises `NoSuchUser`, `NotIssued`, `NotAllowed`, `Unavailable`."""
    with record_engine(settings) as engine:
        try:
            return act(engine, unit, period, verb, _officer(engine, login, unit), reason)
        except (NoSuchUser, NotAllowed) as refusal:
            about = f"{unit.code}/{period.regime}/{period.id}"
            append(engine, [AuditEntry(datetime.now(HANOI), typed(login), refusal.code, about, f"report.{verb}")])
            raise


def _officer(engine: Engine, login: str, unit: Unit) -> Officer:
    user = users.user(engine, login)
    if user is None:
        raise NoSuchUser(login)
    if not user.may_act:
        raise NotAllowed("out_of_scope", f"{login}: chỉ được xem · may only look, not act")
    return Officer(login, user.office, side_of(user, unit))


def side_of(user: User, unit: Unit) -> Side | None:
    """On which side of a unit's reports a user stands: the whole line's office is above the provinces, and reports on the line itself."""
    if unit.provinces is None:
        return Side.OWN if user.province is None else None
    if user.province is None:
        return Side.ABOVE
    return Side.OWN if user.sees(unit.code) else None

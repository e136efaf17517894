"""Users of the centre: whoever watches, acts and administers, each with an office in whose name their acts are recorded.

A login is a name of this system and no person's name. Passwords are kept as argon2id hashes and compared in NFC, since keyboards differ in how
they compose Vietnamese letters.
"""

import functools
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import ColumnElement, Engine, Row, Update, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from border.offices import office_of, offices
from border.provinces import Province, province_on
from border.vietnam import HANOI
from schemas.failures import Failure
from schemas.problems import nearest
from sinks.postgres.clock import stamped
from sinks.postgres.engine import all_rows, away_is_unavailable
from sinks.postgres.tables import duty_user, officer
from sinks.record.audit import AuditEntry, append

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
LEAST_PASSWORD, LONGEST_PASSWORD = 10, 200
_LOGIN = re.compile(r"[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?")
_WHOLE_LINE = "uy-ban-bien-gioi"
UNKNOWN = "?"
"""The actor, in the audit, of who is no user."""
_hasher = PasswordHasher()


class Role(StrEnum):
    """What a user may do."""

    VIEWER = "viewer"
    DUTY = "duty"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """Who watches, and acts in the name of an office."""

    login: str
    role: Role
    province: Province | None
    """The province whose incidents the user sees. None: the whole line."""
    office: str
    """The slug of the office that the user acts for."""

    @property
    def may_act(self) -> bool:
        """Whether the user may do more than look."""
        return self.role is not Role.VIEWER

    def sees(self, province: str | None) -> bool:
        """Whether the user sees incidents of a province, as `sinks.postgres.scope` shows them: a merged one's are its successor's."""
        if self.province is None or province is None:
            return self.province is None
        return province_on(Province(province), (today := _today())) is province_on(self.province, today)


@dataclass(frozen=True, slots=True)
class Account:
    """A user, disabled or not, as an administrator sees it."""

    user: User
    created_at: datetime
    disabled_at: datetime | None
    locked_until: datetime | None


class LoginRefused(Failure):
    """Login and password let nobody in. The sentence is the same whatever the reason, so that it tells nobody which logins there are."""

    code = "login_refused"

    def __init__(self) -> None:
        super().__init__(
            f"Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đã bị khóa (sai {MOST_FAILURES} lần thì khóa "
            f"{LOCKED_FOR.seconds // 60} phút) · wrong login or password, or the account is locked"
        )


class NoSuchUser(Failure):
    """No user in use has this login."""

    code = "not_found"

    def __init__(self, login: str) -> None:
        super().__init__(f"{login}: không có người dùng này, hoặc đã bị khóa · no such user, or disabled: mocgioi users list")


class UserExists(Failure):
    """The login is taken, by a disabled user perhaps: an act in the record names its user for ever."""

    code = "exists"


class BadUser(Failure):
    """A user cannot be as described. Names the field and what it needs."""

    code = "value"


def authenticate(engine: Engine, login: str, password: str, now: datetime) -> User:
    """The user with this login and password. Raises `LoginRefused` and `Unavailable`.

    An unknown login takes as long as a wrong password. However many guesses arrive at once, no more than `MOST_FAILURES` are answered: a right
    password counts only where the account is still open when its row is written.
    """
    row, nobodys_hash = _row(engine, login), _nobodys_hash()
    is_right = _is_password(nobodys_hash if row is None else row.password_hash, password)
    if row is not None and is_right and _enter(engine, row, now):
        return _user(row)
    if row is not None:
        _count_failure(engine, login, now)
    # What was typed as a login that does not exist may be a password.
    append(engine, [AuditEntry(now, UNKNOWN if row is None else login, LoginRefused.code)])
    raise LoginRefused


def user(engine: Engine, login: str) -> User | None:
    """The user with this login; None where there is none, or it is disabled. Raises `Unavailable`."""
    rows = all_rows(engine, select(officer).where(officer.c.login == login)) if _LOGIN.fullmatch(login) else ()
    return _user(rows[0]) if rows else None


def users(engine: Engine) -> list[Account]:
    """All users there ever were, by login. Raises `Unavailable`."""
    rows = all_rows(engine, select(duty_user).order_by(duty_user.c.login))
    return [Account(_user(row), row.created_at, row.disabled_at, row.locked_until) for row in rows]


def add(engine: Engine, login: str, role: Role, password: str, *, province: Province | None = None, office: str | None = None) -> User:
    """Add a user, whose office is the province's department of foreign affairs, or the national commission, unless one is named.

    Raises `BadUser`, `UserExists`, `Unavailable`.
    """
    if not _LOGIN.fullmatch(login):
        raise BadUser(f"login {login[:64]!r}: cần chữ thường không dấu, số, dấu . _ - · needs lower-case letters, digits and . _ -")
    new = User(login, role, province, _office(office, province, _today()))
    row = {"login": login, "role": role, "province": province, "office": new.office, "password_hash": _hashed(password), "failures": 0}
    with away_is_unavailable(), engine.begin() as connection:
        statement = insert(duty_user).values(row | {"created_at": stamped(connection)}).on_conflict_do_nothing()
        if connection.execute(statement.returning(duty_user.c.login)).first() is None:
            raise UserExists(f"{login}: đã có người dùng tên này, có thể đã bị khóa · the login is taken, perhaps by a disabled user")
    return new


def set_password(engine: Engine, login: str, password: str) -> None:
    """Give a user another password, and open an account that failures had locked. Raises `BadUser`, `NoSuchUser`, `Unavailable`."""
    _change(engine, login, password_hash=_hashed(password), failures=0, locked_until=None)


def disable(engine: Engine, login: str) -> None:
    """Let a user in no more. Raises `NoSuchUser` and `Unavailable`."""
    _change(engine, login, disabled_at=func.record_now())


def _change(engine: Engine, login: str, **values: Any) -> None:
    in_use = update(duty_user).where(duty_user.c.login == login, duty_user.c.disabled_at.is_(None))
    if not _changes(engine, in_use.values(values)):
        raise NoSuchUser(login)


def _row(engine: Engine, login: str) -> Row[Any] | None:
    rows = all_rows(engine, select(duty_user).where(duty_user.c.login == login)) if _LOGIN.fullmatch(login) else ()
    return rows[0] if rows else None


def _user(row: Row[Any]) -> User:
    return User(row.login, Role(row.role), _province(row), row.office)


def _province(row: Row[Any]) -> Province | None:
    return None if row.province is None else Province(row.province)


def _today() -> date:
    return datetime.now(HANOI).date()


def _is_open(now: datetime) -> ColumnElement[bool]:
    return or_(duty_user.c.locked_until.is_(None), duty_user.c.locked_until <= now)


def _enter(engine: Engine, row: Row[Any], now: datetime) -> bool:
    """Forget the failures of an account that is open and whose password is still the one that was compared. False where it is not."""
    columns = duty_user.c
    same = update(duty_user).where(columns.login == row.login, columns.password_hash == row.password_hash, columns.disabled_at.is_(None))
    return _changes(engine, same.where(_is_open(now)).values(failures=0, locked_until=None))


def _count_failure(engine: Engine, login: str, now: datetime) -> None:
    """Count a failure of an account that is open, and lock it at the last one allowed."""
    failures = duty_user.c.failures + 1
    is_last = failures >= MOST_FAILURES
    counted = {"failures": case((is_last, 0), else_=failures), "locked_until": case((is_last, now + LOCKED_FOR), else_=None)}
    _changes(engine, update(duty_user).where(duty_user.c.login == login, _is_open(now)).values(counted))


def _changes(engine: Engine, statement: Update) -> bool:
    """Run an update; whether it changed a row."""
    with away_is_unavailable(), engine.begin() as connection:
        return connection.execute(statement).rowcount > 0


def _office(slug: str | None, province: Province | None, on: date) -> str:
    """The office of a user of a province. Raises `BadUser` for one that the register does not have on that day, or of another province."""
    chosen = slug or (_WHOLE_LINE if province is None else f"so-ngoai-vu-{province}")
    office = office_of(f"/offices/{chosen}", on)
    if office is None:
        in_force = [each.slug for each in offices().values() if each.valid.holds(on)]
        raise BadUser(f"office {chosen!r}: không có trong danh bạ hôm nay · not in the register today{nearest(chosen, in_force)}")
    if office.province not in (None, province):
        raise BadUser(f"office {chosen}: của tỉnh khác, cần · is of another province, needs --province {office.province}")
    return office.slug


def _hashed(password: str) -> str:
    composed = unicodedata.normalize("NFC", password)
    if not LEAST_PASSWORD <= len(composed) <= LONGEST_PASSWORD:
        raise BadUser(
            f"password: cần từ {LEAST_PASSWORD} đến {LONGEST_PASSWORD} ký tự · needs {LEAST_PASSWORD} to {LONGEST_PASSWORD} characters"
        )
    return _hasher.hash(_bytes(composed))


def _is_password(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, _bytes(unicodedata.normalize("NFC", password)[:LONGEST_PASSWORD]))
    except VerifyMismatchError:
        return False


def _bytes(composed: str) -> bytes:
    return composed.encode("utf-8", "surrogatepass")  # what a browser sends may be no text at all


@functools.cache
def _nobodys_hash() -> str:
    """The hash that a password for an unknown login is compared with."""
    return _hasher.hash(secrets.token_urlsafe())

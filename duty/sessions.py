"""Sessions of users in a browser: a random token, of which the record holds the SHA-256 only, and a CSRF token for its forms.

A session ends after `LONGEST`, and after `IDLE` without a page of it open: a page that shows the list live keeps its session.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Engine, insert, select, update

from duty.users import User, user
from sinks.postgres.engine import all_rows, away_is_unavailable
from sinks.postgres.tables import duty_session

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=1)
_NOTED = timedelta(minutes=1)
"""A session in use is noted as seen at most so often: reading a page shall not write each time."""


def open_session(engine: Engine, user: User, now: datetime) -> tuple[str, str]:
    """A new session: its token, and the CSRF token of its forms. Raises `Unavailable`."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    row = {"token_sha256": _digest(token), "login": user.login, "csrf": csrf}
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(insert(duty_session).values(**row, created_at=now, seen_at=now, expires_at=now + LONGEST))
    return token, csrf


def session_of(engine: Engine, token: str, now: datetime) -> tuple[User, str] | None:
    """Whose session it is as that user is now, and its CSRF token. None where it has ended, or the user is disabled. Raises `Unavailable`."""
    of_token = duty_session.c.token_sha256 == _digest(token)
    columns = duty_session.c
    standing = (of_token, columns.expires_at > now, columns.seen_at > now - IDLE)
    rows = all_rows(engine, select(columns.login, columns.csrf, columns.seen_at).where(*standing))
    if not rows or (whose := user(engine, rows[0].login)) is None:
        return None
    if rows[0].seen_at < now - _NOTED:
        with away_is_unavailable(), engine.begin() as connection:
            connection.execute(update(duty_session).where(of_token).values(seen_at=now))
    return whose, rows[0].csrf


def close_session(engine: Engine, token: str, now: datetime) -> None:
    """End a session. Raises `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(update(duty_session).where(duty_session.c.token_sha256 == _digest(token)).values(expires_at=now))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

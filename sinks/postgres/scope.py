"""What an officer may see: the database itself shows only the incidents of the officer's province."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from border.provinces import Province, province_on
from border.vietnam import HANOI
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.roles import DUTY


@contextmanager
def scoped(engine: Engine, province: Province | None) -> Iterator[Connection]:
    """A transaction that reads the views of the schema `duty` and sees one province, with those it succeeds, or the whole line (None).

    Raises `Unavailable`, and `Unusable` where the server lacks the role (deploy/runbooks/roles.md).
    """
    with away_is_unavailable(), engine.connect() as connection:
        connection.execute(text("SELECT set_config('mocgioi.province', :seen, true)"), {"seen": _seen(province)})
        connection.execute(text(f"SET LOCAL ROLE {DUTY}"))
        yield connection


def _seen(province: Province | None) -> str:
    if province is None:
        return "*"
    today = datetime.now(HANOI).date()
    return ",".join(each for each in Province if province_on(each, today) is province_on(province, today))

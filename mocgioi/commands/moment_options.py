"""Moments as people give them to a command."""

from datetime import datetime

from border.vietnam import HANOI
from mocgioi.views.output import USAGE, fail


def moment_of(text: str | None) -> datetime | None:
    """The moment of `--as-of`; a bare day means its end, in Vietnam. Leaves with exit code 2 where it is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail("usage", f"--as-of {text!r}: cần như · give it as 2019-12-14 or 2019-12-14T23:59:59+07:00", USAGE)
    if len(text) <= len("2019-12-14"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)

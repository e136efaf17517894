"""The time of Vietnam: days, months and years are cut in it. Nothing else is here, so that whoever needs it need not load the rest."""

from datetime import timedelta, timezone

HANOI = timezone(timedelta(hours=7))
"""UTC+7, without summer time."""

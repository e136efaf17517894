"""Nothing can be said of a period that is still to come."""

from datetime import datetime

from agreement.periods import Period
from border.vietnam import HANOI
from schemas.failures import Failure


class PeriodNotBegun(Failure):
    """The period is still to come at the moment of the report."""

    code = "period_not_begun"


def check_begun(period: Period, as_of: datetime) -> None:
    """Raise `PeriodNotBegun` for a period that is still to come at a moment."""
    if as_of < period.start:
        raise PeriodNotBegun(
            f"{period.name} ({period.days}) chưa bắt đầu vào lúc {as_of.astimezone(HANOI):%H:%M ngày %d/%m/%Y}: chưa có gì để báo cáo"
            f" · {period.id} has not begun then"
        )

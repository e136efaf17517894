"""Expected figures ("ước"), each with its method and never added to what was counted; and how far earlier estimates were off."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from agreement.periods import Period
from reports.model import Estimate, Missed, Report

ESTIMATED = (
    *("breach.total", "breach.CN", "breach.VN", "border_event.total", "matter.sea_obstruction"),
    *("crossing.total.persons", "crossing.total.vehicles"),
)
"""Figures that are estimated."""


class NotEstimable(ValueError):
    """The period to estimate does not begin with the report's or is not longer, or the report's has not ended."""


def estimates(report: Report, period: Period) -> tuple[Estimate, ...]:
    """The expected figures of a longer period that begins with the report's: the months counted, and their mean for each month to come.

    Rounded half up to whole cases or passages. Raises `NotEstimable`.
    """
    done = report.span
    if report.as_of < report.end:
        raise NotEstimable(
            f"ước {period.id}: kỳ {done.id} chưa kết thúc, cần kỳ đã kết thúc như các tháng đã qua · {done.id} has not ended, needs one that has"
        )
    if period.regime is not done.regime or period.first != done.first or period.last <= done.last:
        raise NotEstimable(f"ước {period.id}: cần kỳ dài hơn và bắt đầu cùng {done.id} · needs a longer period that begins with {done.id}")
    left = period.length - done.length
    method = f"số thực hiện {done.length:02d} tháng cộng bình quân một tháng của kỳ đó nhân với {left:02d} tháng còn lại"
    return tuple(
        Estimate(figure=figure_id, period=period.id, value=_reckoned(report.value(figure_id), done.length, period.length), method=method)
        for figure_id in ESTIMATED
        if _has_value(report, figure_id)
    )


def missed(report: Report, issued: Iterable[Report]) -> tuple[Missed, ...]:
    """The estimates of issued reports for this report's period, each beside what was counted, in the order of the reports."""
    return tuple(
        Missed(estimate=estimate, report=f"{given.period}, bản {given.version}", actual=report.value(estimate.figure))
        for given in issued
        for estimate in given.estimates
        if estimate.period == report.period and _has_value(report, estimate.figure)
    )


def _has_value(report: Report, figure_id: str) -> bool:
    """Whether somebody was heard on a figure: nothing is reckoned from silence."""
    figure = report.figure(figure_id)
    return figure is not None and figure.value is not None


def _reckoned(value: float, months: int, of: int) -> int:
    return int((Decimal(str(value)) * of / months).quantize(Decimal(1), ROUND_HALF_UP))

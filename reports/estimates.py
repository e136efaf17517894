"""Expected figures ("ước"), each with its method and never added to what was counted; and how far earlier estimates were off."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from agreement.periods import Period
from reports.model import Check, Estimate, Figure, Missed, Report, Severity
from texts.wording import listed

ESTIMATED = (
    *("breach.total", "breach.CN", "breach.VN", "border_event.total", "matter.sea_obstruction"),
    *("crossing.total.persons", "crossing.total.vehicles"),
)
"""Figures that are estimated."""


class NotEstimable(ValueError):
    """A period to estimate does not begin with the report's, is not longer or stands twice, or the report's has not ended."""


def estimates(report: Report, periods: Sequence[Period]) -> tuple[Estimate, ...]:
    """The expected figures of longer periods that begin with the report's: the months counted, and their mean for each month to come.

    Rounded half up to whole cases or passages. Nothing is reckoned from what nobody reported. Raises `NotEstimable`.
    """
    done = report.span
    for index, period in enumerate(periods):
        _refuse_wrong(report, period)
        if period in periods[:index]:
            raise NotEstimable(f"ước {period.id}: ghi hai lần, mỗi kỳ chỉ ước một lần · given twice, each period is estimated once")
    return tuple(
        Estimate(
            figure=figure.id, period=period.id, value=_reckoned(figure.value, done.length, period.length), method=_method(done, period)
        )
        for period in periods
        for figure in _figures(report)
        if figure.value is not None and _is_reported(figure)
    )


def not_estimated(report: Report, periods: Sequence[Period]) -> tuple[Check, ...]:
    """What is not estimated, since the posts did not report what it would be reckoned from."""
    labels = [f"“{figure.label}”" for figure in _figures(report) if not _is_reported(figure)]
    if not labels or not periods:
        return ()
    names = listed(period.name for period in periods)
    message = f"Không ước {names} cho {listed(labels)}: các đồn chưa báo cáo đủ để có số thực hiện làm căn cứ"
    return (Check(code="not_estimated", severity=Severity.NOTE, message=message),)


def missed(report: Report, issued: Iterable[Report]) -> tuple[Missed, ...]:
    """The estimates of issued reports for this report's period, each beside what was counted, in the order of the reports.

    Nothing is missed where it is not known what happened.
    """
    return tuple(
        Missed(estimate=estimate, report=f"{given.period}, bản {given.version}", actual=figure.value)
        for given in issued
        for estimate in given.estimates
        if estimate.period == report.period
        if (figure := report.figure(estimate.figure)) is not None and figure.value is not None and _is_reported(figure)
    )


def _refuse_wrong(report: Report, period: Period) -> None:
    done = report.span
    if report.as_of < report.end:
        raise NotEstimable(
            f"ước {period.id}: kỳ {done.id} chưa kết thúc, cần kỳ đã kết thúc như các tháng đã qua · {done.id} has not ended, needs one that has"
        )
    if period.regime is not done.regime or period.first != done.first or period.last <= done.last:
        year_end = 12 * (done.last // 12) + 11
        longer = Period(done.regime, done.first, year_end if year_end > done.last else year_end + 12).id
        raise NotEstimable(
            f"ước {period.id}: cần kỳ dài hơn và bắt đầu cùng {done.id}, như {longer}"
            f" · needs a longer period that begins with {done.id}, like {longer}"
        )


def _figures(report: Report) -> list[Figure]:
    return [figure for figure_id in ESTIMATED if (figure := report.figure(figure_id)) is not None]


def _is_reported(figure: Figure) -> bool:
    """Whether the figure says what happened. A 0 does so only where every post was heard for all of the period."""
    if figure.value is None:
        return False
    heard = figure.coverage
    return figure.value != 0 or heard is None or heard.everybody


def _method(done: Period, period: Period) -> str:
    left = period.length - done.length
    return f"số thực hiện {done.length:02d} tháng cộng bình quân một tháng của kỳ đó nhân với {left:02d} tháng còn lại"


def _reckoned(value: float, months: int, of: int) -> int:
    return int((Decimal(str(value)) * of / months).quantize(Decimal(1), ROUND_HALF_UP))

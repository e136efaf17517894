"""Checks that come with every report: wholes and parts, dates too coarse for the period's edges, intervals across them, how the year before is known."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from agreement.figure_families import FAMILIES
from agreement.periods import CUTS, Period
from reports.figures.scope import PERIODS, Scope
from reports.model import Check, Coverage, Figure, Row, Severity
from reports.units import Unit
from schemas.codebook import Precision
from texts.wording import padded, posts_reporting

_ACROSS = f"""
WITH {PERIODS}, edge (at) AS (SELECT opens FROM period UNION SELECT closes FROM period)
SELECT DISTINCT source || ' ' || id FROM edge JOIN crossing_as_of(:as_of)
    ON interval_start < at AND interval_start > at - interval '400 days' AND interval_end > at
WHERE status = 'actual' AND gate = ANY(CAST(:gates AS text[]))
ORDER BY 1
"""
SPANS = {
    Precision.HOUR: timedelta(hours=1),
    Precision.NIGHT: timedelta(hours=12),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=31),
    Precision.QUARTER: timedelta(days=92),
    Precision.HALF: timedelta(days=184),
    Precision.YEAR: timedelta(days=366),
}
"""How long after its start an incident may have happened, at most."""
_MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}


def wholes(figures: Sequence[Figure]) -> Iterable[Check]:
    """Every family that divides a whole adds up to it."""
    by_id = {figure.id: figure for figure in figures}
    for family in FAMILIES:
        if family.whole is None:
            continue
        parts = [figure for figure in figures if family.key_of(figure.id) is not None]
        whole = by_id.get(family.whole)
        if whole is None or whole.value is None or not parts:
            continue
        values = [figure.value or 0 for figure in parts]
        if sum(values) != whole.value:
            added = " + ".join(f"{value:g}" for value in values)
            message = f"{family.definition} Các phần không bằng tổng {family.whole}: {added} = {sum(values):g} ≠ {whole.value:g}"
            yield Check(code="parts_and_whole", severity=Severity.ERROR, message=message, subjects=tuple(figure.id for figure in parts))


def ends(start: datetime, precision: Precision) -> datetime:
    """The last moment at which an incident that began then may have happened: the end of that day, month, quarter, half or year."""
    months = _MONTHS.get(precision)
    if months is None:
        first = start.replace(hour=0, minute=0, second=0, microsecond=0) if precision is Precision.DAY else start
        return first + SPANS.get(precision, timedelta())
    year, month = divmod(12 * start.year + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=1) + timedelta(days=start.day - 1)


def coarse(rows: Iterable[Row], period: Period) -> Iterable[Check]:
    """Incidents whose date is coarser than the period's edge: counted by their start, for a person to decide."""
    closes = period.end
    doubtful = [row for row in rows if ends(row.occurred, Precision(row.precision)) > closes]
    if doubtful:
        yield Check(
            code="coarse_date",
            severity=Severity.REVIEW,
            message=f"{padded(len(doubtful))} vụ việc có thời gian không đủ chính xác so với mốc cuối kỳ; đã tính theo thời điểm bắt đầu",
            subjects=tuple(row.subject for row in doubtful),
        )


def across(scoped: Scope, period: Period) -> Iterable[Check]:
    """Crossing counts whose interval lies across an edge of the period: counted whole where they begin."""
    records = tuple(scoped.ask(_ACROSS, periods=[period]).scalars())
    if records:
        yield Check(
            code="interval_across_edge",
            severity=Severity.REVIEW,
            message=f"{padded(len(records))} bản ghi số liệu qua cửa khẩu vắt qua mốc đầu hoặc cuối kỳ; mỗi bản ghi tính trọn vào kỳ nó bắt đầu",
            subjects=records,
        )


def unheard(covered: Coverage, unit: Unit, period: Period) -> Iterable[Check]:
    """Where no post of the unit was heard on incidents: that the record does not hold something only means that no post reported it."""
    if covered.incidents.heard.nobody:
        whose = f"Chưa có báo cáo của đồn nào ({unit.name}, {period.days})"
        message = f"{whose}: vụ việc không có trong hồ sơ không có nghĩa là không xảy ra"
        yield Check(code="nothing_told", severity=Severity.REVIEW, message=message, subjects=covered.incidents.expected)


def heard_before(covered: Coverage, before: Period) -> Iterable[Check]:
    """Where the posts speak for a part of the earlier period only."""
    heard = covered.incidents.heard
    if not (heard.everybody or heard.nobody):
        yield Check(
            code="comparison_partial",
            severity=Severity.NOTE,
            message=f"Kỳ so sánh ({before.name}): {posts_reporting(heard.whole, heard.part, heard.expected)} về vụ việc",
            subjects=(*covered.incidents.part, *covered.incidents.silent),
        )


def regime_in_force(period: Period) -> Iterable[Check]:
    """Where a period begins before the law that cuts its months."""
    cut = CUTS[period.regime][0]
    if period.start.date() < cut.valid_from:
        yield Check(
            code="before_regime",
            severity=Severity.NOTE,
            message=f"Cách chốt số liệu theo {cut.source} có hiệu lực từ {cut.valid_from:%d/%m/%Y}; kỳ này bắt đầu trước đó và được tính theo cùng mốc",
        )


def merged(unit: Unit, period: Period) -> Iterable[Check]:
    """Where the province was merged into another within the period."""
    if unit.ended is not None and unit.ended < period.end.date():
        yield Check(
            code="unit_ended",
            severity=Severity.NOTE,
            message=(
                f"Tỉnh {unit.name} chỉ có đến hết ngày {unit.ended - timedelta(days=1):%d/%m/%Y}: vụ việc sau đó thuộc tỉnh mới, "
                f"số liệu qua cửa khẩu tính cho cả kỳ"
            ),
        )


def unfinished(period: Period, as_of: datetime) -> Iterable[Check]:
    """Where the period had not ended when the record was read."""
    if as_of < period.end:
        yield Check(
            code="period_open",
            severity=Severity.NOTE,
            message=f"Kỳ báo cáo chưa kết thúc ({period.days}); số liệu tính đến {as_of.astimezone(period.end.tzinfo):%H:%M ngày %d/%m/%Y}",
        )

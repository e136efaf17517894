"""The unit of a report: a province with those merged into it, the whole line, or what has no known province."""

from dataclasses import dataclass
from datetime import date, timedelta

from agreement.figures import ALL, NO_UNIT
from agreement.periods import Period
from border.gates import gates
from border.places import posts
from border.provinces import Province, known_province, province_name, provinces
from reports.model import Mapped


class UnknownUnit(ValueError):
    """A text that names no unit, or a province that was merged away before the period."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of reports. Build one with `unit_named`."""

    code: str
    """A province's slug, `all` or `none`."""
    provinces: tuple[Province, ...] | None
    """Counted as this unit's: itself and those merged into it. None: no limit (`all`) or no province (`none`)."""

    @property
    def name(self) -> str:
        """As documents name it."""
        match self.code:
            case "all":
                return "toàn tuyến"
            case "none":
                return "chưa rõ tỉnh"
        return province_name(Province(self.code))

    @property
    def ended(self) -> date | None:
        """The first day after a province was merged into another."""
        return None if self.provinces is None else provinces()[Province(self.code)].valid_to

    @property
    def gates(self) -> tuple[str, ...]:
        """Slugs of its gates and openings."""
        if self.code == ALL:
            return tuple(gates())
        return tuple(slug for slug, gate in gates().items() if gate.province in (self.provinces or ()))

    @property
    def posts(self) -> tuple[str, ...]:
        """Slugs of the register's posts in it."""
        if self.code == ALL:
            return tuple(posts())
        return tuple(slug for slug, post in posts().items() if post.province in (self.provinces or ()))

    @property
    def foreign_posts(self) -> tuple[str, ...]:
        """The register's posts elsewhere: what they left open is not this unit's."""
        return tuple(slug for slug in posts() if slug not in self.posts)

    def mapping(self, *periods: Period) -> tuple[Mapped, ...]:
        """The mergers within or between these periods."""
        first, last = min(period.start for period in periods).date(), max(period.end for period in periods).date()
        merged = [(code, provinces()[code]) for code in self.provinces or tuple(provinces())]
        return tuple(
            Mapped(before=row.name, after=province_name(row.successor), on=row.valid_to.isoformat())
            for _, row in merged
            if row.successor is not None
            and row.valid_to is not None
            and first < row.valid_to
            and self.code != NO_UNIT
            # Before the merger only its successor's figures reach over to it.
            and (row.valid_to < last or row.successor == self.code)
        )


def unit_named(name: str, period: Period | None = None) -> Unit:
    """The unit of a code or of a province's name in any spelling. Raises `UnknownUnit`.

    A province that was merged away reports no more on periods that begin after that day: its successor does.
    """
    if name in (ALL, NO_UNIT):
        return Unit(name, None)
    try:
        province = known_province(name)
    except ValueError as wrong:
        raise UnknownUnit(f"đơn vị: {wrong}; hoặc {ALL} (toàn tuyến), {NO_UNIT} (chưa rõ tỉnh) · no such unit") from None
    row = provinces()[province]
    if period is not None and row.valid_to is not None and period.start.date() >= row.valid_to:
        after = f", nay là {row.successor}" if row.successor else ""
        ended = row.valid_to - timedelta(days=1)
        raise UnknownUnit(f"đơn vị {province}: chỉ có đến {_day(ended)}{after} · this province ended before {period.id}")
    merged = tuple(code for code, other in provinces().items() if other.successor is province)
    return Unit(province.value, (province, *merged))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"

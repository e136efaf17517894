"""The figures on incidents a second time, in Python from `reports.audit.recount`: nothing of the database's own figures goes into them."""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from agreement.figure_families import MATTERS, SIDES, STRETCH
from agreement.figures import ALL, NO_UNIT
from agreement.periods import Period
from border import markers
from border.provinces import Province
from reports.audit.recount import Recounted
from reports.units import Unit
from schemas.codebook import Kind, Measure, Outcome, Side
from schemas.sound import AnyMeasured

_ONE = Decimal(1)
_BY_UNIT = (Measure.GOODS, Measure.AREA, Measure.VALUE)
_KINDS_OF = (Outcome.EXEMPT, Outcome.NO_BREACH, Outcome.NEEDS_FACTS)

Stated = Iterator[tuple[str, Decimal]]


@dataclass(slots=True)
class Tally:
    """One figure."""

    n: Decimal = Decimal(0)
    subjects: set[str] = field(default_factory=set)


def of_period(incidents: Iterable[Recounted], period: Period, unit: Unit) -> list[Recounted]:
    """Those that count in a period and unit."""
    opens, closes = period.start, period.end
    return [one for one in incidents if one.counts and opens <= one.start < closes and is_of(one.province, unit)]


def is_of(province: Province | None, unit: Unit) -> bool:
    """Whether an incident of a province is a unit's."""
    match unit.code:
        case str(code) if code == ALL:
            return True
        case str(code) if code == NO_UNIT:
            return province is None
    return province in (unit.provinces or ())


def tallied(incidents: Iterable[Recounted]) -> dict[str, Tally]:
    """Every figure these incidents stand in, by its id. An incident adds its measures once each."""
    found: dict[str, Tally] = {}
    for one in incidents:
        for figure, n in _stated(one):
            tally = found.setdefault(figure, Tally())
            tally.n += n
            tally.subjects.add(one.subject)
    return found


def months_of(incidents: Iterable[Recounted], period: Period) -> dict[str, dict[str, int]]:
    """Breaches of each report month, by side; sides nobody is in are left out."""
    begins = [month.start for month in period.months]
    counts: list[dict[str, int]] = [{} for _ in begins]
    for one in incidents:
        if one.effective.outcome is Outcome.BREACH:
            month, side = counts[bisect(begins, one.start) - 1], str(side_of(one))
            month[side] = month.get(side, 0) + 1
    return dict(zip((month.id for month in period.months), counts, strict=True))


def side_of(one: Recounted) -> Side:
    """The column a breach stands in."""
    side = one.effective.side
    return side if side is not None and side in SIDES else Side.UNDETERMINED


def _stated(one: Recounted) -> Stated:
    outcome, kind = one.effective.outcome, one.incident.kind
    assert kind is not None  # noqa: S101  # it is complete
    yield "incident.total", _ONE
    yield f"outcome.{outcome}", _ONE
    if outcome is Outcome.BREACH:
        yield from _breach(one, kind)
    elif outcome is Outcome.BORDER_EVENT:
        yield from _border_event(one)
    elif outcome in _KINDS_OF:
        yield f"{outcome}.kind.{kind}", _ONE
    if outcome is Outcome.NEEDS_FACTS:
        yield "open.needs_facts", _ONE
    if kind in MATTERS:
        yield f"matter.{kind}", _ONE
        yield from _measures(f"matter.{kind}", one.incident.measures)
    if kind is Kind.SEA_OBSTRUCTION:
        act = one.incident.facts.get("act", "unknown")
        yield f"sea.{act}", _ONE
        yield from _measures(f"sea.{act}", one.incident.measures)


def _breach(one: Recounted, kind: Kind) -> Stated:
    place = one.incident.place
    district, commune = (None, None) if place is None else (place.district, place.commune)
    yield "breach.total", _ONE
    yield f"breach.{side_of(one)}", _ONE
    yield from ((f"breach.clause.{clause}", _ONE) for clause in one.effective.clauses)
    yield from ((f"breach.article39.{item}", _ONE) for item in one.effective.article39)
    yield f"breach.kind.{kind}", _ONE
    yield f"breach.stretch.{_stretch(one.markers)}", _ONE
    yield f"breach.province.{one.province or NO_UNIT}", _ONE
    yield f"breach.district.{district or NO_UNIT}", _ONE
    yield f"breach.commune.{commune or NO_UNIT}", _ONE


def _border_event(one: Recounted) -> Stated:
    item = one.effective.article39[0] if one.effective.article39 else "none"
    yield "border_event.total", _ONE
    yield f"article39.{item}", _ONE
    yield from _measures(f"article39.{item}", one.incident.measures)
    for measured in one.incident.measures:
        for part, n in ({} if measured.what in _BY_UNIT else measured.of or {}).items():
            yield f"article39.{item}.{measured.what}.{part}", Decimal(n)


def _measures(prefix: str, measures: Sequence[AnyMeasured]) -> Stated:
    for measured in measures:
        unit = f".{measured.unit or 'none'}" if measured.what in _BY_UNIT else ""
        yield f"{prefix}.{measured.what}{unit}", Decimal(repr(measured.n))


def _stretch(places: Sequence[str]) -> str:
    if not places:
        return NO_UNIT
    first = markers.parse(places[0]).items[0].start.main // STRETCH * STRETCH
    return f"{first}-{first + STRETCH - 1}"

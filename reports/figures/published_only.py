"""What was published of a period and no event counts: delegations, trade, … each beside what was published of the year before. Pure."""

from collections.abc import Iterator, Sequence

from agreement.periods import Period
from agreement.published_families import PUBLISHED
from reports.baselines.store import Baseline, find
from reports.model import PublishedOnly
from reports.units import Unit


def published_only_figures(totals: Sequence[Baseline], unit: Unit, period: Period) -> tuple[PublishedOnly, ...]:
    """The totals of a period, in the registry's order."""
    return tuple(_ordered(sorted({total.figure for total in totals}), totals, unit, period))


def _ordered(names: Sequence[str], totals: Sequence[Baseline], unit: Unit, period: Period) -> Iterator[PublishedOnly]:
    for family in PUBLISHED:
        named = {family.prefix + key: key for key in family.examples} | {
            name: key for name in names if (key := family.key_of(name)) is not None
        }
        for figure, key in named.items():
            total = find(totals, unit.code, period.id, period.regime, figure)
            if total is not None:
                before = find(totals, unit.code, period.before.id, period.regime, figure)
                yield PublishedOnly(
                    figure=figure,
                    label=family.label(key),
                    unit=family.unit(key),
                    value=float(total.value),
                    source=total.source + total.place,
                    before=None if before is None else float(before.value),
                    before_source=None if before is None else before.source + before.place,
                )

"""The figures on incidents as a report prints them: labelled, in the registry's order, few victims and minors suppressed. Pure."""

from collections.abc import Iterable
from decimal import Decimal

from agreement.figure_families import FAMILIES, Family
from reports.figures.tally import BY_UNIT, Tallies, Tally, total
from reports.model import Figure


def figures(tallies: Tallies, *, least_shown: int = 0) -> tuple[Figure, ...]:
    """The figures on incidents in the registry's order. Counts of victims and minors from 1 to below `least_shown` are suppressed."""
    parts: dict[str, Decimal] = {}
    for family in FAMILIES:
        for key, amounts in tallies[family.prefix, family.counts].items():
            if (whole := _whole_of(family.prefix + key)) is not None:
                parts[whole] = parts.get(whole, Decimal(0)) + total(amounts)
    return _without_differences([figure for family in FAMILIES for figure in _of_family(family, tallies, least_shown)], parts)


def _of_family(family: Family, tallies: Tallies, least_shown: int) -> Iterable[Figure]:
    """Those that are always printed first, the rest by key; numbers in the order of numbers."""
    of_family = tallies[family.prefix, family.counts]
    for key in (*family.always, *sorted(of_family.keys() - set(family.always), key=_natural)):
        yield _figure(family, key, of_family.get(key, {}), least_shown)


def _figure(family: Family, key: str, amounts: Tally, least_shown: int) -> Figure:
    n = total(amounts)
    hidden = family.protects(key) and 0 < n < least_shown
    return Figure(
        id=family.prefix + key,
        label=family.label(key),
        unit=family.unit(key),
        value=None if hidden else float(n),
        subjects=() if hidden else tuple(sorted(amounts)),
    )


def _without_differences(shown: list[Figure], parts: dict[str, Decimal]) -> tuple[Figure, ...]:
    """Where all parts of a measure together are the whole and one is suppressed, the others are too: the difference would reveal it.

    `parts`: those of each measure added up, the suppressed among them.
    """
    values = {figure.id: figure.value for figure in shown}
    hidden = {_whole_of(figure.id) for figure in shown if figure.value is None}
    revealing = {whole for whole, n in parts.items() if whole in hidden and values.get(whole) == float(n)}
    return tuple(
        figure.model_copy(update={"value": None, "subjects": ()}) if _whole_of(figure.id) in revealing and figure.value else figure
        for figure in shown
    )


def _whole_of(figure_id: str) -> str | None:
    """`article39.6.persons` of its part `article39.6.persons.minors`; None of what is no part."""
    head, *names = figure_id.split(".", 3)
    return ".".join((head, *names[:2])) if head == "article39" and len(names) == 3 and names[1] not in BY_UNIT else None


def _natural(key: str) -> tuple[int, str]:
    digits = key[: len(key) - len(key.lstrip("0123456789"))]
    return (int(digits) if digits else 10**9, key)

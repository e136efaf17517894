"""The figures on incidents of one or many periods: computed by the database, each with what it counts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from agreement.figure_families import FAMILIES, Family
from reports.figures.counted_rows import ROWS
from reports.figures.scope import Scope
from reports.model import Figure
from schemas.codebook import Measure

_FIGURES = f"""
SELECT family, period, key, sum(n), array_agg(DISTINCT subject COLLATE "C" ORDER BY subject COLLATE "C")
FROM ({" UNION ALL ".join(f"SELECT {number} AS family, stated.* FROM ({rows}) AS stated" for number, rows in enumerate(ROWS))}) AS stated
GROUP BY family, period, key
"""


_IN_UNITS = frozenset({Measure.GOODS.value, Measure.AREA.value, Measure.VALUE.value})
"""What stands behind such a measure is its unit, not a part of it."""


def figures(scoped: Scope, *, least_shown: int = 0) -> dict[str, tuple[Figure, ...]]:
    """The figures on incidents of each period, by its id, in the registry's order.

    `least_shown`: counts of victims and minors from 1 to below this are suppressed.
    """
    by_period: dict[str, dict[int, dict[str, Figure]]] = {period.id: {} for period in scoped.periods}
    parts: dict[tuple[str, str], list[Decimal]] = {}
    for number, period, key, n, subjects in scoped.ask(_FIGURES):
        figure = by_period[period].setdefault(number, {})[key] = _figure(FAMILIES[number], key, n, subjects, least_shown)
        if (whole := _whole_of(figure)) is not None:
            parts.setdefault((period, whole), []).append(n)
    for period, families in by_period.items():
        _hide_the_rest(families, {whole: sum(amounts, Decimal(0)) for (when, whole), amounts in parts.items() if when == period})
    return {period: tuple(_in_order(families)) for period, families in by_period.items()}


def _in_order(families: dict[int, dict[str, Figure]]) -> Iterable[Figure]:
    """Every family's figures: those always printed first, the rest by key; numbers in the order of numbers."""
    for number, family in enumerate(FAMILIES):
        figures_of_family = families.get(number, {})
        for key in (*family.always, *sorted(figures_of_family.keys() - set(family.always), key=_natural)):
            yield figures_of_family.get(key) or _figure(family, key, Decimal(0), [], 0)


def _figure(family: Family, key: str, n: Decimal, subjects: list[str], least_shown: int) -> Figure:
    hidden = family.protects(key) and 0 < n < least_shown
    return Figure(
        id=family.prefix + key,
        label=family.label(key),
        unit=family.unit(key),
        value=None if hidden else float(n),
        subjects=() if hidden else tuple(subjects),
    )


def _hide_the_rest(families: dict[int, dict[str, Figure]], sums: Mapping[str, Decimal]) -> None:
    """Where all parts of a measure together are the whole and one is suppressed, the others are too: the difference would reveal it.

    `sums`: the parts of each measure added up, the suppressed among them.
    """
    values = {figure.id: figure.value for by_key in families.values() for figure in by_key.values()}
    hidden = {_whole_of(figure) for by_key in families.values() for figure in by_key.values() if figure.value is None}
    revealing = {whole for whole, total in sums.items() if whole in hidden and values.get(whole) == float(total)}
    for by_key in families.values():
        for key, figure in by_key.items():
            if _whole_of(figure) in revealing and figure.value:
                by_key[key] = figure.model_copy(update={"value": None, "subjects": ()})


def _whole_of(figure: Figure) -> str | None:
    """`article39.6.persons` of its part `article39.6.persons.minors`; None of what is no part."""
    head, *names = figure.id.split(".", 3)
    return ".".join((head, *names[:2])) if head == "article39" and len(names) == 3 and names[1] not in _IN_UNITS else None


def _natural(key: str) -> tuple[int, str]:
    digits = key[: len(key) - len(key.lstrip("0123456789"))]
    return (int(digits) if digits else 10**9, key)

"""A report's figures beside the same period of the year before: from a published baseline where there is one, else from the record.

What neither knows is missing, never 0: the record has no 0 where no post was heard.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from agreement.periods import Period
from reports.baselines.store import Baseline, find
from reports.figures.coverage import heard_on
from reports.model import Check, Comparison, Coverage, Figure, Heard, Origin, Published, Severity
from reports.units import Unit
from texts.wording import number

_NOT_COMPARED = ("open.", "posts.", "duty.")
"""What is open, or reported, or waited for, is of a moment."""
_SAME = {"outcome.breach": "breach.total", "outcome.border_event": "border_event.total"}
"""One number under two names."""


def with_gone(figures: Sequence[Figure], before: Iterable[Figure]) -> tuple[Figure, ...]:
    """These figures and, each behind the one it followed then, as 0 those that a year before had something in them and now have not."""
    here = {figure.id for figure in figures}
    behind: dict[str | None, list[Figure]] = {}
    last = None
    for figure in before:
        if figure.id in here:
            last = figure.id
        else:
            behind.setdefault(last, []).append(figure.model_copy(update={"value": 0, "subjects": ()}))
    return (*behind.get(None, ()), *chain.from_iterable((figure, *behind.get(figure.id, ())) for figure in figures))


def comparisons(
    figures: Sequence[Figure], before: Mapping[str, Figure], baselines: Sequence[Baseline], period: Period, unit: Unit, covered: Coverage
) -> tuple[Comparison, ...]:
    """Each figure with its value a year before; `before` are the record's own figures then, and `covered` whom they speak for.

    A baseline of one figure of a head (`breach.total`) speaks for the whole head: its parts are then compared with baselines only.
    """
    heads = {_head(baseline.figure) for baseline in baselines if find([baseline], unit.code, period.id, period.regime, baseline.figure)}

    def compared(figure: str) -> Comparison:
        total = find(baselines, unit.code, period.id, period.regime, _SAME.get(figure, figure))
        if total is not None:
            return Comparison(figure=figure, period=period.id, before=float(total.value), origin=Origin.BASELINE, source=_cited(total))
        value = None if _head(figure) in heads else _value(before.get(figure), heard_on(figure, covered))
        if value is None:
            return Comparison(figure=figure, period=period.id, before=None, origin=None)
        return Comparison(figure=figure, period=period.id, before=value, origin=Origin.RECORD, coverage=heard_on(figure, covered))

    return tuple(compared(figure.id) for figure in figures if not figure.id.startswith(_NOT_COMPARED) and figure.value is not None)


def published_totals(baselines: Sequence[Baseline], period: Period, unit: Unit) -> tuple[Published, ...]:
    """The published totals of a period itself, each with that of the period before."""
    totals = []
    for figure in sorted({baseline.figure for baseline in baselines}):
        total, earlier = (find(baselines, unit.code, each.id, each.regime, figure) for each in (period, period.before))
        if total is not None:
            then = {} if earlier is None else {"before": float(earlier.value), "before_source": _cited(earlier)}
            totals.append(Published(figure=figure, value=float(total.value), source=_cited(total), **then))
    return tuple(totals)


def differences(
    figures: Mapping[str, Figure], baselines: Sequence[Baseline], period: Period, unit: Unit, covered: Coverage
) -> tuple[Check, ...]:
    """Where a published total of a period and the record's own figure are not the same, as far as anybody was heard on it."""
    checks = []
    for figure in sorted({baseline.figure for baseline in baselines}):
        total, ours = find(baselines, unit.code, period.id, period.regime, figure), figures.get(figure)
        recorded = _value(ours, heard_on(figure, covered))
        if total is not None and recorded is not None and float(total.value) != recorded:
            both = f"({figure}: {number(total.value)}, theo {total.source}) khác số trong hồ sơ ({number(recorded)})"
            message = f"Số đã công bố của {period.name} {both}"
            checks.append(
                Check(code="baseline_differs", severity=Severity.REVIEW, message=message, subjects=() if ours is None else _subjects(ours))
            )
    return tuple(checks)


def _value(figure: Figure | None, heard: Heard | None) -> float | None:
    """The record's own value. None where nobody was heard, and where it is suppressed, since a comparison would give it away."""
    if figure is not None:
        return figure.value
    return None if heard is not None and heard.nobody else 0


def _cited(total: Baseline) -> str:
    return total.source + total.place


def _head(figure: str) -> str:
    """What a published total speaks for: `breach` of all breaches, however they are divided."""
    return _SAME.get(figure, figure).partition(".")[0]


def _subjects(figure: Figure) -> tuple[str, ...]:
    return tuple(subject for subject in figure.subjects if isinstance(subject, str))

"""A report's figures beside the same period of the year before: from a published baseline where there is one, else from the record.

What neither knows is missing, never 0: the record speaks for a period in which it holds at least one event of the unit.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from agreement.periods import Period
from reports.baselines.store import Baseline, find
from reports.figures.counted import occurred_start
from reports.figures.scope import PERIODS, Scope
from reports.model import Check, Comparison, Figure, Origin, Severity
from reports.units import Unit
from sinks.query.states import StateAsOf
from texts.wording import number

_NOT_COMPARED = ("open.", "posts.", "duty.")
"""What is open, or reported, or waited for, is of a moment."""
_SAME = {"outcome.breach": "breach.total", "outcome.border_event": "border_event.total"}
"""One number under two names."""
_MONTHS_REPORTED = f"""
WITH {PERIODS}
SELECT id FROM period WHERE EXISTS (
    SELECT FROM crossing_as_of(:as_of) WHERE interval_start >= opens AND interval_start < closes AND gate = ANY(CAST(:gates AS text[]))
        AND status = 'actual'
) OR EXISTS (
    SELECT FROM event WHERE occurred_start >= opens AND occurred_start < closes AND recorded_at <= :as_of
        AND type = 'vn.mocgioi.post.reported.v1' AND body #>> '{{data,status}}' = 'actual'
        AND (:unit = 'all' OR split_part(source, '/', 3) = ANY(CAST(:posts AS text[])))
)
"""


def months_known(scoped: Scope, period: Period, incidents: Iterable[StateAsOf]) -> int:
    """In how many report months of a period the record holds anything: one of the `incidents` that count, a crossing count, a post's notice."""
    months = period.months
    begins = [month.start for month in months]
    by_incident = {months[bisect(begins, occurred_start(incident.state)) - 1].id for incident in incidents}
    others = [month for month in months if month.id not in by_incident]
    return len(by_incident) + len(scoped.ask(_MONTHS_REPORTED, periods=others).all())


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
    figures: Sequence[Figure], before: Mapping[str, Figure], baselines: Sequence[Baseline], period: Period, unit: Unit, *, known: bool
) -> tuple[Comparison, ...]:
    """Each figure with its value a year before; `before` are the record's own figures then, which count only where it is `known`.

    A baseline of one figure of a head (`breach.total`) speaks for the whole head: its parts are then compared with baselines only.
    """
    covered = {_head(baseline.figure) for baseline in baselines if find([baseline], unit.code, period.id, period.regime, baseline.figure)}
    return tuple(
        _comparison(figure.id, before, baselines, period, unit, known=known and _head(figure.id) not in covered)
        for figure in figures
        if not figure.id.startswith(_NOT_COMPARED) and figure.value is not None
    )


def differences(before: Mapping[str, Figure], baselines: Sequence[Baseline], period: Period, unit: Unit) -> tuple[Check, ...]:
    """Where a published total and the record's own figure of the same period are not the same."""
    checks = []
    for figure in sorted({baseline.figure for baseline in baselines}):
        published = find(baselines, unit.code, period.id, period.regime, figure)
        ours = before.get(figure)
        if published is None or (ours is not None and ours.value is None):
            continue  # a check on a suppressed figure would give it away
        recorded = 0 if ours is None or ours.value is None else ours.value
        if float(published.value) != recorded:
            both = f"({figure}: {number(published.value)}, theo {published.source}) khác số trong hồ sơ ({number(recorded)})"
            message = f"Số đã công bố của {period.name} {both}"
            checks.append(
                Check(code="baseline_differs", severity=Severity.REVIEW, message=message, subjects=() if ours is None else _subjects(ours))
            )
    return tuple(checks)


def _comparison(
    figure: str, before: Mapping[str, Figure], baselines: Sequence[Baseline], period: Period, unit: Unit, *, known: bool
) -> Comparison:
    published = find(baselines, unit.code, period.id, period.regime, _SAME.get(figure, figure))
    if published is not None:
        source = published.source + published.place
        return Comparison(figure=figure, period=period.id, before=float(published.value), origin=Origin.BASELINE, source=source)
    if not known:
        return Comparison(figure=figure, period=period.id, before=None, origin=None)
    ours = before.get(figure)
    value = 0 if ours is None else ours.value
    return Comparison(figure=figure, period=period.id, before=value, origin=None if value is None else Origin.RECORD)


def _head(figure: str) -> str:
    """What a published total speaks for: `breach` of all breaches, however they are divided."""
    return _SAME.get(figure, figure).partition(".")[0]


def _subjects(figure: Figure) -> tuple[str, ...]:
    return tuple(subject for subject in figure.subjects if isinstance(subject, str))

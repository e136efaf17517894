"""A report from the record alone: as known at a moment, for one unit and one period."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import Connection, Engine

from agreement.periods import Period
from border.vietnam import HANOI
from reports import checks
from reports.audit.audit import audit
from reports.baselines.store import published, published_only
from reports.begun import check_begun
from reports.collector import collector_at_rest
from reports.estimates import estimates, missed, not_estimated
from reports.figures.acknowledging import minutes_waited, waiting_figures
from reports.figures.comparing import comparisons, differences, published_totals, with_gone
from reports.figures.counted import counted_incidents
from reports.figures.coverage import coverage, coverage_figures, with_coverage
from reports.figures.crossing import crossings
from reports.figures.incidents import figures
from reports.figures.open_matters import open_figures
from reports.figures.published_only import published_only_figures
from reports.figures.rows import breach_months, event_rows, rule_packs
from reports.figures.scope import scope
from reports.figures.tally import tally
from reports.issued import estimating
from reports.model import Figure, Report, Row, canonical_json
from reports.sentences import sentences
from reports.units import Unit
from sinks.postgres.engine import away_is_unavailable

LEAST_SHOWN = 5
"""Counts of victims and minors from 1 to below this are suppressed, unless set otherwise."""


def build(
    engine: Engine,
    unit: Unit,
    period: Period,
    as_of: datetime,
    *,
    least_shown: int = LEAST_SHOWN,
    audited: bool = True,
    estimate: Sequence[Period] = (),
) -> Report:
    """The report on a period as the record knew it at `as_of` (for now: `sinks.postgres.clock.as_of_now`).

    `audited`: with the checks that compute the figures a second time. `estimate`: longer periods to reckon forward to. Raises
    `PeriodNotBegun`, `NotEstimable`, `Unavailable`.
    """
    with away_is_unavailable(), engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            report = drawn(connection, unit, period, as_of, least_shown=least_shown, estimate=estimate)
            if audited:
                report = report.model_copy(update={"checks": (*report.checks, *audit(connection, report))})
    return report


@collector_at_rest()
def drawn(
    connection: Connection,
    unit: Unit,
    period: Period,
    as_of: datetime,
    *,
    least_shown: int = LEAST_SHOWN,
    estimate: Sequence[Period] = (),
) -> Report:
    """The report without its audit."""
    check_begun(period, as_of)
    before = period.before
    scoped = scope(connection, unit, as_of)
    incidents, incidents_before = counted_incidents(scoped, period), counted_incidents(scoped, before)
    passed, passed_before = crossings(scoped, period), crossings(scoped, before)
    rows = event_rows(incidents)
    covered_before = coverage(scoped, before, incidents_before, passed_before)
    covered = coverage(scoped, period, incidents, passed, reported_before=covered_before.reported)
    counted = (
        *figures(tally(incidents), least_shown=least_shown),
        *passed.figures,
        *open_figures(scoped, period),
        *waiting_figures(minutes_waited(scoped, incidents)),
        *coverage_figures(covered),
    )
    totals = published(connection, unit, as_of=as_of)
    then = (*figures(tally(incidents_before), least_shown=least_shown), *passed_before.figures)
    shown = with_coverage(with_gone(counted, then), covered)
    now_by_id, then_by_id = ({figure.id: figure for figure in each} for each in (shown, with_coverage(then, covered_before)))
    report = Report(
        unit=unit.code,
        unit_name=unit.name,
        regime=period.regime,
        period=period.id,
        start=period.start,
        end=period.end,
        as_of=as_of.astimezone(HANOI),
        figures=shown,
        comparisons=comparisons(shown, then_by_id, totals, before, unit, covered_before),
        published=published_totals(totals, period, unit),
        sentences={},
        checks=(
            *checks.wholes(shown),
            *checks.coarse(rows, period),
            *checks.across(scoped, period),
            *differences(now_by_id, totals, period, unit, covered),
            *differences(then_by_id, totals, before, unit, covered_before),
            *checks.unheard(covered, unit, period),
            *checks.heard_before(covered_before, before),
            *checks.regime_in_force(period),
            *checks.unfinished(period, as_of),
            *checks.merged(unit, period),
        ),
        coverage=covered,
        mapping=unit.mapping(period, before),
        months=breach_months(period, rows),
        rows=rows,
        rule_packs=rule_packs(incidents),
        published_only=published_only_figures(published_only(connection, unit, as_of=as_of), unit, period),
        program=version("mocgioi"),
        data_sha256=hashlib.sha256(_data(with_coverage(counted, covered), rows)).hexdigest(),
    )
    report = report.model_copy(
        update={
            "estimates": estimates(report, estimate),
            "missed": missed(report, estimating(connection, unit, period, as_of)),
            "checks": (*report.checks, *not_estimated(report, estimate)),
        }
    )
    return report.model_copy(update={"sentences": sentences(report)})


def _data(counted: tuple[Figure, ...], rows: tuple[Row, ...]) -> bytes:
    """What was counted, and whom it speaks for: the same bytes where neither has changed. What officers do about an incident changes no count."""
    return canonical_json(
        {"figures": [figure for figure in counted if not figure.id.startswith(("open.", "duty."))], "rows": [row.content for row in rows]}
    )

"""The periodic job: it builds the reports that are due, oldest first. It may run any number of times.

A draft is built anew when what it counts or compares with has changed, and only while the report is not issued. One report that fails keeps
no other back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import structlog
from pydantic import ValidationError
from sqlalchemy import Engine

from agreement.periods import Period, Regime
from reports.documents import FORMATS
from reports.model import Report, Severity
from reports.schedule import drafts
from reports.schedule.agenda import Entry, agenda, began
from reports.units import Unit, unit_named
from schemas.records import Unavailable
from sinks.postgres.clock import as_of_now
from sinks.record.report_runs import one_at_a_time, remember_built, remember_run

_REASONS = 10
"""Problems kept of a run; the command prints all."""

Render = Callable[[Report, str], bytes]
"""Renders a report in a format."""

log = structlog.get_logger(__name__)


class Build(Protocol):
    """Draws up a report: `reports.build.build` with its engine."""

    def __call__(self, unit: Unit, period: Period, as_of: datetime, *, audited: bool) -> Report:
        """The report on a period as known at a moment."""


class Result(StrEnum):
    """What became of a report that is due."""

    BUILT = "built"
    REFRESHED = "refreshed"
    """Built before; what it counts or compares with has changed since."""
    UNCHANGED = "unchanged"
    ISSUED = "issued"
    OUTDATED = "outdated"
    """Issued, and the record has changed since: a person may issue a new version."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DueReport:
    """One report that is due, and what became of it."""

    entry: Entry
    folder: Path
    result: Result = Result.FAILED
    problems: tuple[str, ...] = ()
    """Why it cannot be released: sentences."""
    kept: Path | None = None
    """The folder that keeps a draft which a person had changed."""


@dataclass(frozen=True, slots=True)
class JobRun:
    """What one run of the job did."""

    as_of: datetime
    reports: tuple[DueReport, ...]

    @property
    def built(self) -> int:
        """How many drafts it wrote."""
        return sum(report.result in (Result.BUILT, Result.REFRESHED) for report in self.reports)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why it failed: sentences with unit and period. Empty if it succeeded."""
        return tuple(f"{due.entry.unit} {due.entry.due.period.id}: {problem}" for due in self.reports for problem in due.problems)


@dataclass(frozen=True, slots=True)
class Job:
    """The job, with all it works with."""

    engine: Engine
    folder: Path
    build: Build
    render: Render

    def run(
        self,
        units: Iterable[str],
        *,
        on: date,
        since: date | None = None,
        regime: Regime = Regime.ND09,
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> JobRun:
        """Build the reports that are due on a day, on periods that ended since another (by default the record's first), and remember the run.

        Raises `AlreadyRunning`, `Unavailable`. What goes wrong with one report stands in its `DueReport`.
        """
        with one_at_a_time(self.engine):
            as_of = as_of_now(self.engine)
            since = began(self.engine) if since is None else since
            reports = []
            for entry in agenda(self.engine, units, on=on, since=since, regime=regime):
                if entry.due.is_open(on):
                    reports.append(self._draft(entry, as_of))
                    on_progress(1)
            run = JobRun(as_of, tuple(reports))
            reason = "\n".join(run.problems[:_REASONS]) or None
            remember_run(self.engine, started_at=as_of, built=run.built, reason=reason)
        return run

    def _draft(self, entry: Entry, as_of: datetime) -> DueReport:
        due = DueReport(entry, drafts.folder_of(self.folder, *entry.key))
        try:
            report = self.build(unit_named(entry.unit, entry.due.period), entry.due.period, as_of, audited=entry.issued is None)
            if entry.issued is not None:
                same = report.data_sha256 == entry.issued.data_sha256
                return replace(due, result=Result.ISSUED if same else Result.OUTDATED)
            errors = tuple(check.message for check in report.checks if check.severity is Severity.ERROR)
            due = replace(due, problems=errors)
            if _is_same(due.folder, report):
                return replace(due, result=Result.UNCHANGED)
            kept = drafts.replace(due.folder, {name_of(report, form): self.render(report, form) for form in FORMATS}, as_of)
            remember_built(self.engine, entry.key, as_of=as_of, data_sha256=report.data_sha256, errors=len(errors))
            return replace(due, result=Result.REFRESHED if entry.built else Result.BUILT, kept=kept)
        except Unavailable:
            raise
        except OSError as error:  # the folder: full, not ours, not there
            problem = f"không ghi được · could not be written: {type(error).__name__}: {error}"
        except Exception as error:  # whatever it is: the other offices' reports do not wait for this one
            log.exception("report_failed", unit=entry.unit, regime=entry.due.period.regime, period=entry.due.period.id)
            problem = f"không lập được · could not be built: {type(error).__name__}: {error}"
        return replace(due, problems=(*due.problems, " ".join(problem.split())))


def name_of(report: Report, form: str) -> str:
    """The name of its file, which says whose it is wherever it is copied to: `lang-son-2019Q4.docx`."""
    return f"{report.unit}-{report.period}.{form}"


def _is_same(folder: Path, report: Report) -> bool:
    """Whether the draft has the same figures and comparisons as this report. Open matters may differ."""
    if not drafts.is_whole(folder):
        return False
    try:
        before = Report.model_validate_json((folder / name_of(report, "json")).read_bytes())
    except (OSError, ValidationError):  # gone, changed by hand, or by a program that printed other things
        return False
    return (before.data_sha256, before.comparisons) == (report.data_sha256, report.comparisons)

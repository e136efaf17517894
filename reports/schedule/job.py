"""The periodic job: builds what is due, oldest first, again and again harmlessly.

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
"""As many are kept of a run; all are told."""

Render = Callable[[Report, str], bytes]
"""Its document in a format."""

log = structlog.get_logger(__name__)


class Build(Protocol):
    """What draws up a report: `reports.build.build` over an engine."""

    def __call__(self, unit: Unit, period: Period, as_of: datetime, *, audited: bool) -> Report:
        """The report on a period as known at a moment."""


class Done(StrEnum):
    """What became of a report that is due."""

    BUILT = "built"
    REFRESHED = "refreshed"
    """Built before; what it counts or compares with has changed since."""
    UNCHANGED = "unchanged"
    ISSUED = "issued"
    OUTDATED = "outdated"
    """Issued, and the record says otherwise since: a new version is for a person to issue."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Made:
    """One report that is due, and what became of it."""

    entry: Entry
    done: Done
    folder: Path
    problems: tuple[str, ...] = ()
    """Why it cannot be released, a sentence each."""
    kept: Path | None = None
    """Where the draft that a person had changed went."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the job did."""

    as_of: datetime
    made: tuple[Made, ...]

    @property
    def built(self) -> int:
        """How many drafts it wrote."""
        return sum(made.done in (Done.BUILT, Done.REFRESHED) for made in self.made)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why it failed, a sentence each, with unit and period; none: it succeeded."""
        return tuple(f"{made.entry.unit} {made.entry.due.period.id}: {problem}" for made in self.made for problem in made.problems)


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
    ) -> Run:
        """Build what is due on a day of what was closed since another (the record's first, if none is given), and remember the run.

        Raises `AlreadyRunning`, `Unavailable`. What goes wrong with one report is told in its `Made`.
        """
        with one_at_a_time(self.engine):
            as_of = as_of_now(self.engine)
            since = began(self.engine) if since is None else since
            due = [entry for entry in agenda(self.engine, units, on=on, since=since, regime=regime) if entry.due.is_open(on)]
            made = []
            for entry in due:
                made.append(self._make(entry, as_of))
                on_progress(1)
            run = Run(as_of, tuple(made))
            reason = "\n".join(run.problems[:_REASONS]) or None
            remember_run(self.engine, started_at=as_of, built=run.built, reason=reason)
        return run

    def _make(self, entry: Entry, as_of: datetime) -> Made:
        made = Made(entry, Done.FAILED, drafts.folder_of(self.folder, *entry.key))
        try:
            report = self.build(unit_named(entry.unit, entry.due.period), entry.due.period, as_of, audited=entry.issued is None)
            if entry.issued is not None:
                same = report.data_sha256 == entry.issued.data_sha256
                return replace(made, done=Done.ISSUED if same else Done.OUTDATED)
            errors = tuple(check.message for check in report.checks if check.severity is Severity.ERROR)
            made = replace(made, problems=errors)
            if _is_same(made.folder, report):
                return replace(made, done=Done.UNCHANGED)
            kept = drafts.replace(made.folder, {name_of(report, form): self.render(report, form) for form in FORMATS}, as_of)
            remember_built(self.engine, entry.key, as_of=as_of, data_sha256=report.data_sha256, errors=len(errors))
            return replace(made, done=Done.REFRESHED if entry.built else Done.BUILT, kept=kept)
        except Unavailable:
            raise
        except OSError as error:  # the folder: full, not ours, not there
            return replace(made, done=Done.FAILED, problems=(*made.problems, _told("không ghi được · could not be written", error)))
        except Exception as error:  # whatever it is: the other offices' reports are not to wait for this one
            log.exception("report_failed", unit=entry.unit, regime=entry.due.period.regime, period=entry.due.period.id)
            return replace(made, done=Done.FAILED, problems=(*made.problems, _told("không lập được · could not be built", error)))


def name_of(report: Report, form: str) -> str:
    """The name of its file, that says whose it is wherever it is copied to: `lang-son-2019Q4.docx`."""
    return f"{report.unit}-{report.period}.{form}"


def _told(what: str, error: Exception) -> str:
    """One line of it."""
    return " ".join(f"{what}: {type(error).__name__}: {error}".split())


def _is_same(folder: Path, report: Report) -> bool:
    """Whether the draft there counts, and compares with, what this report does. What is only open may differ: it is no figure of theirs."""
    if not drafts.is_whole(folder):
        return False
    try:
        before = Report.model_validate_json((folder / name_of(report, "json")).read_bytes())
    except (OSError, ValidationError):  # gone, changed by hand, or by a program that printed other things
        return False
    return (before.data_sha256, before.comparisons) == (report.data_sha256, report.comparisons)

"""How fast reports are over 1,000,000 crossing records and 20,000 incidents of ten years: `make bench`.

Every time is the best of three, in seconds on this machine. Beside it stands the same as a multiple of one bare pass over the crossings'
table (`SELECT sum(n)`) of the same run, which is the figure to compare machines by, and how busy the machine was. Reports of a month to ten
years, their audits, and the figures of 120 months have bars. Exit 1 if one is missed.

    python -m bench.reports [--quick] [--crossings N] [--incidents N]
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, text

from agreement.periods import Period, Regime
from border.vietnam import HANOI
from reports.audit.audit import audit
from reports.build import build, drawn
from reports.documents import render
from reports.figures.counted import counted_incidents
from reports.figures.crossing import crossings
from reports.figures.incidents import figures
from reports.figures.scope import scope
from reports.figures.tally import tally
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.postgres.engine import connect
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.postgres import running

FIRST_YEAR, YEARS = 2015, 10
START = datetime(FIRST_YEAR - 1, 12, 15, tzinfo=HANOI)
SPAN = datetime(FIRST_YEAR + YEARS - 1, 12, 15, tzinfo=HANOI) - START
_BATCH = 2000
_PLACES: Sequence[dict[str, Any]] = (
    *({"scheme": "marker", "line": "VN-CN", "marker": marker} for marker in ("1088/2", "1100", "1023", "560-561", "753")),
    {"scheme": "gate", "gate": "tan-thanh"},
    {"scheme": "area", "province": "ha-giang"},
)
_GATES = ("tan-thanh", "huu-nghi", "coc-nam", "chi-ma", "tra-linh", "mong-cai", "lao-cai", "thanh-thuy")
# The record's own rows for each event, as `sinks.record.crossings` writes them; a hundred times quicker than to validate a million events.
_EVENTS = """
INSERT INTO event (source, id, subject, type, time, sequence, occurred_start, body, log, topic, partition, "offset", received_at, recorded_at)
SELECT '/posts/' || post || '/gates', 'c-' || number, gate, 'vn.mocgioi.crossing.recorded.v1', ends, turn, begins,
    json_build_object('specversion', '1.0', 'id', 'c-' || number, 'type', 'vn.mocgioi.crossing.recorded.v1', 'source', '/posts/' || post || '/gates',
        'subject', gate, 'time', to_char(ends AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS"+07:00"'), 'sequence', lpad(turn::text, 8, '0'),
        'datacontenttype', 'application/json', 'data', json_build_object('status', 'actual', 'gate', gate,
            'interval', json_build_object('start', to_char(begins AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS"+07:00"'),
                'end', to_char(ends AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS"+07:00"')),
            'direction', direction, 'counts', json_build_array(json_build_object('what', what, 'n', number % 300)))),
    'bench', 'border.crossings.v1', 0, number, ends, ends + interval '1 minute'
FROM numbers
"""
_COUNTS = """
INSERT INTO crossing_state SELECT '/posts/' || post || '/gates', 'c-' || number, 0, ends + interval '1 minute', NULL,
    '/posts/' || post || '/gates', 'c-' || number, gate, direction, 'actual', begins, ends, what, number % 300, NULL, NULL
FROM numbers
"""
_NUMBERS = """
CREATE TEMPORARY TABLE numbers AS
SELECT number, number / cardinality(gates) + 1 AS turn, gates[1 + number % cardinality(gates)] AS gate, gates[1 + number % cardinality(gates)] AS post,
    CASE WHEN number / cardinality(gates) % 2 = 0 THEN 'VN-CN' ELSE 'CN-VN' END AS direction,
    CASE WHEN number / cardinality(gates) / 2 % 2 = 0 THEN 'persons' ELSE 'vehicles' END AS what,
    CAST(:start AS timestamptz) + slot * step AS begins, CAST(:start AS timestamptz) + (slot + 1) * step AS ends
FROM (SELECT number, number / (4 * cardinality(gates)) AS slot, gates, CAST(:seconds AS double precision) * interval '1 second' AS step
    FROM generate_series(0, :count - 1) AS number CROSS JOIN (SELECT CAST(:gates AS text[]) AS gates) AS given) AS numbered
"""


MOST_REPORT_S, MOST_AUDIT_S, MOST_MONTHS_S = 2.0, 5.0, 10.0
QUICK_CROSSINGS, QUICK_INCIDENTS = 8_000, 200


@dataclass(frozen=True, slots=True)
class Timed:
    """A measurement: the seconds, the most it may take (None: no bar), and the machine's load."""

    name: str
    seconds: float
    most: float | None
    load: float

    @property
    def judgement(self) -> str:
        """Whether the bar is kept, in words."""
        if self.most is None:
            return ""
        return f"{'kept' if self.kept else 'MISSED'}, at most {self.most:g}"

    @property
    def kept(self) -> bool:
        """Whether its bar is kept; of one without, too."""
        return self.most is None or self.seconds <= self.most


def fill(engine: Engine, crossings: int, incidents: int) -> None:
    """The record of ten years."""
    database = Database(engine)
    log = Log(database)
    events = list(incident_events(incidents))
    for start in range(0, len(events), _BATCH):
        database.record(log.batch(events[start : start + _BATCH]))
    slots = max(1, crossings // (4 * len(_GATES)))
    given = {"start": START, "count": crossings, "gates": list(_GATES), "seconds": SPAN.total_seconds() / slots}
    with engine.begin() as connection:
        connection.execute(text(_NUMBERS), given)
        connection.execute(text(_EVENTS))
        connection.execute(text(_COUNTS))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def incident_events(count: int) -> Iterator[dict[str, Any]]:
    """Breaches, Article 39 events and other matters, each corrected once in ten."""
    chance = random.Random(1088)  # noqa: S311  # repeatable, not secret
    for _ in range(count):
        at = START + SPAN * chance.random()
        kind = chance.choice(("works", "works", "crossing", "crossing", "letter", "smuggling", "trafficking"))
        people = [{"what": "persons", "n": chance.randrange(9)}]
        data = builders.incident(
            kind=kind,
            occurred={"start": at.isoformat(), "precision": "minute"},
            place=chance.choice(_PLACES),
            side=chance.choice(("CN", "VN", "both", "undetermined", "contested")),
            measures=[] if kind in ("works", "letter") else people,
        )
        if kind != "works":
            data["facts"] = {"subject": "person"} if kind == "crossing" else {}
        report = builders.reported(data, time=(at + timedelta(hours=1)).isoformat())
        yield report
        if chance.random() < 0.1:
            yield builders.updated(report["subject"], {"side": "CN"}, time=(at + timedelta(hours=2)).isoformat())


@dataclass(frozen=True, slots=True)
class Clock:
    """Times work and prints each result at once."""

    rounds: int
    progress: Callable[[str], None]

    def timed(self, name: str, work: Callable[[], object], most: float | None = None) -> Timed:
        """Time some work: the best of all rounds."""
        seconds = []
        for _ in range(self.rounds):
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
        timed = Timed(name, min(seconds), most, os.getloadavg()[0])
        self.progress(f"{name}: {timed.seconds:.3f} s")
        return timed


def measured(engine: Engine, clock: Clock) -> tuple[list[Timed], float]:
    """Everything timed, and the bare pass it is compared with."""
    as_of = as_of_now(engine)
    last = FIRST_YEAR + YEARS - 1
    times: list[Timed] = []
    with engine.connect() as connection:
        bare = clock.timed("bare pass", lambda: connection.execute(text("SELECT what, sum(n) FROM crossing GROUP BY what")).all())
        for unit, period in (
            ("all", str(last)),
            ("lang-son", str(last)),
            ("all", f"{last}-10"),
            ("all", f"{last}H1"),
            ("all", f"{FIRST_YEAR}..{last}"),
        ):
            times += _report_and_audit(connection, unit, Period.parse(period, Regime.ND09), as_of, clock)
        months = [month for year in range(FIRST_YEAR, last + 1) for month in Period.parse(str(year), Regime.ND09).months]
        times.append(clock.timed(f"figures of {len(months)} months", lambda: _figures(connection, months, as_of), MOST_MONTHS_S))
    year = build(engine, unit_named("all"), Period.parse(str(last), Regime.ND09), as_of)
    wrong = [check.message for check in year.checks if check.severity == "error"]
    if wrong:
        sys.exit(f"the report measured does not add up: {wrong}")
    times.extend(clock.timed(f"write {form}", partial(render, year, form)) for form in ("json", "md", "docx", "xlsx"))
    return times, bare.seconds


def _report_and_audit(connection: Connection, unit: str, period: Period, as_of: datetime, clock: Clock) -> Iterator[Timed]:
    whose = unit_named(unit, period)
    name = f"{unit} {period.id}"
    yield clock.timed(f"report {name}", lambda: drawn(connection, whose, period, as_of), MOST_REPORT_S)
    report = drawn(connection, whose, period, as_of)
    yield clock.timed(f"audit {name}", lambda: audit(connection, report), MOST_AUDIT_S)


def _figures(connection: Connection, periods: Sequence[Period], as_of: datetime) -> None:
    scoped = scope(connection, unit_named("all"), as_of)
    for period in periods:
        figures(tally(counted_incidents(scoped, period)))
        crossings(scoped, period)


def main() -> int:
    """Fill a database, measure, print, judge."""
    options = _options()
    progress = Console(stderr=True)
    clock = Clock(1 if options.quick else 3, lambda line: progress.print(f"[dim]{line}"))
    with running() as server:
        engine = connect(server.fresh())
        try:
            progress.print(f"[dim]filling: {options.crossings:,} crossings, {options.incidents:,} incidents")
            fill(engine, options.crossings, options.incidents)
            times, bare = measured(engine, clock)
        finally:
            engine.dispose()
    show(times, bare, f"{options.crossings:,} crossings, {options.incidents:,} incidents; bare pass {bare:.3f} s", Console())
    return 0 if options.quick or all(timed.kept for timed in times) else 1


def show(times: Sequence[Timed], bare: float, title: str, console: Console) -> None:
    """Print the times and their bars."""
    table = Table("what", "seconds", "bar", "x bare pass", "load", title=title)
    for column in (1, 3, 4):
        table.columns[column].justify = "right"
    for timed in times:
        table.add_row(timed.name, f"{timed.seconds:.3f}", timed.judgement, f"{timed.seconds / bare:.1f}", f"{timed.load:.1f}")
    console.width = max(console.width, 110)
    console.print(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="little data, one round, bars shown and not judged: does it still run?")
    parser.add_argument("--crossings", type=int, help="default 1000000")
    parser.add_argument("--incidents", type=int, help="default 20000")
    options = parser.parse_args()
    options.crossings = options.crossings or (QUICK_CROSSINGS if options.quick else 1_000_000)
    options.incidents = options.incidents or (QUICK_INCIDENTS if options.quick else 20_000)
    return options


if __name__ == "__main__":
    sys.exit(main())

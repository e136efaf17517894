"""How fast a report is over 1,000,000 crossing records and 20,000 incidents of ten years: `python -m bench.reports`.

Every bar is in seconds on this machine; beside it stands the same time as a multiple of one bare pass over the crossings' table
(`SELECT sum(n)`) of the same run, which is the figure to compare machines by. Exit 1 if a bar is missed.

    python -m bench.reports [--crossings N] [--incidents N]
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, text

from agreement.periods import Period, Regime
from reports.audit.audit import audit
from reports.build import build, drawn
from reports.documents import render
from reports.figures.crossing import crossings
from reports.figures.incidents import figures
from reports.figures.scope import scope
from reports.units import Unit, unit_named
from schemas.vietnam import HANOI
from sinks.clock import as_of_now
from sinks.engine import connect
from sinks.record import Database
from tests import builders
from tests.support.deliveries import Log
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
# The record's own rows for each event, as `sinks.crossings` writes them; a hundred times quicker than a million passes of the doorway.
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
FROM made
"""
_COUNTS = """
INSERT INTO crossing SELECT '/posts/' || post || '/gates', 'c-' || number, 0, '/posts/' || post || '/gates', 'c-' || number, gate, direction,
    'actual', begins, ends, what, number % 300, NULL, NULL, ends + interval '1 minute'
FROM made
"""
_MADE = """
CREATE TEMPORARY TABLE made AS
SELECT number, number / cardinality(gates) + 1 AS turn, gates[1 + number % cardinality(gates)] AS gate, gates[1 + number % cardinality(gates)] AS post,
    CASE WHEN number / cardinality(gates) % 2 = 0 THEN 'VN-CN' ELSE 'CN-VN' END AS direction,
    CASE WHEN number / cardinality(gates) / 2 % 2 = 0 THEN 'persons' ELSE 'vehicles' END AS what,
    CAST(:start AS timestamptz) + slot * step AS begins, CAST(:start AS timestamptz) + (slot + 1) * step AS ends
FROM (SELECT number, number / (4 * cardinality(gates)) AS slot, gates, CAST(:seconds AS double precision) * interval '1 second' AS step
    FROM generate_series(0, :count - 1) AS number CROSS JOIN (SELECT CAST(:gates AS text[]) AS gates) AS given) AS numbered
"""


@dataclass(frozen=True, slots=True)
class Timed:
    """One thing measured: seconds, the best of three, and what it may take."""

    name: str
    seconds: float
    most: float | None


def fill(engine: Engine, crossings: int, incidents: int) -> None:
    """The record of ten years."""
    database = Database(engine)
    log = Log(database)
    told = list(_incidents(incidents))
    for start in range(0, len(told), _BATCH):
        database.record(log.batch(told[start : start + _BATCH]))
    slots = max(1, crossings // (4 * len(_GATES)))
    given = {"start": START, "count": crossings, "gates": list(_GATES), "seconds": SPAN.total_seconds() / slots}
    with engine.begin() as connection:
        connection.execute(text(_MADE), given)
        connection.execute(text(_EVENTS))
        connection.execute(text(_COUNTS))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _incidents(count: int) -> Iterator[dict[str, Any]]:
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
        told = builders.reported(data, time=(at + timedelta(hours=1)).isoformat())
        yield told
        if chance.random() < 0.1:
            yield builders.updated(told["subject"], {"side": "CN"}, time=(at + timedelta(hours=2)).isoformat())


def measured(engine: Engine) -> tuple[list[Timed], float]:
    """Everything timed, and the bare pass it is compared with."""
    as_of = as_of_now(engine)
    everywhere = unit_named("all")
    found: list[Timed] = []
    with engine.connect() as connection:
        bare = _best(lambda: connection.execute(text("SELECT what, sum(n) FROM crossing GROUP BY what")).all())
        last = FIRST_YEAR + YEARS - 1
        for unit, period in (
            ("all", str(last)),
            ("lang-son", str(last)),
            ("all", f"{last}-10"),
            ("all", f"{last}H1"),
            ("all", f"{FIRST_YEAR}..{last}"),
        ):
            span = Period.parse(period, Regime.ND09)
            whose = unit_named(unit, span)
            found.append(Timed(f"report {unit} {period}", _best(lambda whose=whose, span=span: drawn(connection, whose, span, as_of)), 2.0))  # type: ignore[misc]
            report = drawn(connection, whose, span, as_of)
            found.append(Timed(f"audit {unit} {period}", _best(lambda report=report: list(audit(connection, report))), 5.0))  # type: ignore[misc]
        months = [month for year in range(FIRST_YEAR, last + 1) for month in Period.parse(str(year), Regime.ND09).months]
        found.append(Timed(f"figures of {len(months)} months", _best(lambda: _figures(connection, months, everywhere, as_of)), 10.0))
    year = build(engine, everywhere, Period.parse(str(last), Regime.ND09), as_of)
    wrong = [check.message for check in year.checks if check.severity == "error"]
    if wrong:
        sys.exit(f"the report measured does not add up: {wrong}")
    found.extend(Timed(f"write {form}", _best(lambda form=form: render(year, form)), None) for form in ("json", "md", "docx", "xlsx"))  # type: ignore[misc]
    return found, bare


def _figures(connection: Connection, periods: Sequence[Period], unit: Unit, as_of: datetime) -> None:
    scoped = scope(connection, periods, unit, as_of)
    figures(scoped)
    crossings(scoped)


def _best(work: Callable[[], object]) -> float:
    """The least of three times, in seconds."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crossings", type=int, default=1_000_000)
    parser.add_argument("--incidents", type=int, default=20_000)
    given = parser.parse_args()
    with running() as server:
        engine = connect(server.fresh())
        try:
            fill(engine, given.crossings, given.incidents)
            found, bare = measured(engine)
        finally:
            engine.dispose()
    table = Table(
        "what",
        "seconds",
        "bar",
        "x bare pass",
        title=f"{given.crossings:,} crossings, {given.incidents:,} incidents; bare pass {bare:.3f} s",
    )
    for one in found:
        table.add_row(one.name, f"{one.seconds:.3f}", "" if one.most is None else f"{one.most:.0f}", f"{one.seconds / bare:.1f}")
    Console(width=120).print(table)
    missed = [one.name for one in found if one.most is not None and one.seconds > one.most]
    if missed:
        sys.exit(f"bars missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()

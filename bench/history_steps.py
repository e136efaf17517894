"""Time one step over a record: `python -P bench/history_steps.py STEP URL [FILE]`, with the tree that does it as PYTHONPATH.

It prints the seconds that the step took, without imports and connecting, and the number of incidents. The commit before has the same
functions; where it has them in other modules, `_module` finds them.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

# Each step needs its own modules, and `fill` changes one before others read it.
# ruff: noqa: PLC0415

BATCH = 2000
PACK = "2009.1"
OPENS, CLOSES = datetime.fromisoformat("2014-12-15T00:00+07:00"), datetime.fromisoformat("2024-12-15T00:00+07:00")
"""The ten years of `bench.reports`."""


def main() -> None:
    """Do the step that the first argument names."""
    step, url, *rest = sys.argv[1:]
    if step == "fill":
        fill(url, Path(rest[0]))
        return

    from agreement.packs import pack_named

    rejudge, rebuild = _module("sinks.record.rejudge", "sinks.rejudge"), _module("sinks.record.rebuild", "sinks.rebuild").rebuild
    engine = _module("sinks.postgres.engine", "sinks.engine").connect(url)
    as_of = _module("sinks.postgres.clock", "sinks.clock").as_of_now(engine)
    recount = _recount()
    pack = pack_named(PACK)
    began = time.perf_counter()
    match step:
        case "preview":
            incidents = rejudge.under(engine, pack).incidents_judged
        case "append":
            appended = rejudge.rejudge(engine, pack, "bench")
            incidents = appended.states if hasattr(appended, "states") else appended.versions
        case "rebuild":
            incidents = rebuild(engine).incidents
        case "recount":
            with engine.connect() as connection:
                incidents = recount(connection, OPENS, CLOSES, as_of)
        case _:
            raise ValueError(step)
    print(time.perf_counter() - began, incidents)


def _recount() -> Callable[[Connection, datetime, datetime, datetime], int]:
    """The step under a report's audit that works the incidents out again. It returns how many there are."""
    try:
        from reports.audit.rebuilding import rebuilt_incidents
    except ModuleNotFoundError:
        before: Any = importlib.import_module("reports.audit.recount")
        return lambda *span: len(before.recount(*span).incidents)
    return lambda *span: len(rebuilt_incidents(*span)[0])


def _module(here: str, before: str) -> Any:
    """A module by its name in this tree, else by its name in the commit before."""
    try:
        return importlib.import_module(here)
    except ModuleNotFoundError:
        return importlib.import_module(before)


def fill(url: str, file: Path) -> None:
    """Record the events of a file as a judge of yesterday did: its verdicts carry the version before, so that a rejudging has work."""
    from agreement import judge

    judge.JUDGE_VERSION -= 1
    engine = _module("sinks.postgres.engine", "sinks.engine").connect(url)
    database = _module("sinks.record.database", "sinks.record").Database(engine)
    log = _module("tests.support.classified_batches", "tests.support.deliveries").Log(database)
    events = [json.loads(line) for line in file.read_text().splitlines()]
    for start in range(0, len(events), BATCH):
        database.record(log.batch(events[start : start + BATCH]))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


if __name__ == "__main__":
    main()

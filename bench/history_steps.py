"""One thing done with a record, timed: `python -P bench/history_steps.py STEP URL [FILE]`, with the tree that does it as PYTHONPATH.

Only names that the commit before has too are used here. Prints the seconds it took, without imports and connecting, and how many
incidents it was about.
"""

import json
import sys
import time
from datetime import datetime
from pathlib import Path

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
    from reports.audit.recount import recount
    from sinks.postgres.clock import as_of_now
    from sinks.postgres.engine import connect
    from sinks.record import rejudge
    from sinks.record.rebuild import rebuild

    engine = connect(url)
    as_of = as_of_now(engine)
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
                incidents = len(recount(connection, OPENS, CLOSES, as_of).incidents)
        case _:
            raise ValueError(step)
    print(time.perf_counter() - began, incidents)


def fill(url: str, file: Path) -> None:
    """Record the events of a file as a judge of yesterday did: its verdicts carry the version before, so that a rejudging has work."""
    from agreement import judge

    judge.JUDGE_VERSION -= 1

    from sinks.postgres.engine import connect
    from sinks.record.database import Database
    from tests.support.deliveries import Log

    engine = connect(url)
    database = Database(engine)
    log = Log(database)
    events = [json.loads(line) for line in file.read_text().splitlines()]
    for start in range(0, len(events), BATCH):
        database.record(log.batch(events[start : start + BATCH]))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


if __name__ == "__main__":
    main()

"""The command `mocgioi` that dies as a process out of memory does, at whatever event is about burning: in classify where it is judged, in record
where it is stored."""

import os
import signal
from typing import Any

import agreement.judge
import sinks.record.database
from agreement.rules.rule import Rule
from mocgioi.cli import main
from schemas.codebook import Kind

_statement, _insert = agreement.judge._statement, sinks.record.database.insert


def _dying(rule: Rule, *rest: Any) -> Any:
    if Kind.BURNING in rule.kinds:
        os.kill(os.getpid(), signal.SIGKILL)
    return _statement(rule, *rest)


def _dying_insert(cursor: Any, log: str, events: Any, *rest: Any) -> Any:
    if any(event.row.incident is not None and event.row.incident.kind == Kind.BURNING for event in events):
        os.kill(os.getpid(), signal.SIGKILL)
    return _insert(cursor, log, events, *rest)


if __name__ == "__main__":
    agreement.judge._statement = _dying  # type: ignore[assignment]
    sinks.record.database.insert = _dying_insert
    main()

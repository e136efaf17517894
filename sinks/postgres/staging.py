"""The temporary tables of a session: rows are copied into them, and then one INSERT decides which of them are new."""

from sqlalchemy import BigInteger, Column, Integer

from sinks.postgres.bulk_copy import Target
from sinks.postgres.tables import event, incident_state, verdict

_OF_EVENT = ("source", "id", "subject", "type", "time", "sequence", "occurred_start", "body", "topic", "partition", "offset")
_OF_PLACE = ("scheme", "gate", "area", "province", "district", "commune")
_OF_STATE = ("kind", "status", "occurred_precision", "side", "direction", "act", "outcome", "machine_outcome", "known_at")
_LISTS_OF_STATE = ("clauses", "article39", "markers", "measures")

ARRIVING = Target(
    "arriving",
    [
        Column("place", Integer),
        *(event.c[name] for name in _OF_EVENT),
        Column("received_ms", BigInteger),
        *(verdict.c[name] for name in ("rule_pack", "judge_version", "findings")),
        *(incident_state.c[name] for name in (*_OF_STATE, *_OF_PLACE, *_LISTS_OF_STATE)),
    ],
)
"""Events of a batch, numbered by their place in it. `kind` and what follows of a state is empty where the event alone makes none."""

FIRST_STATES = Target("first_state", incident_state.columns)
"""First states of incidents that another transaction may be inserting too."""

STAGING = (ARRIVING, FIRST_STATES)

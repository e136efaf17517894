"""A unit's part of the record at a moment: what all figures of a report are computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, text

from agreement.figures import ALL, NO_UNIT
from agreement.periods import Period
from reports.units import Unit

PERIODS = """
period AS (
    SELECT * FROM unnest(CAST(:periods AS text[]), CAST(:opens AS timestamptz[]), CAST(:closes AS timestamptz[])) AS period (id, opens, closes)
)
"""
"""A common table expression: the periods that `Scope.ask` was given."""
IN_UNIT = "CASE :unit WHEN 'all' THEN true WHEN 'none' THEN province IS NULL ELSE province = ANY(CAST(:provinces AS text[])) END"

# Sums and groups of a million rows in memory, sorted by parallel workers. Compiling these statements would cost more than running them; a plan
# kept from a month's report is not one for ten years.
_FOR_REPORTS = """
SET LOCAL work_mem = '64MB'; SET LOCAL parallel_tuple_cost = 0.01; SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_custom_plan
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report reads: a unit, as the record knew it at a moment. Build one with `scope`."""

    connection: Connection
    unit: Unit
    as_of: datetime

    def ask(self, statement: str, *, periods: Sequence[Period] = (), **more: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement with the parameters as_of, unit, provinces, gates, posts; periods, opens, closes of the periods; and more."""
        parameters = {
            "periods": [period.id for period in periods],
            "opens": [period.start for period in periods],
            "closes": [period.end for period in periods],
            "as_of": self.as_of,
            "unit": self.unit.code if self.unit.code in (ALL, NO_UNIT) else "some",
            "provinces": list(self.unit.provinces or ()),
            "gates": list(self.unit.gates),
            "posts": list(self.unit.posts),
        }
        return self.connection.execute(text(statement), parameters | more)


def scope(connection: Connection, unit: Unit, as_of: datetime) -> Scope:
    """Prepare a transaction for the queries of a report."""
    for statement in _FOR_REPORTS.split(";"):
        connection.execute(text(statement))
    return Scope(connection, unit, as_of)

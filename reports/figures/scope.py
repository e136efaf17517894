"""The incidents that count, of one or many periods and a unit, as the record knew them at a moment: what all figures are computed from.

They are worked out once a report, into a temporary table that lives as long as the transaction.
"""

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
"""A common table expression: the scope's periods."""
IN_UNIT = "CASE :unit WHEN 'all' THEN true WHEN 'none' THEN province IS NULL ELSE province = ANY(CAST(:provinces AS text[])) END"

# Sums and groups of a million rows in memory, sorted by parallel workers. Compiling these statements would cost more than running them; a plan
# kept from a month's report is not one for ten years.
_FOR_REPORTS = """
SET LOCAL work_mem = '64MB'; SET LOCAL parallel_tuple_cost = 0.01; SET LOCAL jit = off;
SET LOCAL plan_cache_mode = force_custom_plan; DROP TABLE IF EXISTS pg_temp.counted_incident
"""
_COUNTED = f"""
CREATE TEMPORARY TABLE counted_incident ON COMMIT DROP AS
WITH {PERIODS}
SELECT period.id AS period, subject, version, kind, outcome, side, clauses, article39, markers, province, occurred_start, occurred_precision,
    rule_pack, judge_version, district, commune, act, measures::jsonb AS measures, reporter
FROM incident_as_of(:as_of) JOIN period ON occurred_start >= opens AND occurred_start < closes
WHERE complete AND status = 'actual' AND NOT retracted AND {IN_UNIT}
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """A unit's periods as the record knew them. Its transaction has the table `counted_incident`: the incidents that count, once a period each."""

    connection: Connection
    unit: Unit
    periods: tuple[Period, ...]
    as_of: datetime

    def ask(self, statement: str, *, periods: Sequence[Period] | None = None, **more: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement with the scope's parameters: periods, opens, closes, as_of, unit, provinces, gates, posts; and more."""
        asked = self.periods if periods is None else periods
        given = {
            "periods": [period.id for period in asked],
            "opens": [period.start for period in asked],
            "closes": [period.end for period in asked],
            "as_of": self.as_of,
            "unit": self.unit.code if self.unit.code in (ALL, NO_UNIT) else "some",
            "provinces": list(self.unit.provinces or ()),
            "gates": list(self.unit.gates),
            "posts": list(self.unit.posts),
        }
        return self.connection.execute(text(statement), given | more)


def scope(connection: Connection, periods: Sequence[Period], unit: Unit, as_of: datetime) -> Scope:
    """Work out the incidents that count. Needs a transaction, which a later scope takes over."""
    scoped = Scope(connection, unit, tuple(periods), as_of)
    for statement in _FOR_REPORTS.split(";"):
        scoped.ask(statement)
    scoped.ask(_COUNTED)
    return scoped

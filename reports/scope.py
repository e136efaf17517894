"""The incidents that count, of one or many periods and a unit, as the record knew them at a moment: what all figures are computed from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agreement.figures import ALL, NO_UNIT
from agreement.periods import Period
from reports.units import Unit

COUNTED = """
period AS (
    SELECT * FROM unnest(CAST(:periods AS text[]), CAST(:opens AS timestamptz[]), CAST(:closes AS timestamptz[])) AS period (id, opens, closes)
),
newest AS (
    SELECT DISTINCT ON (subject) subject, version FROM incident_version WHERE recorded_at <= :as_of ORDER BY subject, version DESC
),
known AS (SELECT incident_version.* FROM newest JOIN incident_version USING (subject, version)),
counted AS MATERIALIZED (
    SELECT period.id AS period, subject, version, kind, outcome, side, clauses, article39, markers, province, occurred_start, occurred_precision,
        rule_pack, judge_version, folded #>> '{place,district}' AS district, folded #>> '{place,commune}' AS commune,
        folded #>> '{facts,act}' AS act, folded -> 'measures' AS measures, folded ->> 'reporter' AS reporter, findings
    FROM known JOIN period ON occurred_start >= opens AND occurred_start < closes
    WHERE complete AND status = 'actual' AND NOT retracted
        AND CASE :unit WHEN 'all' THEN true WHEN 'none' THEN province IS NULL ELSE province = ANY(CAST(:provinces AS text[])) END
)
"""
"""Common table expressions: `known` is every incident's state then, `counted` those that count, once a period each."""


def bound(periods: Sequence[Period], unit: Unit, as_of: datetime) -> dict[str, Any]:
    """The parameters of `COUNTED`."""
    return {
        "periods": [period.id for period in periods],
        "opens": [period.start for period in periods],
        "closes": [period.end for period in periods],
        "as_of": as_of,
        "unit": unit.code if unit.code in (ALL, NO_UNIT) else "some",
        "provinces": list(unit.provinces or ()),
    }

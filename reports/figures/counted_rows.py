"""What each family of figures counts, as a relation of (period, key, subject, n): no figure is without the incidents behind it.

Every relation selects from `counted_incident`: the incidents that count in a period and unit, as the record knew them (`reports.figures.scope`).
The value of figure `<prefix><key>` is the sum of n; its subjects are those selected.
"""

from collections.abc import Mapping

from agreement.figure_families import FAMILIES, MATTERS, SIDES, STRETCH, Counts
from agreement.figures import NO_UNIT
from schemas.codebook import Outcome

_BREACH, _EVENT, _ITEM = "outcome = 'breach'", "outcome = 'border_event'", "coalesce(article39[1]::text, 'none')"
_SEA = "kind = 'sea_obstruction'"
_ACT = "coalesce(act, 'unknown')"
_MATTER = f"kind IN ({', '.join(repr(kind.value) for kind in MATTERS)})"
_SIDE = f"CASE WHEN side IN ({', '.join(repr(side.value) for side in SIDES)}) THEN side ELSE 'undetermined' END"
_BLOCK = f"substring(markers[1] FROM '^[0-9]+')::int / {STRETCH} * {STRETCH}"


def _cases(key: str, only: str) -> str:
    return f"SELECT period, {key} AS key, subject, 1::numeric AS n FROM counted_incident WHERE {only}"


def _each(column: str, only: str) -> str:
    """One incident for each value of a list."""
    return f"SELECT period, listed::text AS key, subject, 1::numeric AS n FROM counted_incident CROSS JOIN unnest({column}) AS listed WHERE {only}"


def _measures(key: str, only: str) -> str:
    """Sums of measures; goods, area and value a unit each. A whole number of persons, vehicles, boats, livestock has no unit."""
    return (
        f"SELECT period, {key} || '.' || what || CASE WHEN what IN ('goods', 'area', 'value') THEN '.' || coalesce(unit, 'none') ELSE '' END AS key,"
        f" subject, n FROM counted_incident CROSS JOIN LATERAL jsonb_to_recordset(measures) AS measured (what text, n numeric, unit text) WHERE {only}"
    )


def _parts(key: str, only: str) -> str:
    """Sums of the parts that measures of persons, vehicles, boats, livestock name: `{"wanted": 67}`."""
    return (
        f"SELECT period, {key} || '.' || what || '.' || part AS key, subject, amount::numeric AS n FROM counted_incident"
        ' CROSS JOIN LATERAL jsonb_to_recordset(measures) AS measured (what text, "of" jsonb)'
        f' CROSS JOIN LATERAL jsonb_each_text(measured."of") AS parted (part, amount) WHERE jsonb_typeof(measured."of") = \'object\''
        f" AND what NOT IN ('goods', 'area', 'value') AND {only}"
    )


_ROWS: Mapping[tuple[str, Counts], str] = {
    ("incident.total", Counts.CASES): _cases("''", "true"),
    ("outcome.", Counts.CASES): _cases("outcome", "true"),
    ("breach.total", Counts.CASES): _cases("''", _BREACH),
    ("breach.", Counts.CASES): _cases(_SIDE, _BREACH),
    ("breach.clause.", Counts.CASES): _each("clauses", _BREACH),
    ("breach.article39.", Counts.CASES): _each("article39", _BREACH),
    ("breach.kind.", Counts.CASES): _cases("kind", _BREACH),
    ("breach.stretch.", Counts.CASES): _cases(f"coalesce({_BLOCK} || '-' || {_BLOCK} + {STRETCH - 1}, '{NO_UNIT}')", _BREACH),
    ("breach.province.", Counts.CASES): _cases(f"coalesce(province, '{NO_UNIT}')", _BREACH),
    ("breach.district.", Counts.CASES): _cases(f"coalesce(district, '{NO_UNIT}')", _BREACH),
    ("breach.commune.", Counts.CASES): _cases(f"coalesce(commune, '{NO_UNIT}')", _BREACH),
    ("border_event.total", Counts.CASES): _cases("''", _EVENT),
    ("article39.", Counts.CASES): _cases(_ITEM, _EVENT),
    ("article39.", Counts.MEASURES): _measures(_ITEM, _EVENT),
    ("article39.", Counts.PARTS): _parts(_ITEM, _EVENT),
    ("matter.", Counts.CASES): _cases("kind", _MATTER),
    ("matter.", Counts.MEASURES): _measures("kind", _MATTER),
    ("sea.", Counts.CASES): _cases(_ACT, _SEA),
    ("sea.", Counts.MEASURES): _measures(_ACT, _SEA),
    ("open.needs_facts", Counts.CASES): _cases("''", "outcome = 'needs_facts'"),
    **{
        (f"{outcome}.kind.", Counts.CASES): _cases("kind", f"outcome = '{outcome}'")
        for outcome in (Outcome.EXEMPT, Outcome.NO_BREACH, Outcome.NEEDS_FACTS)
    },
}
ROWS = tuple(_ROWS[family.prefix, family.counts] for family in FAMILIES)
"""SQL, in the order of `FAMILIES`: `SELECT period, key, subject, n FROM counted_incident …`."""

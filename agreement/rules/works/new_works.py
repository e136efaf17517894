"""Article 21(1): new permanent works."""

from agreement.rules.fixture import AT_SEA, asking, breach, exempt, kept, silent, zone
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN
from agreement.rules.works.strip import ASKING, ASKS, ENDS, EXCEPTIONS, LIMIT, SCENE, in_the_strip
from schemas.codebook import Kind, Label, Outcome
from schemas.facts import Fact

_HOUSE: dict[str, Fact] = {"change": "new", "permanent": True, "purpose": "other", "agreed": False}


def built_new(f: Known) -> Outcome:
    """21(1): new works."""
    return in_the_strip(f) if f["change"] == "new" else Outcome.NOT_APPLICABLE


RULE = Rule(
    id="21.1.new_works",
    clause="21(1)",
    kinds=(Kind.WORKS,),
    title=Label("xây mới công trình kiên cố", "new permanent works"),
    asks=ASKS,
    decide=built_new,
    limit=LIMIT,
    mentions=("structure",),
    scene=SCENE,
    ends=ENDS,
    exceptions=EXCEPTIONS,
    runbook=(OPEN, *ASKING, *ACCUSED),
    fixtures=(
        breach(change="new", permanent=True, distance_m=18, purpose="other", agreed=False, structure="nhà ở"),
        exempt(change="new", permanent=True, distance_m=18, purpose="patrol_road", agreed=False),
        exempt(change="new", permanent=True, distance_m=18, purpose="fence"),
        exempt(change="new", permanent=True, distance_m=18, purpose="monitoring"),
        exempt(change="new", permanent=True, distance_m=18, purpose="blocking"),
        exempt(change="new", permanent=True, distance_m=18, purpose="gate"),
        exempt(change="new", permanent=True, distance_m=18, purpose="other", agreed=True, structure="kè"),
        exempt(purpose="fence", structure="hàng rào"),
        kept(change="new", permanent=False, distance_m=18, purpose="other", agreed=False),
        kept(distance_m=31),
        asking("agreed", change="new", permanent=True, distance_m=10, purpose="other"),
        asking("change", permanent=True, distance_m=10, purpose="other", agreed=False),
        asking("change", "permanent", "distance_m", "purpose", "agreed"),
        *zone("distance_m", _HOUSE, inside=29, at=30, outside=31),
        silent(facts={**_HOUSE, "change": "extension", "distance_m": 18}),
        silent(facts={**_HOUSE, "change": "upkeep", "distance_m": 18}),
        AT_SEA,
    ),
)

"""Article 21(3): existing works extended; their upkeep is free."""

from agreement.rules.fixture import AT_SEA, asking, breach, exempt, kept, silent, zone
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN
from agreement.rules.works.strip import ASKING, ASKS, ENDS, EXCEPTIONS, LIMIT, SCENE, in_the_strip
from schemas.codebook import Kind, Label, Outcome
from schemas.facts import Fact

_HOUSE: dict[str, Fact] = {"change": "extension", "permanent": True, "purpose": "other", "agreed": False}


def extended(f: Known) -> Outcome:
    """21(3): existing works are not extended; their upkeep is free."""
    if f["change"] == "upkeep":
        return Outcome.NO_BREACH
    return in_the_strip(f) if f["change"] == "extension" else Outcome.NOT_APPLICABLE


RULE = Rule(
    id="21.3.extended_works",
    clause="21(3)",
    kinds=(Kind.WORKS,),
    title=Label("mở rộng công trình đã có", "existing works extended"),
    asks=ASKS,
    decide=extended,
    limit=LIMIT,
    mentions=("structure",),
    scene=SCENE,
    ends=ENDS,
    exceptions=(*EXCEPTIONS, Label("Điều 21(3): duy tu công trình đã có", "Article 21(3): upkeep of existing works")),
    runbook=(OPEN, *ASKING, *ACCUSED),
    fixtures=(
        breach(change="extension", permanent=True, distance_m=18, purpose="other", agreed=False, structure="nhà kho"),
        exempt(change="extension", permanent=True, distance_m=18, purpose="gate", agreed=False),
        exempt(change="extension", permanent=True, distance_m=18, purpose="other", agreed=True),
        kept(change="upkeep", permanent=True, distance_m=18, purpose="other", agreed=False),
        kept(change="extension", permanent=False, distance_m=18),
        kept(change="extension", distance_m=31),
        asking("permanent", change="extension", distance_m=5, purpose="other", agreed=False),
        *zone("distance_m", _HOUSE, inside=29, at=30, outside=31),
        silent(facts={**_HOUSE, "change": "new", "distance_m": 18}),
        AT_SEA,
    ),
)

"""Article 15(6): mining."""

from agreement.phrases import phrase
from agreement.rules.asks import AtMost, Flag
from agreement.rules.fixture import AT_SEA, asking, breach, exempt, kept, zone
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome

ZONE_M = 500
"""Metres from the line, each side."""


def mined(f: Known) -> Outcome:
    """15(6): no mining unless agreed."""
    if f["distance_m"] > ZONE_M:
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["agreed"] else Outcome.BREACH


RULE = Rule(
    id="15.6.mining",
    clause="15(6)",
    kinds=(Kind.MINING,),
    title=Label("khai thác khoáng sản", "mining"),
    asks={"distance_m": AtMost(ZONE_M), "agreed": Flag()},
    decide=mined,
    limit="distance_m <= 500",
    scene=(
        phrase("khai thác khoáng sản", "mining"),
        phrase(" cách đường biên giới {distance_m}", " {distance_m} from the line"),
    ),
    ends={
        Outcome.BREACH: phrase("vi phạm vì {agreed}", "a breach because it was {agreed}"),
        Outcome.EXEMPT: phrase("được phép vì {agreed}", "allowed because it was {agreed}"),
        Outcome.NO_BREACH: phrase("không vi phạm vì ở ngoài giới hạn", "no breach because it lies beyond the limit"),
    },
    exceptions=(Label("Điều 15(6): khai thác hai bên đã thỏa thuận", "Article 15(6): mining the two sides agreed"),),
    runbook=(
        OPEN,
        ask("distance_m", "đo từ mép moong, cửa lò tới đường biên giới", "measure from the pit or adit to the line"),
        ask("agreed", "hỏi Sở Ngoại vụ về thỏa thuận hai bên", "ask the department of foreign affairs about an agreement"),
        Label(
            "Ghi loại khoáng sản, thiết bị, hướng đào về phía {place} vào {text}; theo dõi nổ mìn kèm theo (Điều 15(4)).",
            "Put mineral, equipment and the direction of digging towards {place} into {text}; watch for blasting with it (Article 15(4)).",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(distance_m=400, agreed=False),
        exempt(distance_m=400, agreed=True),
        exempt(agreed=True),
        kept(distance_m=600),
        kept(distance_m=600, agreed=False),
        asking("agreed", distance_m=400),
        asking("distance_m", "agreed"),
        *zone("distance_m", {"agreed": False}, inside=499, at=500, outside=501),
        AT_SEA,
    ),
)

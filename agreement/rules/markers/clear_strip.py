"""Article 7(3): activity in the clear-view strip. Its width was not seen: a post says whether it was in the strip."""

from agreement.phrases import phrase
from agreement.rules.asks import Flag
from agreement.rules.fixture import AT_SEA, asking, breach, exempt
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome


def strip_used(f: Known) -> Outcome:
    """7(3): nothing in the clear-view strip unless agreed."""
    return Outcome.EXEMPT if f["agreed"] else Outcome.BREACH


RULE = Rule(
    id="7.3.clear_strip",
    clause="7(3)",
    kinds=(Kind.CLEAR_STRIP,),
    title=Label("hoạt động trong đường thông tầm nhìn biên giới", "activity in the clear-view strip"),
    asks={"agreed": Flag()},
    decide=strip_used,
    mentions=("activity",),
    scene=(
        phrase("hoạt động", "activity"),
        phrase(" {activity}", " {activity}"),
        phrase(" trong đường thông tầm nhìn biên giới", " in the clear-view strip"),
    ),
    ends={
        Outcome.BREACH: phrase("vi phạm vì {agreed}", "a breach because it was {agreed}"),
        Outcome.EXEMPT: phrase("được phép vì {agreed}", "allowed because it was {agreed}"),
    },
    exceptions=(Label("Điều 7(3): hoạt động hai bên đã thỏa thuận", "Article 7(3): what the two sides agreed"),),
    runbook=(
        OPEN,
        ask("agreed", "tra biên bản, thư trao đổi hai bên về đoạn này", "look for minutes or letters of both sides on this stretch"),
        Label(
            "Xác định {facts.activity} (canh tác, đào bới, xây dựng, thăm dò) nằm trong dải thông tầm nhìn ở phía nào của {place}.",
            "Establish on which side of {place} {facts.activity} (cultivation, digging, building, exploration) lies within the strip.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(agreed=False, activity="trồng ngô"),
        exempt(agreed=True, activity="dọn cây"),
        asking("agreed", activity="đào đất"),
        AT_SEA,
    ),
)

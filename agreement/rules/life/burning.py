"""Article 15(5): burning to clear land."""

from agreement.phrases import BEYOND, because, phrase
from agreement.rules.asks import AtMost, Flag
from agreement.rules.fixture import AT_SEA, asking, breach, kept, zone
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome

ZONE_M = 1_000
"""Metres from the line, each side."""


def burnt(f: Known) -> Outcome:
    """15(5): no burning to clear land."""
    return Outcome.BREACH if f["distance_m"] <= ZONE_M and f["land_clearing"] else Outcome.NO_BREACH


RULE = Rule(
    id="15.5.burning",
    clause="15(5)",
    kinds=(Kind.BURNING,),
    title=Label("đốt cây", "burning"),
    asks={"distance_m": AtMost(ZONE_M), "land_clearing": Flag()},
    decide=burnt,
    limit="distance_m <= 1000",
    scene=(
        phrase("đốt cây", "burning"),
        phrase(" {land_clearing}", " {land_clearing}"),
        phrase(" cách đường biên giới {distance_m}", " {distance_m} from the line"),
    ),
    ends={
        Outcome.BREACH: phrase("vi phạm vì ở trong phạm vi cấm", "a breach because it lies within the limit"),
        Outcome.NO_BREACH: (
            phrase("không vi phạm", "no breach"),
            because(
                phrase("ở ngoài giới hạn", "it lies beyond the limit", distance_m=BEYOND),
                phrase("không nhằm khai hoang", "no land was being cleared", land_clearing=False),
            ),
        ),
    },
    runbook=(
        OPEN,
        ask("distance_m", "đo từ mép đám cháy tới đường biên giới", "measure from the edge of the fire to the line"),
        ask("land_clearing", "hỏi chính quyền xã về nương rẫy, mục đích đốt", "ask the commune what was burnt and why"),
        Label(
            "Lửa có thể lan qua đường biên giới thì báo ngay phía bên kia và kiểm lâm; lan rồi thì gửi thêm vụ việc loại fire_flood tại {place}.",
            "Where it may spread over the line tell the other side and the rangers at once; where it did, report a fire_flood at {place} too.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(distance_m=10, land_clearing=True),
        kept(distance_m=1200),
        kept(land_clearing=False),
        kept(distance_m=10, land_clearing=False),
        asking("land_clearing", distance_m=10),
        asking("distance_m", "land_clearing"),
        *zone("distance_m", {"land_clearing": True}, inside=999, at=1000, outside=1001),
        AT_SEA,
    ),
)

"""Article 15(3): hazardous storage and disposal sites."""

from agreement.phrases import phrase
from agreement.rules.asks import AtMost
from agreement.rules.fixture import AT_SEA, asking, breach, kept, zone
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome

ZONE_M = 1_000
"""Metres from the line, own side."""


def hazard_sited(f: Known) -> Outcome:
    """15(3): as seen it knows no exception, so an agreement excuses nothing."""
    return Outcome.BREACH if f["distance_m"] <= ZONE_M else Outcome.NO_BREACH


RULE = Rule(
    id="15.3.hazard_site",
    clause="15(3)",
    kinds=(Kind.HAZARD_SITE,),
    title=Label("kho hóa chất, bãi chất thải nguy hại", "a hazardous storage or disposal site"),
    asks={"distance_m": AtMost(ZONE_M)},
    decide=hazard_sited,
    limit="distance_m <= 1000",
    scene=(
        phrase("kho hóa chất hoặc bãi chất thải nguy hại", "a hazardous storage or disposal site"),
        phrase(" cách đường biên giới {distance_m}", " {distance_m} from the line"),
    ),
    ends={
        Outcome.BREACH: phrase("vi phạm, Điều 15(3) không có ngoại lệ", "a breach; Article 15(3) knows no exception"),
        Outcome.NO_BREACH: phrase("không vi phạm vì ở ngoài giới hạn", "no breach because it lies beyond the limit"),
    },
    runbook=(
        OPEN,
        ask("distance_m", "đo từ ranh giới kho, bãi tới đường biên giới", "measure from the edge of the site to the line"),
        Label(
            "Báo Sở Nông nghiệp và Môi trường, Công an tỉnh về {place}; lấy mẫu nước, đất nếu có rò rỉ.",
            "Tell the environment department and the provincial police of {place}; sample water and soil where it leaks.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(distance_m=900, agreed=True),
        kept(distance_m=1500),
        asking("distance_m", agreed=True),
        *zone("distance_m", {}, inside=999, at=1000, outside=1001),
        AT_SEA,
    ),
)

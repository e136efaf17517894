"""Article 15(4): blasting; item 4 of Article 39."""

from agreement.phrases import BEYOND, ENOUGH, SHORT, WITHIN, because, phrase
from agreement.rules.asks import AtLeast, AtMost, IfReported
from agreement.rules.fixture import AT_SEA, asking, breach, kept, term, zone
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome

ZONE_M = 2_000
"""Metres from the line, own side."""
NOTICE_HOURS = 48
"""Hours between the notice and the blast."""


def blasted(f: Known) -> Outcome:
    """15(4): due notice, and no harm even after it."""
    if f["distance_m"] > ZONE_M:
        return Outcome.NO_BREACH
    return Outcome.BREACH if f["harm"] or f["notice_hours"] < NOTICE_HOURS else Outcome.NO_BREACH


RULE = Rule(
    id="15.4.blasting",
    clause="15(4)",
    kinds=(Kind.BLASTING,),
    title=Label("nổ mìn", "blasting"),
    asks={"distance_m": AtMost(ZONE_M), "notice_hours": AtLeast(NOTICE_HOURS), "harm": IfReported()},
    decide=blasted,
    limit="distance_m <= 2000, notice_hours >= 48",
    item=4,
    scene=(
        phrase("nổ mìn", "blasting"),
        phrase(" cách đường biên giới {distance_m}", " {distance_m} from the line"),
        phrase(", báo trước cho bên kia {notice_hours}", ", {notice_hours} of notice given"),
    ),
    ends={
        Outcome.BREACH: (
            phrase("vi phạm", "a breach"),
            because(
                phrase("báo trước chưa đủ thời hạn", "the notice was too short", notice_hours=SHORT),
                phrase("gây thiệt hại cho bên kia", "the other side was harmed", harm=True),
            ),
        ),
        Outcome.NO_BREACH: (
            phrase("không vi phạm", "no breach"),
            because(
                phrase("nổ ở ngoài giới hạn", "it was beyond the limit", distance_m=BEYOND),
                phrase("đã báo trước đủ thời hạn", "due notice was given", distance_m=WITHIN, notice_hours=ENOUGH),
                phrase("đã báo trước đủ thời hạn", "due notice was given", distance_m=None, notice_hours=ENOUGH),
            ),
        ),
    },
    runbook=(
        OPEN,
        ask("distance_m", "định vị điểm nổ, đo tới đường biên giới", "locate the blast and measure to the line"),
        ask("notice_hours", "tìm thông báo của bên nổ mìn, tính số giờ tới lúc nổ", "find the notice and count hours to the blast"),
        Label(
            "Kiểm tra nhà, mốc, hoa màu phía ta quanh {place}; có thiệt hại thì gửi {facts.harm} và kê vào {measures}.",
            "Check houses, markers and crops on our side around {place}; where harmed, send {facts.harm} and list it in {measures}.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(distance_m=100, notice_hours=12),
        breach(distance_m=100, notice_hours=72, harm=True),
        breach(distance_m=100, harm=True),
        kept(distance_m=100, notice_hours=72),
        kept(distance_m=100, notice_hours=72, harm=False),
        kept(distance_m=3000, notice_hours=0, harm=True),
        kept(notice_hours=72),
        asking("notice_hours", distance_m=100),
        asking("distance_m", harm=True),
        *zone("distance_m", {"notice_hours": 0}, inside=1999, at=2000, outside=2001),
        *term("notice_hours", {"distance_m": 100}, inside=49, at=48, outside=47),
        AT_SEA,
    ),
)

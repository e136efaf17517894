"""Article 20: flights near the line."""

from agreement.phrases import BEYOND, SCANT, SHORT, because, phrase
from agreement.rules.asks import AtLeast, AtMost, Flag, OneOf
from agreement.rules.fixture import AT_SEA, asking, breach, kept, term, zone
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome

ZONE_KM = 25
"""Kilometres from the line, own side."""
SURVEY_NOTICE_DAYS = 15
"""Days of notice a survey flight near the line owes."""
ENTRY_NOTICE_DAYS = 30
"""Days of notice a survey flight that enters owes."""


def flown(f: Known) -> Outcome:
    """20: no entry without consent; a survey owes notice, more of it where it enters."""
    surveys = f["purpose"] == "aerial_survey"
    if f["entered"]:
        kept = f["consent"] and (not surveys or f["notice_days"] >= ENTRY_NOTICE_DAYS)
    else:
        kept = not surveys or f["distance_km"] > ZONE_KM or f["notice_days"] >= SURVEY_NOTICE_DAYS
    return Outcome.NO_BREACH if kept else Outcome.BREACH


RULE = Rule(
    id="20.flight",
    clause="20",
    kinds=(Kind.FLIGHT,),
    title=Label("hoạt động bay", "a flight"),
    asks={
        "purpose": OneOf(("aerial_survey", "other")),
        "entered": Flag(),
        "distance_km": AtMost(ZONE_KM),
        "notice_days": AtLeast(SURVEY_NOTICE_DAYS, ENTRY_NOTICE_DAYS),
        "consent": Flag(),
    },
    decide=flown,
    limit="distance_km <= 25, notice_days >= 15, entered: notice_days >= 30",
    scene=(
        phrase("chuyến bay chụp ảnh, viễn thám", "an aerial survey flight", purpose="aerial_survey"),
        phrase("chuyến bay không nhằm chụp ảnh, viễn thám", "a flight that was no survey", purpose="other"),
        phrase("chuyến bay chưa rõ mục đích", "a flight of unknown purpose", purpose=None),
        phrase(" cách đường biên giới {distance_km}", " {distance_km} from the line"),
        phrase(" vào vùng trời bên kia", " that entered the other side", entered=True),
        phrase(" không vào vùng trời bên kia", " that did not enter the other side", entered=False),
        phrase(", báo trước {notice_days}", ", {notice_days} of notice given"),
        phrase(", được bên kia đồng ý", ", with the other side's consent", entered=True, consent=True),
    ),
    ends={
        Outcome.BREACH: (
            phrase("vi phạm", "a breach"),
            because(
                phrase("bên kia không đồng ý cho vào", "the other side did not consent", entered=True, consent=False),
                phrase("báo trước chưa đủ thời hạn", "the notice was too short", entered=False, notice_days=SHORT),
                phrase(
                    "báo trước chưa đủ thời hạn đối với chuyến bay vào vùng trời bên kia",
                    "the notice was too short for a flight that enters",
                    entered=True,
                    notice_days=SCANT,
                    purpose="aerial_survey",
                ),
                phrase("báo trước chưa đủ thời hạn", "the notice was too short", entered=None, notice_days=SHORT),
            ),
        ),
        Outcome.NO_BREACH: (
            phrase("không vi phạm", "no breach"),
            phrase(", ở ngoài giới hạn", ", it was beyond the limit", distance_km=BEYOND, entered=False),
        ),
    },
    exceptions=(
        Label(
            "Điều 20: được bên kia đồng ý qua đường ngoại giao thì được vào; chuyến bay không chụp ảnh, viễn thám không phải báo trước",
            "Article 20: with consent through the diplomatic channel it may enter; a flight that is no survey owes no notice",
        ),
    ),
    runbook=(
        OPEN,
        ask(
            "entered",
            "so vệt bay với đường biên giới, lấy số liệu quan sát phòng không",
            "compare the track with the line; ask air surveillance",
        ),
        ask(
            "purpose",
            "hỏi qua đường ngoại giao chuyến bay có chụp ảnh, viễn thám không",
            "ask by diplomatic channel whether it was a survey",
        ),
        ask("distance_km", "tính từ vệt bay gần nhất tới đường biên giới", "take the nearest point of the track to the line"),
        ask("notice_days", "hỏi Bộ Ngoại giao ngày nhận thông báo", "ask the foreign ministry when the notice came"),
        ask(
            "consent",
            "hỏi Bộ Ngoại giao về trả lời đồng ý (trước chuyến bay ít nhất 10 ngày)",
            "ask it for the answer, due 10 days before the flight",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(purpose="aerial_survey", entered=False, distance_km=10, notice_days=3, consent=False),
        breach(purpose="aerial_survey", entered=True, distance_km=10, notice_days=40, consent=False),
        breach(purpose="aerial_survey", entered=True, distance_km=10, notice_days=20, consent=True),
        breach(purpose="other", entered=True, consent=False),
        kept(purpose="aerial_survey", entered=False, distance_km=10, notice_days=20),
        kept(purpose="aerial_survey", entered=False, distance_km=26, notice_days=0),
        kept(purpose="aerial_survey", entered=True, consent=True, notice_days=30),
        kept(purpose="other", entered=True, consent=True, notice_days=0),
        kept(purpose="other", entered=False),
        asking("entered", "consent", purpose="other"),
        asking("consent", purpose="other", entered=True),
        asking("purpose", entered=True, consent=True, notice_days=20),
        *zone("distance_km", {"purpose": "aerial_survey", "entered": False, "notice_days": 0}, inside=24, at=25, outside=26),
        *term("notice_days", {"purpose": "aerial_survey", "entered": False, "distance_km": 10}, inside=16, at=15, outside=14),
        *term("notice_days", {"purpose": "aerial_survey", "entered": True, "consent": True}, inside=31, at=30, outside=29),
        AT_SEA,
    ),
)

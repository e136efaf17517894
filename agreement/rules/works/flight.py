"""Article 20: flights near the line."""

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
    scene=Label(
        "[purpose=aerial_survey?chuyến bay chụp ảnh, viễn thám][purpose=other?chuyến bay không nhằm chụp ảnh, viễn thám]"
        "[!purpose?chuyến bay chưa rõ mục đích][ cách đường biên giới {distance_km}][entered=true? vào vùng trời bên kia]"
        "[entered=false? không vào vùng trời bên kia][, báo trước {notice_days}][entered=true&consent=true?, được bên kia đồng ý]",
        "[purpose=aerial_survey?an aerial survey flight][purpose=other?a flight that was no survey][!purpose?a flight of unknown purpose]"
        "[ {distance_km} from the line][entered=true? that entered the other side][entered=false? that did not enter the other side]"
        "[, {notice_days} of notice given][entered=true&consent=true?, with the other side's consent]",
    ),
    ends={
        Outcome.BREACH: Label(
            "vi phạm<[entered=true&consent=false?bên kia không đồng ý cho vào]"
            "|[entered=false&notice_days=short?báo trước chưa đủ thời hạn]|[entered=true&notice_days=scant&purpose=aerial_survey?báo trước chưa "
            "đủ thời hạn đối với chuyến bay vào vùng trời bên kia]|[!entered&notice_days=short?báo trước chưa đủ thời hạn]>",
            "a breach<[entered=true&consent=false?the other side did not consent]"
            "|[entered=false&notice_days=short?the notice was too short]|[entered=true&notice_days=scant&purpose=aerial_survey?the notice was too "
            "short for a flight that enters]|[!entered&notice_days=short?the notice was too short]>",
        ),
        Outcome.NO_BREACH: Label(
            "không vi phạm[distance_km=beyond&entered=false?, ở ngoài giới hạn]",
            "no breach[distance_km=beyond&entered=false?, it was beyond the limit]",
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

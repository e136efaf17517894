"""Article 39, item 6: people, livestock and means of transport crossing the line."""

from agreement.phrases import phrase
from agreement.rules.asks import Flag
from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, kept
from agreement.rules.rule import Known
from agreement.rules.steps import ask
from schemas.codebook import Kind, Label, Outcome


def crossed_unauthorised(f: Known) -> Outcome:
    """Item 6: an authorised crossing is no event."""
    return Outcome.NO_BREACH if f["authorised"] else Outcome.BORDER_EVENT


RULE = item_rule(
    Kind.CROSSING,
    Label("vượt qua đường biên giới", "crossing of the line"),
    asks={"authorised": Flag()},
    decide=crossed_unauthorised,
    mentions=("subject",),
    scene=(
        phrase("{subject}", "{subject}"),
        phrase("người hoặc phương tiện", "people or vehicles", subject=None),
        phrase(" vượt qua đường biên giới", " crossing the line"),
        phrase(" trái phép", " without authorisation", authorised=False),
        phrase(" có phép", " with authorisation", authorised=True),
    ),
    ends={Outcome.NO_BREACH: phrase("không phải sự kiện biên giới", "no border event")},
    exceptions=(Label("Điều 22, 39: qua lại hợp pháp không phải sự kiện", "Articles 22 and 39: an authorised crossing is no event"),),
    runbook=(
        ask("authorised", "kiểm tra giấy thông hành, thị thực, nơi và giờ qua", "check permit, visa, place and hour of crossing"),
        Label(
            "Ghi {direction}, số người theo quốc tịch, phương tiện, gia súc vào {measures}; gia súc thì báo thú y, phương tiện bay thì báo phòng không.",
            "Put {direction}, persons by nationality, vehicles and livestock into {measures}; livestock to the veterinary service, aircraft to air "
            "defence.",
        ),
    ),
    fixtures=(
        border_event(authorised=False, subject="person"),
        border_event("authorised", subject="uav"),
        border_event("authorised"),
        kept(authorised=True, subject="vehicle"),
        BEFORE,
        AT_SEA,
    ),
)

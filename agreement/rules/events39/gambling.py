"""Article 39, item 12: organising or luring to gambling."""

from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.GAMBLING,
    Label("tổ chức, lôi kéo công dân bên kia đánh bạc", "organising or luring citizens of the other side to gamble"),
    runbook=(
        Label(
            "Xác định nơi tổ chức và {direction}; ghi số người vào {measures}, chuyển công an và trao đổi với phía kia.",
            "Establish where it is held and {direction}; numbers go into {measures}; pass it to the police and to the other side.",
        ),
    ),
    fixtures=(border_event(), border_event(side=Side.VN), silent(kind=Kind.TRAFFICKING), BEFORE, AT_SEA),
)

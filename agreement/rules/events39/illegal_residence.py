"""Article 39, item 8: illegal residence."""

from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.ILLEGAL_RESIDENCE,
    Label("cư trú bất hợp pháp", "illegal residence"),
    runbook=(
        Label(
            "Lập danh sách tại đồn (không gửi tên), ghi số người, quốc tịch vào {measures}, nơi ở vào {text}; trao đổi với phía kia về trao trả.",
            "Keep the list at the post (no names are sent); numbers and nationality go into {measures}, the place into {text}; arrange the return.",
        ),
    ),
    fixtures=(border_event(), border_event(side=Side.VN), silent(kind=Kind.CROSSING), BEFORE, AT_SEA),
)

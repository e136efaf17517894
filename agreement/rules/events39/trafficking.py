"""Article 39, item 14: trafficking in persons."""

from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.TRAFFICKING,
    Label("buôn bán người", "trafficking in persons"),
    runbook=(
        Label(
            "Bảo vệ nạn nhân, không ghi tên hay nơi ở; số nạn nhân, trẻ em, {direction} vào {measures} và {text}; chuyển công an ngay.",
            "Protect the victims, no name or address; numbers, minors and {direction} go into {measures} and {text}; pass it to the police at once.",
        ),
    ),
    fixtures=(border_event(), border_event(side=Side.VN), silent(kind=Kind.CROSSING), BEFORE, AT_SEA),
)

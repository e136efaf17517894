"""Article 39, item 10: robbery, theft, fraud or damage to property."""

from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.PROPERTY_CRIME,
    Label("trộm, cướp, lừa đảo, hủy hoại tài sản", "robbery, theft, fraud or damage to property"),
    runbook=(
        Label(
            "Ghi tài sản và giá trị vào {measures}; chuyển công an địa phương, trao đổi với phía kia để truy tìm qua {place}.",
            "Property and its value go into {measures}; pass it to the local police; have the other side search beyond {place}.",
        ),
    ),
    fixtures=(border_event(), border_event(side=Side.VN), silent(kind=Kind.VIOLENCE), BEFORE, AT_SEA),
)

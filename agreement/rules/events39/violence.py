"""Article 39, item 5: citizens of the other side harmed or endangered."""

from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.VIOLENCE,
    Label("xâm hại tính mạng, sức khỏe công dân bên kia", "citizens of the other side harmed or endangered"),
    runbook=(
        Label(
            "Cứu chữa người bị hại trước; bảo vệ hiện trường tại {place}, tang vật; ghi số người bị hại vào {measures}, không ghi tên.",
            "Help the injured first; guard the scene at {place} and the exhibits; the number harmed goes into {measures}, no name.",
        ),
    ),
    fixtures=(border_event(), border_event(side=Side.VN), silent(kind=Kind.PROPERTY_CRIME), BEFORE, AT_SEA),
)

"""Article 39, item 15: drugs."""

from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.DRUGS,
    Label("buôn bán, vận chuyển ma túy", "trading or carrying drugs"),
    runbook=(
        Label(
            "Niêm phong tang vật, cân và ghi vào {measures} (goods, kg hoặc bánh); chuyển cơ quan điều tra, báo phía kia về đường dây qua {place}.",
            "Seal the exhibits, weigh them into {measures} (goods, kg or bars); pass it to the investigators; tell the other side of the route at {place}.",
        ),
    ),
    fixtures=(border_event(), border_event(side=Side.VN), silent(kind=Kind.SMUGGLING), BEFORE, AT_SEA),
)

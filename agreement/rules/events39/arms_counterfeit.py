"""Article 39, item 16: arms, explosives or counterfeit money (wording not seen: provisional)."""

from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.ARMS_COUNTERFEIT,
    Label("vũ khí, vật liệu nổ, tiền giả", "arms, explosives or counterfeit money"),
    runbook=(
        Label(
            "Giữ khoảng cách với vật liệu nổ, gọi công binh; tang vật vào {measures}; mục 16 chưa rõ nguyên văn: kết luận khác phải ghi lý do.",
            "Keep away from explosives and call the engineers; exhibits go into {measures}; item 16 was not seen in full: give the reason of another finding.",
        ),
    ),
    fixtures=(border_event(), border_event(side=Side.VN), silent(kind=Kind.DRUGS), BEFORE, AT_SEA),
)

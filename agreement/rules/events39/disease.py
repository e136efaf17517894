"""Article 39, item 11: disease or pests spreading across the line."""

from agreement.phrases import phrase
from agreement.rules.asks import Flag
from agreement.rules.events39.item import STAYED, item_rule, spread
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, kept
from agreement.rules.steps import ask
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.DISEASE,
    Label("dịch bệnh, sinh vật gây hại", "disease or pests"),
    asks={"spread_across": Flag()},
    decide=spread,
    scene=(
        phrase("dịch bệnh, sinh vật gây hại", "disease or pests"),
        phrase(" {spread_across}", " that {spread_across}"),
    ),
    ends=STAYED,
    exceptions=(
        Label(
            "Điều 39, mục 11: chưa lan qua đường biên giới thì chưa phải sự kiện",
            "Article 39, item 11: what has not spread across is no event",
        ),
    ),
    runbook=(
        ask("spread_across", "hỏi y tế, thú y hai bên về ca bệnh phía kia", "ask the health and veterinary services of both sides"),
        Label(
            "Báo y tế dự phòng, thú y, bảo vệ thực vật; thông báo ngay phía kia về bệnh và nơi có ổ dịch gần {place}.",
            "Tell the health, veterinary and plant services; tell the other side at once what it is and where near {place}.",
        ),
    ),
    fixtures=(
        border_event(spread_across=True),
        border_event(spread_across=True, side=Side.NATURAL),
        border_event("spread_across"),
        kept(spread_across=False),
        BEFORE,
        AT_SEA,
    ),
)

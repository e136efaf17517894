"""Article 39, item 13: fire, flood and other disasters spreading across the line."""

from agreement.phrases import phrase
from agreement.rules.asks import Flag
from agreement.rules.events39.item import STAYED, item_rule, spread
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, kept
from agreement.rules.steps import ask
from schemas.codebook import Kind, Label, Side

RULE = item_rule(
    Kind.FIRE_FLOOD,
    Label("hỏa hoạn, lũ lụt", "fire or flood"),
    asks={"spread_across": Flag()},
    decide=spread,
    scene=(
        phrase("hỏa hoạn, lũ lụt", "fire or flood"),
        phrase(" {spread_across}", " that {spread_across}"),
    ),
    ends=STAYED,
    exceptions=(
        Label(
            "Điều 39, mục 13: chưa lan qua đường biên giới thì chưa phải sự kiện",
            "Article 39, item 13: what has not spread across is no event",
        ),
    ),
    runbook=(
        ask("spread_across", "quan sát, hỏi phía kia xem đã lan qua chưa", "look, and ask the other side whether it has spread"),
        Label(
            "Gọi lực lượng cứu hộ, kiểm lâm; thông báo ngay phía kia hướng lan từ {place}; kiểm tra mốc trong vùng và gửi marker_damage nếu mốc hư hại.",
            "Call rescue and rangers; tell the other side at once which way it moves from {place}; report marker_damage where a marker is harmed.",
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

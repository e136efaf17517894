"""Article 39, item 9: illegal transport of goods, whether or not the line was crossed."""

from agreement.phrases import phrase
from agreement.rules.events39.item import item_rule
from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from schemas.codebook import Kind, Label

RULE = item_rule(
    Kind.SMUGGLING,
    Label("vận chuyển trái phép hàng hóa", "illegal transport of goods"),
    mentions=("goods",),
    scene=(
        phrase("vận chuyển trái phép ", "illegal transport of "),
        phrase("{goods}", "{goods}"),
        phrase("hàng hóa", "goods", goods=None),
    ),
    runbook=(
        Label(
            "Kiểm đếm {facts.goods}, ghi lượng và đơn vị vào {measures}; niêm phong, bàn giao hải quan hoặc công an, ghi biên bản.",
            "Count {facts.goods}, put amount and unit into {measures}; seal it, hand it to customs or police, and minute it.",
        ),
        Label(
            "Xác định {direction} và đường vận chuyển qua {place}; đề nghị phía kia chặn đầu bên đó.",
            "Establish {direction} and the route at {place}; ask the other side to close its end.",
        ),
    ),
    fixtures=(
        border_event(goods="pháo nổ", crossed=True),
        border_event(goods="cau khô", crossed=False),
        border_event(),
        silent(kind=Kind.DRUGS),
        BEFORE,
        AT_SEA,
    ),
)

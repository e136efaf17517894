"""Article 21: what both of its rules on works near the line share."""

from agreement.phrases import BEYOND, Wording, because, phrase
from agreement.rules.asks import Ask, AtMost, Flag, OneOf
from agreement.rules.rule import Known
from agreement.rules.steps import ask
from schemas.codebook import Label, Outcome

STRIP_M = 30
"""Metres from the line, each side."""
EXEMPT_PURPOSES = frozenset({"patrol_road", "fence", "monitoring", "blocking", "gate"})
"""21(2)."""
LIMIT = "distance_m <= 30"

ASKS: dict[str, Ask] = {
    "change": OneOf(("new", "extension", "upkeep")),
    "permanent": Flag(),
    "distance_m": AtMost(STRIP_M),
    "purpose": OneOf(("patrol_road", "fence", "monitoring", "blocking", "gate", "other")),
    "agreed": Flag(),
}
_NOT_A_BREACH = frozenset(Outcome) - {Outcome.BREACH}


def in_the_strip(f: Known) -> Outcome:
    """21(1) and 21(3) alike: permanent works within the strip, unless 21(2) lets them pass."""
    if f["distance_m"] > STRIP_M or not f["permanent"]:
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["purpose"] in EXEMPT_PURPOSES or f["agreed"] else Outcome.BREACH


SCENE = (
    phrase("mở rộng ", "an extension of ", change="extension"),
    phrase("duy tu, sửa chữa ", "upkeep of ", change="upkeep"),
    phrase("", "new ", change="new"),
    phrase("", "permanent ", permanent=True),
    phrase("", "temporary ", permanent=False),
    phrase("công trình", "works"),
    phrase(" {structure}", " {structure}", outcome=_NOT_A_BREACH),
    phrase(" kiên cố", "", permanent=True),
    phrase(" không kiên cố", "", permanent=False),
    phrase(" mới", "", change="new"),
    phrase(" cách đường biên giới {distance_m}", " {distance_m} from the line"),
)
ENDS: dict[Outcome, Wording] = {
    Outcome.BREACH: (
        phrase("không thuộc ngoại lệ Điều 21(2)", "outside the exceptions of Article 21(2)"),
        because(
            phrase("mục đích là {structure}", "the purpose is {structure}", purpose="other"),
            phrase("mục đích không thuộc loại được miễn", "the purpose is none of those exempted", structure=None, purpose="other"),
            phrase("{agreed}", "they were {agreed}"),
        ),
    ),
    Outcome.EXEMPT: (
        phrase("thuộc ngoại lệ Điều 21(2)", "within the exceptions of Article 21(2)"),
        because(
            phrase("mục đích là {purpose}", "the purpose is {purpose}", purpose=EXEMPT_PURPOSES),
            phrase("{agreed}", "they were {agreed}", agreed=True),
        ),
    ),
    Outcome.NO_BREACH: (
        phrase("không vi phạm", "no breach"),
        because(
            phrase("ở ngoài giới hạn", "they lie beyond the limit", distance_m=BEYOND),
            phrase("không phải công trình kiên cố", "they are not permanent", permanent=False),
            phrase("chỉ duy tu, sửa chữa", "it is only upkeep", change="upkeep"),
        ),
    ),
}
EXCEPTIONS = (
    Label(
        "Điều 21(2): đường tuần tra, hàng rào, thiết bị giám sát, ngăn chặn; công trình cửa khẩu",
        "Article 21(2): patrol roads, fences, monitoring and blocking equipment; border-gate facilities",
    ),
    Label("Điều 21(2): công trình hai bên đã thỏa thuận", "Article 21(2): works the two sides agreed"),
)
ASKING = (
    ask("distance_m", "đo từ mép công trình gần nhất tới đường biên giới", "measure from the nearest edge of the works to the line"),
    ask("permanent", "xem móng, vật liệu: kiên cố hay tạm", "look at foundation and material: permanent or temporary"),
    ask("change", "so với ảnh, biên bản kiểm tra lần trước: xây mới, mở rộng hay duy tu", "compare with earlier photographs and minutes"),
    ask("purpose", "hỏi phía bên kia mục đích sử dụng công trình", "ask the other side what the works are for"),
    ask("agreed", "tra thư thông báo, biên bản phê duyệt công trình", "look for letters of notice and approvals"),
)

"""Article 21: what both of its rules on works near the line share."""

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


def in_the_strip(f: Known) -> Outcome:
    """21(1) and 21(3) alike: permanent works within the strip, unless 21(2) lets them pass."""
    if f["distance_m"] > STRIP_M or not f["permanent"]:
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["purpose"] in EXEMPT_PURPOSES or f["agreed"] else Outcome.BREACH


SCENE = Label(
    "[change=extension?mở rộng ][change=upkeep?duy tu, sửa chữa ]công trình[structure&outcome!=breach? {structure}]"
    "[permanent=true? kiên cố][permanent=false? không kiên cố][change=new? mới][ cách đường biên giới {distance_m}]",
    "[change=extension?an extension of ][change=upkeep?upkeep of ][change=new?new ][permanent=true?permanent ]"
    "[permanent=false?temporary ]works[structure&outcome!=breach? {structure}][ {distance_m} from the line]",
)
ENDS = {
    Outcome.BREACH: Label(
        "không thuộc ngoại lệ Điều 21(2)<[structure&purpose=other?mục đích là {structure}][!structure&purpose=other?mục đích không thuộc loại "
        "được miễn]|{agreed}>",
        "outside the exceptions of Article 21(2)<[structure&purpose=other?the purpose is {structure}][!structure&purpose=other?the purpose is none "
        "of those exempted]|they were {agreed}>",
    ),
    Outcome.EXEMPT: Label(
        "thuộc ngoại lệ Điều 21(2)<[purpose!=other?mục đích là {purpose}]|[agreed=true?{agreed}]>",
        "within the exceptions of Article 21(2)<[purpose!=other?the purpose is {purpose}]|[agreed=true?they were {agreed}]>",
    ),
    Outcome.NO_BREACH: Label(
        "không vi phạm<[distance_m=beyond?ở ngoài giới hạn]|[permanent=false?không phải công trình kiên cố]|[change=upkeep?chỉ duy tu, sửa chữa]>",
        "no breach<[distance_m=beyond?they lie beyond the limit]|[permanent=false?they are not permanent]|[change=upkeep?it is only upkeep]>",
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

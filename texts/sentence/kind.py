"""Reads the kind of incident, by a table of phrases. Where phrases of two kinds remain, the person decides."""

import re

from schemas.codebook import KIND_LABELS, Kind
from texts.sentence.words import FieldReading, MissingField, Sentence, compiled

_ANY = r"(?:[^.;]|(?<=\d)\.(?=\d)){0,60}?"
_UAV = r"(?:flycam|UAV|drone|thiết bị bay(?: không người lái)?|máy bay không người lái|phương tiện bay(?: không người lái)?)"
_FREIGHT = (
    r"(?:hàng|pháo|thuốc lá|thực phẩm|nội tạng|lợn|gà|trâu|bò|gia cầm|gia súc|cau|đường cát|phân bón|quần áo|rượu|mỹ phẩm|trứng|gỗ|khoáng sản"
    r"|điện thoại|nông sản)"
)
_BUILT = (
    r"(?:nhà|công trình|hàng rào|rào|kè|bờ kè"
    r"|đường tuần tra|trạm|lán|tường|camera|thiết bị giám sát|cổng|chuồng|kho|đường bê tông|bốt gác|chốt|hạng mục|cột)"
)
_WATER = r"(?:lòng (?:sông|suối)|dòng (?:chảy|sông|suối)|(?:xuống|trên|ở|giữa) (?:sông|suối))"
_SPOILT = r"(?:hư|hỏng|xê dịch|dịch chuyển|nghiêng|đổ|gãy|vỡ|sứt|nứt|mất|đập|phá|húc|cuốn|lấy|trộm|sụt|xô)"
_GROWING = (
    r"(?:trồng|canh tác|chặt|chăn (?:thả|trâu|bò|dê)|thả (?:trâu|bò|dê)|khai thác|lấy củi|hái|thu hái|chôn cất|mai táng|đào|săn bắt"
    r"|làm (?:nương|rẫy))"
)
_STRONG: dict[Kind, tuple[str, ...]] = {
    Kind.MARKER_DAMAGE: (
        rf"(?:mốc|cột mốc)(?! (?:thời|son)){_ANY} bị {_ANY}{_SPOILT}",
        r"(?:phá hoại|đập phá|phá|dịch chuyển|xê dịch|làm hư hại|làm hỏng|làm đổ|làm nghiêng|làm vỡ|đánh cắp|húc (?:đổ|nghiêng|vào)) (?:cột )?mốc",
    ),
    Kind.RIVER_WORKS: (rf"(?:nạo vét|hút cát|đắp|đổ (?:đất|đá|bê tông)|kè|xây|đào|nắn|ngăn){_ANY}{_WATER}",),
    Kind.CROSS_WORKS: (rf"(?:cầu|đường điện|đường dây|cáp|ống dẫn|đường ống){_ANY}(?:qua|vượt|bắc qua) (?:đường )?biên giới|bắc cầu",),
    Kind.GUN_HUNTING: (rf"săn{_ANY}súng|súng{_ANY}săn",),
    Kind.VIOLENCE: (rf"(?:ném đá|đánh|bắn|chém|hành hung|đâm|xô xát){_ANY}(?:bị thương|tử vong|chết|thương tích)|hành hung",),
    Kind.SHOOTING: (r"(?:nổ|bắn) súng|tiếng súng|phát súng|vết đạn|bắn (?:sang|về phía|\d+ phát)",),
    Kind.BLASTING: (r"(?:nổ|đánh|bắn) mìn|gây nổ",),
    Kind.CROSS_PRODUCTION: (
        rf"(?:sang|vượt (?:qua )?(?:đường )?(?:biên giới|biên)|qua (?:đường )?biên giới){_ANY}{_GROWING}|{_GROWING}{_ANY}(?:vượt|lấn) sang|xâm canh",
    ),
    Kind.ILLEGAL_RESIDENCE: (rf"(?:cư trú|lưu trú|tạm trú|ở lại){_ANY}(?:trái phép|bất hợp pháp|không phép|quá hạn)|xâm cư",),
    Kind.SMUGGLING: (
        rf"vận chuyển(?! (?:người|công dân)){_ANY}(?:trái phép|lậu)(?! (?:vào|ra|qua) .{{0,10}}người)",
        r"(?:hàng|hàng hóa) (?:nhập )?lậu|buôn lậu|nhập lậu|xuất lậu",
        rf"không rõ (?:nguồn gốc|xuất xứ)|(?:vận chuyển|mang|vác|gùi|chở|cất giấu|tập kết){_ANY}{_FREIGHT}",
        rf"pháo nổ|hàng cấm|(?:chở|mang|vác|gùi){_ANY} lậu|(?:thu giữ|thu|bắt){_ANY}pháo",
        rf"hàng hóa{_ANY}không (?:có )?(?:hóa đơn|giấy tờ|chứng từ)",
    ),
    Kind.PROPERTY_CRIME: (r"trộm cắp|lấy trộm|bắt trộm|dắt trộm|trộm|cướp(?: giật| tài sản)?|lừa đảo|phá hoại tài sản",),
    Kind.DISEASE: (r"dịch (?:tả|cúm|lở mồm)[^,.;]*|bệnh dịch|dịch bệnh|cúm gia cầm|lở mồm long móng|ổ dịch|châu chấu",),
    Kind.GAMBLING: (r"đánh bạc|sòng bạc|casino|cá độ",),
    Kind.FIRE_FLOOD: (r"(?<!phòng )(?<!chữa )cháy (?:rừng|lan|đồi|thực bì)|đám cháy|hỏa hoạn|lũ lụt",),
    Kind.TRAFFICKING: (r"lừa bán|(?:mua|buôn) bán (?:người|phụ nữ|trẻ em)|bán (?:người )?sang trung quốc|nạn nhân (?:bị )?mua bán",),
    Kind.DRUGS: (r"(?<!về )(?<!phạm )(?<!đội )ma túy|heroin|hê-rô-in|ketamine?|thuốc phiện|cần sa|methamphetamine|hồng phiến|thuốc lắc",),
    Kind.ARMS_COUNTERFEIT: (
        rf"tiền giả|(?:vận chuyển|mua bán|buôn bán|tàng trữ|mang theo|thu giữ|cất giấu){_ANY}(?:vũ khí|súng|đạn|lựu đạn|thuốc nổ|kíp nổ|vật liệu nổ)",
    ),
    Kind.CLEAR_STRIP: (
        rf"(?:trồng|canh tác|đào|dựng|xây|chăn thả|làm nương|đổ đất){_ANY}(?:trong|ở|trên) (?:phạm vi )?đường thông tầm nhìn",
    ),
    Kind.WORKS: (
        rf"(?:xây dựng|xây|thi công|khởi công|dựng|lắp đặt|lắp|mở rộng|san gạt|san ủi|làm|đổ bê tông|cơi nới|kè){_ANY}{_BUILT}|san (?:gạt|ủi) mặt bằng",
    ),
    Kind.BURNING: (r"đốt (?:nương|rẫy|cây|thực bì|cỏ|rừng|đồng|dọn)",),
    Kind.MINING: (r"khai thác (?:trái phép )?(?:khoáng sản|quặng|đá|vàng|than|cát)|đào (?:quặng|vàng|than)",),
    Kind.HAZARD_SITE: (rf"(?:kho|bãi|chôn lấp){_ANY}(?:hóa chất|thuốc trừ sâu|chất thải|nguy hại)",),
    Kind.FLIGHT: (rf"(?:{_UAV}|máy bay|trực thăng){_ANY}(?:chụp|quay|khảo sát|đo đạc|viễn thám)",),
    Kind.VESSEL: (rf"(?:tàu|thuyền|xuồng){_ANY}(?:treo cờ|nước thứ ba)",),
    Kind.FISHING: (r"đánh (?:bắt )?cá|kích điện|chích điện|đánh bắt (?:thủy|hải) sản|thả lưới",),
    Kind.SEA_OBSTRUCTION: (
        rf"(?:tàu cá|ngư dân){_ANY}(?:đâm|rượt đuổi|xua đuổi|ngăn cản|cản trở|bắt giữ|lấy|tịch thu|vòi rồng|khống chế)",
        rf"(?:đâm|rượt đuổi|xua đuổi|ngăn cản|cản trở){_ANY}(?:tàu cá|ngư dân)",
    ),
    Kind.GATE_RESTRICTION: (
        rf"(?:tạm (?:dừng|ngừng|đóng)|dừng|đóng|ngừng|hạn chế){_ANY}(?:thông quan|cửa khẩu|lối mở|qua lại|xuất nhập khẩu)",
    ),
    Kind.GATE_CHANGE: (
        rf"(?:khai trương|nâng cấp|chính thức mở|công bố mở|mở chính thức|thí điểm mở){_ANY}(?:cửa khẩu|lối mở|đường chuyên dụng|lối thông quan)",
    ),
    Kind.MARKER_REPAIR: (r"(?:khôi phục|xây dựng lại|xây lại|dựng lại|sửa chữa|cắm lại|phục hồi)(?: lại)?(?: vị trí)? (?:cột )?mốc",),
    Kind.MARKER_UPKEEP: (rf"(?:lau chùi|(?-i:sơn)|sơn (?:lại|sửa)|phát quang|vệ sinh|sửa chữa nhẹ){_ANY}mốc",),
    Kind.PERMIT: (r"giấy thông hành",),
    Kind.WORKS_NOTICE: (
        rf"(?:thông báo|trao đổi|đề nghị){_ANY}(?:sẽ|kế hoạch|dự kiến|việc|cho|chủ trương){_ANY}(?:xây dựng|thi công|làm|khôi phục|sửa chữa|lắp đặt|xây|kè)",
    ),
    Kind.CROSSING: (
        r"(?:xuất|nhập) cảnh (?:trái phép|trái pháp luật|bất hợp pháp|chui|không phép)|vượt biên|(?:vượt|qua lại|sang) (?:qua )?(?:đường )?biên giới",
        rf"(?:xuất|nhập) cảnh{_ANY}(?:đường mòn|lối mòn|không (?:có )?giấy tờ)|xnc trái phép|(?:đưa|dẫn|chở)(?: \S+)? người{_ANY} trái phép",
        rf"{_UAV}{_ANY}(?:qua (?:đường )?biên giới|sang|vào|xâm nhập)|(?:từ trung quốc (?:trở )?về|sang trung quốc){_ANY}(?:đường mòn|lối mòn|trái phép)",
    ),
}
_WEAK: dict[Kind, tuple[str, ...]] = {
    Kind.NATURAL_EVENT: (r"(?<!chống )sạt lở|động đất|mưa đá|lũ quét|lũ ống|lốc xoáy",),
    Kind.PATROL: (
        r"tuần tra (?:song phương|liên hợp|chung|chấp pháp|định kỳ|đơn phương)|(?:tổ chức|tiến hành) tuần tra",
        r"tuần tra (?:các|đoạn|từ|khu vực|biên giới|đường biên)",
    ),
    Kind.SURVEY: (r"khảo sát|kiểm tra thực địa|kiểm tra (?:biên giới )?song phương",),
    Kind.LETTER: (rf"(?:gửi|nhận|trao){_ANY}(?:thư|công thư|công hàm)|thư (?:thông báo|mời|phản kháng|trao đổi)",),
    Kind.CROSSING: (r"(?:qua|theo|bằng) (?:các )?(?:đường mòn|lối mòn|đường tiểu ngạch)",),
}
_PATTERNS = tuple((kind, compiled("|".join(patterns))) for kind, patterns in _STRONG.items())
_WEAK_PATTERNS = tuple((kind, compiled("|".join(patterns))) for kind, patterns in _WEAK.items())
_EXPLAINS: dict[Kind, frozenset[Kind]] = {
    Kind.DRUGS: frozenset({Kind.SMUGGLING}),
    Kind.ARMS_COUNTERFEIT: frozenset({Kind.SMUGGLING}),
    Kind.TRAFFICKING: frozenset({Kind.CROSSING, Kind.PROPERTY_CRIME}),
    Kind.GAMBLING: frozenset({Kind.CROSSING}),
    Kind.CROSS_PRODUCTION: frozenset({Kind.CROSSING, Kind.MINING}),
    Kind.GUN_HUNTING: frozenset({Kind.SHOOTING, Kind.ARMS_COUNTERFEIT}),
    Kind.VIOLENCE: frozenset({Kind.SHOOTING}),
    Kind.BLASTING: frozenset({Kind.MINING, Kind.ARMS_COUNTERFEIT, Kind.WORKS}),
    Kind.PROPERTY_CRIME: frozenset({Kind.CROSSING}),
    Kind.MARKER_DAMAGE: frozenset({Kind.WORKS, Kind.NATURAL_EVENT}),
    Kind.RIVER_WORKS: frozenset({Kind.WORKS}),
    Kind.CROSS_WORKS: frozenset({Kind.WORKS, Kind.CROSSING}),
    Kind.CLEAR_STRIP: frozenset({Kind.WORKS}),
    Kind.HAZARD_SITE: frozenset({Kind.WORKS, Kind.SMUGGLING}),
    Kind.SEA_OBSTRUCTION: frozenset({Kind.FISHING, Kind.PROPERTY_CRIME, Kind.VESSEL}),
    Kind.WORKS_NOTICE: frozenset({Kind.WORKS, Kind.MARKER_REPAIR, Kind.MARKER_UPKEEP, Kind.RIVER_WORKS}),
    Kind.ILLEGAL_RESIDENCE: frozenset({Kind.PERMIT}),
    Kind.FISHING: frozenset({Kind.RIVER_WORKS}),
    Kind.GATE_CHANGE: frozenset({Kind.SMUGGLING}),
}
"""Kinds whose phrases another kind explains: carrying drugs is not smuggling as well."""
_BUILT_ONCE_BEGUN = (Kind.WORKS, Kind.MARKER_REPAIR, Kind.RIVER_WORKS, Kind.CROSS_WORKS)
_PLANNED = re.compile(r"(?<!\w)(?:thống nhất|đề nghị|đề xuất|dự kiến|sẽ|xin phép|chủ trương)(?!\w)[^.;,]*$", re.IGNORECASE)
_ASK = "Việc gì xảy ra (loại việc trong bảng mã: mocgioi codebook)?"


def kind(sentence: Sentence) -> FieldReading | MissingField:
    """The kind, where all phrases are of one; else a question that names the kinds in doubt."""
    matches = _first_matches(sentence, _PATTERNS)
    confidence = "high"
    if not matches:
        matches, confidence = _first_matches(sentence, _WEAK_PATTERNS), "medium"
    explained = frozenset[Kind]().union(*(_EXPLAINS.get(each, frozenset()) for each in matches))
    left = [each for each in matches if each not in explained]
    if len(left) == 1:
        start, end = matches[left[0]].span()
        doubtful = re.search(r"(?<!\w)(?:nghi|nghi vấn|có dấu hiệu|khả năng)(?!\w)", sentence.before(start, 30), re.IGNORECASE)
        return sentence.reading(
            "data.kind", left[0].value, start, end, "low" if doubtful else "medium" if confidence == "medium" else "high"
        )
    if left:
        named = ", ".join(f"{KIND_LABELS[each].vi} ({each.value})" for each in left)
        return MissingField("data.kind", f"Câu nói đến nhiều loại việc: {named}. Báo loại nào, hay tách thành nhiều việc?")
    return MissingField("data.kind", _ASK)


def _first_matches(sentence: Sentence, patterns: tuple[tuple[Kind, re.Pattern[str]], ...]) -> dict[Kind, re.Match[str]]:
    """The first phrase of each kind that is not denied."""
    matches: dict[Kind, re.Match[str]] = {}
    for each, pattern in patterns:
        for match in pattern.finditer(sentence.even):
            planned = each in _BUILT_ONCE_BEGUN and _PLANNED.search(sentence.before(match.start()))
            if not (planned or sentence.denied(match.start())):
                matches[each] = match
                break
    return matches

"""Whether words speak of the whole province, or only of a place in it, of who looked, of one side, or of what is wished for."""

import re

from texts.letters import CAPITAL

_A_PLACE = (
    r"(?:huyện|xã|phường|thị\s+trấn|thị\s+xã|thành\s+phố|thôn|bản|xóm|đồn(?:\s+biên\s+phòng)?|trạm|chốt|cụm|khu\s+vực|cửa\s+khẩu|lối\s+mở|lối\s+thông\s+quan|chợ"
    r"|(?<!giai\s)đoạn|tuyến|sông|suối)"
)
_PLACE = re.compile(
    rf"(?<!\w)(?i:{_A_PLACE})\s+(?i:quốc\s+tế\s+|chính\s+|song\s+phương\s+|biên\s+giới\s+|biên\s+phòng\s+|BP\s+|số\s+)*(?={CAPITAL}|\d)"
    rf"|(?<!\w)(?i:tại|ở|trên\s+địa\s+bàn|thuộc|địa\s+bàn)\s+(?i:địa\s+bàn\s+)?(?:\d+\s+)?(?i:{_A_PLACE}|điểm|nơi)(?!\w)"
    r"|(?i:(?<!\w)(?:mốc|cột\s+mốc)\s+(?:số\s+)?(?=\d)|(?<!\w)(?:cặp|cụm)\s+(?:dân\s+cư|thôn|bản|xã|đồn)(?!\w))"
)
_LOOKING = re.compile(
    r"(?<!\w)(?:tuần\s+tra|kiểm\s+tra|khảo\s+sát|rà\s+soát|kiểm\s+soát|tổ\s+(?:công\s+tác|tuần\s+tra)|đội|đại\s+đội|ca\s+trực|chuyến|đợt|song\s+phương)(?!\w)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"(?<!\w)(?:(?:toàn|cả)\s+(?:tỉnh|tuyến)|(?:địa\s+bàn|tuyến\s+biên\s+giới)\s+(?:toàn\s+|của\s+)?tỉnh)(?!\w)", re.IGNORECASE
)
_SIDE = r"(?:(?:phía|bên)\s+(?:Trung\s+Quốc|TQ|Việt\s+Nam|VN|ta|bạn)|(?:công\s+dân|người|nhân\s+dân|cư\s+dân)\s+(?:Trung\s+Quốc|Việt\s+Nam|ta|bạn))(?!\w)"
_BY_A_SIDE = re.compile(rf"(?<!\w){_SIDE}[^,;:()]*$", re.IGNORECASE)
_OF_A_SIDE = re.compile(rf"\s*(?:nào\s+)?(?:là\s+)?(?:do|của|từ|bởi|thuộc)\s+{_SIDE}(?!\s+(?:vi\s+phạm\s+)?\d)", re.IGNORECASE)
_AT_A_PLACE = re.compile(rf"[^.;()]{{0,60}}?(?:{_PLACE.pattern})")
_WISHED = re.compile(
    r"(?<!\w)(?:phấn\s+đấu|yêu\s+cầu|nhằm|để|cam\s+kết|chỉ\s+đạo|quyết\s+tâm|nếu|tránh|ngăn\s+(?:chặn|ngừa)|phòng\s+ngừa|(?:bảo|đảm)\s+đảm|kiên\s+quyết|tuyệt\s+đối"
    r"|đề\s+nghị|kiến\s+nghị|thống\s+nhất|tuyên\s+truyền|vận\s+động|mục\s+tiêu|chỉ\s+tiêu|chủ\s+động|tăng\s+cường|tiếp\s+tục)(?!\w)",
    re.IGNORECASE,
)
_BRIEFLY = re.compile(
    r"(?<!\w)(?:(?:trong|vào|dịp|đợt)\s+(?:các\s+|những\s+)?(?:ngày|đêm|tuần|ca|dịp|đợt|tết|lễ)(?!\w)"
    r"|(?:từ(?:\s+sau)?|sau|trước)\s+(?:ngày\s+)?\d{1,2}/\d{1,2}(?![\d/]*\s*(?:-|đến|tới)))[^;]*$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:không\s+phải|không\s+có\s+nghĩa|chưa(?:\s+thể)?(?:\s+(?:nói|khẳng\s+định|kết\s+luận))?)(?:\s+(?:là|rằng))?\s*$", re.IGNORECASE
)
_EXCEPT = re.compile(r"(?<!\w)(?:ngoài|trừ|ngoại\s+trừ)(?!\w)", re.IGNORECASE)
_ALL_OF_IT = re.compile(
    r"\s*(?:nào)?(?:\s+(?:xảy\s+ra\s+)?(?:trong|trên)\s+(?:năm|quý|tháng|kỳ|\d+\s+tháng|toàn\s+tuyến|cả\s+tuyến|(?:toàn\s+)?địa\s+bàn(?:\s+toàn)?\s+tỉnh"
    r"|tuyến\s+biên\s+giới)[^.;,()]*)?\s*(?:$|[.,;:()]|(?:giảm|tăng|bằng|so\s+với|như|và)(?!\w))",
    re.IGNORECASE,
)
_OF_A_KIND = re.compile(
    r"\s*(?:(?:đặc\s+biệt|rất|ít|có\s+tính\s+chất)\s+)*(?:nghiêm\s+trọng|phức\s+tạp|kéo\s+dài|mới|nhỏ|lớn|tồn\s+đọng|liên\s+quan)(?!\w)",
    re.IGNORECASE,
)
"""Behind a number of breaches, one kind of them."""
_ONE_PLACE = "chỉ nói một nơi, không phải cả tỉnh"
_ONE_LOOK = "chỉ nói một lần, một tổ kiểm tra, không phải cả tỉnh"
_ONE_SIDE = "chỉ nói một phía"
_ONE_DAY = "chỉ nói một thời gian ngắn hơn kỳ"
_WISH = "điều yêu cầu, mong muốn, không phải kết quả"
_SOME = "chỉ nói một loại vụ việc, hoặc còn có ngoại lệ"


def part_of_count(text: str, start: int, at: int, after: int) -> str:
    """Why a number of cases `at` a place of a sentence is no total, Vietnamese; empty where nothing says so. `after`: where its words end."""
    before = _since(text, start, at)
    if _is_one_sides(before, text, after):
        return _ONE_SIDE
    if _BRIEFLY.search(before):
        return _ONE_DAY
    if _OF_A_KIND.match(text, after):
        return _SOME
    return _ONE_PLACE if _narrower(before, _PLACE) else _ONE_LOOK if "phát hiện" in before.lower() and _narrower(before, _LOOKING) else ""


def part_of_none(text: str, start: int, none: "re.Match[str]") -> str:
    """Why words that say there was no case (`không xảy ra vụ …`) say it not of the province, Vietnamese; empty where they do.

    Who looked may stand in a sentence before it.
    """
    before = _since(text, start, none.start())
    paragraph = text[text.rfind("\n", 0, start) + 1 : none.start()]
    clause = re.split(r"[,;:]\s", before)[-1]
    looked = re.search(r"phát\s+hiện|ghi\s+nhận|thấy", none[0], re.IGNORECASE) is not None
    if _DENIED.search(before) or _WISHED.search(before if re.match(r"không\s+để", none[0], re.IGNORECASE) else clause):
        return _WISH
    if _is_one_sides(before, text, none.end()):
        return _ONE_SIDE
    if _BRIEFLY.search(before):
        return _ONE_DAY
    if _narrower(paragraph, _PLACE) or _AT_A_PLACE.match(text[none.end() :].partition("\n")[0]):
        return _ONE_PLACE
    if looked and _narrower(paragraph, _LOOKING):
        return _ONE_LOOK
    behind = text[none.end() :].partition("\n")[0]
    return "" if _ALL_OF_IT.match(behind) and not _EXCEPT.search(before) and not _EXCEPT.match(behind.lstrip(" ,")) else _SOME


def names_a_place(heading: str) -> bool:
    """Whether a heading is that of one place."""
    return _narrower(heading, _PLACE)


def _since(text: str, start: int, at: int) -> str:
    """The words of a sentence before a place, from the last semicolon on."""
    return text[max(start, text.rfind(";", start, at) + 1) : at]


def _narrower(words: str, narrow: "re.Pattern[str]") -> bool:
    """Whether words name a part of a province, and not the whole after it."""
    last = max((match.start() for match in narrow.finditer(words)), default=-1)
    return last > max((match.start() for match in _WHOLE.finditer(words)), default=-1)


def _is_one_sides(before: str, text: str, after: int) -> bool:
    return _BY_A_SIDE.search(before) is not None or _OF_A_SIDE.match(text, after) is not None

"""Patterns of the words and signs around marker numbers, over `plain` text."""

import re
import unicodedata

_DASHES = "‐‑‒–—―⁃−─﹘﹣→⟶➔"
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF])
_ASCII = (
    {0xFEE0 + code: code for code in range(0x21, 0x7F)}
    | dict.fromkeys(map(ord, _DASHES), ord("-"))
    | dict.fromkeys(map(ord, "⁄∕"), ord("/"))
    | {ord("、"): ord(","), 0xD0: "Đ", 0x189: "Đ", 0xF0: "đ"}
    | _UNSEEN
)

_WORD = r"""(?:(?i:(?:cột\s+)?m[ốo]c
    (?:\s+(?:quốc\s+giới|biên\s+giới|chủ\s+quyền|quốc\s+gia|giới|chính|phụ|đơn|đôi|ba|đại|trung|nhỏ|lớn))*
    (?:\s+số(?:\s+hiệu)?)?)|MG|M)\s*[.:]?\s*(?=[0-9])"""
_AGAIN = (
    r"(?i:(?:các\s+|khu\s+vực\s+|đoạn\s+|hết\s+|vị\s+trí\s+|từ\s+)*)(?P<between>(?i:giữa|giua)\s+(?:(?i:các|hai)\s+)?)?(?P<word>"
    + _WORD
    + r"|m(?=[0-9]))?(?=[0-9])"
)
_ASIDE = r"(?:\s*\((?!\s*[0-9])[^()0-9]*\))?"
_METRES = r"\s*(?:mét|met|m)(?!\w)"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.VERBOSE)


MARK = _pattern(r"(?<!\w)" + _WORD)
BARE = _pattern(r"(?i)(?:(?P<lead>từ|giữa|tu|giua)\s+)?(?:mg?\s*[.:]?\s*)?(?=[0-9])")
POINT = _pattern(
    rf"(?i)([0-9]+)(?:\s*/\s*([0-9]+))?(?:\s*\(\s*([0-9]+)\s*\))?(?:\s*(\+)\s*([0-9]+)(?:{_METRES})?|\s*(-)\s*([0-9]+){_METRES})?"
)
TO = _pattern(_ASIDE + r"\s*(?:-+|(?i:đến|tới|den|toi)\s(?!\s*[0-9]+\s*(?i:h|giờ|phút)))\s*(?i:s[ốo]\s+)?" + _AGAIN)
AND = _pattern(_ASIDE + r"\s*(?P<sep>[,;&]\s*(?i:và\s)?|(?i:và|va)\s)\s*" + _AGAIN)
POST = _pattern(r"\s*(?:[,;]|(?i:và)\s)?\s*\(\s*([0-9]+)\s*\)")

LEAD = _pattern(r"(?i)(?<!\w)(từ|giữa)\s+(?:(?:khu\s+vực|đoạn|các|hai|2|những|vị\s+trí)\s+)*$")
NOT_A_MARKER = _pattern(
    r"""(?i)(?<!\w)(?:súng|khẩu|đạn|mìn|lựu\s+đạn|cối|pháo|xe|máy|thép|loại|kiểu|tông|mác|bt|vữa|măng|tổng(?:\s+số)?(?:\s+cột)?
    |km|ki-?lô-?mét|đạt|cán|chạm|(?:trú|ngụ|quê(?:\s+quán)?)(?:\s+(?:tại|ở))?)\s+$""",
)
VILLAGE = _pattern(
    r"(?i)(?<!\w)(?<!biên\s)(?<!văn\s)(?<!kịch\s)(?:b[aả]n|th[oô]n|x[oó]m|l[aà]ng|[aấ]p|bu[oô]n|khu(?:\s+ph[oố]|\s+dân\s+cư)?|đội|tổ|(?:t[oổ]\s+d[aâ]n\s+)?ph[oố]|đường|ch[oợ]|c[aầ]u|quán)\s+$"
)
"""Before the name of a village, a market or a street: `bản Mốc 13`."""
DEADLINE = _pattern(r"(?i)(?<!\w)(?:trước|sau|hạn|hạn\s+chót|kể\s+từ|tính\s+(?:từ|đến)|chậm\s+nhất(?:\s+là)?)\s+$")
DAY_AND_MONTH = _pattern(r"(?:0?[1-9]|[12][0-9]|3[01])\s*/\s*(?:0?[1-9]|1[0-2])(?![0-9])")
OTHER_LINE = _pattern(
    r"""(?i)(?<!\w)(?:việt(?:\s+nam)?\s*-\s*(?:lào|cam-?pu-?chia)(?!\s*-\s*(?:trung|việt))
    |biên\s+giới\s+(?:(?:với|giáp|nước\s+bạn|nước)\s+)*(?:lào|cam-?pu-?chia)(?!\s*-\s*(?:trung|việt)))(?!\w)"""
)
DANGLING_BEFORE = _pattern(
    r"(?i)(?<!tháng\s)(?<!(?:ngày|thôn)\s)(?<!(?:năm|lúc|xóm|bản|khu)\s)(?<!(?:số|km)\s)(?<![\w/.,])([0-9]+)(?:\s*/\s*[0-9]+)?(?:\s*\([0-9]\))?"
    r"\s*(?:[,;-]|(?:và|đến|tới|hoặc|hay)\s)\s*(?:(?:khu\s+vực|đoạn|các)\s+)*$",
)
UNTIL = _pattern(r"(?i)(?<!\w)(?:đến|tới)\s+(?:(?:hết|khu\s+vực|vị\s+trí)\s+)*$")
LISTED = _pattern(r"(?i)(?:[,;&]|(?<!\w)(?:và|hoặc|hay))\s*(?=([0-9]+))")
DATE = _pattern(r"(?i)[0-9]{1,2}\s*(?:([/.])\s*[0-9]{1,2}\s*\1\s*[0-9]{2,4}|-\s*[0-9]{1,2}\s*-\s*[0-9]{4})(?!\s*m|[0-9/])")
UNIT_GLUED = _pattern(r"(?i)[0-9]+(?:h[0-9]*|g|kg|m|km|cm|ha|%)(?!\w)")
DAY = _pattern(r"(?i)\s*tháng\s+[0-9]")
DATED = _pattern(r"(?i)\s*(?:ngày|năm|tháng)\s+[0-9]")
COUNTED = _pattern(
    r"""(?i)\s*(?:%|(?:người|vụ|lượt|đối\s+tượng|công\s+dân|công\s+nhân|phụ\s+nữ|nam|nữ|trẻ|cháu|em|tq|vn|trung\s+quốc|việt\s+nam|trường\s+hợp|hộ
    |gia\s+đình|xe|ô\s+tô|mô\s+tô|phương\s+tiện|tàu|thuyền|xuồng|mảng|bè|con|trâu|bò|lợn|gà|kg|g|gam|gram|tấn|tạ|yến|lít|l|m|m2|m3|km|cm|mét|ha|bao
    |bánh|kiện|thùng|gói|viên|khẩu|quả|chiếc|cái|lần|đoàn|cuộc|buổi|năm|tháng|ngày|giờ|phút|tuần|h|triệu|tỷ|tỉ|nghìn|ngàn|đồng|usd|cán\s+bộ
    |chiến\s+sĩ|đồng\s+chí|bên|mốc|cột|điểm|hạng\s+mục|nước|tỉnh|huyện|xã|đồn|tổ|nhóm|cây|ngôi|căn)(?!\w))""",
)
PLACE_UNITS = _pattern(r"(?i)\s*(?:việt\s+nam|trung\s+quốc|tỉnh|huyện|xã|đồn|tổ|nhóm)(?!\w)")
GOES_ON = _pattern(
    r"""(?i)\s*(?:$|[^\w\s]|(?:thuộc|tại|ở|trên|trong|của|do|là|đã|đang|bị|được|về|theo|từ|đến|tới|cách|gần|phía|bên|phát|bàn|giáp|khu|xã|phường|thị
    |huyện|tỉnh|thôn|xóm|bản|làng|đoạn|hướng|có|không|và|với|để|nơi|qua|vào|ra|lúc|hồi|khoảng|ngày|năm|hôm|sáng|chiều|tối|đêm|rạng|lực|đồn|xảy|thì)(?!\w))""",
)
FINE_AFTER = _pattern(
    r"""$ | [.,:;!](?![0-9]) | [)\]}"'”’»…] | \s*-+(?!\s*[0-9]) | \s+(?=[^\W\d_]) | \s+[.,:;!](?![0-9]) | \s*[,;]\s | \s+["“‘«]
    | \s*[\[(](?!\s*[0-9]+\s*(?:[-,;)+]|/|và)) | \s+0[1-9]\s(?=[^\W\d_]{2})"""
)
_PLACES = _pattern(r"\s*[,;(-](?:[^\W\d_]|[\s,;.()'-])*")
_PLACE_WORDS = _pattern(
    r"(?i)(?<!\w)(?:thuộc|tại|ở|địa\s+bàn|khu\s+vực|xã|phường|thị\s+(?:trấn|xã)|huyện|tỉnh|thôn|xóm|bản|làng|cửa\s+khẩu)(?!\w)"
)
UNDECIDED = _pattern(r"(?i)\s*(?:hoặc|hay)\s|\s*\?")


def plain(text: str) -> str:
    """NFC, with every dash a hyphen, full-width signs narrow, unseen characters gone, nothing around it."""
    return unicodedata.normalize("NFC", text).translate(_ASCII).strip()


def are_places(text: str) -> bool:
    """Whether a text after a marker is names of places to its end: `, Lục Phủ, xã Bắc Sơn`, `(Trà Lĩnh)`."""
    return _PLACES.fullmatch(text) is not None and all(word[0].isupper() for word in re.findall(r"[^\W_]+", _PLACE_WORDS.sub("", text)))

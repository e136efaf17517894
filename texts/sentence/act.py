"""Reads the direction of a crossing and the side whose act it was, each only where the words state it."""

import re

from schemas.codebook import Direction, Side
from texts.sentence.line import VN_CN, line
from texts.sentence.words import FieldReading, MissingField, Sentence, compiled

_CHINA = r"(?:trung quốc|tq)"
_VIETNAM = r"(?:việt nam|vn)"
_INTO = r"(?:phía |bên |đất |lãnh thổ |nội địa )*"
_HANDED_BACK = r"do [^.;]{0,80}trao trả"
"""Persons handed back by the other side come back now, whichever way they had crossed before."""
_RETURN = (
    rf"(?:quay|trở) (?:trở )?lại {_VIETNAM}|"
    r"(?:trở|quay|đi)? ?về nước|(?:trở|quay|trốn|chạy) về(?=,? (?:qua|tại|theo|bằng|ở|trong|địa|khu|quê|nhà))"
)
_RETURNED = compiled(rf"{_RETURN}|(?:do|bị|được) [^.;]{{0,60}}trao trả(?! cho)")
_WAYS: tuple[tuple[Direction, re.Pattern[str]], ...] = (
    (
        Direction.CN_VN,
        compiled(
            rf"(?<!xuất )(?<!xuất, )(?<!xuất,)nhập cảnh(?! trái phép {_CHINA})(?! vào {_CHINA})|nhập lậu(?: từ {_CHINA})?"
            rf"|(?:từ|ở|bên) {_INTO}{_CHINA} (?:trở )?(?:về|vào|sang)(?! {_CHINA})"
            rf"|(?:trở )?về (?:nước )?từ {_CHINA}|từ {_INTO}{_CHINA} (?:qua|vượt|theo|đi|lan|nhập|chở|đưa|bay|bơi|vận chuyển|chạy|băng|lội)"
            rf"|(?:vào|sang|qua) {_INTO}{_VIETNAM}|về {_VIETNAM}|{_RETURN}|(?:đưa |chở |khiêng |vác |vận chuyển )[^.;,]{{0,30}}vào nội địa"
            rf"|tiếp nhận[^.;]{{0,100}}{_HANDED_BACK}"
        ),
    ),
    (
        Direction.VN_CN,
        compiled(
            rf"xuất cảnh(?! (?:và|hoặc|,|/) ?nhập cảnh)(?![^.;]{{0,60}} {_HANDED_BACK})"
            rf"|(?:sang|qua) {_INTO}{_CHINA}|vào {_INTO}{_CHINA}|nhập cảnh trái phép (?:vào )?{_CHINA}|xuất lậu"
            rf"|từ {_INTO}{_VIETNAM} (?:sang|qua)"
        ),
    ),
)
_CHINESE = re.compile(rf"(?:người|công dân|quốc tịch) {_CHINA}(?!\w)", re.IGNORECASE)
"""Who go home the other way."""
_NOT_THE_WAY = re.compile(
    r"(?<!\w)(?:thư|công hàm|điện|trao trả|trao đổi|bàn giao|đẩy đuổi|lao động|thông báo)(?:\s+[^\s,.;]+){0,4}\s*$", re.IGNORECASE
)
_PAPERS = re.compile(r"(?<!\w)(?:quản lý|thủ tục|giấy(?: tờ)?)\s*$", re.IGNORECASE)
_ACTS = (
    r"(?:xây dựng|xây|thi công|san gạt|san ủi|đào|đắp|đổ|dựng"
    r"|lắp đặt|lắp|đưa|làm|nổ mìn|đánh mìn|bắn|nổ súng|đốt|khai thác|nạo vét|kéo|mở rộng|chặt|phát quang|trồng"
    r"|canh tác|dịch chuyển|phá|kè|rào|chăng|căng|tạm dừng|dừng|tạm ngừng|ngừng|đóng|đặt|hoàn thành sửa chữa|sửa chữa"
    r"|cho (?:người|máy|công nhân|xe|phương tiện))"
)
_DOING = r"(?:(?:đã|đang|tiếp tục|tự ý|đơn phương|tiến hành|tổ chức|cho|có|bất ngờ|lại|vừa)\s+)*"
_SIDES = (
    (Side.CN, compiled(rf"(?:phía|bên) {_CHINA} (?:{_DOING}){_ACTS}")),
    (Side.VN, compiled(rf"(?:phía|bên) {_VIETNAM} (?:{_DOING}){_ACTS}")),
    (Side.BOTH, compiled(rf"hai bên (?:cùng |đã |đều )*{_ACTS}")),
)
_PEOPLE = re.compile(r"(?<!\w)(?:dân|công dân|cư dân|người|hộ|doanh nghiệp|công ty|công nhân)\s*$", re.IGNORECASE)
_ASK = "Hành vi của phía nào: VN, CN, both, third, natural, contested? Chưa rõ thì ghi undetermined."


def direction(sentence: Sentence) -> FieldReading | None:
    """The direction over the line; None where the words state none, or both."""
    ways = []
    for way, pattern in _WAYS:
        for match in pattern.finditer(sentence.even):
            aside = _PAPERS if "cảnh" in match[0].lower() else _NOT_THE_WAY
            if not (aside.search(sentence.before(match.start())) or sentence.denied(match.start())):
                ways.append((way, match))
                break
    if line(sentence) != VN_CN:
        return None
    theirs = _CHINESE.search(sentence.even) is not None
    if not theirs and ways and ways[-1][0] is Direction.VN_CN and (back := _RETURNED.search(sentence.even, ways[-1][1].end())):
        # Who had gone and has come back has crossed this way now.
        return sentence.reading("data.direction", Direction.CN_VN.value, *back.span(), "medium")
    if len(ways) != 1 or re.search(r"(?<!\w)xuất(?:,|\s+và|\s*-)?\s*nhập\s+cảnh\s+trái", sentence.even, re.IGNORECASE):
        return None
    [(way, match)] = ways
    return sentence.reading("data.direction", way.value, match.start(), match.end(), "high" if "cảnh" in match[0].lower() else "medium")


def side(sentence: Sentence) -> FieldReading | MissingField:
    """The side that acted, where the sentence states it: never inferred from a nationality, a direction or a marker."""
    acts = [
        (side, match) for side, pattern in _SIDES if (match := pattern.search(sentence.even)) and not _not_the_side(sentence, match.start())
    ]
    if len(acts) != 1:
        return MissingField("data.side", _ASK)
    [(side_, match)] = acts
    return sentence.reading("data.side", side_.value, match.start(), match.end())


def _not_the_side(sentence: Sentence, at: int) -> bool:
    """Whether the words at a position deny the act, or tell of people of that side, not of the side."""
    return sentence.denied(at) or _PEOPLE.search(sentence.before(at)) is not None

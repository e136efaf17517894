"""Numbers in a sentence that count nothing of the incident: those who acted, changes, rates, what one package holds, wages and fines."""

import re

from texts.sentence.words import Sentence

_NOT_COUNTED = re.compile(
    r"(?<!\w)(?:tăng|giảm|tổ công tác(?: gồm)?|đoàn(?: công tác)?(?: gồm)?|lực lượng(?: gồm)?|huy động|quân số"
    r"|(?:tổ công tác|tổ tuần tra|tổ|đội|đoàn|lực lượng)\s[^.;,]{0,50}\s(?:gồm|có)"
    r"|trong (?:tổng )?số|chưa đến|không|mốc|bình quân|trung bình|loại|cỡ|[x×*]"
    r"|(?:mỗi|từng)\s+[^.;,\d]{0,40})\s*$",
    re.IGNORECASE,
)
"""Before a number that counts something else: those who acted, a change, what one package holds."""
_RANGE = re.compile(r"\d\s*(?:-|đến|tới|hoặc|hay)\s*$", re.IGNORECASE)
"""Before the upper end of a range: `từ 20 đến 30 kg`."""
_SENT = re.compile(
    r"(?<!\w)(?:cử|huy động|điều động|bố trí|triển khai)\s(?![^.;]*(?:bắt|phát hiện|thu giữ|tạm giữ|ngăn chặn))[^.;]*$", re.IGNORECASE
)
"""Before the men and vehicles of those who acted: `cử 12 cán bộ và 03 xe`."""
_RATE = re.compile(r"\s*(?:/|mỗi|một|trên một)\s*(?:[^\W\d_]{2,})(?<!với)(?<!cùng)", re.IGNORECASE)
"""After a number of each: `10 kg/kiện`, `800 xe/ngày`."""
_NEVER = re.compile(r"(?:không|chưa)\s+(?:phát hiện|có|ghi nhận|để|xảy ra|thấy)\s[^.;,]{0,30}$", re.IGNORECASE)
_A_YEAR = re.compile(r"(?<!\w)(?:trong|đầu|cuối|cả|hằng|hàng|từng|mỗi|nhiều|mấy|vài|thứ)\s*$", re.IGNORECASE)
_PAID = re.compile(
    r"(?<!\w)(?:phạt|tiền công|công|thuê|lương|hứa|trả|thưởng|thù lao|giá(?! trị)|với giá|vé|phí|cước|thu lợi|hưởng lợi|hưởng|được|nhận|thuế|cọc"
    r"|chuyển khoản|vay|nợ|bồi thường|hỗ trợ|kinh phí|vốn|kim ngạch|đầu tư|lừa|thu nộp|nộp|ngân sách|doanh thu|bán|lãi|lời)(?!\w)[^.;,]{0,40}$",
    re.IGNORECASE,
)
"""Before money that is no worth of goods: a fine, a wage, a price."""
_WORTH_ITSELF = re.compile(r"(?:trị giá|giá trị)[^.;,\d]{0,30}$", re.IGNORECASE)
_PAY = re.compile(r"\s*(?:tiền\s+)?(?:công|phạt|thuê|lương|phí|thuế)(?!\w)", re.IGNORECASE)


def counts_something_else(sentence: Sentence, match: re.Match[str], before: str) -> bool:
    """Whether a number, matched with what it counts, is nothing of the incident; `before`: the words before it."""
    even, end = sentence.even, match.end()
    if match["value"] and not _WORTH_ITSELF.search(before) and (_PAID.search(before) or _PAY.match(even, end)):
        return True
    return bool(
        _NOT_COUNTED.search(before)
        or _RANGE.search(before)
        or _SENT.search(before)
        or _is_no_number(match["n"], before)
        or _RATE.match(even, end)
        or _NEVER.search(before)
        or sentence.unreal(match.start())
    )


def _is_no_number(words: str, before: str) -> bool:
    """Whether a number word is part of a name (`Ba`, `Bảy`), a day of the week or a year."""
    if words[0].isdigit():
        return False
    return bool(words[0].isupper() and before.strip(' "“(')) or _A_YEAR.search(before) is not None

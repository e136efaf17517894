"""What in a text speaks against one incident that happened: an exercise, a condition, a rumour, a summary, several incidents, an old one told again.

Such a text is not read for what happened: the person is asked, in the words of the doubt.
"""

import re

from texts.numbers import NUMBER
from texts.sentence.words import REHEARSED, Sentence

_CAUGHT = r"(?:bắt|phát hiện|thu giữ|ngăn chặn|tiếp nhận|xử lý|thu dung)"
_PERSONS = r"(?:người|đối tượng|công dân|phụ nữ|trường hợp)"
_CONDITION = r"^[^.;]{0,40}(?:nếu|trong trường hợp|trường hợp phát hiện|khi phát hiện)(?!\w)"
_RUMOUR = (
    r"tin đồn|đồn thổi|đồn đoán|lan truyền|bịa đặt|sai sự thật|thất thiệt|không có (?:việc|chuyện)|nghe nói|không đúng sự thật"
    r"|chưa (?:được )?kiểm chứng"
)
_PERSUASION = r"phát tờ rơi|ký (?:bản )?cam kết|(?:tổ chức|hội nghị|buổi) tuyên truyền|tuyên truyền (?:cho|đến|tới)"
_OF_OLD = (
    r"nhắc lại|nhớ lại|ôn lại|tổng kết|sơ kết|kỷ niệm|xét xử|phiên tòa|tòa án|bị cáo|bị can|truy tố|cáo trạng|^[^.;]{0,60}khởi tố|tuyên phạt"
    r"|tuyên dương|khen thưởng|trao thưởng|cách đây|từng xảy ra|trước đây|năm ngoái|[^\W_]+ (?:năm|tháng) trước"
)
_SUMMARY = (
    rf"(?!0?1 |một )(?:{NUMBER}|hàng chục|hàng trăm|nhiều|các) vụ(?! (?:án|phó|trưởng))"
    r"|từ (?:đầu )?(?:năm|tháng|quý|ngày)[^.;]{0,20} đến nay|từ đầu (?:năm|tháng|quý)|lũy kế"
    r"|(?:^|[.;:] ?)(?:trong |cả )*(?:năm 20\d\d|quý (?:IV|I{1,3}|[1-4])\b|tháng \d+|(?:\d+|sáu|chín) tháng (?:đầu|cuối|qua|năm))"
    rf"[^;]*?{_CAUGHT}[^;]*?{NUMBER} {_PERSONS}"
)
_SEVERAL = (
    rf"(?:cùng ngày|cũng trong ngày|trước đó|(?<!h )(?<!giờ )hôm sau|ngoài ra|tiếp đó)[^.;]{{0,60}}?{_CAUGHT}|(?:tiếp tục|cũng) {_CAUGHT}"
    r"|vụ (?:khác|thứ (?:nhất|hai|ba))"
    rf"|ngày \d[^;]*?{_CAUGHT}(?: giữ)? {NUMBER} {_PERSONS}.*?[;.,] (?:ngày|đêm|rạng sáng) \d[^;]*?(?:bắt|phát hiện)(?: giữ)? {NUMBER} {_PERSONS}"
    rf"|{_PERSONS}[^;]{{0,80}} mốc \d[^;]{{0,60}};[^;]{{0,60}}?{NUMBER} {_PERSONS}[^;]{{0,60}} mốc \d"
)
_DOUBTS = (
    ("diễn tập hay tình huống giả định", REHEARSED, True),
    ("điều kiện, chưa phải việc đã xảy ra", _CONDITION, True),
    ("tin đồn, tin chưa kiểm chứng", _RUMOUR, True),
    ("tuyên truyền, vận động", _PERSUASION, True),
    ("việc cũ được nhắc lại", _OF_OLD, True),
    ("số liệu tổng hợp của nhiều vụ", _SUMMARY, False),
    ("nhiều việc", _SEVERAL, False),
)
"""What it may be, the words for it, and whether its place can still be read."""
_PATTERNS = tuple((name, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), place) for name, pattern, place in _DOUBTS)
_UNSURE = re.compile(
    r"(?<!\w)(?:tặng|hộ nghèo|nông thôn mới|từ thiện|phong trào|xuất khẩu|nhập khẩu|kim ngạch|giao lưu|theo kế hoạch|hội nghị|đề án|dự án"
    r"|nếu|(?:phía|bên) (?:trung quốc|tq|bạn)[^.;]{0,60} (?:phản đối|cho rằng|cáo buộc|vu cáo|tố|yêu cầu)[^.;]{0,40} (?:phía|bên) (?:việt nam|vn|ta)"
    r"|theo (?:nguồn )?tin|tin ban đầu|được cho là|có thể|khả năng|nghi|nghi vấn|chưa xác minh|chưa rõ|dự kiến|sẽ)(?!\w)",
    re.IGNORECASE,
)

_QUOTED = re.compile(rf"[“\"][^”\"]*{NUMBER}\s*(?:{_PERSONS}|kg|bao|con|lần|triệu|tỷ)(?!\w)[^”\"]*[”\"]", re.IGNORECASE)


def doubt(sentence: Sentence) -> tuple[str, bool] | None:
    """What the text may be instead of one incident, and whether its place can still be read."""
    return next(((name, place) for name, pattern, place in _PATTERNS if pattern.search(sentence.even)), None)


def is_unsure(sentence: Sentence) -> bool:
    """Whether words of the text leave open whether it happened so, or somebody is quoted who counts."""
    return _UNSURE.search(sentence.even) is not None or _QUOTED.search(sentence.even) is not None

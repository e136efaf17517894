"""What in a sentence speaks against its numbers: they are then proposed with low confidence, and the reason is said."""

import re
from collections.abc import Iterator, Sequence

from border.provinces import Province, provinces
from texts.report.scope import names_a_place

_AGAINST = (
    ("nguy cơ, chưa chắc đã xảy ra", r"nguy\s+cơ|âm\s+mưu"),
    ("câu có điều kiện", r"nếu|giả\s+sử|giả\s+định|trong\s+trường\s+hợp"),
    ("số dự kiến, ước tính", r"ước(?:\s+(?:tính|đạt|thực\s+hiện))?|dự\s+kiến|dự\s+báo|phấn\s+đấu|chỉ\s+tiêu|tạm\s+tính"),
    ("số chưa chính thức", r"sơ\s+bộ|ban\s+đầu|chưa\s+(?:đầy\s+đủ|chính\s+thức|thống\s+kê|xác\s+minh|kiểm\s+chứng)"),
    ("số lũy kế, của thời gian dài hơn", r"l[ũu][ỹy]\s+kế|cộng\s+dồn|từ\s+trước\s+(?:đến|tới)\s+nay|từ\s+đầu\s+nhiệm\s+kỳ|trong\s+nhiều\s+năm"),
    ("số tính đến một ngày, kỳ có thể chưa hết", r"tính\s+đến\s+(?:hết\s+)?(?:ngày|tháng)|đến\s+(?:nay|thời\s+điểm)"),
    ("số bình quân", r"bình\s+quân|trung\s+bình|(?:mỗi|hằng|hàng)\s+(?:năm|quý|tháng|tuần|ngày)"),
    ("câu phủ định hoặc đính chính", r"không\s+phải|chứ\s+không|đính\s+chính|nhầm|thay\s+vì|không\s+(?:đúng|chính\s+xác)|bác\s+bỏ|thay\s+cho\s+số"),
    ("số phát sinh thêm, không rõ có phải cả kỳ", r"(?:xảy\s+ra|phát\s+hiện|ghi\s+nhận|có)\s+thêm"),
    ("số của một lực lượng", r"(?:công\s+an|hải\s+quan|dân\s+quân|kiểm\s+lâm|quân\s+sự|cảnh\s+sát)(?:\s+[^\s,.;:]+){0,3}\s+(?:phát\s+hiện|ghi\s+nhận)"),
    ("lời của người khác", r"nghe\s+nói|được\s+cho\s+là|nguồn\s+tin|dư\s+luận|theo\s+(?:báo\s+chí|mạng|phía|bạn)|phía\s+[^,;.]{2,12}\s+cho\s+(?:biết|rằng)"),
)  # fmt: skip
_PATTERNS = tuple((why, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)) for why, words in _AGAINST)
_COUNTED = r"\d\s*(?:vụ|đoàn|lượt|tàu|người|ngư\s+dân)"
_QUOTED = re.compile(rf"“[^”]*{_COUNTED}[^”]*”|\"[^\"]*{_COUNTED}[^\"]*\"", re.IGNORECASE)


def against(sentence: str, headings: Sequence[str], unit: str) -> tuple[str, ...]:
    """Why the numbers of a sentence under these headings, in a report of a province, may not be what they seem: Vietnamese."""
    return tuple(_against(sentence, headings, unit))


def _against(sentence: str, headings: Sequence[str], unit: str) -> Iterator[str]:
    yield from (why for why, words in _PATTERNS if words.search(sentence))
    if _QUOTED.search(sentence):
        yield "số trong lời trích dẫn"
    if sentence.rstrip().endswith("?"):
        yield "câu hỏi"
    if others := [name for name, province in _provinces(sentence) if unit and province != unit]:
        yield f"câu nêu tỉnh khác: {', '.join(others)}"
    if place := next((heading for heading in headings if names_a_place(heading)), ""):
        yield f"thuộc mục “{place[:60]}”"


def _provinces(sentence: str) -> list[tuple[str, Province]]:
    return [(row.name, province) for province, row in provinces().items() if re.search(rf"(?<!\w){re.escape(row.name)}(?!\w)", sentence)]

"""What a count is of that no figure of ours counts, where its words say so: the reason an unread count is listed with."""

import re

UNKNOWN = "không phải số liệu nào đã biết"
_REACH = 60
"""How many characters behind a count are searched for what it counts."""
_SUBJECTS: tuple[tuple[str, str], ...] = (
    ("đoàn, chưa rõ ra hay vào", r"đoàn"),
    ("viện trợ, đầu tư", r"dự án|ODA|FDI|viện trợ|tài trợ|PCPNN|phi chính phủ|chương trình"),
    ("số tiền", r"USD|tỷ đồng|triệu đồng|đồng"),
    ("đào tạo", r"học sinh|lưu học sinh|học viên|giáo viên|sinh viên|lớp"),
    ("thông tin, báo chí", r"bản tin|tin bài|tác phẩm|sách|phiên bản|ngôn ngữ"),
    ("số nước, số địa phương", r"quốc gia|nước(?! ngoài)|tỉnh|huyện|xã"),
    ("doanh nghiệp", r"doanh nhân|doanh nghiệp"),
    ("nội bộ cơ quan", r"biên chế|nhóm nhiệm vụ|trụ cột"),
    ("văn kiện", r"văn kiện"),
    ("hội nghị", r"hội nghị|hội thảo"),
    ("hàng hóa", r"túi|thùng|tấn|kg"),
    ("người không đi theo đoàn", r"cá nhân|lượt|người"),
)
"""Texts are read with single blanks."""


def outside(text: str, at: int, end: int) -> str:
    """What a count is of whose number ends `at`, in a sentence that ends at `end`, and that no figure counts it."""
    behind = text[at : min(end, at + _REACH)]
    named = [
        (match.start(), subject)
        for subject, words in _SUBJECTS
        if (match := re.search(rf"(?<!\w)(?:{words})(?!\w)", behind, re.IGNORECASE))
    ]
    return f"{min(named)[1]}: {UNKNOWN}" if named else UNKNOWN

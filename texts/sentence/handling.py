"""Reads the steps taken: verbs of the reports' own list that are not denied, not planned, and not of the other side."""

import re

from schemas.codebook import Action
from texts.sentence.words import FieldReading, Sentence, compiled

_VERBS: tuple[tuple[Action, re.Pattern[str]], ...] = tuple(
    (action, compiled(pattern))
    for action, pattern in (
        (Action.ARRESTED, r"bắt giữ|bắt quả tang|bắt được|bắt"),
        (Action.DETAINED, r"tạm giữ"),
        (Action.PREVENTED, r"ngăn chặn|đẩy đuổi"),
        (Action.RESCUED, r"giải cứu"),
        (Action.RECEIVED, r"tiếp nhận"),
        (Action.HANDED_OVER, r"bàn giao"),
        (Action.RETURNED, r"trao trả"),
        (Action.QUARANTINED, r"(?:đưa (?:đi )?)?cách ly"),
        (Action.FINED, r"xử phạt(?: vi phạm)?(?: hành chính)?|phạt tiền|phạt"),
        (Action.PROSECUTED, r"khởi tố"),
        (Action.CONFISCATED, r"tịch thu"),
        (Action.DESTROYED, r"tiêu hủy"),
        (Action.INVESTIGATING, r"điều tra|xác minh"),
        (Action.TALKS, r"hội đàm"),
        (Action.MEETING, r"gặp gỡ"),
        (Action.PROTEST_LETTER, r"(?:gửi |trao )?thư phản kháng"),
        (Action.LETTER, r"(?:gửi |trao )?thư (?:thông báo|trao đổi|mời)"),
        (Action.SURVEY, r"khảo sát"),
        (Action.MONITORED, r"(?:tiếp tục )?theo dõi"),
        (Action.ADVISED, r"tham mưu"),
        (Action.REPORTED, r"báo cáo"),
        (Action.RECORDED, r"lập biên bản"),
    )
)
_NOT_DONE = re.compile(
    r"(?<!\w)(?:sẽ|đề nghị|kiến nghị|chưa|không|yêu cầu|dự kiến|cơ quan|để|phòng cảnh sát|cảnh sát|thiết bị|bị truy nã và|quyết định truy)\s*$",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    r"(?:phía|bên|chính quyền|lực lượng\s.{0,30}|công an)\s*(?:trung quốc|tq|bạn)(?:\s+(?:đã|vừa|tiến hành))?\s*$", re.IGNORECASE
)


def handling(sentence: Sentence) -> list[FieldReading]:
    """Each step once, at its first place in the text."""
    first: dict[Action, tuple[int, int]] = {}
    for action, pattern in _VERBS:
        for match in pattern.finditer(sentence.even):
            before = sentence.before(match.start())
            if not (_NOT_DONE.search(before) or _THEIRS.search(before) or sentence.denied(match.start())):
                first.setdefault(action, match.span())
    steps = sorted(first.items(), key=lambda step: step[1])
    return [sentence.reading(f"data.handling.{index}", {"action": action.value}, *span) for index, (action, span) in enumerate(steps)]

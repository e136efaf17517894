"""What an old report tells as yet to come: plans, tasks ahead, things asked for. No figure is read from it."""

import re
from collections.abc import Sequence

TOLD_AHEAD = "thuộc phần dự kiến, phương hướng hoặc kiến nghị"
_YET_TO_COME = re.compile(r"(?<!\w)(?:dự kiến|phấn đấu|sẽ)(?!\w)", re.IGNORECASE)
_ASKED_FOR = re.compile(r"(?<!\w)(?:chuẩn bị|kiến nghị|đề nghị)(?!\w)", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:[\w.]{1,6}[.)]\s+)?(?:(?:một số|về|các)\s+)*(?:phương hướng|định hướng|mục tiêu|ước kết quả|nhiệm vụ|giải pháp|đề xuất|kiến nghị)(?!\w)",
    re.IGNORECASE,
)


def section_ahead(above: Sequence[str]) -> bool:
    """Whether one of the headings opens a part on what is to be done."""
    return any(_HEADING.match(heading) for heading in above)


def told_ahead(text: str, start: int, at: int) -> bool:
    """Whether the sentence that starts at `start` says before `at` that this is yet to come."""
    return _YET_TO_COME.search(text, start, at) is not None


def asked_for(text: str, start: int, at: int) -> bool:
    """Whether a clause asks for what it tells, or prepares it."""
    return _ASKED_FOR.search(text, start, at) is not None

"""Recognises the parts of a report about the future: plans, tasks, requests. No figure is read from them."""

import re
from collections.abc import Sequence

IN_THE_FUTURE = "thuộc phần dự kiến, phương hướng hoặc kiến nghị"
_YET_TO_COME = re.compile(r"(?<!\w)(?:dự kiến|phấn đấu|sẽ)(?!\w)", re.IGNORECASE)
_ASKED_FOR = re.compile(r"(?<!\w)(?:chuẩn bị|kiến nghị|đề nghị)(?!\w)", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:[\w.]{1,6}[.)]\s+)?(?:(?:một số|về|các)\s+)*(?:phương hướng|định hướng|mục tiêu|ước kết quả|nhiệm vụ|giải pháp|đề xuất|kiến nghị)(?!\w)",
    re.IGNORECASE,
)


def is_future_section(above: Sequence[str]) -> bool:
    """Whether one of the headings opens a part about the future."""
    return any(_HEADING.match(heading) for heading in above)


def is_future(text: str, start: int, at: int) -> bool:
    """Whether the sentence that starts at `start` puts what stands `at` into the future."""
    return _YET_TO_COME.search(text, start, at) is not None


def is_request(text: str, start: int, at: int) -> bool:
    """Whether a clause asks for or prepares what stands `at`."""
    return _ASKED_FOR.search(text, start, at) is not None

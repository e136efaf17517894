"""Reads what happened at markers: upkeep, works, notices. These are never baselines; a person looks each up or records it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from border.marker_words import MARK
from border.markers import parse
from schemas.codebook import Kind, Side
from texts.report.ahead import is_future, is_future_section, is_request

_CLAUSE_ENDS = re.compile(r";\s|(?<=[.!?])\s")
_KINDS: tuple[tuple[Kind, str], ...] = (
    (Kind.MARKER_UPKEEP, r"sửa chữa nhẹ|lau chùi|sơn (?:lại|sửa)|phát quang"),
    (Kind.SURVEY, r"khảo sát"),
    (Kind.WORKS_NOTICE, r"(?:trao đổi|thông báo)[^;.]{0,40}(?:khôi phục|xây dựng|sửa chữa)"),
    (Kind.MARKER_REPAIR, r"(?:khôi phục|sửa chữa|xây dựng lại|cắm lại)(?: lại)? (?:cột )?mốc"),
    (Kind.MARKER_DAMAGE, r"(?:mốc|cột mốc)[^;.]{0,40}(?:hư hỏng|hư hại|bị đổ|bị mất|bị phá|dịch chuyển|xê dịch)"),
    (Kind.GATE_CHANGE, r"đường chuyên dụng|mở chính thức|khai thông"),
    (Kind.WORKS, r"k[èê] chống sạt lở|hàng rào|xây dựng|thi công|công trình|đường tuần tra|thiết bị giám sát|đấu nối giao thông"),
)
_THEIRS = re.compile(r"phía Trung Quốc|\(Trung Quốc\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkerClause:
    """A clause that names markers."""

    start: int
    end: int
    mark: int
    """The position of its first marker."""
    kind: Kind | None
    markers: tuple[str, ...]
    """Canonical; empty where there is a review."""
    review: str | None
    """Why a person must review the markers, in Vietnamese."""
    side: Side | None
    """China's where the clause says so before its first marker. No wording states our side clearly enough."""
    planned: bool
    """Whether it lies in the future, or is a request."""


def marker_clauses(text: str, start: int, end: int, above: Sequence[str]) -> Iterator[MarkerClause]:
    """The clauses of a sentence that name markers; `above`: the headings it stands under."""
    ahead = is_future_section(above)
    at = start
    for stop in [*(match.start() for match in _CLAUSE_ENDS.finditer(text, start, end)), end]:
        if mark := MARK.search(text, at, stop):
            planned = ahead or is_future(text, start, mark.start()) or is_request(text, at, mark.start())
            yield _clause(text, at, stop, mark.start(), mark.end(), planned=planned)
        at = stop + 1


def _clause(text: str, start: int, end: int, mark: int, number: int, *, planned: bool) -> MarkerClause:
    parsed = parse(text[start:end])
    if parsed.review is not None:
        # Another number in the clause may be the cause: from the marker word on, the text may be clear.
        again = parse(text[mark:end])
        parsed = again if again.review is None else parsed
    theirs = _THEIRS.search(text, start, mark)
    # The words before the marker are likelier to say what was done there than the words after it.
    kind = _kind(text[start:number]) or _kind(text[start:end])
    return MarkerClause(
        start, end, mark, kind, tuple(item.canonical for item in parsed.items), parsed.review, Side.CN if theirs else None, planned
    )


def _kind(words: str) -> Kind | None:
    return next((kind for kind, pattern in _KINDS if re.search(pattern, words, re.IGNORECASE)), None)

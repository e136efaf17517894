"""Reads the facts that the text states; none is inferred from the kind."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from schemas.codebook import Kind
from schemas.codebook_entries import facts_of
from texts.numbers import NUMERAL, for_json, number
from texts.sentence.words import FieldReading, Sentence, compiled

_DISTANCE = re.compile(
    rf"cách\s+(?:(?:đường\s+)?biên\s+giới|đường\s+biên)\s+(?:khoảng\s+)?(?P<n>{NUMERAL})\s*(?P<unit>km|m|mét|ki-lô-mét)(?!\w)",
    re.IGNORECASE,
)
_NOTICE = re.compile(rf"báo\s+(?:cho\s+.{{1,30}}?\s+)?trước\s+(?P<n>{NUMERAL})\s*(?P<unit>giờ|ngày|tiếng)(?!\w)", re.IGNORECASE)
_WORDS: tuple[tuple[Kind, str, Any, re.Pattern[str]], ...] = tuple(
    (kind, name, value, compiled(pattern))
    for kind, name, value, pattern in (
        (Kind.CROSSING, "authorised", False, r"trái phép|trái pháp luật|bất hợp pháp|không phép"),
        (Kind.CROSSING, "subject", "uav", r"flycam|UAV|drone|(?:thiết bị|phương tiện|máy) bay không người lái"),
        (Kind.MARKER_DAMAGE, "state", "moved", r"xê dịch|dịch chuyển"),
        (Kind.MARKER_DAMAGE, "state", "stolen", r"đánh cắp|lấy trộm"),
        (Kind.WORKS, "purpose", "patrol_road", r"đường tuần tra"),
        (Kind.WORKS, "purpose", "fence", r"hàng rào"),
        (Kind.WORKS, "purpose", "monitoring", r"thiết bị giám sát|camera"),
        (Kind.WORKS, "permanent", True, r"kiên cố"),
        (Kind.WORKS, "change", "extension", r"mở rộng|cơi nới"),
        (Kind.WORKS, "change", "new", r"(?:xây|dựng|làm) mới"),
        (Kind.WORKS, "agreed", False, r"chưa (?:được )?(?:hai bên )?(?:thỏa thuận|thống nhất)"),
        (Kind.BURNING, "land_clearing", True, r"khai hoang|làm nương|làm rẫy"),
        (Kind.FISHING, "method", "electric", r"kích điện|chích điện"),
        (Kind.FISHING, "method", "explosive", r"(?:thuốc|chất) nổ|mìn"),
        (Kind.SHOOTING, "across", True, r"(?:bắn|súng) sang"),
        (Kind.SEA_OBSTRUCTION, "act", "rammed", r"đâm (?:va|chìm|hỏng)"),
        (Kind.SEA_OBSTRUCTION, "act", "chased", r"rượt đuổi|xua đuổi"),
        (Kind.SEA_OBSTRUCTION, "act", "detained", r"bắt giữ"),
        (Kind.SEA_OBSTRUCTION, "act", "obstructed", r"ngăn cản|cản trở"),
        (
            Kind.SEA_OBSTRUCTION,
            "act",
            "property_taken",
            r"(?:lấy|cướp|tịch thu|chiếm đoạt)(?: đi)? (?:hết )?(?:tài sản|hải sản|cá|thiết bị|ngư (?:lưới )?cụ)",
        ),
    )
)


def facts(sentence: Sentence, kind: Kind) -> list[FieldReading]:
    """The facts of this kind in the text. One with two different values is left out, unless it may have several codes."""
    several = {fact.entry.name: fact.several for fact in facts_of(kind)}
    by_name: defaultdict[str, list[FieldReading]] = defaultdict(list)
    for reading in _read(sentence, kind):
        by_name[reading.field.rpartition(".")[2]].append(reading)
    return [
        _joined(sentence, readings)
        for name, readings in by_name.items()
        if name in several and (several[name] or all(reading.value == readings[0].value for reading in readings))
    ]


def _joined(sentence: Sentence, readings: Sequence[FieldReading]) -> FieldReading:
    """One reading of all the values of a fact."""
    values = list(dict.fromkeys(reading.value for reading in readings))
    if len(values) == 1:
        return readings[0]
    start, end = min(reading.start for reading in readings), max(reading.end for reading in readings)
    return replace(readings[0], value=values, start=start, end=end, words=sentence.text[start:end])


def _read(sentence: Sentence, kind: Kind) -> Iterator[FieldReading]:
    if match := _DISTANCE.search(sentence.even):
        kilometres = match["unit"].lower().startswith("k")
        away = number(match["n"]) * (1000 if kilometres else 1)
        yield sentence.reading("data.facts.distance_m", for_json(away), *match.span())
        if kilometres:
            yield sentence.reading("data.facts.distance_km", for_json(number(match["n"])), *match.span())
    if match := _NOTICE.search(sentence.even):
        name = "notice_days" if match["unit"].lower() == "ngày" else "notice_hours"
        yield sentence.reading(f"data.facts.{name}", for_json(number(match["n"])), *match.span())
    for of, name, value, pattern in _WORDS:
        if of is kind and (match := pattern.search(sentence.even)) and (value is False or not sentence.denied(match.start())):
            yield sentence.reading(f"data.facts.{name}", value, *match.span())

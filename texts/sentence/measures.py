"""Reads the measures of one incident: numbers before a word for persons, vehicles, boats, livestock, goods, area or money. Never "vụ".

The counts of a report are `texts.report.counts`: pairs such as `54 đoàn/583 lượt`, and changes of a figure, which no event has.
"""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from schemas.codebook import Measure
from texts.numbers import APPROXIMATE, NUMBER, NUMERAL, for_json, number
from texts.sentence.uncounted import counts_something_else
from texts.sentence.words import Confidence, FieldReading, Sentence

_COUNTRIES = {
    "trung quốc": "CN",
    "tq": "CN",
    "việt nam": "VN",
    "vn": "VN",
    "việt": "VN",
    "lào": "LA",
    "myanmar": "MM",
    "campuchia": "KH",
    "hàn quốc": "KR",
    "nga": "RU",
    "ấn độ": "IN",
    "nigeria": "NG",
    "philippines": "PH",
    "thái lan": "TH",
    "đài loan": "TW",
}
_COUNTRY = rf"(?P<country>{'|'.join(sorted(_COUNTRIES, key=len, reverse=True))})(?!\w)"
_PERSON = (
    r"(?:người|đối tượng|công dân|phụ nữ|công nhân|nạn nhân|ngư dân|lao động"
    r"|trẻ em|em bé|em gái|cháu(?: bé| gái| trai)?|thanh niên|nam thanh niên|cô gái|bé gái|nam giới|nữ giới"
    r"|nam|nữ|nghi phạm|nghi can|con bạc|thuyền viên|cửu vạn|khách|cư dân|thiếu nữ|lái xe"
    r"|trường hợp(?=\s+(?:công dân|người|nhập cảnh|xuất cảnh|xuất,? ?nhập cảnh|vượt biên|xnc)))(?!\w)"
)
_QUALITY = r"(?:\s+(?:nam|nữ|là|đều|người|công dân|có|mang|quốc tịch|dân|giới|truy nã|cùng|phụ nữ|đối tượng))*"
_NATION_LEAD = r"(?:\(\s*|,\s*(?=(?:cùng |đều )?(?:là |có |mang )*(?:quốc tịch|công dân)))?"
_NATION = rf"(?:{_QUALITY}\s*{_NATION_LEAD}(?:(?:đều|là|cùng|có|mang|người|công dân|quốc tịch)\s+)*{_COUNTRY})"
_WHEELS = (
    r"(?:xe (?:ô ?tô|mô ?tô|máy|tải|khách|con|bán tải|đầu kéo|container|ba gác|hàng)|ô ?tô|mô ?tô|xe"
    r"|container|máy (?:xúc|ủi|đào|kéo)|phương tiện(?! bay))"
)
_HULLS = r"(?:tàu (?:cá|hàng|sắt)|tàu|thuyền|xuồng máy|xuồng|bè mảng|bè|mảng xốp|mảng|đò sắt|đò|ca ?nô)"
_BEASTS = r"(?:trâu|bò|lợn|gà|vịt|ngan|ngỗng|dê|ngựa|gia súc|gia cầm)"
_WEIGHTS = r"(?:kg|kilôgam|tấn|tạ|yến|gam|gram|g|lít|m3|m³|mét khối)"
_PIECES = r"(?:bao tải|bao|bánh|kiện|thùng|gói|viên|hộp|chai|cuộn|túi|tép|can|sọt|khẩu|quả|tút|điếu|cây(?=\s+(?:thuốc|gỗ)))"
_STUFF = r"(?:heroin|hê-rô-in|ma túy tổng hợp|ma túy|pháo nổ|pháo hoa|pháo|thuốc lá|súng|đạn|mìn|cau khô)"
_THOUSANDS = r"(?:triệu|tỷ|tỉ|nghìn|ngàn)"
_MONEY = (
    rf"(?P<times>{_THOUSANDS}(?:\s+{NUMERAL}\s*{_THOUSANDS})*)?\s*"
    r"(?P<currency>đồng(?!\s+(?:chí|bào|đội))|vnđ|vnd|nhân dân tệ|ndt|tệ|usd|đô la mỹ)"
)
_TIMES = {"triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9, "nghìn": 1000, "ngàn": 1000}
_CURRENCIES = {"đồng": "VND", "vnđ": "VND", "vnd": "VND", "nhân dân tệ": "CNY", "ndt": "CNY", "tệ": "CNY", "usd": "USD", "đô la mỹ": "USD"}
_COUNT = re.compile(
    rf"(?P<n>{NUMBER})\s*(?:(?P<turns>lượt)\s+)?(?:chiếc\s+|cái\s+)?(?:"
    rf"(?P<persons>{_PERSON})(?:{_NATION})?|(?P<vehicles>{_WHEELS})(?!\w)|(?P<boats>{_HULLS})(?!\w)|(?:con\s+)?(?P<livestock>{_BEASTS})(?!\w)"
    rf"|(?P<goods>{_WEIGHTS}|{_PIECES}(?:\s+{_STUFF})?)(?!\w)|(?P<area>ha|m2|m²|mét vuông)(?!\w)|(?P<value>{_MONEY})(?!\w))",
    re.IGNORECASE,
)
_WEIGHED = re.compile(_WEIGHTS)
_OF_THREE_DIGITS = re.compile(r"[1-9]\d{0,2},\d{3}")
"""A part of one to some, and to others, who write thousands with a comma, a thousand times as much."""
_PARTS = re.compile(
    r"(?:\s*\(\s*|\s*[,:]?\s*(?=gồm|bao gồm|trong (?:số )?đó)|[^.;:()\d]{0,60}[,:.;]?\s*(?=trong (?:số )?đó))"
    r"(?:(?:trong (?:số )?đó|bao gồm|gồm)\s*,?(?:\s*có)?\s*:?\s*)?",
    re.IGNORECASE,
)
"""Before the parts of a count, in brackets, behind a comma or in the next sentence."""
_PART = re.compile(
    rf"\s*(?:[,;]|và)?\s*(?P<n>{NUMBER})\s+(?:(?:người|đối tượng|công dân|trường hợp|quốc tịch)\s+)*"
    rf"(?:(?P<kind>nam|nữ|phụ nữ|trẻ em|cháu bé|truy nã|bị truy nã)(?!\w)|{_COUNTRY})",
    re.IGNORECASE,
)
_PART_NAMES = {"nam": "men", "nữ": "women", "phụ nữ": "women", "trẻ em": "children", "cháu bé": "children"}
_ABOUT = re.compile(rf"(?:{APPROXIMATE}|ước)\s*$", re.IGNORECASE)
_WORTH = re.compile(
    r"(?<!\w)(?:trị giá|giá trị|tiền giả|tiền mặt|số tiền|thu giữ|tạm giữ|cất giấu|mang|vận chuyển|thiệt hại)(?!\w)[^.;]{0,60}$",
    re.IGNORECASE,
)


class _Breakdown(NamedTuple):
    """The parts of a count, in the brackets after it."""

    nations: list[tuple[str, Decimal, int, int]]
    of: dict[str, int]
    end: int


def measures(sentence: Sentence) -> list[FieldReading]:
    """Every count of the text, in its order."""
    readings: list[tuple[dict[str, Any], int, int, Confidence]] = []
    at = 0
    while match := _COUNT.search(sentence.even, at):
        at = match.end()
        before = sentence.before(match.start())
        if counts_something_else(sentence, match, before):
            continue
        value = _value(match)
        if value is None:
            continue
        is_sure = (not match["value"] or _WORTH.search(before)) and not _OF_THREE_DIGITS.fullmatch(match["n"])
        confidence: Confidence = "low" if _ABOUT.search(before) else "high" if is_sure else "medium"
        split = _split(sentence.even, match) if match["persons"] else None
        at = split.end if split else at
        if split and split.nations:
            readings += [
                ({"what": "persons", "n": for_json(n), "nationality": nation}, start, end, confidence)
                for nation, n, start, end in split.nations
            ]
        else:
            readings.append((value | ({"of": split.of} if split and split.of else {}), match.start(), at, confidence))
    return [
        sentence.reading(f"data.measures.{index}", value, start, end, confidence)
        for index, (value, start, end, confidence) in enumerate(readings)
    ]


def _value(match: re.Match[str]) -> dict[str, Any] | None:
    """The measure; None for a fraction of what comes in whole numbers."""
    what = next(measure for measure in Measure if match[measure.value])
    words, n = match[what.value].lower(), number(match["n"])
    if what is Measure.VALUE:
        return {
            "what": what.value,
            "n": for_json(round(_amount(n, match["times"] or ""), 2)),
            "unit": _CURRENCIES[match["currency"].lower()],
        }
    may_have_a_part = what is Measure.AREA or _WEIGHED.fullmatch(words) is not None
    if n != n.to_integral_value() and not may_have_a_part:
        return None
    value: dict[str, Any] = {"what": what.value, "n": for_json(n)}
    if what is not Measure.PERSONS:
        value["unit"] = words
    elif match["turns"] or words.startswith("trường hợp"):
        value["unit"] = "lượt" if match["turns"] else "trường hợp"
    if match["country"]:
        value["nationality"] = _COUNTRIES[match["country"].lower()]
    return value


def _amount(n: Decimal, times: str) -> Decimal:
    """`3 tỷ 250 triệu` is one amount."""
    first, *rest = re.findall(rf"{NUMERAL}|{_THOUSANDS}", times.lower()) or [""]
    more = zip(rest[::2], rest[1::2], strict=True)
    return n * _TIMES.get(first, 1) + sum(number(digits) * _TIMES[word] for digits, word in more)


def _split(even: str, match: re.Match[str]) -> _Breakdown | None:
    """The parts right after a count of persons: by country where they add up to it, else the men, women and wanted among them."""
    opened = _PARTS.match(even, match.end())
    if opened is None:
        return None
    nations: list[tuple[str, Decimal, int, int]] = []
    of: dict[str, int] = {}
    at = opened.end()
    while part := _PART.match(even, at):
        n = number(part["n"])
        if part["country"]:
            nations.append((_COUNTRIES[part["country"].lower()], n, part.start("n"), part.end()))
        else:
            name = _PART_NAMES.get(part["kind"].lower(), "wanted")
            of[name] = of.get(name, 0) + int(n)
        at = part.end()
    if at == opened.end():
        return None
    whole = sum(n for _, n, *_ in nations) == number(match["n"])
    return _Breakdown(nations if whole else [], of, at)

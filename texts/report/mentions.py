"""Finds the figures among the counts of a sentence: breaches by side, boats and fishermen at sea, delegations, consular cases."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from texts.letters import CAPITAL
from texts.numbers import NUMERAL, numeral
from texts.report.counts import Count
from texts.report.scope import part_of_count, part_of_none
from texts.report.wholes import Split

_BREACH = re.compile(
    r"\s*(?:việc\s+)?vi\s+phạm\s+(?:các\s+quy\s+định\s+(?:của|tại)\s+)?Hiệp\s+định(?!\s+(?:về\s+cửa\s+khẩu|hợp\s+tác|thương\s+mại|vận\s+tải|tàu\s+thuyền))"
    r"(?:\s+về\s+quy\s+chế\s+quản\s+lý\s+biên\s+giới|\s+về\s+quản\s+lý\s+biên\s+giới|\s+(?:quy\s+chế\s+)?quản\s+lý\s+biên\s+giới)?"
    r"(?:\s+trên\s+đất\s+liền)?(?:\s+Việt\s+Nam\s*-?\s*Trung\s+Quốc)?",
    re.IGNORECASE,
)
_NO_BREACH = re.compile(
    r"không\s+(?:để\s+)?(?:xảy\s+ra|có|phát\s+hiện|ghi\s+nhận)\s*(?:(?:các|bất\s+kỳ|một)\s+)?"
    r"(?:vụ(?:\s+việc)?|trường\s+hợp|hành\s+vi|tình\s+trạng)?(?:\s+nào)?" + _BREACH.pattern,
    re.IGNORECASE,
)
_BREACHES_BEFORE = re.compile(
    r"số\s+vụ(?:\s+việc)?" + _BREACH.pattern + r"(?:\s*,?\s*(?:trong\s+)?(?:năm\s+\d{4}|quý\s+\S+|kỳ))?\s*(?:là|:|-)?\s*$", re.IGNORECASE
)
"""`số vụ vi phạm Hiệp định năm 2019: 08 vụ`."""
_HANDLED = re.compile(r"(?<!\w)(?:giải\s+quyết|xử\s+lý|khắc\s+phục|tồn\s+đọng|còn|kết\s+thúc|hội\s+đàm)(?!\w)[^,;.:]*$", re.IGNORECASE)
"""Words for the handling of breaches, whose count is not that of the breaches."""
_PLACE = r"(?:huyện|xã|phường|thị\s+trấn|thị\s+xã|thành\s+phố|đồn|trạm|cụm|khu\s+vực)"
_OF_A_PLACE = re.compile(rf"(?<!\w){_PLACE}\s+(?:biên\s+giới\s+|BP\s+)?(?={CAPITAL}|mốc)")
_AT_A_PLACE = re.compile(rf"\s*(?:tại|ở|trên\s+địa\s+bàn|thuộc)\s+(?:địa\s+bàn\s+)?(?:các\s+)?(?:{_PLACE}|mốc)(?!\w)", re.IGNORECASE)
_PARTY = (
    r"(?P<CN>Trung\s+Quốc|TQ|(?:phía\s+)?bạn)|(?P<VN>Việt\s+Nam|VN|phía\s+ta|ta)|(?P<both>(?:cả\s+)?hai\s+(?:bên|phía))"
    r"|(?P<undetermined>chưa\s+(?:rõ|xác\s+định)(?:\s+(?:được\s+)?(?:phía|bên)(?:\s+(?:nào|vi\s+phạm))?)?)"
)
_BY_PARTY = re.compile(
    rf"(?<!\w)(?:do\s+)?(?:(?:phía|bên)\s+)?(?:{_PARTY})(?!\w)[\s:-]*(?:(?:vi\s+phạm|gây\s+ra|xảy\s+ra|có|là)\s*)*[:-]?\s*(?P<n>{NUMERAL})(?![\w/.,]*\d)(?:\s+vụ(?:\s+việc)?)?",
    re.IGNORECASE,
)
_PARTY_AFTER = re.compile(
    rf"(?<![\w/.,])(?P<n>{NUMERAL})\s+vụ(?:\s+việc)?\s+(?:vi\s+phạm\s+)?(?:(?:do|của|thuộc|là|bởi)\s+)*(?:(?:phía|bên)\s+)?(?:{_PARTY})(?!\w)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:\((?P<in>[^()]*)\)|[,:;.]?\s*(?:trong\s+(?:số\s+)?đó|gồm|bao\s+gồm)[\s:,]*(?:có\s+)?(?P<out>[^.();]*))", re.IGNORECASE
)
_ACTS = {
    "detained": r"bắt\s+giữ|tạm\s+giữ|bắt(?!\s+đầu)",
    "obstructed": r"ngăn\s+(?:cản|chặn)|cản\s+trở",
    "property_taken": r"(?:lấy|cướp|tịch\s+thu|chiếm\s+đoạt)(?:\s+đi)?\s+(?:tài\s+sản|hải\s+sản|ngư\s+(?:lưới\s+)?cụ|ngư\s+cụ)",
    "rammed": r"đâm(?:\s+(?:va|chìm|hỏng))?",
    "chased": r"(?:rượt|xua)\s+đuổi",
}
_NO_BOATS = re.compile(
    r"không\s+(?:có|xảy\s+ra\s+(?:vụ|trường\s+hợp))\s+(?:(?:trường\s+hợp|vụ)\s+)?(?P<boats>tàu(?:\s+(?:cá|thuyền))?)"
    r"(?:\s*(?:và|,|/|cùng)\s*(?P<men>ngư\s+dân))?[^.;,]{0,40}?(?<!\w)bị(?P<acts>[^.;]*)",
    re.IGNORECASE,
)
_OUT = re.compile(r"(?<!\w)(?:cử|đoàn\s+ra)(?!\w)|ra\s+nước\s+ngoài|đi\s+(?:công\s+tác|nước\s+ngoài)", re.IGNORECASE)
_IN = re.compile(
    r"(?<!\w)(?:đón(?:\s+tiếp)?|tiếp(?!\s+tục)|đoàn\s+vào)(?!\w)|vào\s+làm\s+việc|đến\s+(?:thăm|làm\s+việc|từ|học\s+tập|khảo\s+sát)|khách\s+quốc\s+tế",
    re.IGNORECASE,
)
_QUALITIES = (
    ("out.state_budget", re.compile(r"ngân\s+sách\s+nhà\s+nước", re.IGNORECASE)),
    ("out.sponsored", re.compile(r"đài\s+thọ", re.IGNORECASE)),
    ("in.press", re.compile(r"phóng\s+viên|báo\s+chí", re.IGNORECASE)),
    ("in.guests", re.compile(r"khách\s+quốc\s+tế", re.IGNORECASE)),
    ("in.courtesy", re.compile(r"tiếp\s+xã\s+giao", re.IGNORECASE)),
    ("out.province", re.compile(r"cấp\s+tỉnh", re.IGNORECASE)),
    ("out.department", re.compile(r"cấp\s+(?:sở|ngành|huyện)", re.IGNORECASE)),
    ("in.hosted", re.compile(r"chủ\s+trì\s+(?:đón|tiếp)", re.IGNORECASE)),
)
_COURTESY = re.compile(r"tiếp\s+xã\s+giao\s*$", re.IGNORECASE)
_BOTH_WAYS = re.compile(r"(?<!\w)tổng(?!\w)[^;.]{0,40}đoàn\s+ra(?:\s*,|\s*/|\s+và)\s*(?:đoàn\s+)?vào(?!\w)[^;.]{0,30}$", re.IGNORECASE)
"""`Tổng số đoàn ra, đoàn vào là 107 đoàn`."""
_CONSULAR = re.compile(
    r"\s*(?:việc\s+)?(?:(?P<total>lãnh\s+sự\s*(?:,|và)\s*bảo\s+hộ\s+công\s+dân)|(?P<cases>lãnh\s+sự)|(?P<protection>bảo\s+hộ\s+công\s+dân))(?!\w)",
    re.IGNORECASE,
)
_BEFORE = 200
"""How many characters before a count are searched for what it counts."""
_PERSONS = ("lượt", "người", "ngư dân")


@dataclass(frozen=True, slots=True)
class FigureMention:
    """Figures stated at one place of a text."""

    values: tuple[tuple[str, Decimal], ...]
    """Figure and value."""
    start: int
    end: int
    total: int | None
    """The end of the words it counts, where a comparison may follow. None: a part, which no comparison refers to."""
    notes: tuple[str, ...] = ()
    sure: bool = True
    refused: str = ""
    """Why words that name a figure state none of the province, Vietnamese: there are no values then."""


def figure_mentions(text: str, start: int, end: int, counts: Sequence[Count], splits: Sequence[Split]) -> list[FigureMention]:
    """The figures of a sentence, from its counts and their parts."""
    parts = {part.start: split for split in splits for part in split.parts}
    return [
        *_breaches(text, start, end, counts),
        *_at_sea(text, start, end, counts),
        *_delegations(text, start, end, counts, parts),
        *_consular(text, counts),
    ]


def _breaches(text: str, start: int, end: int, counts: Sequence[Count]) -> Iterator[FigureMention]:
    for none in _NO_BREACH.finditer(text, start, end):
        yield _none(text, start, none, ["breach.total"], none.end())
    for count in counts:
        total, before = count.of("vụ"), text[max(start, count.start - _BEFORE) : count.start]
        breach = _BREACH.match(text, count.end, end)
        named = breach.end() if breach else count.end if _BREACHES_BEFORE.search(before) else None
        if total is None or named is None or not count.settled or _partly(before, text[named:end]):
            continue
        if part_of_count(text, start, count.start, named):
            continue
        sides, stop = _sides(text, named, end)
        sum_of_sides = sum(sides.values(), Decimal(0))
        values = (("breach.total", total), *((f"breach.{side}", value) for side, value in sides.items()))
        wrong = bool(sides) and (sum_of_sides > total or (len(sides) > 1 and sum_of_sides != total))
        notes = (f"các phía cộng lại là {sum_of_sides}, khác tổng {total}",) if wrong else ()
        yield FigureMention(values, count.start, stop, stop, notes, sure=not wrong)


def _none(text: str, start: int, none: "re.Match[str]", figures: Sequence[str], total: int | None) -> FigureMention:
    """The mention of words that say there was none; without figures where they do not say it of the province."""
    if why := part_of_none(text, start, none):
        return FigureMention((), none.start(), none.end(), None, refused=why)
    return FigureMention(tuple((figure, Decimal(0)) for figure in figures), none.start(), none.end(), total)


def _partly(before: str, after: str) -> bool:
    """Whether a count covers only one district, post or place, or only what was handled: not a province's total."""
    return _HANDLED.search(before) is not None or of_a_place(before, after)


def of_a_place(before: str, after: str) -> bool:
    """Whether the words around a count name one district, post or place."""
    return bool(_OF_A_PLACE.search(re.split(r"[;,.]\s", before)[-1]) or _AT_A_PLACE.match(after))


def _sides(text: str, at: int, end: int) -> tuple[dict[str, Decimal], int]:
    """The counts by side that follow, and where they end. Empty where a side occurs twice."""
    opened = _SPLIT.match(text, at, end)
    if opened is None:
        return {}, at
    inner = opened["in"] if opened["in"] is not None else opened["out"]
    sides: dict[str, Decimal] = {}
    rest = inner
    for pattern in (_PARTY_AFTER, _BY_PARTY):
        for match in pattern.finditer(rest):
            side = next(name for name in ("CN", "VN", "both", "undetermined") if match[name])
            value = numeral(match["n"])
            if side in sides or value is None:
                return {}, opened.end()
            sides[side] = value
        if sides:
            break
    return sides, opened.end() if sides else at


def _at_sea(text: str, start: int, end: int, counts: Sequence[Count]) -> Iterator[FigureMention]:
    for none in _NO_BOATS.finditer(text, start, end):
        for act in _acts(none["acts"]):
            yield _none(text, start, none, [f"sea.{act}.boats", *([f"sea.{act}.persons"] if none["men"] else [])], None)
    for at, count in enumerate(counts):
        boats, stop = count.of("tàu"), counts[at + 1].start if at + 1 < len(counts) else end
        happened = re.match(r"[^.;]{0,40}?(?<!\w)bị(?P<acts>[^.;]*)", text[count.end : stop], re.IGNORECASE)
        if boats is None or happened is None or not count.settled:
            continue
        acts = _acts(happened["acts"])
        if acts:
            # Several acts against the same boats: the number for each act is not known.
            family = f"sea.{acts[0]}" if len(acts) == 1 else "matter.sea_obstruction"
            men = next((count.of(unit) for unit in _PERSONS if count.of(unit) is not None), None)
            values = [(f"{family}.boats", boats), *([] if men is None else [(f"{family}.persons", men)])]
            yield FigureMention(tuple(values), count.start, count.end + happened.end(), count.end + happened.end())


def _acts(text: str) -> list[str]:
    return [act for act, words in _ACTS.items() if re.search(rf"(?<!\w)(?:{words})(?!\w)", text, re.IGNORECASE)]


def _delegations(text: str, start: int, end: int, counts: Sequence[Count], parts: dict[int, Split]) -> Iterator[FigureMention]:
    for at, count in enumerate(counts):
        total = count.of("đoàn")
        before = text[max(start, counts[at - 1].end if at else start) : count.start]
        clear = len(count.numbers) > 1 or count.way or count.start in parts or _COURTESY.search(before)
        if total is None or not count.settled or not clear:
            continue
        after = text[count.end : min(end, counts[at + 1].start if at + 1 < len(counts) else end)]
        split = parts.get(count.start)
        direction = _direction(count, before, after) if split is None else _direction(split.whole, text[start : split.whole.start], after)
        if direction is None:
            continue
        near = re.split(r"[;(,]\s?", before)[-1] + text[count.start : count.end] + re.split(r"[;,)]\s", after + " ")[0]
        quality = next((name for name, words in _QUALITIES if words.search(near) and name.startswith(direction)), None)
        if split is not None and quality is None:
            continue
        figure = f"delegations.{quality or direction}"
        persons = next((count.of(unit) for unit in _PERSONS if count.of(unit) is not None), None)
        values = [(figure, total), *([] if persons is None else [(f"{figure}.persons", persons)])]
        whole_of = [each for each in parts.values() if each.whole.start == count.start]
        stop = whole_of[0].end if whole_of else count.end
        wrong = [f"{unit}: các phần cộng lại là {sum(given)}, khác tổng {whole}" for unit, given, whole in _differing(whole_of)]
        yield FigureMention(tuple(values), count.start, count.end, stop if quality is None else None, tuple(wrong), sure=not wrong)


def _differing(whole_of: Sequence[Split]) -> Iterator[tuple[str, list[Decimal], Decimal]]:
    for split in whole_of[:1]:
        sums = list(split.sums())
        full = split.full or any(sum(given) == whole for _, given, whole in sums)
        yield from (each for each in sums if sum(each[1]) > each[2] or (full and sum(each[1]) != each[2]))


def _direction(count: Count, before: str, after: str) -> str | None:
    """`out`, `in`, or `total` where the words name both; None where they state neither."""
    if count.way:
        return "out" if count.way == "ra" else "in"
    if _BOTH_WAYS.search(before):
        return "total"
    clause = re.split(r"[;.]\s", before)[-1]
    directions = [("out", match.start()) for match in _OUT.finditer(clause)] + [("in", match.start()) for match in _IN.finditer(clause)]
    if directions:
        return max(directions, key=lambda match: match[1])[0]
    ahead = re.split(r"[;.(]\s", after)[0]
    out, into = _OUT.search(ahead), _IN.search(ahead)
    return None if (out is None) == (into is None) else "out" if out else "in"


def _consular(text: str, counts: Sequence[Count]) -> Iterator[FigureMention]:
    stated: dict[str, tuple[Decimal, int, int]] = {}
    for count in counts:
        cases, consular = count.of("vụ"), _CONSULAR.match(text, count.end)
        if cases is not None and consular is not None and count.settled:
            stated.setdefault(str(consular.lastgroup), (cases, count.start, consular.end()))
    values = {name: cases for name, (cases, *_) in stated.items()}
    parts = values.get("cases", Decimal(0)) + values.get("protection", Decimal(0))
    wrong = len(values) == 3 and parts != values["total"]
    notes = (f"lãnh sự và bảo hộ công dân cộng lại là {parts}, khác tổng {values['total']}",) if wrong else ()
    for name, (cases, start, end) in stated.items():
        yield FigureMention(((f"consular.{name}", cases),), start, end, end, notes, sure=not wrong)

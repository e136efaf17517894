"""Reads the place: markers, else a gate, else a province. Other place names are left to the person."""

import functools
import re
from datetime import date
from typing import Any

from border import markers
from border.marker_words import MARK
from border.places import Province, gates, province_name, province_of_marker, provinces
from texts.sentence.line import VN_CN, line, names_another, without_line
from texts.sentence.post import post_spans
from texts.sentence.words import FieldReading, MissingField, Sentence, bare, same_name

_FIELD = "data.place"
_BEFORE_MERGERS = date(2025, 6, 30)
_ASK = "Ở đâu: mốc số mấy, cửa khẩu, lối mở nào, hoặc tỉnh nào?"
_GATE_WORD = r"(?:ckqt|ck|cua khau(?: (?:quoc te|chinh|phu|song phuong))?|loi mo(?: bien gioi)?|loi thong quan|cap cho|diem thong quan)\s+"
_OFFICE = re.compile(
    r"(?<!\w)(?:đồn|biên phòng|bđbp|bp|công an|ca|hải quan|ubnd|ủy ban nhân dân|sở ngoại vụ|ban quản lý|trạm|đoàn|bộ chỉ huy"
    r"|chính quyền|văn|thị)\s+(?:tỉnh\s+)?$",
    re.IGNORECASE,
)
_HOME = re.compile(r"(?<!\w)(?:trú|quê|ngụ|hộ khẩu|sống|sinh ra)(?!\w)[^.;)]{0,60}$", re.IGNORECASE)
_END = re.compile(r"[0-9)]\s*(?:mét|met|m(?!\w))?", re.IGNORECASE)
_FOREIGN = re.compile(r"(?:người|quốc tịch|công dân|dân) (?:Lào(?! Cai)|Cam-?pu-?chia)(?!\w)")
"""Persons of a third country, who more often come over another line."""
_FAR = re.compile(r"(?:\S+\s+){4}|[.;]")


def place(sentence: Sentence) -> FieldReading | MissingField:
    """The place with its scheme; a question where the text states none, or none clearly."""
    if MARK.search(sentence.even):
        return _at_markers(sentence)
    province = _province(sentence)
    spans = _gate_spans(sentence)
    if spans and len({slug for *_, slug in spans}) == 1:
        start, end, slug = spans[0]
        return sentence.reading(_FIELD, {"scheme": "gate", "gate": slug} | _in(province, gates()[slug].province), start, end)
    if spans:
        return MissingField(_FIELD, "Câu nêu nhiều cửa khẩu, lối mở: việc xảy ra ở đâu?")
    if province is None:
        return MissingField(_FIELD, _ASK)
    start, end, slug = province
    return sentence.reading(_FIELD, {"scheme": "area", "province": slug}, start, end, "medium")


def _at_markers(sentence: Sentence) -> FieldReading | MissingField:
    on = line(sentence)
    if on is None:
        return MissingField(_FIELD, "Câu nói đến biên giới với Lào hoặc Campuchia: mốc nào, trên tuyến nào?")
    text = without_line(sentence.even)
    parsed = markers.parse(text)
    if parsed.review is not None:
        clear = f" (đọc được {parsed.canonical})" if parsed.items else ""
        return MissingField(_FIELD, f"Mốc số mấy{clear}? Không đọc chắc được: {parsed.review}")
    start, end = _marker_span(text, parsed.items)
    if on != VN_CN:
        return sentence.reading(_FIELD, {"scheme": "marker", "line": on, "marker": parsed.canonical}, start, end)
    registered = province_of_marker(parsed.items, _BEFORE_MERGERS)
    value = {"scheme": "marker", "line": on, "marker": parsed.canonical} | _in(_province(sentence), registered)
    return sentence.reading(_FIELD, value, start, end, "medium" if _FOREIGN.search(sentence.even) or names_another(sentence) else "high")


def _marker_span(text: str, wanted: tuple[markers.Item, ...]) -> tuple[int, int]:
    """The span of the first run of markers: the shortest that reads as the longest prefix of the wanted items."""
    for mark in MARK.finditer(text):
        # "từ mốc 3 đến mốc 5": the word before the marker belongs to it.
        lead = re.search(r"(?:từ|giữa)\s+(?:(?:khu vực|đoạn|các|hai)\s+)*$", text[: mark.start()], re.IGNORECASE)
        start, best, last = lead.start() if lead else mark.start(), (0, mark.end()), mark.end()
        for end in (match.end() for match in _END.finditer(text, mark.end())):
            if _FAR.search(text[last:end]):
                break
            read = markers.parse(text[start:end].rstrip()).items
            if len(read) > best[0] and read == wanted[: len(read)]:
                best = len(read), end
            last = end
        if best[0]:
            return start, start + len(text[start : best[1]].rstrip())
    return 0, len(text)


def _in(province: tuple[int, int, str] | None, registered: Province | None) -> dict[str, Any]:
    """The province of the text, unless the register has the place in another one."""
    if province is None or (registered is not None and province[2] not in (registered, provinces()[registered].successor)):
        return {}
    return {"province": province[2]}


def _province(sentence: Sentence) -> tuple[int, int, str] | None:
    """The only province that the text names as a place, and not in the name of an office, a post or a gate."""
    taken = [(start, end) for start, end, _ in [*post_spans(sentence), *_gate_spans(sentence)]]
    named = []
    names = {bare(row.name): slug for slug, row in provinces().items()}
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", sentence.bare):
        slug = names[match[0]]
        inside = any(start <= match.start() < end for start, end in taken)
        if (
            not inside
            and sentence.even[match.start()].isupper()
            and same_name(sentence.even[match.start() : match.end()], province_name(slug))
        ):
            named.append((match.start(), match.end(), str(slug)))
    named = [each for each in named if not _OFFICE.search(before := sentence.before(each[0], 80)) and not _HOME.search(before)]
    return named[0] if len({slug for *_, slug in named}) == 1 else None


def _gate_spans(sentence: Sentence) -> list[tuple[int, int, str]]:
    pattern, slugs = _gates()
    spans = []
    for match in pattern.finditer(sentence.bare):
        slug, name = slugs[match["name"]]
        words = sentence.even[match.start("name") : match.end("name")]
        if same_name(words, name) and not _OFFICE.search(sentence.before(match.start())):
            spans.append((match.start(), match.end(), slug))
    return spans


@functools.cache
def _gates() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    slugs: dict[str, tuple[str, str]] = {}
    for gate in gates().values():
        for name in (gate.name, gate.name_cn_side, *(alias.name for alias in gate.aliases if alias.language == "vi")):
            if name and not re.search(r"\d", name):
                slugs.setdefault(bare(name), (gate.slug, name))
    names = "|".join(re.escape(name) for name in sorted(slugs, key=len, reverse=True))
    return re.compile(rf"(?<!\w){_GATE_WORD}(?P<name>{names})(?!\w)"), slugs

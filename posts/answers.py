"""What a person types, as an option or as an answer to a question, read into the value of a field.

Each reader raises `InvalidEvent`, as validation does, for what it cannot read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from agreement.words import WORDS
from border import markers
from border.names import fold
from border.places import gate_named, known_province
from border.vietnam import HANOI
from schemas.codebook import Kind, Measure, Precision
from schemas.codebook_entries import FactOfKind, codes, facts_of
from schemas.problems import InvalidEvent, Problem
from texts.numbers import for_json, numeral
from texts.sentence.occurred import occurred
from texts.sentence.words import FieldReading, Sentence

C = TypeVar("C")

_COARSE = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}
"""The months of a span."""
_NIGHT_BEGINS = time(18)
_AND = re.compile(r"\s*[,+/]\s*(?:và\s+)?|\s+và\s+")
"""Between several codes: `rammed,chased`, `đâm va, rượt đuổi và lấy tài sản`."""
_COUNTRY = re.compile(r"[A-Z]{2}")
_AMOUNT = re.compile(r"(?P<n>[\d.,]+)\s*(?P<unit>.*)", re.DOTALL)
_YES, _NO = ("co", "true", "yes", "y", "dung", "roi", "x", "1"), ("khong", "k", "false", "no", "n", "sai", "chua", "0")
_UNKNOWN = ("", "null", "chuabiet", "khongro", "chuaro")


def occurred_of(text: str, *, now: datetime, precision: Precision | None = None) -> dict[str, str]:
    """When it happened: `2026-11-27T02:30`, `2026-11-27`, or in words: `02h30 hôm nay`, `đêm 26/11/2026`."""
    try:
        start = datetime.fromisoformat(text.strip())
    except ValueError:
        reading = occurred(Sentence(text), today=now)
        if not isinstance(reading, FieldReading):
            raise _wrong("data.occurred", f"không đọc được “{text}”, ghi như 2026-11-27T02:30, 02h30 ngày 27/11/2026, đêm qua") from None
        value = dict(reading.value)
        if precision is not None and precision != value["precision"]:
            value = _span(datetime.fromisoformat(value["start"]), precision)
        return value
    start = start.astimezone(HANOI) if start.tzinfo else start.replace(tzinfo=HANOI)
    has_clock = len(text.strip()) > len("2026-11-27")
    if precision is None:
        precision = Precision.MINUTE if has_clock else Precision.DAY
    elif precision is Precision.NIGHT and not has_clock:
        start = datetime.combine(start.date(), _NIGHT_BEGINS, HANOI)
    return _span(start, precision)


def moment_of(field: str, text: str, *, is_end: bool = False) -> datetime:
    """A moment of an interval; a bare day is its beginning, or its end where it ends the interval."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(field, f"không đọc được “{text}”, ghi như 2026-11-27 hoặc 2026-11-27T18:00") from None
    moment = moment.astimezone(HANOI) if moment.tzinfo else moment.replace(tzinfo=HANOI)
    return moment + timedelta(days=1) if is_end and len(text) <= len("2026-11-27") else moment


def place_of(*, marker: str | None = None, gate: str | None = None, area: str | None = None, province: str | None = None) -> dict[str, Any]:
    """The place of an incident: the caller gives at most one of the first three. Validation looks at the rest."""
    place: dict[str, Any] = {"scheme": "area"}
    if marker is not None:
        place = {"scheme": "marker", "line": "VN-CN", "marker": marker}
    elif gate is not None:
        place = {"scheme": "gate", "gate": gate_named(gate) or gate}
    elif area is not None:
        place["area"] = area
    if province is not None:
        try:
            place["province"] = known_province(province).value
        except ValueError as error:
            raise _wrong("data.place.province", str(error)) from None
    return place


def place_named(text: str) -> dict[str, Any]:
    """The place that a person names in one answer: a marker, a gate, or a province."""
    if any(map(str.isdigit, text)) and markers.parse(text).review is None:
        return place_of(marker=text)
    if gate_named(text) is not None:
        return place_of(gate=text)
    try:
        return place_of(province=text)
    except InvalidEvent:
        why = markers.parse(text).review if any(map(str.isdigit, text)) else "không phải số mốc, tên cửa khẩu hay tên tỉnh trên tuyến"
        raise _wrong("data.place", f"“{text}”: {why}") from None


def facts_stated(kind: Kind | None, texts: Iterable[str]) -> dict[str, Any]:
    """Facts as `NAME=VALUE`: the name a code or a label, the value as people say it; `null` for one that is unknown again.

    Without a kind, the facts of those names of any kind. Of one that is stated again the later value stands, but of one that may have
    several codes each: `act=rammed` and `act=chased`.
    """
    facts = {fact.entry.name: fact for of in (Kind if kind is None else (kind,)) for fact in facts_of(of)}
    names = {fact.entry.name: (fact.entry.name, fact.entry.label.vi, fact.entry.label.en) for fact in facts.values()}
    stated: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise _wrong("data.facts", f"“{text}”: cần dạng tên=giá trị, như distance_m=31")
        if (code := named(name, names)) is None:  # validation says which facts the kind has
            stated[name.strip()] = value.strip()
        elif facts[code].several and stated.get(code) is not None and (more := fact_value(facts[code], value)) is not None:
            stated[code] = [*_each(stated[code]), *_each(more)]
        else:
            stated[code] = fact_value(facts[code], value)
    return stated


def fact_value(fact: FactOfKind, text: str) -> Any:
    """A fact's value as people say it. What cannot be read is left as it is: validation says what was expected."""
    text, word = text.strip(), fold(text)
    if word in _UNKNOWN:
        return None
    match fact.form:
        case "number":
            amount = _AMOUNT.fullmatch(text)
            return text if amount is None or not _is_unit(fact, amount["unit"]) else _number(amount["n"])
        case "flag":
            labels = {value == "true": (label.vi, label.en) for value, label in fact.entry.values.items()}
            flag = named(text, {True: (*labels[True], *_YES), False: (*labels[False], *_NO)})
            return text if flag is None else flag
        case "code":
            names = {code: tuple(_code_names(fact, code)) for code in fact.values}
            read = [named(part, names) or part for part in (_AND.split(text) if fact.several else (text,))]
            return read if len(read) > 1 else read[0]
    return text


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _code_names(fact: FactOfKind, code: str) -> Iterator[str]:
    yield code
    yield from fact.entry.values[code]
    words = WORDS.get(fact.entry.name)
    yield from words.values.get(code, ()) if words else ()


def _is_unit(fact: FactOfKind, unit: str) -> bool:
    """Whether a number may stand with this unit, or without any: `18 km` is no number of metres."""
    labels = fact.entry.unit or ()
    return fold(unit) in map(fold, ("", fact.entry.name.rpartition("_")[2], *labels))


def measure_of(text: str) -> dict[str, Any]:
    """A measure as `WHAT=NUMBER [UNIT]`: `persons=9`, `người=9`, `goods=120 kg`; of persons a country instead: `persons=9 CN`."""
    what, _, value = text.partition("=")
    amount = _AMOUNT.fullmatch(value.strip())
    measure = named(what, {Measure(entry.code): (entry.code, entry.label.vi, entry.label.en) for entry in codes()["measure"]})
    if measure is None or amount is None:
        known = ", ".join(f"{entry.code} ({entry.label.vi})" for entry in codes()["measure"])
        raise _wrong("data.measures", f"“{text}”: cần dạng persons=9 hoặc goods=120 kg; đếm được: {known}")
    name = "nationality" if measure is Measure.PERSONS and _COUNTRY.fullmatch(amount["unit"]) else "unit"
    return {"what": measure.value, "n": _number(amount["n"])} | ({name: amount["unit"]} if amount["unit"] else {})


def named(text: str, names: Mapping[C, Iterable[str]]) -> C | None:
    """What has this name, in any spelling."""
    word = fold(text)
    return next((code for code, own in names.items() if word in map(fold, own)), None)


def _number(text: str) -> Any:
    """A number as Vietnamese or programs write it; what is none is left for validation."""
    value = numeral(text)
    return text if value is None else for_json(value)


def _span(start: datetime, precision: Precision) -> dict[str, str]:
    """The occurrence with `start` at the beginning of the hour, day, month, quarter, half or year."""
    if precision is Precision.HOUR:
        start = start.replace(minute=0, second=0, microsecond=0)
    elif precision in _COARSE:
        months = _COARSE[precision]
        start = datetime.combine(date(start.year, (start.month - 1) // months * months + 1, 1), time(), HANOI)
    elif precision is Precision.DAY:
        start = datetime.combine(start.date(), time(), HANOI)
    return {"start": start.isoformat(), "precision": precision.value}


def _wrong(field: str, sentence: str) -> InvalidEvent:
    return InvalidEvent([Problem("value", f"{field}: {sentence}", field)])

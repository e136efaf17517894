"""What validation refuses (`design.md` section 4), and what it says about it."""

import json
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import validation
from schemas.codebook import Precision
from schemas.events import Reported, Updated
from schemas.invisible import IGNORABLE
from schemas.problems import InvalidEvent
from schemas.topics import MAX_EVENT_BYTES
from schemas.validation import decode, read, refuse_ahead
from tests.builders import NOON, assessed, crossing, incident, payload, reported, retracted, updated

LATER = (NOON + timedelta(hours=1)).isoformat()


def _refusal(raw: bytes) -> InvalidEvent:
    with pytest.raises(InvalidEvent) as refused:
        decode(raw)
    return refused.value


def _of(**changes: Any) -> bytes:
    return payload(reported(incident(**changes)))


def _without(name: str) -> bytes:
    return payload({key: value for key, value in reported().items() if key != name})


def _replaced(old: str, new: str) -> bytes:
    whole = payload(reported(incident(text="ĐÂY"), note=0))
    assert old.encode() in whole
    return whole.replace(old.encode(), new.encode(), 1)


def _at(marker: str) -> dict[str, str]:
    return {"scheme": "marker", "line": "VN-CN", "marker": marker}


REFUSED: dict[str, tuple[bytes, str, str]] = {
    "an unknown field": (_of(colour="x"), "unknown_field", "data.colour: trường lạ"),
    "an unknown field of a place": (_of(place=_at("1088") | {"colour": "x"}), "unknown_field", "data.place.colour: trường lạ"),
    "no kind": (payload(reported({k: v for k, v in incident().items() if k != "kind"})), "missing", "data.kind: thiếu"),
    "no time": (_without("time"), "missing", "time: thiếu"),
    "no type": (_without("type"), "missing", "type: thiếu"),
    "no data": (_without("data"), "missing", "data: thiếu"),
    "no scheme": (_of(place={"marker": "1088"}), "missing", "data.place.scheme: thiếu"),
    "an unknown type": (
        payload(reported(type="vn.mocgioi.incident.reportd.v1")),
        "value",
        'type: "vn.mocgioi.incident.reportd.v1" không hợp lệ',
    ),
    "an unknown kind": (_of(kind="work"), "value", 'data.kind: "work" không hợp lệ, cần một trong: marker_damage'),
    "an unknown side": (_of(side="China"), "value", "data.side"),
    "an unknown scheme": (_of(place={"scheme": "street"}), "value", 'data.place.scheme: "street"'),
    "an unknown direction": (payload(crossing(direction="along")), "value", "cần một trong: VN-CN, CN-VN"),
    "a key twice": (_replaced('"kind"', '"kind": "works", "kind"'), "duplicate_key", "kind: khóa xuất hiện hai lần"),
    "a key of U+0000 twice": (
        _replaced('"kind"', '"\\u0000": 1, "\\u0000": 1, "kind"'),
        "duplicate_key",
        "có một khóa xuất hiện hai lần",
    ),
    "a key twice in facts": (_replaced('"agreed"', '"agreed": true, "agreed"'), "duplicate_key", "agreed: khóa"),
    "U+0000": (_replaced("ĐÂY", "\\u0000"), "nul", "data.text: có ký tự U+0000"),
    "U+0000 in a key": (_of(measures=[{"what": "goods", "n": 1, "of": {"\x00": 1}}]), "nul", "U+0000"),
    "U+0000 not escaped": (_replaced("ĐÂY", "\x00"), "nul", "U+0000"),
    "half a surrogate pair": (_replaced("ĐÂY", "\\ud83d"), "surrogate", "data.text: có nửa cặp surrogate"),
    "half a surrogate pair in an extension": (_replaced('"note": 0', '"note": "\\uDE00"'), "surrogate", "note: có nửa"),
    "NaN": (_replaced('"distance_m": 18', '"distance_m": NaN'), "value", "distance_m: NaN không phải số hữu hạn"),
    "Infinity": (_replaced('"distance_m": 18', '"distance_m": -Infinity'), "value", "distance_m: -Infinity không phải"),
    "too large a number": (_replaced('"distance_m": 18', '"distance_m": 1e999'), "value", "distance_m: 1e999 không phải"),
    "too large a number in an extension": (_replaced('"note": 0', '"note": 1e999'), "value", "note: 1e999 không phải"),
    "too long a number": (_replaced('"distance_m": 18', '"distance_m": ' + "9" * 5_000), "value", "số quá dài"),
    "over 256 KiB": (_of(text="x" * MAX_EVENT_BYTES), "too_large", "nhiều nhất 262.144"),
    "a negative distance": (_of(facts={"distance_m": -1}), "value", "data.facts.distance_m: -1 quá nhỏ, không được dưới 0"),
    "a negative count": (_of(measures=[{"what": "persons", "n": -1}]), "value", "data.measures.0.n: -1 quá nhỏ"),
    "a negative count of a crossing": (payload(crossing(counts=[{"what": "persons", "n": -1}])), "value", "data.counts.0.n: -1 quá nhỏ"),
    "half a person": (
        _of(measures=[{"what": "persons", "n": 1.5}]),
        "value",
        "data.measures.0.n: 1.5 không hợp lệ, persons phải là số nguyên",
    ),
    "nothing counted": (payload(crossing(counts=[])), "value", "data.counts: không được để trống"),
    "an end before its start": (
        _of(occurred={"start": NOON.isoformat(), "end": (NOON - timedelta(hours=1)).isoformat(), "precision": "hour"}),
        *("value", "data.occurred.end: 2025-12-28T11:00:00+07:00 phải sau start (2025-12-28T12:00:00+07:00)"),
    ),
    "a crossing's end before its start": (
        payload(crossing(interval={"start": LATER, "end": NOON.isoformat()})),
        "value",
        "data.interval.end: 2025-12-28T12:00:00+07:00 phải sau start",
    ),
    "occurred after time": (
        _of(occurred={"start": LATER, "precision": "hour"}),
        "value",
        "data.occurred.start: 2025-12-28T13:00:00+07:00 sau time",
    ),
    "an update occurred after time": (
        payload(updated("i", {"occurred": {"start": "2026-12-28T13:00:00+07:00", "precision": "hour"}})),
        *("value", "data.occurred.start: 2026-12-28T13:00:00+07:00 sau time"),
    ),
    "a naive time": (payload(reported(time="2025-12-28T12:00:00")), "naive_time", 'time: "2025-12-28T12:00:00" thiếu múi giờ'),
    "a naive occurrence": (_of(occurred={"start": "2025-12-28T09:00:00", "precision": "hour"}), "naive_time", "data.occurred.start"),
    "a date alone": (_of(occurred={"start": "2025-12-28", "precision": "day"}), "value", 'data.occurred.start: "2025-12-28" không hợp lệ'),
    "seconds as a time": (payload(reported(time="1766900000")), "value", 'time: "1766900000" không hợp lệ, cần thời điểm như'),
    "a number as a time": (payload(reported(time=1766900000)), "value", "time: 1766900000 không hợp lệ, cần thời điểm như"),
    "no such hour": (payload(reported(time="2025-12-28T25:00:00+07:00")), "value", 'time: "2025-12-28T25:00:00+07:00" không hợp lệ'),
    "another age": (payload(reported(time="9999-12-31T23:59:59-12:00")), "value", "time: năm 9999 không hợp lệ"),
    "an unclear marker": (_of(place=_at("từ mốc 200 đến 2001")), "value", "data.place.marker: “từ mốc 200 đến 2001”: số mốc 2001 không có"),
    "no marker": (_of(place=_at("")), "value", "data.place.marker: không được để trống"),
    "an unknown gate": (
        _of(place={"scheme": "gate", "gate": "tan-than"}),
        "value",
        "data.place.gate: không có cửa khẩu, lối mở 'tan-than' (gần nhất: tan-thanh",
    ),
    "an unknown gate of a crossing": (
        payload(crossing(gate="huu-ngi")),
        "value",
        "data.gate: không có cửa khẩu, lối mở 'huu-ngi' (gần nhất: huu-nghi",
    ),
    "a fact of another kind": (_of(kind="burning", facts={"agreed": True}), "unknown_field", "data.facts.agreed: trường lạ"),
    "a fact in another unit": (_of(facts={"distance_km": 1}), "unknown_field", "data.facts.distance_km: trường lạ"),
    "a number as text": (_of(facts={"distance_m": "18"}), "value", 'data.facts.distance_m: "18" không hợp lệ, cần số'),
    "a truth as a number": (_of(facts={"distance_m": True}), "value", "data.facts.distance_m: true không hợp lệ, cần số"),
    "a number as a truth": (_of(facts={"agreed": 1}), "value", "data.facts.agreed: 1 không hợp lệ, cần true hoặc false"),
    "null for a fact of a report": (_of(facts={"agreed": None}), "value", "data.facts.agreed: null không hợp lệ"),
    "a list for facts": (_of(facts=[]), "value", "data.facts: [] không hợp lệ, cần đối tượng {...}"),
    "null for a required field of an update": (payload(updated("i", {"kind": None})), "value", "data.kind: không thể bỏ trống"),
    "null for the place of an update": (payload(updated("i", {"place": None})), "value", "data.place: không thể bỏ trống"),
    "no reason": (payload(retracted("i") | {"data": {"reason": ""}}), "value", "data.reason: không được để trống"),
    "no words for other": (_of(kind="other", facts={}), "value", "data.text: thiếu, kind other cần có text"),
    "blank words for other": (
        _of(kind="other", facts={}, text=" \u200b\u00ad\u3164\u2800\ufeff\n"),
        "value",
        "data.text: không có chữ nào",
    ),
    "a day of another offset": (
        _of(occurred={"start": "2025-12-15T00:00:00+08:00", "precision": "day"}),
        *("value", "data.occurred.start: 2025-12-15T00:00:00+08:00 phải ghi theo giờ Việt Nam (+07:00) khi precision là day;"),
    ),
    "a month that ends at another offset": (
        _of(occurred={"start": "2025-11-01T00:00:00+07:00", "end": "2025-11-30T16:59:59Z", "precision": "month"}),
        *("value", "data.occurred.end: 2025-11-30T16:59:59+00:00 phải ghi theo giờ Việt Nam"),
    ),
    "an update to a day of another offset": (
        payload(updated("i", {"occurred": {"start": "2025-12-15T00:00:00+08:00", "precision": "year"}})),
        *("value", "cùng thời điểm đó là 2025-12-14T23:00:00+07:00"),
    ),
    "too long a source": (payload(reported(source=f"/posts/{'x' * 249}")), "value", "source: quá dài, nhiều nhất 255"),
    "too long a source of what is corrected": (
        payload(
            crossing()
            | {"type": "vn.mocgioi.crossing.corrected.v1"}
            | {"data": crossing(corrects={"source": f"/posts/{'x' * 249}", "id": "e"})["data"]}
        ),
        *("value", "data.corrects.source: quá dài, nhiều nhất 255"),
    ),
    "no such clause": (payload(assessed("i", {"clause": "điều 5"})), "value", "data.clause"),
    "no such item": (payload(assessed("i", {"article39": 17})), "value", "data.article39: 17 quá lớn, không được trên 16"),
    "a source that is no post": (payload(reported(source="/x/y")), "value", 'source: "/x/y" không đúng dạng, cần như /posts/tan-thanh/d1'),
    "an id not in NFC": (payload(reported(id=unicodedata.normalize("NFD", "mốc"))), "value", "id: phải là chuỗi NFC"),
    "a sequence that is no number": (payload(reported(sequence="a")), "value", 'sequence: "a" không đúng dạng, cần như 00000042'),
    "another specversion": (payload(reported(specversion="0.3")), "value", 'specversion: "0.3"'),
    "an empty line": (b"", "json", "không có nội dung"),
    "a blank line": (b" \n", "json", "không có nội dung"),
    "a byte-order mark": (b"\xef\xbb\xbf" + _of(), "json", "BOM"),
    "another encoding": (_of().decode().encode("utf-16"), "json", "không phải UTF-8"),
    "bytes that are no text": (_replaced("ĐÂY", "ZZ").replace(b"ZZ", b"\xff"), "json", "không phải UTF-8 (byte thứ"),
    "half an event": (_of()[:-1], "json", "không phải JSON hợp lệ, dòng 1 cột"),
    "two events": (_of() + _of(), "json", "không phải JSON hợp lệ, dòng 1 cột"),
    "a list": (b"[" + _of() + b"]", "value", "sự kiện: ["),
    "a text": (b'"x"', "value", 'sự kiện: "…" không hợp lệ, cần đối tượng {...}'),
    "a hundred thousand brackets": (b"[" * 100_000, "json", "lồng quá sâu"),
    "brackets in an extension": (_replaced('"note": 0', '"note": ' + "[" * 64 + "]" * 64), "json", "lồng quá sâu"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_in_a_sentence_that_names_the_field(case: str) -> None:
    raw, code, sentence = REFUSED[case]
    refusal = _refusal(raw)
    assert refusal.code == code
    assert sentence in refusal.sentence
    assert len(refusal.problems) == 1
    assert len(refusal.sentence) < 1_200


def test_all_that_is_wrong_is_said_at_once() -> None:
    refusal = _refusal(_of(side="x", status="y", facts={"distance_m": -3}))
    assert [problem.field for problem in refusal.problems] == ["data.status", "data.side", "data.facts.distance_m"]


SECRET = {
    "in the text": _of(text="Độ mật: MẬT"),
    "decomposed": _of(text=unicodedata.normalize("NFD", "Tài liệu MẬT")),
    "escaped": json.dumps(reported(incident(text="TUYỆT MẬT"))).encode(),
    "its M escaped too": _replaced("ĐÂY", "\\u004d\\u1eacT"),
    "in wide letters": _of(text="ＭẬＴ"),
    "spaced": _of(text="M Ậ T"),
    "in a key": payload(reported(MẬT=1)),
    "in an extension": payload(reported(note="TỐI MẬT")),
    "in the note of a step": _of(handling=[{"action": "talks", "note": "(Mật)"}]),
    "in half an event": _of(text="TỐI MẬT")[:-1],
    "in half an event, escaped": json.dumps(reported(incident(text="TỐI MẬT"))).encode()[:-1],
    "beside a key twice": _of(text="TỐI MẬT").replace(b'"kind"', b'"kind": "works", "kind"', 1),
    "in too large an event": _of(text="TỐI MẬT " + "x" * MAX_EVENT_BYTES),
    "in another encoding": _of(text="TỐI MẬT").decode().encode("utf-16"),
    "in UTF-32": _of(text="TỐI MẬT").decode().encode("utf-32"),
    "in code page 1258": '{"text": "Độ m\u00e2\u0323t: M\u00e2\u0323t"}'.replace("ộ", "\u00f4\u0323").encode("cp1258"),
    "in TCVN3": '{"text": "§é mËt: TuyÖt mËt"}'.encode("latin-1"),
    "in no event at all": "Công văn MẬT số 3".encode(),
}


@pytest.mark.parametrize("case", SECRET)
def test_what_is_marked_secret_is_refused_without_a_copy_of_it(case: str) -> None:
    refusal = _refusal(SECRET[case])
    assert refusal.code == "secret"
    assert refusal.sentence == "có dấu chỉ độ mật: không được gửi qua hệ thống này, nội dung không được lưu"


@pytest.mark.parametrize("text", ["tổ mật phục", "lấy 20 lít mật ong", "bí mật tiếp cận", "viết là \\u0000 hoặc \\ud800", "😀"])
def test_words_that_only_look_bad_are_let_in(text: str) -> None:
    for raw in (_of(text=text), json.dumps(reported(incident(text=text))).encode()):
        event = decode(raw)
        assert isinstance(event, Reported)
        assert event.data.text == text


def test_a_refusal_names_its_source_where_it_can_be_read() -> None:
    assert _refusal(_of(side="x")).source == "/posts/tan-thanh/d1"
    assert _refusal(_of(text="MẬT")).source == "/posts/tan-thanh/d1"
    assert _refusal(b"{").source is None
    assert _refusal(payload(reported(source="ZZ")).replace(b"ZZ", b"\\ud800")).source is None


def test_extension_attributes_are_let_in_and_ignored() -> None:
    event = decode(payload(reported(traceparent="00-ab", partitionkey=7, nested={"a": [1.5]})))
    assert not hasattr(event, "traceparent")


def test_another_line_keeps_its_markers_as_they_stand() -> None:
    event = decode(_of(place={"scheme": "marker", "line": "VN-LA", "marker": "cọc dấu x"}))
    assert isinstance(event, Reported)
    assert event.data.place.scheme == "marker"


def test_an_update_may_withdraw_a_fact() -> None:
    event = decode(payload(updated("i", {"facts": {"agreed": None}})))
    assert isinstance(event, Updated)
    assert event.data.facts == {"agreed": None}


def test_unicode_is_made_composed() -> None:
    event = decode(_of(text=unicodedata.normalize("NFD", "mốc giới")))
    assert isinstance(event, Reported)
    assert event.data.text == "mốc giới"


def test_a_field_of_a_newer_schema_is_read_from_the_record_only() -> None:
    raw = _of(colour="x", facts={"distance_m": 3, "height_m": 2})
    assert {problem.field for problem in _refusal(raw).problems} == {"data.colour", "data.facts.height_m"}
    event = read(raw)
    assert isinstance(event, Reported)
    assert event.data.facts == {"distance_m": 3}


@pytest.mark.parametrize(
    "case", ["blank words for other", "a day of another offset", "an update to a day of another offset", "too long a source"]
)
def test_what_earlier_versions_accepted_is_read_from_the_record(case: str) -> None:
    raw, *_ = REFUSED[case]
    assert read(raw).id


@pytest.mark.parametrize("precision", Precision)
def test_an_offset_matters_from_a_day_on(precision: Precision) -> None:
    elsewhere = _of(occurred={"start": "2025-12-15T00:00:00+08:00", "precision": precision})
    if precision in ("minute", "hour", "night"):
        decode(elsewhere)
    else:
        assert _refusal(elsewhere).problems[0].field == "data.occurred.start"
    decode(_of(occurred={"start": "2025-12-14T23:00:00+07:00", "end": "2025-12-15T00:00:00+07:00", "precision": precision}))


@pytest.mark.parametrize("text", ["x", "\u200bx", ".", "bò"])
def test_an_other_with_something_to_see_is_let_in(text: str) -> None:
    decode(_of(kind="other", facts={}, text=text))


def test_an_other_with_nothing_to_see_is_refused() -> None:
    for letter in IGNORABLE | set(" \n\u00a0\u2800\u3000\x01"):
        assert _refusal(_of(kind="other", facts={}, text=letter * 3)).problems[0].field == "data.text"


def test_a_source_may_have_255_letters() -> None:
    assert decode(payload(reported(source=f"/posts/{'x' * 248}"))).source.endswith("x")


def test_an_extension_may_be_64_deep_with_its_event() -> None:
    for depth, text in ((63, "x"), (63, "mật ong")):
        decode(_replaced('"note": 0', f'"text": "{text}", "note": ' + "[" * depth + "]" * depth))
        assert _refusal(_replaced('"note": 0', f'"text": "{text}", "note": ' + "[" * (depth + 1) + "]" * (depth + 1))).code == "json"


def test_many_brackets_are_not_deep() -> None:
    decode(_of(measures=[{"what": "persons", "n": 1}] * 300, text="[" * 100))


def test_a_time_ahead_of_the_clock_by_more_than_a_quarter_hour_is_refused() -> None:
    for moment in (NOON, NOON + timedelta(milliseconds=123)):
        event = decode(payload(reported(time=moment.isoformat())))
        latest = round(moment.timestamp() * 1000) - 15 * 60 * 1000
        refuse_ahead(event, latest + 1)
        refuse_ahead(event, latest)
        with pytest.raises(InvalidEvent, match="quá 15 phút") as refused:
            refuse_ahead(event, latest - 1)
        assert (refused.value.code, refused.value.source) == ("ahead", "/posts/tan-thanh/d1")


NAME = "Nguyễn Văn A"
PERSONAL: dict[str, tuple[bytes, str]] = {
    "under an unknown field": (_of(name=NAME), "data.name: trường lạ; ở đây chỉ có: kind"),
    "under an unknown fact": (_of(facts={"driver": NAME}), "data.facts.driver: trường lạ; works chỉ có"),
    "under an unknown field of a place": (_of(place=_at("1088") | {"owner": {"x": NAME}}), "data.place.owner: trường lạ"),
    "under an unknown field of a measure": (_of(measures=[{"what": "persons", "n": 1, "who": [NAME]}]), "data.measures.0.who: trường lạ"),
    "as a field": (_of(**{NAME: 1}), "data: có một trường lạ, tên không được nhắc lại; ở đây chỉ có: kind"),
    "as a fact": (_of(facts={NAME: 1}), "data.facts: có một trường lạ, tên không được nhắc lại; works chỉ có"),
    "as a fact of an update": (payload(updated("i", {"facts": {NAME: 1}})), "data.facts: có một trường lạ"),
    "as a part of a measure": (_of(measures=[{"what": "persons", "n": 1, "of": {NAME: -1}}]), "data.measures.0.of: … quá nhỏ"),
    "under a part of a measure": (_of(measures=[{"what": "persons", "n": 1, "of": {"x": NAME}}]), 'data.measures.0.of.x: "…" không hợp lệ'),
    "as too long a part of a measure": (_of(measures=[{"what": "persons", "n": 1, "of": {NAME * 99: 1}}]), "data.measures.0.of: quá dài"),
    "inside a known field": (_of(side={"x": NAME}), "data.side: {…} không hợp lệ"),
    "in a list in a known field": (_of(kind=[NAME]), "data.kind: […] không hợp lệ"),
    "inside a time": (payload(reported(time={"x": NAME})), "time: {…} không hợp lệ"),
    "inside a tag": (payload(reported(type={"x": NAME})), "type: {…} không hợp lệ"),
    "inside a scheme": (_of(place={"scheme": [NAME]}), "data.place.scheme: […] không hợp lệ"),
    "as an event": (json.dumps(NAME).encode(), 'sự kiện: "…" không hợp lệ'),
    "as a list of events": (json.dumps([NAME]).encode(), "sự kiện: […] không hợp lệ"),
    "as a number for an event": (b"79085001234", "sự kiện: … không hợp lệ"),
    "as a line that is no JSON": (NAME.encode(), "không phải JSON hợp lệ, dòng 1 cột 1"),
    "in half an event": (_of(name=NAME)[:-1], "không phải JSON hợp lệ, dòng 1 cột"),
    "in another encoding": (_of(name=NAME).decode().encode("utf-16"), "không phải UTF-8"),
    "as a key twice": (_replaced('"kind"', f'"{NAME}": 1, "{NAME}": 1, "kind"'), "có một khóa xuất hiện hai lần"),
    "as a key with NaN": (_replaced('"kind"', f'"{NAME}": NaN, "kind"'), "NaN không phải số hữu hạn"),
    "as a key with U+0000": (_replaced('"kind"', f'"{NAME}": "\\u0000", "kind"'), "data: có ký tự U+0000"),
    "as a key with half a pair": (_replaced('"note"', f'"{NAME}": {{"x": "\\ud800"}}, "note"'), "có nửa cặp surrogate"),
}


@pytest.mark.parametrize("case", PERSONAL)
def test_what_stands_in_no_known_field_is_never_repeated(case: str) -> None:
    raw, sentence = PERSONAL[case]
    refusal = _refusal(raw)
    assert sentence in refusal.sentence
    printed = repr([refusal.source, *refusal.problems])
    assert "Nguyễn" not in printed
    assert "79085" not in printed


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _outcome(reader: Callable[[bytes], object], raw: bytes) -> object:
    try:
        return reader(raw)
    except InvalidEvent as refusal:
        return refusal


def _decided(raw: bytes) -> None:
    """Let in or refused, by the quick reading as by the close one."""
    quick, close = _outcome(decode, raw), _outcome(validation._decode_closely, raw)
    if not isinstance(close, InvalidEvent):
        assert quick == close
        return
    assert isinstance(quick, InvalidEvent)
    assert (quick.problems, quick.source) == (close.problems, close.source)
    assert quick.problems
    for text in (quick.sentence, quick.source or "", *(problem.field or "" for problem in quick.problems)):
        assert "\x00" not in text
        assert text.encode().decode() == text


@given(st.binary())
@example(b'{"type":' * 50_000)
@example(b"\xff\xfe\x00")
def test_any_bytes_are_an_event_or_refused(raw: bytes) -> None:
    _decided(raw)


@given(st.sampled_from(["id", "source", "subject", "time", "type", "sequence", "data", "specversion", "x"]), values)
def test_any_value_of_an_attribute_is_let_in_or_refused(name: str, value: object) -> None:
    _decided(json.dumps(reported() | {name: value}).encode())


@given(st.sampled_from([*incident(), "measures", "handling", "known_at", "text", "confidence", "attachments", "direction"]), values)
def test_any_value_of_a_field_is_let_in_or_refused(name: str, value: object) -> None:
    _decided(json.dumps(reported(incident(**{name: value}))).encode())


DAMAGES = st.sampled_from(
    [
        *b'" : { } [ ] , \\ \\u0022 \\u0000 \\u00ad \\ud800 1e999 NaN MAT "kind":"works", "note":[[1]], null -'.split(),
        b" :",
        b"9" * 30,
        "ậ".encode(),
    ]
)


EVENT_TO_DAMAGE = payload(reported(incident(text="Tổ tuần tra lập biên bản", measures=[{"what": "persons", "n": 3}]), note={"a": [1.5]}))


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 3), DAMAGES | st.binary(max_size=2)), min_size=1, max_size=3))
def test_the_quick_reading_and_the_close_one_agree(damages: list[tuple[int, int, bytes]]) -> None:
    raw = EVENT_TO_DAMAGE
    for at, cut, put_in in damages:
        raw = raw[:at] + put_in + raw[at + cut :]
    _decided(raw)

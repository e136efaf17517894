"""The quick reading of a sound first report lets in nothing that the models would not, and reads it as they do."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from agreement.judge import judge_event
from agreement.state import event_row
from bench.events import events
from schemas import incidents, sound
from schemas.codebook import Kind
from schemas.events import Reported
from schemas.facts import FACTS_BY_KIND
from schemas.problems import InvalidEvent
from schemas.secrecy import may_be_marked
from schemas.sound import SoundReport, sound_report
from schemas.strict_json import load_plain
from schemas.validation import decode, decode_quickly, refuse_ahead
from schemas.verdicts import Origin
from streams.classify import classified
from tests.builders import NOON, incident, payload, reported
from tests.unit.test_validation import DAMAGES, EVENT_TO_DAMAGE, PERSONAL, REFUSED, SECRET, _outcome, values

RECORDED = [
    json.dumps(json.loads(line)["sent"], ensure_ascii=False).encode()
    for line in Path(__file__).with_name("recorded_events.jsonl").read_text(encoding="utf-8").splitlines()
]
PUBLISHED = resources.files("mocgioi").joinpath("data/published.jsonl").read_bytes().splitlines()
BENCH = [event.value for event in events(2_000)]
MOMENT = NOON.isoformat()
FULL: dict[str, Any] = reported(
    incident(
        occurred={"start": "2025-12-20T09:00:00+07:00", "end": "2025-12-20T10:00:00+07:00", "precision": "day"},
        place={"scheme": "marker", "line": "VN-CN", "marker": "1088/2", "text": "bờ suối", "province": "lang-son", "commune": "Tân Mỹ"},
        known_at="2025-12-28T10:00:00+07:00",
        direction="CN-VN",
        measures=[{"what": "persons", "n": 3, "unit": "người", "nationality": "CN", "of": {"wanted": 2}}, {"what": "goods", "n": 1.5}],
        handling=[
            {"action": "talks", "at": "2025-12-28T11:00:00+07:00", "by": "Đồn Tân Thanh", "note": "tại thực địa"},
            {"action": "survey"},
        ],
        confidence={"source": "B", "information": "2", "validated": True},
        text="Tổ tuần tra lập biên bản",
        attachments=[{"name": "ảnh-1.jpg", "sha256": "ab" * 32, "media_type": "image/jpeg"}],
    ),
    traceparent="00-ab",
)
PLACES: list[dict[str, Any]] = [
    {"scheme": "gate", "gate": "tan-thanh", "district": "Văn Lãng"},
    {"scheme": "sea", "area": "Hoàng Sa", "lat": 16, "lon": 112.5},
    {"scheme": "area", "area": "Văn Lãng", "province": "lang-son"},
    {"scheme": "area", "province": "cao-bang"},
    {"scheme": "marker", "line": "VN-LA", "marker": "cọc dấu x"},
]


def _agrees(raw: bytes) -> bool:
    """Whether the quick reading takes an event. If it does, it is the models' own reading in all that anybody makes of it."""
    plain = load_plain(raw)
    event = None if plain is None or may_be_marked(plain.written) else sound_report(plain)
    if event is None:  # then the models decide
        return False
    assert decode_quickly(raw) == event
    model = decode(raw)
    assert isinstance(model, Reported)
    _assert_same(event, model)
    origin = Origin("t", 0, 0, 0)
    assert judge_event(event) == judge_event(model)
    assert event_row(event, judge_event(event)) == event_row(model, judge_event(model))
    written = [msgspec.json.encode(classified(raw, each, judge_event(each), origin)) for each in (event, model)]
    assert written[0] == written[1]
    return True


def _assert_same(quick: Any, model: Any) -> None:
    """Equal in every attribute, at every level, to the type of a number."""
    if isinstance(model, BaseModel):
        for name in type(model).model_fields:
            _assert_same(getattr(quick, name), getattr(model, name))
    elif isinstance(model, tuple):
        assert isinstance(quick, tuple)
        assert len(quick) == len(model)
        for quick_part, other in zip(quick, model, strict=True):
            _assert_same(quick_part, other)
    elif isinstance(model, datetime):
        assert quick.isoformat() == model.isoformat()
    elif isinstance(model, dict):
        assert quick == model
        assert {name: type(value) for name, value in quick.items()} == {name: type(value) for name, value in model.items()}
    else:
        assert type(quick) is type(model)
        assert quick == model


def test_nearly_every_report_takes_the_quick_way() -> None:
    reports = [raw for raw in BENCH if b"incident.reported" in raw]
    assert sum(map(_agrees, reports)) >= 0.99 * len(reports)
    assert not any(_agrees(raw) for raw in BENCH if b"incident.reported" not in raw)


def test_recorded_and_published_events_read_alike() -> None:
    quick = sum(map(_agrees, [*RECORDED, *PUBLISHED]))
    assert quick > len(PUBLISHED) / 2


@pytest.mark.parametrize("place", [FULL["data"]["place"], *PLACES], ids=json.dumps)
def test_a_full_report_is_read_quickly_at_every_kind_of_place(place: dict[str, Any]) -> None:
    assert _agrees(payload(FULL | {"data": FULL["data"] | {"place": place}}))


def test_every_field_of_a_model_has_its_place_in_the_quick_reading() -> None:
    pairs: list[tuple[type[BaseModel], type[msgspec.Struct]]] = [(Reported, SoundReport), (incidents.IncidentReported, sound.SoundIncident)]
    names = ("Occurred", "MarkerPlace", "GatePlace", "SeaPlace", "AreaPlace", "Measured", "Handled", "Confidence", "Attachment")
    pairs += [(getattr(incidents, name), getattr(sound, f"Sound{name}")) for name in names]
    for model, struct in pairs:
        assert set(model.model_fields) == {*struct.__struct_fields__, *(["scheme"] if "Place" in model.__name__ else [])}


@pytest.mark.parametrize("raw", [raw for raw, *_ in (*REFUSED.values(), *PERSONAL.values())] + list(SECRET.values()))
def test_what_validation_refuses_it_refuses_for_classify_too(raw: bytes) -> None:
    close, quick = _outcome(decode, raw), _outcome(decode_quickly, raw)
    assert isinstance(close, InvalidEvent)
    assert isinstance(quick, InvalidEvent)
    assert quick.problems == close.problems


def test_a_sound_report_ahead_of_the_clock_is_refused_alike() -> None:
    event = decode_quickly(payload(FULL))
    assert isinstance(event, SoundReport)
    with pytest.raises(InvalidEvent, match="quá 15 phút"):
        refuse_ahead(event, round((NOON - timedelta(hours=1)).timestamp() * 1000))


ODD = [
    *("", " ", "x", "a\u0301", "á", "é\n", "x" * 201, "x" * 256, "x" * 501, "x" * 20_001, "\u0301a", "1.0\n", "٣", "1" * 18, "1" * 19, "VN", "VN\n", "Vn"),
    *("VN-CN", "VN-CN\n", "VN-LA", "1088/2", "mốc 5000", "/posts/x", "/posts/x\n", "/posts/" + "x" * 249, "ab" * 32 + "\n", "image/jpeg\n"),
    *("ảnh/jpeg", "tan-thanh", "Tân Thanh", "actual", "other", "day", "year", "natural", "marker", "sea", "A", "7", "lang-son"),
    *("2025-12-20T09:00:00Z", "2025-12-20T09:00:00.123+07:00", "2025-12-20 09:00:00+07:00", "2025-12-20t09:00:00+07:00", "1899-12-31T00:00:00+07:00"),
    *("2025-12-20T23:59:60+07:00", "2025-12-20T24:00:00+07:00", "2025-02-29T00:00:00+07:00", "2025-12-20T09:00:00+08:00", MOMENT),
    *("2201-01-01T00:00:00+07:00", "2200-12-31T23:59:59+07:00", "1900-01-01T00:00:00+07:00", "2025-12-20T09:00:00.9999+07", "20251220T090000+07:00"),
    *(0, -1, 1, 2, 3.0, 1.5, 1e15, 1e16, 10**12 + 1, 2**63, 90, 91, -0.0, True, False, None, [], {}, [None], {"x": 1}, {"x": 3.0}, {"": 1}),
    *({"a\u0301": 1, "á": 2}, {"\u212b": 1}, "\u212b", {"x": True}, [{"what": "persons", "n": 1.5}], [{"action": "talks", "at": None}]),
]  # fmt: skip
"""Values at the edges of what some field takes."""


def _paths(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [at, *(path for step, item in inner for path in _paths(item, (*at, step)))]


def _changed(value: Any, path: tuple[str | int, ...], change: object) -> Any:
    if not path:
        return change
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = _changed(copy[path[0]], path[1:], change) if len(path) > 1 else change
    return copy


WHOLE = [FULL, *(FULL | {"data": FULL["data"] | {"place": place}} for place in PLACES)]


@pytest.mark.parametrize("whole", WHOLE, ids=lambda whole: json.dumps(whole["data"]["place"]))
def test_an_odd_value_in_any_field_is_read_as_the_models_read_it(whole: dict[str, Any]) -> None:
    paths = _paths(whole) if whole is FULL else _paths(whole["data"]["place"], ("data", "place"))
    quick = [_agrees(payload(_changed(whole, path, odd))) for path in paths if path for odd in ODD]
    assert any(quick)
    assert not all(quick)


@given(st.data())
def test_any_value_in_any_field_is_read_as_the_models_read_it(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(WHOLE))
    path = data.draw(st.sampled_from([path for path in _paths(whole) if path]))
    _agrees(json.dumps(_changed(whole, path, data.draw(values))).encode())


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 3), DAMAGES | st.binary(max_size=2)), min_size=1, max_size=3))
def test_damaged_bytes_are_read_as_the_models_read_them(damages: list[tuple[int, int, bytes]]) -> None:
    raw = EVENT_TO_DAMAGE
    for at, cut, put_in in damages:
        raw = raw[:at] + put_in + raw[at + cut :]
    _agrees(raw)


FACT_VALUES = st.sampled_from([0, 1, 18, 1.5, -1, 337, 1e6, True, False, None, "", "x", "other", "new", "a\u0301", "x" * 201, [], {}])


@given(st.data(), st.sampled_from(Kind))
def test_facts_of_any_kind_are_read_as_the_models_read_them(data: st.DataObject, kind: Kind) -> None:
    names = [*FACTS_BY_KIND[kind].__annotations__, "stranger"]
    facts = data.draw(st.dictionaries(st.sampled_from(names), FACT_VALUES, max_size=3))
    _agrees(payload(reported(incident(kind=kind, facts=facts))))

"""Lengths and depths are limited before anything walks them: whatever a payload is, it is refused soon, and its dead letter fits its topic."""

import json
import time
from typing import Any

import pytest

from schemas.problems import InvalidEvent
from schemas.records import DeadLetter
from schemas.secrecy import marked_secret
from schemas.strict_json import MAX_ITEMS
from schemas.topics import MAX_EVENT_BYTES
from schemas.validation import MAX_SEARCHED_BYTES, decode_quickly
from streams.batch import Loose
from streams.classify import LONGEST_KEY, classify_records
from streams.messages import dead_letter_message
from tests.builders import crossing, incident, payload, reported

MARKS = "\u0323\u0302"
SOON_S = 2.0
"""A hundred times less than each took; the machine may be busy."""


def with_data(**changes: Any) -> bytes:
    return payload(reported(incident(**changes)))


def number(digits: str) -> bytes:
    return payload(reported() | {"x": 0}).replace(b'"x": 0', b'"x": ' + digits.encode())


HEAVY = {
    "NULs": (b"\x00" * 2_000_000, "too_large"),
    "no UTF-8": (b"\xff" * 2_000_000, "too_large"),
    "a heap of marks": (payload(reported() | {"x": "a" + MARKS * 60_000}), "too_large"),
    "a heap of marks of another script": (payload(reported() | {"x": "a" + "\u0591\u05b0" * 60_000}), "too_large"),
    "a heap of marks in no JSON": (("a" + MARKS * 60_000).encode(), "json"),
    "a heap of marks in a key": (payload(reported() | {"a" + MARKS * 60_000: 1}), "too_large"),
    "measures": (with_data(measures=[1] * 80_000), "too_large"),
    "handling": (with_data(handling=[{"action": "x"}] * 10_000), "too_large"),
    "facts": (with_data(facts={f"k{place}": 1 for place in range(15_000)}), "too_large"),
    "counts": (payload(crossing(counts=[{"what": "vehicles", "n": 1}] * 6000)), "too_large"),
    "a list of our own nowhere": (payload(reported() | {"x": [1] * 80_000}), "too_large"),
    "a number of 200,000 digits": (number("9" * 200_000), "value"),
    **{f"{depth:,} lists deep": (number("[" * depth + "]" * depth), "json") for depth in (1_000, 9_000, 100_000)},
    **{f"{depth:,} objects deep": (number('{"a":' * depth + "1" + "}" * depth), "json") for depth in (1_000, 9_000, 40_000)},
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_payload_is_refused_soon(name: str) -> None:
    raw, code = HEAVY[name]
    begun = time.process_time()
    with pytest.raises(InvalidEvent) as refused:
        decode_quickly(raw)
    assert time.process_time() - begun < SOON_S
    assert refused.value.code == code


def test_what_is_too_large_to_search_is_refused_by_its_size_alone() -> None:
    begun = time.process_time()
    for _ in range(100):
        with pytest.raises(InvalidEvent):
            decode_quickly(b"\x00" * 2_000_000)
    assert time.process_time() - begun < 0.1


@pytest.mark.parametrize("items, is_refused", [(MAX_ITEMS, False), (MAX_ITEMS + 1, True)])
def test_a_list_holds_500_items(items: int, is_refused: bool) -> None:
    raw = with_data(measures=[{"what": "persons", "n": 1}] * items)
    if is_refused:
        with pytest.raises(InvalidEvent, match="quá 500 phần tử"):
            decode_quickly(raw)
    else:
        decode_quickly(raw)


def test_a_marking_under_a_heap_of_marks_is_read() -> None:
    assert marked_secret("Độ mật: TỐI MẬT " + "a" + MARKS * 5000)
    assert not marked_secret("mật ong " * 500 + "a" + MARKS * 5000)


@pytest.mark.parametrize("field", ["source", "id", "subject", "corrects.source", "corrects.id"])
def test_what_is_a_key_somewhere_has_at_most_255_letters(field: str) -> None:
    long = "/posts/" + "a" * 8000
    if field.startswith("corrects."):
        corrects = {"source": "/posts/tan-thanh/d1", "id": "e-1"} | {field.removeprefix("corrects."): long}
        event = crossing() | {"type": "vn.mocgioi.crossing.corrected.v1"}
        event["data"] |= {"corrects": corrects}
    else:
        event = reported() | {field: long}
    with pytest.raises(InvalidEvent, match="quá dài, nhiều nhất 255"):
        decode_quickly(payload(event))


@pytest.mark.parametrize("key", [0, 70_000, 5_000_000])
@pytest.mark.parametrize("value", [10, MAX_EVENT_BYTES + 1, MAX_SEARCHED_BYTES, MAX_SEARCHED_BYTES + 1, 2_000_000, 10_000_000])
def test_a_dead_letter_always_fits_its_topic(key: int, value: int) -> None:
    record = Loose(7, b"{" + b"x" * (value - 1), key=b"k" * key)
    (letter,) = classify_records([record])
    assert isinstance(letter, DeadLetter)
    assert letter.key == (b"" if key <= LONGEST_KEY else None)
    assert (letter.payload == record.value) == (value <= MAX_SEARCHED_BYTES), "a larger one stays where it is"
    message = dead_letter_message(letter, 12)
    headers = sum(len(name) + len(held) for name, held in message.headers)
    assert len(message.key or b"") + len(message.value or b"") + headers < MAX_SEARCHED_BYTES + 16 * 1024


def test_a_dead_letter_of_a_very_wrong_event_fits_too() -> None:
    event = json.loads(payload(reported())) | {f"{'k' * 200}{place}": "ậ" * 200 for place in range(400)}
    event["data"] |= {f"{'k' * 30}{place}": "ậ" * 100 for place in range(400)}
    (letter,) = classify_records([Loose(7, payload(event), key=b"key")])
    assert isinstance(letter, DeadLetter)
    assert len(letter.reason) <= 2000

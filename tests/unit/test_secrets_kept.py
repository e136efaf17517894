"""What classify keeps of a payload that is marked secret, or that nobody can read for a marking: reason, origin and SHA-256."""

import hashlib
import json

import pytest

from schemas.records import DeadLetter
from streams.batch import Loose
from streams.classify import classify_records
from streams.messages import dead_letter_message
from tests.builders import incident, payload, reported

SECRET = "có dấu chỉ độ mật: không được gửi qua hệ thống này, nội dung không được lưu"
CANARY = "canary-7391"
MARKED = payload(reported(incident(text=f"TỐI MẬT {CANARY}")))
CUT = MARKED[:-9]


def letter_of(value: bytes, key: bytes | None = CANARY.encode()) -> DeadLetter:
    (letter,) = classify_records([Loose(7, value, key=key, headers=((CANARY, CANARY.encode()),))])
    assert isinstance(letter, DeadLetter)
    return letter


def assert_nothing_is_kept(letter: DeadLetter, value: bytes) -> None:
    assert (letter.payload, letter.key) == (None, None)
    assert letter.sha256 == hashlib.sha256(value).hexdigest()
    assert CANARY not in f"{letter}{dead_letter_message(letter, 12)}"


@pytest.mark.parametrize("value", [MARKED, CUT, MARKED.decode().encode("utf-16")])
def test_of_a_payload_marked_secret_neither_key_nor_content_is_kept(value: bytes) -> None:
    letter = letter_of(value)
    assert (letter.code, letter.reason) == ("secret", SECRET)
    assert_nothing_is_kept(letter, value)


@pytest.mark.parametrize("place", ["id", "subject", "type", "source", "time", "sequence", "datacontenttype"])
def test_a_secret_events_own_words_are_not_repeated_wherever_they_stand(place: str) -> None:
    value = json.dumps(reported(incident(text="MẬT")) | {place: f"/posts/{CANARY}/d1" if place == "source" else CANARY}).encode()
    letter = letter_of(value)
    assert letter.code == "secret"
    assert_nothing_is_kept(letter, value)


@pytest.mark.parametrize(
    ("source", "repeated"),
    [
        ("/posts/tan-thanh/d1", "/posts/tan-thanh/d1"),
        ("/posts/tan-thanh", "/posts/tan-thanh"),
        (f"/posts/tan-thanh/{CANARY}", "/posts/tan-thanh"),
        (f"/posts/{CANARY}/d1", None),
        ("/offices/so-ngoai-vu-lang-son", "/offices/so-ngoai-vu-lang-son"),
        ("/offices/so-ngoai-vu-lang-son/0f9d2c11", "/offices/so-ngoai-vu-lang-son"),
        ("/offices/tan-thanh", None),
        ("/posts/so-ngoai-vu-lang-son", None),
    ],
)
def test_of_a_secret_events_source_only_what_the_register_knows_is_repeated(source: str, repeated: str | None) -> None:
    assert letter_of(payload(reported(incident(text="MẬT"), source=source))).source == repeated
    assert letter_of(payload(reported(incident(side="x"), source=source))).source == source


@pytest.mark.parametrize("encoding", ["cp1258", "latin-1", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_a_payload_that_cannot_be_read_for_a_marking_is_not_kept(encoding: str) -> None:
    value = f'{{"text": "Đ {CANARY} à"}}'.replace("Đ", "D").encode(encoding)
    letter = letter_of(value)
    assert letter.code in ("json", "nul")
    assert_nothing_is_kept(letter, value)


def test_tcvn3_bytes_are_not_kept_marked_or_not() -> None:
    for text, code in (("§é mËt: TuyÖt mËt", "secret"), ("phôc kÝch, mËt phôc", "json")):
        value = f'{{"text": "{text} {CANARY}"}}'.encode("latin-1")
        letter = letter_of(value)
        assert letter.code == code
        assert_nothing_is_kept(letter, value)


def test_a_key_that_is_marked_or_unreadable_is_not_kept_beside_a_refused_payload() -> None:
    value = payload(reported(incident(side="x")))
    assert (letter_of(value).code, letter_of(value).key, letter_of(value).payload) == ("value", CANARY.encode(), value)
    marked = letter_of(value, f"TỐI MẬT {CANARY}".encode())
    assert marked.code == "secret"
    assert_nothing_is_kept(marked, value)
    unreadable = letter_of(value, b"\xff" + CANARY.encode())
    assert (unreadable.code, unreadable.key, unreadable.payload) == ("value", None, value)


@pytest.mark.parametrize("field", [{"Độ mật": "mật"}, {"độ mật": "Mật"}, {"do": {"DO MAT": "MAT"}}])
def test_a_level_behind_the_name_of_its_field_is_a_marking(field: dict[str, object]) -> None:
    value = json.dumps(reported() | {"data": incident() | field}, ensure_ascii=False).encode()
    assert letter_of(value).code == "secret"
    assert letter_of(value[:-2]).code == "secret"

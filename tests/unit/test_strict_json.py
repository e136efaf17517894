"""The quick look at a payload never lets through what the slow one refuses."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from schemas.problems import InvalidEvent
from schemas.strict_json import MAX_DEPTH, load, load_plain, texts

TRICKY = some.sampled_from(['":', '" :', ": x", '\\":', '"', "\\", "a", ":", '","a":', "\u0130", "\n", '"\n:', "\\u0022:"])
TEXT = some.lists(TRICKY | some.text(max_size=3), max_size=6).map("".join)
VALUE = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
SPACE = some.sampled_from(["", "", " ", "\n", "\t "])


def written(value: object, space: str, pairs: list[tuple[str, object]] | None = None) -> str:
    """JSON with some space around colons; `pairs` are written into the outermost object as they are, twins too."""
    match value:
        case dict():
            items = [*value.items(), *(pairs or [])]
            return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}{space}:{written(item, space)}" for key, item in items) + "}"
        case list():
            return "[" + ",".join(written(item, space) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


@given(VALUE, SPACE, TEXT, VALUE, VALUE)
def test_a_key_twice_is_never_plain(value: object, space: str, key: str, one: object, two: object) -> None:
    inner = written({key: one}, space, [(key, two)])
    raw = ('{"deep": [' + inner + "], " + '"rest": ' + written(value, space) + "}").encode("utf-8", "surrogatepass")
    assert load_plain(raw) is None


def integers(value: object) -> Iterator[int]:
    match value:
        case int():
            yield value
        case dict():
            yield from (number for item in value.values() for number in integers(item))
        case list():
            yield from (number for item in value for number in integers(item))


@given(VALUE, some.booleans(), SPACE)
def test_what_is_plain_is_what_the_slow_reader_reads(value: object, is_escaped: bool, space: str) -> None:
    raw = json.dumps(value, ensure_ascii=is_escaped, separators=(",", f"{space}:{space}")).encode("utf-8", "surrogatepass")
    plain = load_plain(raw)
    if plain is not None:
        assert load(raw) == value
        assert plain.value == value or not all(-(2**63) <= number < 2**64 for number in integers(value))
        assert list(texts(load(plain.written))) == list(texts(value))


@given(VALUE, some.booleans())
def test_nearly_everything_is_plain(value: object, is_escaped: bool) -> None:
    if not any("\x00" in text or '"' in text or "\\" in text for _, text in texts(value)):
        assert load_plain(json.dumps(value, ensure_ascii=is_escaped).encode()) is not None


PIECES = some.sampled_from(
    [
        *'{}[],:-"\\ \n\x00\ufeff\u2028é',
        '"a"',
        '"a":1',
        '"\\"',
        "\\u0022",
        "\\u0000",
        "\\ud83d\\ude00",
        "\\udc00",
        "\\/",
        *("1e999", "-1e-999", "000", "1.5E+3", "9" * 40, "9" * 400, "NaN", "true"),
    ]
)


@given(some.lists(PIECES, max_size=12).map(lambda parts: "".join(parts).encode()) | some.binary(max_size=60))
def test_what_is_plain_is_always_readable(raw: bytes) -> None:
    if load_plain(raw) is not None:
        load(raw)


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}")])
def test_nesting_ends_at_64(opening: str, closing: str) -> None:
    deepest = (opening * MAX_DEPTH + "1" + closing * MAX_DEPTH).encode()
    assert load_plain(deepest) is not None
    load(deepest)
    for depth in (MAX_DEPTH + 1, 100_000):
        raw = (opening * depth + "1" + closing * depth).encode()
        assert load_plain(raw) is None
        with pytest.raises(InvalidEvent, match="lồng quá sâu"):
            load(raw)


def test_brackets_in_a_text_are_not_nesting() -> None:
    for text in ("[" * 200, '"[{' * 200, "\\[" * 200):
        assert load(json.dumps([text]).encode()) == [text]


@pytest.mark.parametrize(
    "raw", [b'{"a":NaN}', b'{"a":1e999}', b'{"a":-Infinity}', b'{"a":"\\u0000"}', b'{"a":"\\ud800"}', b"\xff", b"", b'{"a":1,"a":1}']
)
def test_what_cannot_be_stored_is_not_plain(raw: bytes) -> None:
    assert load_plain(raw) is None
    if b"\\u" not in raw:
        with pytest.raises(InvalidEvent):
            load(raw)

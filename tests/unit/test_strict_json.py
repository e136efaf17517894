"""The quick look at a payload never lets through what the slow one refuses."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from schemas.problems import InvalidEvent
from schemas.secrecy import marked_secret, may_be_marked
from schemas.strict_json import is_plain, load

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
    assert not is_plain(raw)


@given(VALUE)
def test_what_is_plain_is_what_the_slow_reader_reads(value: object) -> None:
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if is_plain(raw):
        assert load(raw) == value


@given(some.binary(max_size=60) | TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_what_is_plain_is_always_readable(raw: bytes) -> None:
    if is_plain(raw):
        load(raw)


@pytest.mark.parametrize(
    "raw", [b'{"a":NaN}', b'{"a":1e999}', b'{"a":-Infinity}', b'{"a":"\\u0000"}', b'{"a":"\\ud800"}', b"\xff", b"", b'{"a":1,"a":1}']
)
def test_what_cannot_be_stored_is_not_plain(raw: bytes) -> None:
    assert not is_plain(raw)
    if b"\\u" not in raw:
        with pytest.raises(InvalidEvent):
            load(raw)


SPELLINGS = {
    "composed": lambda text: text,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "wide": lambda text: "".join(chr(ord(letter) + 0xFEE0) if "A" <= letter <= "Z" or "a" <= letter <= "z" else letter for letter in text),
    "spaced": lambda text: text.replace("MẬT", "M Ậ T"),
    "hard space": lambda text: text.replace(" ", "\u00a0"),
}
MARKED = ["MẬT", "TỐI MẬT", "tuyệt mật", "Độ mật: Mật", "(mật)", "Công văn MẬT số 3", "độ mật: tối mật", "[Tối Mật]"]


@given(some.sampled_from(MARKED), some.sampled_from(list(SPELLINGS)), some.text(max_size=8), some.text(max_size=8), some.booleans())
def test_no_marking_slips_past_the_quick_look(marking: str, spelling: str, before: str, after: str, escaped: bool) -> None:
    text = f"{before} {SPELLINGS[spelling](marking)} {after}"
    if not marked_secret(text):
        return
    raw = json.dumps({"text": text}, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    assert not is_plain(raw) or may_be_marked(raw.decode())
    assert not is_plain(json.dumps({"text": text}).encode("utf-16-le"))

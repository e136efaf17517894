"""Whether two bodies are the same JSON value: `5` and `5.0` are, `1` and `true` are not, and the order of keys does not matter."""

import hashlib
import json
from typing import Any, NamedTuple


def same(first: bytes, second: bytes) -> bool:
    """Whether two valid JSON texts are the same value."""
    return first == second or canonical(first) == canonical(second)


def digest(body: bytes) -> str:
    """SHA-256 of a JSON text's value, the same for every spelling of it."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def canonical(body: bytes) -> str:
    """The one spelling of a JSON value: keys sorted, no blanks, numbers by their digits and exponent."""
    return json.dumps(_spelled(json.loads(body, parse_int=_number, parse_float=_number)), separators=(",", ":"))


class _Number(NamedTuple):
    negative: bool
    digits: str
    """Without zeros at either end; empty for nought."""
    exponent: int | str


def _number(text: str) -> _Number:
    """A number exactly. It is read as text, since a float would round it and a huge exponent would not fit."""
    mantissa, _, power = text.lower().lstrip("-").partition("e")
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    kept = digits.rstrip("0")
    if not kept:
        return _Number(negative=False, digits="", exponent=0)
    if len(power) > 18:  # beyond all sense: such an exponent is compared as it stands
        return _Number(text.startswith("-"), digits, f"{power} {len(part)}")
    return _Number(text.startswith("-"), kept, int(power or 0) - len(part) + len(digits) - len(kept))


def _spelled(value: Any) -> Any:
    """The value with every object as a sorted list of pairs, and lists and numbers marked so that the three cannot be confused."""
    match value:
        case _Number():
            return {"number": list(value)}
        case dict():
            return [[key, _spelled(item)] for key, item in sorted(value.items())]
        case list():
            return {"list": [_spelled(item) for item in value]}
        case _:
            return value

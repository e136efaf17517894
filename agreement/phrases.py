"""Templates of sentences: text in which a part may stand only where what it speaks of is known.

`{fact}` is the fact in words, nothing where it is unknown. `[…]` stands only if every fact inside it is known, `[conditions?…]` also
if they all hold (joined by `&`): `fact`, `!fact` (unknown), `fact=value`, `fact!=value` (known, and another). Of a number the value is
where it lies to its limit: `within`, `beyond` (a zone), `short`, `enough`, `scant`, `ample` (a notice; the last two by its graver
limit). `<a|b|c>` are reasons: those that stand, joined by "và" ("and") and led by "vì" ("because"); nothing where none stands.
`outcome` may be asked like a fact.
"""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from agreement.rules.asks import Ask, AtLeast, AtMost
from schemas.facts import Fact

Language = Literal["vi", "en"]

_CONDITIONS = re.compile(r"(!?[a-z_]+(?:!?=\w+)?(?:&!?[a-z_]+(?:!?=\w+)?)*)\?(.*)", re.DOTALL)
_CONDITION = re.compile(r"(!?)([a-z_]+)(?:(!?=)(\w+))?")
_PARTS = re.compile(r"\[([^\]]*)\]|<([^>]*)>|\{(\w+)\}")
_JOINS: dict[Language, tuple[str, str]] = {"vi": (" vì ", " và "), "en": (" because ", " and ")}
_WHERE: dict[type, Mapping[str, tuple[int, ...]]] = {
    AtMost: {"within": (0,), "beyond": (1,)},
    AtLeast: {"short": (0,), "enough": (1, 2), "scant": (0, 1), "ample": (2,)},
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a template speaks of."""

    language: Language
    facts: Mapping[str, Fact]
    """The known ones, and `outcome`."""
    asks: Mapping[str, Ask]
    words: Mapping[str, str]
    """Each known fact in words."""
    said: set[str]
    """Facts that a template has spoken of: filled by rendering."""


Piece = Callable[[Scene], str]


@functools.cache
def template(text: str) -> Piece:
    """The template, read once."""
    return _sequence(text)


def _sequence(text: str) -> Piece:
    pieces: list[Piece] = []
    end = 0
    for found in _PARTS.finditer(text):
        pieces.append(_literal(text[end : found.start()]))
        optional, reasons, fact = found.groups()
        pieces.append(_fact(fact) if fact else _optional(optional) if optional is not None else _reasons(reasons))
        end = found.end()
    pieces.append(_literal(text[end:]))
    return lambda scene: "".join([piece(scene) for piece in pieces])


def _literal(text: str) -> Piece:
    return lambda scene: text  # noqa: ARG005  # the shape of a piece


def _fact(name: str) -> Piece:
    def said(scene: Scene) -> str:
        scene.said.add(name)
        return scene.words.get(name, "")

    return said


def _optional(text: str) -> Piece:
    found = _CONDITIONS.fullmatch(text)
    tests, body = ([_test(one) for one in found[1].split("&")], found[2]) if found else ([], text)
    needed = {name for _, _, name in _PARTS.findall(body) if name}
    inner = _sequence(body)

    def stands(scene: Scene) -> str:
        if needed <= scene.facts.keys() and all(holds(scene) for _, holds in tests):
            scene.said.update(name for name, _ in tests)
            return inner(scene)
        return ""

    return stands


def _reasons(text: str) -> Piece:
    pieces = [_sequence(one) for one in text.split("|")]

    def joined(scene: Scene) -> str:
        because, also = _JOINS[scene.language]
        standing = [reason for reason in [piece(scene) for piece in pieces] if reason]
        if not standing:
            return ""
        *before, last = standing
        return because + (", ".join(before) + also + last if before else last)

    return joined


def _test(text: str) -> tuple[str, Callable[[Scene], bool]]:
    found = _CONDITION.fullmatch(text)
    assert found is not None  # noqa: S101  # `_CONDITIONS` matched it
    unknown, name, sign, wanted = found.groups()

    def holds(scene: Scene) -> bool:
        value = scene.facts.get(name)
        if unknown or value is None:
            return bool(unknown) and value is None
        return sign is None or _is(value, wanted, scene.asks.get(name)) is (sign == "=")

    return name, holds


def _is(value: Fact, wanted: str, ask: Ask | None) -> bool:
    if isinstance(ask, AtMost | AtLeast):
        return ask.cell(value) in _WHERE[type(ask)][wanted]
    return (value if isinstance(value, str) else str(value).lower()) == wanted

"""The sentence of a finding, in Vietnamese and English: the clause, what happened with each limit, the conclusion and why."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from agreement.phrases import Language, Scene, template
from agreement.rules.asks import AtLeast, AtMost
from agreement.rules.rule import Rule
from agreement.words import WORDS, number, say, word
from schemas.codebook import Label, Outcome
from schemas.facts import Fact
from schemas.verdicts import Explanation

_ENDS: dict[Outcome, Label] = {
    Outcome.BREACH: Label("vi phạm", "a breach"),
    Outcome.NEEDS_FACTS: Label("chưa đủ dữ kiện để kết luận", "not decided"),
    Outcome.BORDER_EVENT: Label(
        "thuộc các sự kiện biên giới mà đại diện biên giới hai bên phối hợp xử lý", "a border event for the representatives of both sides"
    ),
    Outcome.EXEMPT: Label("thuộc ngoại lệ", "within the exception"),
    Outcome.NO_BREACH: Label("không vi phạm", "no breach"),
}
_NUMBERS = (float, int)
_AS_IT_STANDS = str.maketrans({"{": "{{", "}": "}}"})
_AND: dict[Language, str] = {"vi": " và ", "en": " and "}


def explain(rule: Rule, *, clause: str | None, outcome: Outcome, known: Mapping[str, Fact], missing: tuple[str, ...]) -> Explanation:
    """What the rule says of the `known` facts. `missing` is asked for by name, so that a post knows which field to send."""
    numbers = {name: value for name, value in known.items() if type(value) in _NUMBERS}
    shape = tuple([(name, rule.asks[name].cell(value) if name in numbers else value) for name, value in known.items()])
    outline = _outline(rule, clause, outcome, missing, shape)
    told = [(name, _told(rule, name, value)) for name, value in numbers.items()]
    return Explanation(
        vi=outline.vi.format_map({name: words.vi for name, words in told}),
        en=outline.en.format_map({name: words.en for name, words in told}),
    )


@functools.lru_cache(maxsize=8192, typed=True)
def _outline(rule: Rule, clause: str | None, outcome: Outcome, missing: tuple[str, ...], shape: tuple[tuple[str, Any], ...]) -> Label:
    """The sentence but for its numbers, which stand in it as `{name}`: one for all numbers that lie alike to their limits."""
    facts: dict[str, Fact] = {"outcome": outcome}
    told = {}
    for name, value in shape:
        if type(value) is int:
            facts[name], told[name] = rule.asks[name].points[value], Label(f"{{{name}}}", f"{{{name}}}")
        else:
            facts[name], told[name] = value, Label(*[text.translate(_AS_IT_STANDS) for text in word(name, value)])
    opening, asked = _opening(rule, clause), _asked(missing)
    scene, end = rule.scene or rule.title, rule.ends.get(outcome, _ENDS[outcome])
    return Label(
        vi=opening.vi + _sentence("vi", rule, (scene.vi, end.vi), facts, told) + asked.vi + ".",
        en=opening.en + _sentence("en", rule, (scene.en, end.en), facts, told) + asked.en + ".",
    )


def _sentence(language: Language, rule: Rule, templates: tuple[str, str], facts: Mapping[str, Fact], told: Mapping[str, Label]) -> str:
    """Scene and end; a known fact that neither speaks of follows the scene, so that nothing used goes unsaid."""
    spoken = Scene(language, facts, rule.asks, {name: getattr(label, language) for name, label in told.items()}, set())
    scene, end = [template(text)(spoken) for text in templates]
    rest = [getattr(say(name, label), language) for name, label in told.items() if name not in spoken.said]
    return f"{', '.join([scene, *rest])}; {end}"


@functools.cache
def _opening(rule: Rule, clause: str | None) -> Label:
    if clause is None:
        return Label(f"Điều 39, mục {rule.item}: ", f"Article 39, item {rule.item}: ")
    return Label(f"Điều {clause}: ", f"Article {clause}: ")


@functools.cache
def _asked(missing: tuple[str, ...]) -> Label:
    if not missing:
        return Label("", "")
    words = [(WORDS[name].asked, name) for name in missing]
    vi = _listed([f"{asked.vi} ({name})" for asked, name in words], _AND["vi"])
    en = _listed([f"{asked.en} ({name})" for asked, name in words], _AND["en"])
    return Label(f", cần biết {vi}", f"; to be asked: {en}")


def _listed(parts: Sequence[str], also: str) -> str:
    *before, last = parts
    return ", ".join(before) + also + last if before else last


@functools.lru_cache(maxsize=8192, typed=True)
def _told(rule: Rule, name: str, value: Fact) -> Label:
    """A fact and the limit that the rule holds it to."""
    told, limit = word(name, value), _limit(rule, name)
    return Label(told.vi + limit.vi, told.en + limit.en)


@functools.cache
def _limit(rule: Rule, name: str) -> Label:
    ask = rule.asks.get(name)
    unit = WORDS[name].unit
    if not isinstance(ask, AtMost | AtLeast):
        return Label("", "")
    limit = number(ask.limit)
    if isinstance(ask, AtMost):
        return Label(f" (giới hạn {limit.vi} {unit.vi})", f" (limit {limit.en} {unit.en})")
    if ask.graver is None:
        return Label(f" (tối thiểu {limit.vi} {unit.vi})", f" (at least {limit.en} {unit.en})")
    graver = number(ask.graver)
    return Label(
        f" (tối thiểu {limit.vi} {unit.vi}, vào vùng trời bên kia {graver.vi} {unit.vi})",
        f" (at least {limit.en} {unit.en}, {graver.en} {unit.en} to enter)",
    )

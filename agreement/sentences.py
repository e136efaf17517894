"""The sentence of a finding, in Vietnamese and English: the clause, what happened with each limit, the conclusion and why."""

import functools
from collections.abc import Mapping
from typing import Any

from agreement.phrases import Wording, listed, phrase, spoken
from agreement.rules.asks import AtLeast, AtMost
from agreement.rules.rule import Rule
from agreement.words import WORDS, number, word, word_alone
from schemas.codebook import Label, Outcome
from schemas.facts import Fact
from schemas.verdicts import Explanation

_ENDS: dict[Outcome, Wording] = {
    Outcome.BREACH: phrase("vi phạm", "a breach"),
    Outcome.NEEDS_FACTS: phrase("chưa đủ dữ kiện để kết luận", "not decided"),
    Outcome.BORDER_EVENT: phrase(
        "thuộc các sự kiện biên giới mà đại diện biên giới hai bên phối hợp xử lý", "a border event for the representatives of both sides"
    ),
    Outcome.EXEMPT: phrase("thuộc ngoại lệ", "within the exception"),
    Outcome.NO_BREACH: phrase("không vi phạm", "no breach"),
}
_NUMBERS = (float, int)
_BRACES_DOUBLED = str.maketrans({"{": "{{", "}": "}}"})


def explain(rule: Rule, *, clause: str | None, outcome: Outcome, facts: Mapping[str, Fact], missing: tuple[str, ...]) -> Explanation:
    """What the rule says of the facts it used. `missing` is asked for by name, so that a post knows which field to send."""
    numbers = {name: value for name, value in facts.items() if type(value) in _NUMBERS}
    shape = tuple([(name, rule.asks[name].cell(value) if name in numbers else value) for name, value in facts.items()])
    outline = _outline(rule, clause, outcome, missing, shape)
    quantities = [(name, _quantity(rule, name, value)) for name, value in numbers.items()]
    return Explanation(
        vi=outline.vi.format_map({name: quantity.vi for name, quantity in quantities}),
        en=outline.en.format_map({name: quantity.en for name, quantity in quantities}),
    )


@functools.lru_cache(maxsize=8192, typed=True)
def _outline(rule: Rule, clause: str | None, outcome: Outcome, missing: tuple[str, ...], shape: tuple[tuple[str, Any], ...]) -> Label:
    """The sentence without its numbers, which stand in it as `{name}`: one for all numbers that lie alike to their limits."""
    facts: dict[str, Fact] = {"outcome": outcome}
    words: dict[str, Label] = {}
    for name, value in shape:
        if type(value) is int:
            facts[name], words[name] = rule.asks[name].points[value], Label(f"{{{name}}}", f"{{{name}}}")
        else:
            facts[name], words[name] = value, Label(*[text.translate(_BRACES_DOUBLED) for text in word(name, value)])
    scene, in_scene = spoken(rule.scene or phrase(rule.title.vi, rule.title.en), facts, rule.asks, words)
    end, in_end = spoken(rule.ends.get(outcome, _ENDS[outcome]), facts, rule.asks, words)
    # A known fact that neither speaks of follows the scene, so that the sentence names every fact the finding used.
    rest = [word_alone(name, words[name]) for name in words if name not in in_scene | in_end]
    opening, question = _opening(rule, clause), _question(missing)
    return Label(
        vi=f"{opening.vi}{', '.join([scene.vi, *[label.vi for label in rest]])}; {end.vi}{question.vi}.",
        en=f"{opening.en}{', '.join([scene.en, *[label.en for label in rest]])}; {end.en}{question.en}.",
    )


@functools.cache
def _opening(rule: Rule, clause: str | None) -> Label:
    if clause is None:
        return Label(f"Điều 39, mục {rule.item}: ", f"Article 39, item {rule.item}: ")
    return Label(f"Điều {clause}: ", f"Article {clause}: ")


@functools.cache
def _question(missing: tuple[str, ...]) -> Label:
    if not missing:
        return Label("", "")
    words = [(WORDS[name].asked, name) for name in missing]
    vi = listed([f"{asked.vi} ({name})" for asked, name in words], " và ")
    en = listed([f"{asked.en} ({name})" for asked, name in words], " and ")
    return Label(f", cần biết {vi}", f"; to be asked: {en}")


@functools.lru_cache(maxsize=8192, typed=True)
def _quantity(rule: Rule, name: str, value: Fact) -> Label:
    """A number and the limit that the rule holds it to."""
    quantity, limit = word(name, value), _limit(rule, name)
    return Label(quantity.vi + limit.vi, quantity.en + limit.en)


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

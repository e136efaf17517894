"""The sentence of a finding, in Vietnamese and English: clause, what happened, each fact with its limit, the conclusion."""

import functools
from collections.abc import Iterable, Mapping

from agreement.rules.rule import Ask, AtLeast, AtMost, Rule
from agreement.words import WORDS, number, say
from schemas.codebook import Label, Outcome
from schemas.facts import Fact
from schemas.verdicts import Explanation

_ENDINGS: dict[Outcome, Label] = {
    Outcome.BREACH: Label("vi phạm", "a breach"),
    Outcome.NEEDS_FACTS: Label("chưa đủ dữ kiện để kết luận", "not decided"),
    Outcome.BORDER_EVENT: Label(
        "sự kiện biên giới do đại diện biên giới hai bên phối hợp xử lý", "a border event for the representatives of both sides"
    ),
    Outcome.EXEMPT: Label("thuộc ngoại lệ do hai bên đã thỏa thuận", "within the exception for what the sides agreed"),
    Outcome.NO_BREACH: Label("không vi phạm", "no breach"),
}


def explain(rule: Rule, *, clause: str | None, outcome: Outcome, known: Mapping[str, Fact], missing: tuple[str, ...]) -> Explanation:
    """What the rule says of the `known` facts. `missing` is asked for by name, so that a post knows which field to send."""
    opening = _opening(rule, clause)
    told = [_told(rule, name, value) for name, value in known.items()]
    ending = _ending(rule, outcome, missing)
    return Explanation(
        vi=f"{', '.join([opening.vi, *[part.vi for part in told]])}; {ending.vi}.",
        en=f"{', '.join([opening.en, *[part.en for part in told]])}; {ending.en}.",
    )


@functools.cache
def _opening(rule: Rule, clause: str | None) -> Label:
    if clause is None:
        return Label(f"Điều 39, mục {rule.item}: {rule.title.vi}", f"Article 39, item {rule.item}: {rule.title.en}")
    return Label(f"Điều {clause}: {rule.title.vi}", f"Article {clause}: {rule.title.en}")


@functools.cache
def _ending(rule: Rule, outcome: Outcome, missing: tuple[str, ...]) -> Label:
    ending = rule.says.get(outcome, _ENDINGS[outcome])
    if not missing:
        return ending
    asked = [(WORDS[name].asked, name) for name in missing]
    return Label(
        f"{ending.vi}; cần biết: {_listed(f'{words.vi} ({name})' for words, name in asked)}",
        f"{ending.en}; to be asked: {_listed(f'{words.en} ({name})' for words, name in asked)}",
    )


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)


@functools.lru_cache(maxsize=8192, typed=True)
def _told(rule: Rule, name: str, value: Fact) -> Label:
    """A fact and the limit that the rule holds it to."""
    told, limit = say(name, value), _limit(rule, name)
    return Label(told.vi + limit.vi, told.en + limit.en)


@functools.cache
def _limit(rule: Rule, name: str) -> Label:
    ask: Ask | None = rule.asks.get(name)
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

"""Phrases, of which a rule makes the sentence of its findings: each stands only where the facts it names are known and are as it requires."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from agreement.rules.asks import Ask
from schemas.codebook import Label
from schemas.facts import Fact


class Zone(frozenset[int]):
    """Where a number lies to its limit, as points of what the rule asks (`agreement.rules.asks`)."""


WITHIN, BEYOND = Zone({0}), Zone({1})
"""Of an upper limit."""
SHORT, SCANT, ENOUGH = Zone({0}), Zone({0, 1}), Zone({1, 2})
"""Of a lower limit; `SCANT` is short of the graver one."""

Requirement = Fact | None | Zone | frozenset[str]
"""A value, None for an unknown fact, a zone, or one of several codes."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in both languages; build one with `phrase`."""

    text: Label
    """`{fact}` is the fact in words."""
    when: Mapping[str, Requirement]
    named: frozenset[str]
    """Facts in the text."""

    def stands(self, facts: Mapping[str, Fact], asks: Mapping[str, Ask]) -> bool:
        """Whether the text can be said of these facts, `outcome` among them."""
        return self.named <= facts.keys() and all(_meets(facts.get(name), wanted, asks.get(name)) for name, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Because:
    """Reasons: those that stand are listed behind "vì" ("because"); where none does, nothing is said."""

    reasons: tuple[Phrase, ...]


Wording = Phrase | tuple[Phrase | Because, ...]


def phrase(vi: str, en: str, **when: Requirement) -> Phrase:
    """A phrase that stands where each fact of `when` is as required, and each `{fact}` of its text is known."""
    named = frozenset(name for text in (vi, en) for _, name, _, _ in Formatter().parse(text) if name)
    return Phrase(Label(vi, en), when, named)


def because(*reasons: Phrase) -> Because:
    """Reasons of a conclusion."""
    return Because(reasons)


def spoken(wording: Wording, facts: Mapping[str, Fact], asks: Mapping[str, Ask], words: Mapping[str, Label]) -> tuple[Label, set[str]]:
    """The text in both languages, and the facts it speaks of. `words`: each known fact in words."""
    in_vi, in_en = {name: label.vi for name, label in words.items()}, {name: label.en for name, label in words.items()}
    vi = en = ""
    mentioned: set[str] = set()
    for part in (wording,) if isinstance(wording, Phrase) else wording:
        standing = [each for each in (part.reasons if isinstance(part, Because) else (part,)) if each.stands(facts, asks)]
        vi_texts = [each.text.vi.format_map(in_vi) for each in standing]
        en_texts = [each.text.en.format_map(in_en) for each in standing]
        if standing and isinstance(part, Because):
            vi_texts, en_texts = [" vì ", listed(vi_texts, " và ")], [" because ", listed(en_texts, " and ")]
        vi, en = vi + "".join(vi_texts), en + "".join(en_texts)
        mentioned.update(*(each.named | each.when.keys() for each in standing))
    return Label(vi, en), mentioned


def listed(texts: Sequence[str], conjunction: str) -> str:
    """`a, b và c`."""
    *before, last = texts
    return ", ".join(before) + conjunction + last if before else last


def _meets(value: Fact | None, wanted: Requirement, ask: Ask | None) -> bool:
    if isinstance(wanted, Zone):
        return ask is not None and ask.cell(value) in wanted
    return value in wanted if isinstance(wanted, frozenset) else value == wanted

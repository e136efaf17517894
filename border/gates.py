"""Gates and openings: pairs with a name on either side, and a class that changed in time.

`known_gate` gives the slug of a pair by the name that either side uses, in Vietnamese, English or Chinese.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from border.data_tables import Validity, items, table, validity
from border.markers import Item
from border.names import fold, nearest_of
from border.provinces import Province

_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")


class GateClass(StrEnum):
    """The classes of the law, and the lesser ones that are seen."""

    INTERNATIONAL = "international"
    MAIN = "main"
    BILATERAL = "bilateral"
    PLANNED = "planned"
    """On the list of pairs to be opened (Agreement on border gates, Article 2)."""
    CLEARANCE_ROUTE = "clearance_route"
    """Of the international or main gate it belongs to."""
    CARGO_ROAD = "cargo_road"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class ClassSpan:
    """The days on which a gate was of a class. Between two spans its class is not known."""

    gate_class: GateClass
    valid: Validity
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a pair."""

    name: str
    language: str
    """vi, en or zh."""
    side: str
    """VN or CN: whose name it is."""
    source: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate pair, opening or cargo road."""

    slug: str
    name: str
    """Of the Vietnamese side."""
    name_cn_side: str
    """Of the Chinese side, in Vietnamese; empty where not known, and where the pair it belongs to has it."""
    chinese: str
    province: Province
    parent: str | None
    """The gate a clearance route, cargo road or opening belongs to."""
    markers: tuple[Item, ...]
    opened: str
    """Day, month or year, as far as it was seen: `1993-06`."""
    history: tuple[ClassSpan, ...]
    aliases: tuple[Alias, ...]
    """Besides the names above."""
    valid: Validity
    """The days on which it is known to exist. Its name is accepted at any time, since events of those days may still arrive."""
    note: str
    source: str

    @property
    def label(self) -> str:
        """Both names: `Tân Thanh - Pò Chài`."""
        return f"{self.name} - {self.name_cn_side}" if self.name_cn_side else self.name

    def class_on(self, on: date) -> GateClass | None:
        """Its class on a day. None where no source states it."""
        return next((span.gate_class for span in self.history if span.valid.holds(on)), None)


def known_gate(name: str) -> str:
    """The slug of a pair, by any name of either side, with or without diacritics. Raises `ValueError` in Vietnamese with the nearest ones."""
    if name in gates():
        return name
    if (slug := gate_named(name)) is None:
        shown = name if len(name) <= 80 else f"{name[:79]}…"
        raise ValueError(f"không có cửa khẩu, lối mở {shown!r}{nearest_of(name, _shown())}")
    return slug


def gate_named(name: str) -> str | None:
    """The slug of a pair, by any of its names, or both joined, with the words for a gate around them: `cửa khẩu quốc tế Hữu Nghị`."""
    folded = _folded(name)
    if folded in _names():
        return _names()[folded]
    return _names().get(_around().sub("", folded))


@functools.cache
def gates() -> Mapping[str, Gate]:
    """All gates, by slug, closed ones included, since events of their days may still arrive."""
    history, aliases = table("gate_history.csv"), table("gate_names.csv")
    return {
        row["slug"]: Gate(
            slug=row["slug"],
            name=row["name"],
            name_cn_side=row["name_cn_side"],
            chinese=row["chinese"],
            province=Province(row["province"]),
            parent=row["parent"] or None,
            markers=items(row["markers"]),
            opened=row["opened"],
            history=tuple(
                ClassSpan(GateClass(span["class"]), validity(span), span["note"], span["source"])
                for span in history
                if span["slug"] == row["slug"]
            ),
            aliases=tuple(
                Alias(alias["alias"], alias["language"], alias["side"], alias["source"])
                for alias in aliases
                if alias["slug"] == row["slug"]
            ),
            valid=validity(row),
            note=row["note"],
            source=row["source"],
        )
        for row in table("gates.csv")
    }


@functools.cache
def class_words() -> Mapping[GateClass | None, tuple[str, ...]]:
    """The words for each class, the law's own first; under None the words for any gate."""
    words: dict[GateClass | None, tuple[str, ...]] = {}
    for row in table("gate_words.csv"):
        gate_class = GateClass(row["class"]) if row["class"] else None
        words[gate_class] = (*words.get(gate_class, ()), row["word"])
    return words


def _folded(name: str) -> str:
    return fold(_BRACKETS.sub(" ", name))


@functools.cache
def _names() -> Mapping[str, str]:
    """Slugs by folded name: each name alone, and a name of either side joined. Raises `ValueError` for a name of two gates."""
    slugs: dict[str, str] = {}
    for gate in gates().values():
        ours = [gate.name, *(alias.name for alias in gate.aliases if alias.side == "VN")]
        theirs = [gate.name_cn_side, gate.chinese, *(alias.name for alias in gate.aliases if alias.side == "CN")]
        joined = [our + their for pair in product(ours, filter(None, theirs)) for our, their in (pair, pair[::-1])]
        for name in filter(None, (gate.slug, *ours, *theirs, *joined)):
            if slugs.setdefault(_folded(name), gate.slug) != gate.slug:
                raise ValueError(f"{name!r} is a name of {gate.slug} and of {slugs[_folded(name)]}")
    return slugs


@functools.cache
def _around() -> re.Pattern[str]:
    """The words for a gate, before its folded name and after it."""
    words = sorted({_folded(word) for some in class_words().values() for word in some}, key=len, reverse=True)
    either = "|".join(map(re.escape, words))
    return re.compile(rf"^(?:{either})+|(?:{either})+$")


@functools.cache
def _shown() -> Mapping[str, str]:
    """How a gate is shown to a person, by folded name: the slug, with the name where that is another word."""
    shown = {}
    for gate in gates().values():
        for name in filter(None, (gate.slug, gate.name_cn_side, gate.chinese, *(alias.name for alias in gate.aliases))):
            shown[fold(name)] = gate.slug if fold(name) == fold(gate.slug) else f"{name} ({gate.slug})"
    return shown

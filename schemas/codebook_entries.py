"""The whole codebook: what every code means, what counts as one case, which facts a kind has and what their values mean.

The tables are `schemas/data/kinds.toml`, `codes.toml` and `facts.toml`; types and limits of facts are those of `schemas.facts`.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from schemas.codebook import ARTICLE39, Action, Direction, Kind, Label, Measure, Outcome, Part, Precision, Side, Status, toml_table
from schemas.facts import FACTS_BY_KIND

SETS: Mapping[str, type[StrEnum]] = {
    "status": Status,
    "precision": Precision,
    "side": Side,
    "direction": Direction,
    "outcome": Outcome,
    "measure": Measure,
    "part": Part,
    "action": Action,
}
"""The closed sets beside kinds and facts, by their name in `codes.toml`."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code of a closed set."""

    code: str
    label: Label
    meaning: str
    """Vietnamese."""
    meaning_en: str


@dataclass(frozen=True, slots=True)
class FactEntry:
    """The parts of a fact that are the same in every kind."""

    name: str
    label: Label
    definition: str
    """Vietnamese."""
    unit: Label | None
    """The unit of a fact that is a number."""
    values: Mapping[str, Label]
    """What each value of a closed set means, or what `true` and `false` mean."""


@dataclass(frozen=True, slots=True)
class FactOfKind:
    """A fact in one kind of incident."""

    entry: FactEntry
    form: Literal["number", "flag", "code", "words"]
    values: tuple[str, ...] = ()
    """The values that this kind allows, for a `code`."""
    several: bool = False
    """Whether several of these values may be given, as a list."""
    low: float | None = None
    high: float | None = None
    """The limits of a number, both inclusive."""


@dataclass(frozen=True, slots=True)
class KindEntry:
    """A kind of incident. Texts are Vietnamese, and English where the name says so."""

    kind: Kind
    label: Label
    article39: int | None
    clauses: tuple[str, ...]
    definition: str
    definition_en: str
    case: str
    """What counts as one case."""
    case_en: str
    published: tuple[str, ...]
    """Published incidents of this kind: ids in `mocgioi/data/published.jsonl`."""
    inside: tuple[str, ...]
    published_outside: Mapping[str, str]
    """Published incidents that are of another kind, by id, each with the reason."""
    outside: tuple[str, ...]
    facts: tuple[FactOfKind, ...]


@functools.cache
def kinds() -> Mapping[Kind, KindEntry]:
    """Every kind, in the codebook's order."""
    return {kind: _kind(kind, toml_table("kinds.toml")[kind]) for kind in Kind}


@functools.cache
def facts() -> Mapping[str, FactEntry]:
    """Every fact, by name."""
    return {name: _fact(name, row) for name, row in toml_table("facts.toml").items()}


@functools.cache
def codes() -> Mapping[str, tuple[CodeEntry, ...]]:
    """Every code of the sets beside kinds and facts, by the set's name."""
    table = toml_table("codes.toml")
    entries = {}
    for name, codes in SETS.items():
        rows = [(code, table[name][code]) for code in codes]
        entries[name] = tuple(_code(code, row) for code, row in rows)
    return entries


def facts_of(kind: Kind) -> tuple[FactOfKind, ...]:
    """The facts of a kind, in their order."""
    hints = get_type_hints(FACTS_BY_KIND[kind], include_extras=True)
    return tuple(_fact_of_kind(facts()[name], wanted) for name, wanted in hints.items())


def fact_words(name: str, value: Any) -> str:
    """The value of a fact in Vietnamese: what each of its codes means, a number with its unit, a text as it is."""
    if isinstance(value, list | tuple):
        return ", ".join(fact_words(name, each) for each in value)
    entry = facts().get(name)
    code = str(value).lower() if isinstance(value, bool) else str(value)
    if entry is not None and code in entry.values:
        return entry.values[code].vi
    return f"{value} {entry.unit.vi}" if entry is not None and entry.unit is not None else str(value)


def _kind(kind: Kind, row: Mapping[str, Any]) -> KindEntry:
    return KindEntry(
        kind=kind,
        label=_label(row),
        article39=ARTICLE39.get(kind),
        clauses=tuple(row["clauses"]),
        definition=row["definition"],
        definition_en=row["definition_en"],
        case=row["case"],
        case_en=row["case_en"],
        published=tuple(row.get("published", ())),
        inside=tuple(row.get("inside", ())),
        published_outside=row.get("published_outside", {}),
        outside=tuple(row["outside"]),
        facts=facts_of(kind),
    )


def _fact(name: str, row: Mapping[str, Any]) -> FactEntry:
    values = row.get("values") or {value: row[value] for value in ("true", "false") if value in row}
    return FactEntry(
        name=name,
        label=_label(row),
        definition=row["definition"],
        unit=_label(row["unit"]) if "unit" in row else None,
        values={value: _label(words) for value, words in values.items()},
    )


def _code(code: str, row: Mapping[str, Any]) -> CodeEntry:
    names = ", ".join(row.get("names", ()))
    also, also_en = (f" Cũng viết: {names}.", f" Also written: {names}.") if names else ("", "")
    return CodeEntry(code, _label(row), row["meaning"] + also, row["meaning_en"] + also_en)


def _label(row: Mapping[str, str]) -> Label:
    return Label(row["vi"], row["en"], row["zh"])


def _fact_of_kind(entry: FactEntry, wanted: Any) -> FactOfKind:
    base, *notes = get_args(wanted) if get_origin(wanted) is Annotated else (wanted,)
    if get_origin(base) is Literal:
        return FactOfKind(entry, "code", values=get_args(base), several=bool(notes))
    if base is bool:
        return FactOfKind(entry, "flag")
    if base is str:
        return FactOfKind(entry, "words")
    limits = [limit for note in notes for limit in note.metadata]
    low = next(limit.ge for limit in limits if hasattr(limit, "ge"))
    high = next(limit.le for limit in limits if hasattr(limit, "le"))
    return FactOfKind(entry, "number", low=low, high=high)

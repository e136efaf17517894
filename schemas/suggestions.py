"""What a refused event should have said: the fields there are, the facts of its kind and their units, the codes that are called so.

Only what is refused comes here, so it may take its time.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, get_args

from pydantic import BaseModel

from border.places import Province, provinces
from schemas import codebook_entries
from schemas.codebook import Kind, Label
from schemas.events import Envelope
from schemas.problems import Hint, look, nearest

_FACTS = "data.facts."


def expectations(event: Any) -> Hint:
    """What to say of the fields of this event, which is JSON as it came in."""

    def hint(field: str, given: object, known: Sequence[str], /) -> str | None:
        if known:
            return _called(given, known, _labels(field, known))
        if field.startswith(_FACTS):
            return _of_fact(field.removeprefix(_FACTS), _kind(event))
        return _of_field(field, event)

    return hint


def _kind(event: Any) -> Kind | None:
    kind = event["data"].get("kind")
    return Kind(kind) if isinstance(kind, str) and kind in set(Kind) else None


def _of_fact(name: str, kind: Kind | None) -> str | None:
    """Which facts the kind has, for an unknown one; what a known one counts, for a wrong value."""
    every = codebook_entries.facts() if kind is None else {fact.entry.name: fact.entry for fact in codebook_entries.facts_of(kind)}
    if name in every:
        return _limits(name)
    if kind is None:
        return f"không loại việc nào có dữ kiện này{nearest(name, every)}"
    return f"{kind} chỉ có các dữ kiện: {', '.join(every)}{nearest(name, every)}" if every else f"{kind} không có dữ kiện nào"


def _limits(name: str) -> str | None:
    """Of a fact that is a number."""
    unit = codebook_entries.facts()[name].unit
    if unit is None:
        return None
    fact = next(fact for kind in Kind for fact in codebook_entries.facts_of(kind) if fact.entry.name == name)
    return f"{name} là số {unit.vi}, từ {fact.low:.0f} đến {fact.high:.0f}"


def _of_field(field: str, event: Any) -> str | None:
    """Which fields there are beside an unknown one."""
    *parents, name = field.split(".")
    model = _model_at(parents, event)
    if model is None or name in model.model_fields:
        return None
    known = list(model.model_fields)
    misplaced = f" (gần nhất: facts.{name})" if "facts" in known and name in codebook_entries.facts() else ""
    return f"ở đây chỉ có: {', '.join(known)}{misplaced or nearest(name, known)}"


def _model_at(steps: Sequence[str], event: Any) -> type[BaseModel] | None:
    """The model of the object at a path of the event; None where there is none."""
    model: type[BaseModel] | None = _envelopes().get(event["type"])
    value = event
    for step in steps:
        if isinstance(value, list):
            value = value[int(step)]
            continue
        if model is None or step not in model.model_fields or step not in value:
            return None
        value = value[step]
        model = _chosen(list(_models(model.model_fields[step].annotation)), value)
    return model


def _chosen(models: Sequence[type[BaseModel]], value: Any) -> type[BaseModel] | None:
    """The model among these that the value is meant for: places are told apart by their scheme."""
    if len(models) < 2:
        return next(iter(models), None)
    return next((model for model in models if value["scheme"] in get_args(model.model_fields["scheme"].annotation)), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


@functools.cache
def _envelopes() -> Mapping[str, type[Envelope]]:
    return {name: envelope for envelope in Envelope.__subclasses__() for name in get_args(envelope.model_fields["type"].annotation)}


def _labels(field: str, known: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """What people call the codes of a closed set."""
    if field.startswith(_FACTS):
        words: Mapping[str, Label] = codebook_entries.facts()[field.removeprefix(_FACTS)].values
        return {code: words[code] for code in known}
    if set(known) == set(Province):
        return {province: (row.name,) for province, row in provinces().items()}
    if set(known) == set(Kind):
        return {kind: entry.label for kind, entry in codebook_entries.kinds().items()}
    for name, codes in codebook_entries.SETS.items():
        if set(known) <= set(_values(codes)):
            return {entry.code: entry.label for entry in codebook_entries.codes()[name] if entry.code in known}
    return {}


def _values(codes: type[StrEnum]) -> list[str]:
    return [code.value for code in codes]


def _called(given: object, known: Sequence[str], labels: Mapping[str, Sequence[str]]) -> str | None:
    """The codes that are called what was given, in one of the languages; else those near it, else those whose name is near it or holds it."""
    word = look(str(given)[:100])
    by_name = {look(name): code for code, names in labels.items() for name in names}
    if word in by_name:
        return f" (gần nhất: {by_name[word]})"
    near = [code for name, code in by_name.items() if len(word) > 1 and (word in name or nearest(word, [name]))]
    return nearest(given, known) or (f" (gần nhất: {', '.join(dict.fromkeys(near[:3]))})" if near else None)

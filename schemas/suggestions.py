"""Suggestions for a refused event: which fields exist, which facts its kind has and in which units, which codes have such a name.

Only refused events come here, so this may be slow.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from border.places import Province, provinces
from schemas import codebook_entries
from schemas.codebook import Kind, Label
from schemas.events import Envelope
from schemas.problems import Hint, look, nearest

_FACTS = "data.facts."


def expectations(event: Any) -> Hint:
    """The suggestions for the fields of this event, given as JSON."""

    def hint(field: str, given: object, codes: Sequence[str], /) -> str | None:
        if codes:
            return _called(given, codes, _labels(field, codes))
        if field.startswith(_FACTS):
            return _of_fact(_name(field), _kind(event))
        return _of_field(field, event)

    return hint


def _name(field: str) -> str:
    """The fact of a field, or of one of its codes: `data.facts.act.1`."""
    return field.removeprefix(_FACTS).partition(".")[0]


def _kind(event: Any) -> Kind | None:
    kind = event["data"].get("kind")
    return Kind(kind) if isinstance(kind, str) and kind in set(Kind) else None


def _of_fact(name: str, kind: Kind | None) -> str | None:
    """The facts of the kind, for an unknown fact; the unit and limits, for a wrong value."""
    every = codebook_entries.facts() if kind is None else {fact.entry.name: fact.entry for fact in codebook_entries.facts_of(kind)}
    if name in every:
        return _limits(name)
    if kind is None:
        return f"không loại việc nào có dữ kiện này{nearest(name, every)}"
    return f"{kind} chỉ có các dữ kiện: {', '.join(every)}{nearest(name, every)}" if every else f"{kind} không có dữ kiện nào"


def _limits(name: str) -> str | None:
    """The unit and limits of a fact that is a number."""
    unit = codebook_entries.facts()[name].unit
    if unit is None:
        return None
    fact = next(fact for kind in Kind for fact in codebook_entries.facts_of(kind) if fact.entry.name == name)
    return f"{name} là số {unit.vi}, từ {fact.low:.0f} đến {fact.high:.0f}"


def _of_field(field: str, event: Any) -> str | None:
    """The fields that exist where an unknown one was given."""
    *parents, name = field.split(".")
    model = _model_at(parents, event)
    if model is None or name in model.model_fields:
        return None
    fields = list(model.model_fields)
    misplaced = f" (gần nhất: facts.{name})" if "facts" in fields and name in codebook_entries.facts() else ""
    return f"ở đây chỉ có: {', '.join(fields)}{misplaced or nearest(name, fields)}"


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
    """The model among these that fits the value: a place states its scheme."""
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


def _labels(field: str, codes: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """What people call the codes of a closed set."""
    if field.startswith(_FACTS):
        words: Mapping[str, Label] = codebook_entries.facts()[_name(field)].values
        return {code: words[code] for code in codes}
    if set(codes) == set(Province):
        return {province: (row.name,) for province, row in provinces().items()}
    if set(codes) == set(Kind):
        return {kind: entry.label for kind, entry in codebook_entries.kinds().items()}
    for name, every_code in codebook_entries.SETS.items():
        if set(codes) <= set(every_code):
            return {entry.code: entry.label for entry in codebook_entries.codes()[name] if entry.code in codes}
    return {}


def _called(given: object, codes: Sequence[str], labels: Mapping[str, Sequence[str]]) -> str | None:
    """The code that has the given name in any language; else codes close to it; else codes whose name is close to it or contains it."""
    word = look(str(given)[:100])
    by_name = {look(name): code for code, names in labels.items() for name in names}
    if word in by_name:
        return f" (gần nhất: {by_name[word]})"
    near = [code for name, code in by_name.items() if len(word) > 1 and (word in name or nearest(word, [name]))]
    return nearest(given, codes) or (f" (gần nhất: {', '.join(dict.fromkeys(near[:3]))})" if near else None)

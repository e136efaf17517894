"""The contracts as JSON Schema 2020-12, for authors of producers and consumers in other languages.

A test keeps the files in `schemas/json/` equal to these functions' results. `make schemas` writes them after a change of the models.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from schemas import codebook_entries
from schemas.codebook import Kind
from schemas.events import EVENT
from schemas.facts import CHANGED, FACTS_BY_KIND, REPORTED
from schemas.verdicts import Finding, VerdictMessage

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NEVER_WITHDRAWN = ("kind", "status", "occurred", "place", "side")
"""Fields of an update that may be absent and may not be null."""


def event_schema() -> dict[str, Any]:
    """The schema of every event that a post, an office or the door may send. The facts of an incident depend on its kind.

    A schema cannot express all of `schemas.validation`: that markers and gates exist, that an end comes after its start, that nothing is
    marked secret.
    """
    schema = EVENT.json_schema(mode="validation")
    defs = schema["$defs"]
    reported, updated = defs["IncidentReported"], defs["IncidentUpdated"]
    for name in _NEVER_WITHDRAWN:
        updated["properties"][name] = updated["properties"][name]["anyOf"][0]
    reported["allOf"] = [_facts_where_kind(kinds, name) for name, kinds in _kinds_by_facts().items()] + [
        {"if": _where_kind([Kind.OTHER]), "then": {"properties": {"text": {"type": "string"}}, "required": ["text"]}}
    ]
    updated["allOf"] = [_facts_where_kind(kinds, f"{name}Changed") for name, kinds in _kinds_by_facts().items()] + [
        {"if": {"required": ["kind"]}, "else": _facts_as("ChangedFacts")}
    ]
    for incident in (reported, updated):
        incident["properties"]["facts"] = {"type": "object", "default": {}, "description": "Facts of the kind: see allOf"}
    for name, kinds in _kinds_by_facts().items():
        defs[name] = _described(REPORTED[kinds[0]].json_schema(), kinds[0])
        defs[f"{name}Changed"] = _described(CHANGED[kinds[0]].json_schema(), kinds[0]) | {"title": f"{name}Changed"}
    schema["$defs"] = dict(sorted(defs.items()))
    return _named("urn:mocgioi:event:v1", "Event: CloudEvents 1.0, structured JSON", schema)


def verdict_schema() -> dict[str, Any]:
    """The schema of a message in `border.verdicts.v1`: the verdict, and the event as it was sent."""
    (message,), components = msgspec.json.schema_components([VerdictMessage])
    # Record stores the findings unread, so in `GivenVerdict` they have no type.
    (findings,), components_of_findings = msgspec.json.schema_components([tuple[Finding, ...]])
    components["GivenVerdict"]["properties"]["findings"] = findings
    definitions = dict(sorted((components | components_of_findings).items()))
    return _named("urn:mocgioi:verdict:v1", "Verdict given on one event", message | {"$defs": definitions})


def files() -> dict[str, str]:
    """The text of each schema's file, by file name."""
    every = {"event.v1.json": event_schema(), "verdict.v1.json": verdict_schema()}
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in every.items()}


def write(folder: Path) -> None:
    """Write every schema into a folder, and create the folder if necessary."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8")


def _named(identifier: str, title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": identifier} | schema | {"title": title}


def _kinds_by_facts() -> Mapping[str, list[Kind]]:
    """The kinds that share a set of facts, by the set's name."""
    shared: dict[str, list[Kind]] = {}
    for kind in Kind:
        shared.setdefault(FACTS_BY_KIND[kind].__name__, []).append(kind)
    return shared


def _where_kind(kinds: list[Kind]) -> dict[str, Any]:
    return {"properties": {"kind": {"enum": [kind.value for kind in kinds]}}, "required": ["kind"]}


def _facts_as(name: str) -> dict[str, Any]:
    return {"properties": {"facts": {"$ref": f"#/$defs/{name}"}}}


def _facts_where_kind(kinds: list[Kind], name: str) -> dict[str, Any]:
    return {"if": _where_kind(kinds), "then": _facts_as(name)}


def _described(facts: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """A set of facts, each with its description from the codebook."""
    for fact in codebook_entries.facts_of(kind):
        facts["properties"][fact.entry.name] |= {"description": " ".join(_description(fact))}
    return facts


def _description(fact: codebook_entries.FactOfKind) -> Iterator[str]:
    entry = fact.entry
    yield " · ".join(entry.label) + (f" ({' · '.join(entry.unit)})." if entry.unit else ".")
    yield entry.definition
    for value in fact.values or entry.values if fact.form in ("code", "flag") else ():
        yield f"{value}: {' · '.join(entry.values[value])}."

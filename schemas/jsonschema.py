"""The contracts as JSON Schema 2020-12, for whoever writes a producer or a consumer in another language.

`schemas/json/` holds what these functions give; a test keeps the two equal. To write it again after a change of the models:
`python -c "import pathlib, schemas.jsonschema as s; s.write(pathlib.Path('schemas/json'))"`.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from schemas.events import EVENT
from schemas.verdicts import VerdictMessage

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema() -> dict[str, Any]:
    """Of every event a post may send.

    A schema cannot say all that `schemas.doorway` asks: that markers and gates are known, that facts fit their kind,
    that nothing is marked secret.
    """
    return _named("urn:mocgioi:event:v1", "Event: CloudEvents 1.0, structured JSON", EVENT.json_schema(mode="validation"))


def verdict_schema() -> dict[str, Any]:
    """Of a message in `border.verdicts.v1`: the verdict, and the event as it was sent."""
    return _named("urn:mocgioi:verdict:v1", "Verdict given on one event", msgspec.json.schema(VerdictMessage))


def files() -> dict[str, str]:
    """Every schema as the text of its file, by file name."""
    every = {"event.v1.json": event_schema(), "verdict.v1.json": verdict_schema()}
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in every.items()}


def write(folder: Path) -> None:
    """Write every schema into a folder, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8")


def _named(identifier: str, title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": identifier} | schema | {"title": title}

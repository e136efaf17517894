"""The contracts as JSON Schema, and what they promise: what was sent once is read for ever."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from schemas.codebook import Outcome
from schemas.doorway import decode, read
from schemas.jsonschema import event_schema, files, verdict_schema, write
from schemas.verdicts import Origin, Verdict, VerdictData, VerdictMessage, write_verdict
from tests import builders

CHECKED_IN = resources.files("schemas").joinpath("json")
RECORDED = [json.loads(line) for line in Path(__file__).with_name("recorded_events.jsonl").read_text(encoding="utf-8").splitlines()]
"""What producers sent when this file was made, and how it was read then. Never edit a line: a difference is a breaking change."""
PUBLISHED = resources.files("mocgioi").joinpath("data/published.jsonl").read_text(encoding="utf-8").splitlines()


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema)


def holds(now: Any, then: Any) -> bool:
    """Whether all that was read then is read now: a field may be added, none may change or go."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(key in now and holds(now[key], value) for key, value in then.items())
    if isinstance(then, list):
        return isinstance(now, list) and len(now) == len(then) and all(holds(*pair) for pair in zip(now, then, strict=True))
    return type(now) is type(then) and bool(now == then)


@pytest.mark.parametrize("name", sorted(files()))
def test_the_checked_in_schema_is_what_the_models_say(name: str) -> None:
    assert CHECKED_IN.joinpath(name).read_text(encoding="utf-8") == files()[name]


def test_nothing_else_is_checked_in_and_write_makes_the_same_files(tmp_path: Path) -> None:
    write(tmp_path / "json")
    assert {path.name for path in (tmp_path / "json").iterdir()} == {path.name for path in CHECKED_IN.iterdir()} == set(files())


@pytest.mark.parametrize("schema", [event_schema(), verdict_schema()], ids=["event", "verdict"])
def test_a_schema_is_json_schema_2020_12_and_has_a_name(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:mocgioi:")


def test_every_published_event_is_valid() -> None:
    check = validator(event_schema())
    assert [error.message for line in PUBLISHED for error in check.iter_errors(json.loads(line))] == []


def test_every_recorded_event_is_valid() -> None:
    check = validator(event_schema())
    assert [error.message for line in RECORDED for error in check.iter_errors(line["sent"])] == []


@pytest.mark.parametrize(
    "event",
    [
        builders.reported(builders.incident(kind="fight")),
        builders.reported(builders.incident(colour="red")),
        builders.reported(builders.incident(side=None)),
        builders.reported(source="tan-thanh"),
        builders.crossing(counts=[]),
        builders.reported(type="vn.mocgioi.incident.reported.v2"),
    ],
    ids=["kind", "unknown_field", "no_side", "source", "no_counts", "type"],
)
def test_what_no_doorway_lets_in_is_not_valid(event: dict[str, Any]) -> None:
    assert not validator(event_schema()).is_valid(event)


def test_a_verdict_as_it_is_published_is_valid() -> None:
    verdict = Verdict(outcome=Outcome.NOT_APPLICABLE, rule_pack="2009", judge_version=1, findings=())
    origin = Origin(topic="border.incidents.v1", partition=0, offset=7, timestamp=1)
    raw = builders.payload(builders.reported())
    message = VerdictMessage(
        id="v-1", subject="inc-1", time="2025-12-28T12:00:00+07:00", data=VerdictData(msgspec.Raw(raw), verdict, origin)
    )
    check = validator(verdict_schema())
    assert check.is_valid(json.loads(write_verdict(message)))
    assert not check.is_valid({"specversion": "1.0"})


def test_one_event_of_every_type_was_recorded() -> None:
    types = {line["sent"]["type"] for line in RECORDED}
    assert types == set(event_schema()["discriminator"]["mapping"])
    assert len(RECORDED) == 16


@pytest.mark.parametrize("line", RECORDED, ids=[line["sent"]["id"] for line in RECORDED])
def test_what_was_sent_once_is_still_read_the_same(line: dict[str, Any]) -> None:
    raw = builders.payload(line["sent"])
    for event in (decode(raw), read(raw)):
        assert holds(event.model_dump(mode="json")["data"], line["read"])

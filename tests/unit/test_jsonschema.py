"""The contracts as JSON Schema, and what they promise: what was sent once is read for ever."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from schemas.jsonschema import event_schema, files, verdict_schema, write
from schemas.validation import decode, read
from schemas.verdicts import VerdictData, VerdictMessage, write_verdict
from tests import builders
from tests.support.classified_batches import classified_event

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
def test_what_validation_refuses_is_not_valid(event: dict[str, Any]) -> None:
    assert not validator(event_schema()).is_valid(event)


def test_a_verdict_as_it_is_published_is_valid() -> None:
    event = classified_event(builders.payload(builders.reported()))
    message = VerdictMessage(
        id="v-1",
        subject="inc-1",
        time=event.row.time,
        data=VerdictData(msgspec.Raw(event.raw), event.verdict, event.origin, event.row),
    )
    check = validator(verdict_schema())
    assert check.is_valid(json.loads(write_verdict(message)))
    assert not check.is_valid({"specversion": "1.0"})


def test_one_event_of_every_type_was_recorded() -> None:
    types = {line["sent"]["type"] for line in RECORDED}
    assert types == set(event_schema()["discriminator"]["mapping"])
    assert len(RECORDED) == 280


@pytest.mark.parametrize("line", RECORDED, ids=[line["sent"]["id"] for line in RECORDED])
def test_what_was_sent_once_is_still_read_the_same(line: dict[str, Any]) -> None:
    raw = builders.payload(line["sent"])
    for event in (decode(raw), read(raw)):
        assert holds(event.model_dump(mode="json")["data"], line["read"])


Dicts = dict[str, Any]
Change = tuple[str, str, str, Callable[[], object], Callable[[], object]]
"""What a change is called, which definition it is made in, a text that events it may harm contain, how it is made and undone."""
SENT = [(line["sent"], json.dumps(line["sent"], ensure_ascii=False)) for line in RECORDED]
SAYS_NOTHING = {
    "ChangedFacts/activity": "an update that names no kind may have any words for an activity",
    "ChangedFacts/purpose without other": "an update that names no kind may have the `other` of works, of shooting and of flights",
}


def within(value: Any, at: str = "") -> Iterator[tuple[str, Dicts]]:
    """Every schema within one, but for those that only choose what else is asked. Its path leaves the keywords out."""
    if isinstance(value, dict):
        yield at, value
        for key, item in value.items():
            if key != "if":
                yield from within(item, at if key in ("properties", "anyOf", "items") else f"{at}/{key}")
    elif isinstance(value, list):
        for item in value:
            yield from within(item, at)


def removed_fields(schema: Dicts) -> Iterator[Change]:
    """Of data: the envelopes are open."""
    for name, definition in schema["$defs"].items():
        properties = definition.get("properties", {}) if definition.get("additionalProperties") is False else {}
        for field, wanted in list(properties.items()):
            mark = f'"{field}"'
            yield f"{name} without {field}", name, mark, partial(properties.pop, field), partial(properties.update, {field: wanted})


def narrowed_sets(schema: Dicts) -> Iterator[Change]:
    for name, definition in schema["$defs"].items():
        for at, part in within(definition, name):
            for place, code in enumerate(list(part.get("enum", ()) if isinstance(part.get("enum"), list) else ())):
                codes = part["enum"]
                yield f"{at} without {code}", name, f'"{code}"', partial(codes.remove, code), partial(codes.insert, place, code)


def required_fields(schema: Dicts) -> Iterator[Change]:
    for name, definition in schema["$defs"].items():
        if definition.get("type") == "object":
            before = definition.setdefault("required", [])
            for field in ["brand_new", *(field for field in definition.get("properties", {}) if field not in before)]:
                yield f"{name} with {field} required", name, "{", partial(before.append, field), before.pop


def lowered_limits(schema: Dicts) -> Iterator[Change]:
    for name, definition in schema["$defs"].items():
        for at, part in within(definition, name):
            highest = part.get("maximum")
            if name.endswith("Facts") and highest is not None:
                lower, raise_again = partial(part.update, maximum=highest - 1), partial(part.update, maximum=highest)
                yield f"{at} below {highest}", name, str(highest), lower, raise_again


def reached(schema: Dicts) -> list[set[str]]:
    """The definitions that each recorded event is checked by."""
    names: set[str] = set()

    def ref(check: Any, target: str, event: Any, parent: Any) -> Any:
        names.add(target.rpartition("/")[2])
        return jsonschema.Draft202012Validator.VALIDATORS["$ref"](check, target, event, parent)

    check = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"$ref": ref})(schema)
    by_event = []
    for event, _ in SENT:
        names.clear()
        assert check.is_valid(event)
        by_event.append(set(names))
    return by_event


@pytest.mark.parametrize("changes", [removed_fields, narrowed_sets, required_fields, lowered_limits])
def test_a_change_that_old_events_do_not_survive_is_noticed(changes: Callable[[Dicts], Iterator[Change]]) -> None:
    """Every such change, one after another, on a copy: a recorded event must stop being valid, or the recording is too poor to notice."""
    schema = event_schema()
    reach = reached(schema)
    check = validator(schema)
    unnoticed, tried = [], 0
    for called, name, mark, make, undo in changes(schema):
        harmed = (event for (event, text), names in zip(SENT, reach, strict=True) if name in names and mark in text)
        make()
        if all(check.is_valid(event) for event in harmed) and not called.startswith(tuple(SAYS_NOTHING)):
            unnoticed.append(called)
        undo()
        tried += 1
    assert tried > 8
    assert unnoticed == []
    assert all(check.is_valid(event) for event, _ in SENT)


def test_a_change_that_old_events_survive_is_let_in() -> None:
    schema = event_schema()
    for _, part in within(schema["$defs"]):
        if part.get("additionalProperties") is False:
            part.setdefault("properties", {})["brand_new"] = {"type": "string"}
        if isinstance(part.get("enum"), list):
            part["enum"].append("brand_new")
    check = validator(schema)
    assert all(check.is_valid(event) for event, _ in SENT)

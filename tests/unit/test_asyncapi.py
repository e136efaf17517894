"""`docs/asyncapi.json`: what the models say, valid by AsyncAPI's own schema, true of what is really sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocgioi.service.cluster import GROUPS
from schemas import asyncapi, topics
from schemas.events import EVENT
from schemas.problems import InvalidEvent, Problem
from schemas.records import DeadLetter
from schemas.validation import decode
from schemas.verdicts import Origin, read_verdict
from streams.messages import dead_letter_message
from tests.builders import payload
from tests.support.asyncapi import asyncapi_schema

HERE = Path(__file__)
RECORDED_FILE = HERE.with_name("recorded_events.jsonl")
RECORDED = [json.loads(line)["sent"] for line in RECORDED_FILE.read_text(encoding="utf-8").splitlines()]
CHECKED_IN = HERE.parents[2] / "docs" / "asyncapi.json"
DOCUMENT = asyncapi.document(RECORDED)
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
EXAMPLES = [(name, example) for name, message in MESSAGES.items() for example in message["examples"]]


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"components": DOCUMENT["components"]} | schema)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def test_the_checked_in_document_is_what_the_models_say(tmp_path: Path) -> None:
    asyncapi.write(tmp_path / "docs", RECORDED_FILE)
    assert (tmp_path / "docs" / "asyncapi.json").read_text(encoding="utf-8") == CHECKED_IN.read_text(encoding="utf-8")


def test_it_is_asyncapi_3_by_asyncapis_own_schema() -> None:
    check = jsonschema.Draft7Validator(asyncapi_schema())
    assert [error.message for error in check.iter_errors(DOCUMENT)] == []
    assert not check.is_valid(DOCUMENT | {"chanels": {}})


def test_every_reference_leads_somewhere() -> None:
    for reference in set(references(DOCUMENT)):
        place: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


@pytest.mark.parametrize("name, example", EXAMPLES, ids=[f"{name}-{example['name']}" for name, example in EXAMPLES])
def test_every_example_is_valid_by_the_schema_beside_it(name: str, example: dict[str, Any]) -> None:
    message = MESSAGES[name]
    assert [error.message for error in validator(message["payload"]).iter_errors(example["payload"])] == []
    assert [error.message for error in validator(message["headers"]).iter_errors(example["headers"])] == []


def test_every_message_has_an_example_and_an_event_is_no_example_of_another() -> None:
    for name, message in MESSAGES.items():
        assert message["examples"], name
        for other, example in EXAMPLES:
            if name != other and name not in ("deadLetter", "pauseFlag"):
                assert not validator(message["payload"]).is_valid(example["payload"]), (name, other)


def test_every_example_of_an_event_is_let_in_and_the_dead_letter_is_not() -> None:
    for name, example in EXAMPLES:
        raw = payload(example["payload"])
        if name == "verdictGiven":
            decode(bytes(read_verdict(raw).data.event))
        elif name == "deadLetter":
            with pytest.raises(InvalidEvent) as refused:
                decode(raw)
            assert refused.value.sentence == example["headers"]["mg-reason"]
        elif name != "pauseFlag":
            decode(raw)


def test_channels_are_the_topics_as_they_are_made() -> None:
    channels = DOCUMENT["channels"]
    assert {channel["address"] for channel in channels.values()} == set(topics.TOPICS)
    for channel in channels.values():
        kafka = channel["bindings"]["kafka"]
        assert (kafka["partitions"], kafka["replicas"]) == (topics.partitions(channel["address"]), topics.PRODUCTION.replication)
        expected = topics.settings(channel["address"], topics.PRODUCTION)
        stated = {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in kafka["topicConfiguration"].items()}
        assert stated == expected


def test_every_event_type_is_a_message_of_its_topic() -> None:
    types = set(EVENT.json_schema()["discriminator"]["mapping"])
    by_address = {
        channel["address"]: {reference.rpartition("/")[2] for reference in references(channel["messages"])}
        for channel in DOCUMENT["channels"].values()
    }
    for kind in types:
        (name,) = (name for name, message in MESSAGES.items() if message["name"] == kind)
        assert name in by_address[topics.topic_of(kind)]


def test_groups_are_those_the_workers_join() -> None:
    documented = {
        operation["bindings"]["kafka"]["groupId"]["enum"][0] for operation in DOCUMENT["operations"].values() if "bindings" in operation
    }
    assert documented == set(GROUPS.values())
    assert {name for name, operation in DOCUMENT["operations"].items() if operation["action"] == "receive"} == {
        "classifyIncidents",
        "classifyCrossings",
        "classifyNotices",
        "recordVerdicts",
        "recordDeadLetters",
        "heedControl",
    }


OF_THE_SENDER = {"mg-source", "mg-sequence", "mg-id", "mg-problems"}


@given(st.booleans(), st.sampled_from(["value", "rule_crash"]), st.integers(0, 2**60))
def test_headers_of_a_dead_letter_are_those_classify_writes(is_named: bool, code: str, offset: int) -> None:
    named = {
        "source": "/posts/tan-thanh/d1",
        "sequence": 7,
        "event_id": "e-7",
        "problems": (Problem("value", "data.side: …", "data.side"),),
    }
    letter = DeadLetter(
        origin=Origin(topics.INCIDENTS, 3, offset, 1),
        code=code,
        reason="vì sao",
        payload=b"{",
        sha256="0" * 64,
        **(named if is_named else {}),
    )
    written = {name: value.decode() for name, value in dead_letter_message(letter, topics.PARTITIONS).headers}
    headers = MESSAGES["deadLetter"]["headers"]
    assert validator(headers).is_valid(written)
    assert set(written) | OF_THE_SENDER == set(headers["properties"])
    assert set(written) - OF_THE_SENDER == set(headers["required"])

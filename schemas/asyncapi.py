"""The contracts as AsyncAPI 3.0 with Kafka bindings: topics, partitions, keys, groups, messages and headers.

A test keeps `docs/asyncapi.json` equal to `document`'s result. The examples are events that producers once sent
(`tests/unit/recorded_events.jsonl`), which the caller passes in.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from schemas import topics
from schemas.codebook import Outcome, Side
from schemas.jsonschema import event_schema, verdict_schema
from schemas.problems import InvalidEvent
from schemas.topics import CONTROL, CROSSINGS, DEAD_LETTERS, INCIDENTS, NOTICES, VERDICTS
from schemas.validation import decode
from schemas.verdicts import (
    VERDICT_TYPE,
    Explanation,
    Finding,
    GivenVerdict,
    Origin,
    VerdictData,
    VerdictMessage,
    verdict_id,
    write_verdict,
)

BINDING = {"bindingVersion": "0.5.0"}
CLOUDEVENT = "application/cloudevents+json"
_PREFIX = "vn.mocgioi."
_CHANNELS = {
    "incidents": (
        INCIDENTS,
        "Incidents, settled conflicts, and what duty officers did about them. Posts and offices write, classify reads.",
    ),
    "crossings": (CROSSINGS, "What passed a gate pair in one direction in one interval. Posts write, classify reads."),
    "notices": (
        NOTICES,
        "What a post says it sent for an interval: nil reports and signs of life; and probes. Posts and the door write, classify reads.",
    ),
    "verdicts": (VERDICTS, "One verdict on each accepted event, with the event as it was sent. Classify writes, record reads."),
    "deadLetters": (DEAD_LETTERS, "Payloads that cannot be processed, as they came, and why. Classify writes, record reads."),
    "control": (CONTROL, "The pause flag of each group. A worker raises it, a person lowers it, the group's workers read it."),
}
_SUBJECT = {
    "incident": "Data of an incident; subject and key are the incident.",
    "conflict": "Which of two bodies in conflict stands; subject and key are those of the recorded event.",
    "duty": "What a duty officer did; subject and key are the incident.",
    "crossing": "A count at a gate; subject and key are the gate.",
    "post": "What a post sent; subject and key are the post.",
    "probe": "Nothing but the time at which the door sent it, to see that the path is open. It leaves one row and is no part of the record.",
}


def document(recorded: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole document. `recorded` holds events as they were sent, at least one of every type."""
    schema = event_schema()
    mapping: dict[str, str] = schema["discriminator"]["mapping"]
    messages = {_message_name(kind): _event_message(kind, ref, recorded) for kind, ref in mapping.items()}
    messages |= {"verdictGiven": _verdict_message(recorded[0]), "deadLetter": _dead_letter_message(recorded[0]), "pauseFlag": _PAUSE_FLAG}
    by_channel: dict[str, list[str]] = {"verdicts": ["verdictGiven"], "deadLetters": ["deadLetter"], "control": ["pauseFlag"]}
    channel_of = {topic: channel for channel, (topic, _) in _CHANNELS.items()}
    for kind in mapping:
        by_channel.setdefault(channel_of[topics.topic_of(kind)], []).append(_message_name(kind))
    return {
        "asyncapi": "3.0.0",
        "id": "urn:mocgioi:border",
        "info": {
            "title": "Mốc Giới",
            "version": "1.0.0",
            "description": "Border incidents and crossings of the line Việt Nam – Trung Quốc: what posts send, what the Agreement of "
            "18/11/2009 makes of it. Events are CloudEvents 1.0 in structured JSON, one object a message, at most "
            f"{topics.MAX_EVENT_BYTES} bytes; (source, id) identifies an event, and the same event again changes nothing. "
            "Nothing marked secret may be sent, and no names of persons.",
        },
        "defaultContentType": CLOUDEVENT,
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "Topics are made by `mocgioi topics create`, never by a client.",
                "variables": {"bootstrap": {"default": "localhost:9092", "description": "MOCGIOI_KAFKA"}},
            }
        },
        "channels": {name: _channel(name, topic, description, by_channel[name]) for name, (topic, description) in _CHANNELS.items()},
        "operations": _operations(by_channel),
        "components": {"messages": messages, "schemas": _schemas(schema, "") | _schemas(verdict_schema(), "verdict.")},
    }


def text(recorded: Sequence[Mapping[str, Any]]) -> str:
    """The document as its file holds it."""
    return json.dumps(document(recorded), ensure_ascii=False, indent=2) + "\n"


def write(folder: Path, recorded: Path) -> None:
    """Write `asyncapi.json` into a folder, and create the folder if necessary. Each JSON line of `recorded` has an event under `sent`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = recorded.read_text(encoding="utf-8").splitlines()
    (folder / "asyncapi.json").write_text(text([json.loads(line)["sent"] for line in lines]), encoding="utf-8")


def _channel(name: str, topic: str, description: str, messages: Sequence[str]) -> dict[str, Any]:
    settings: dict[str, Any] = topics.settings(topic, topics.PRODUCTION)
    configuration = {key: int(value) if value.lstrip("-").isdigit() else value for key, value in settings.items()}
    configuration["cleanup.policy"] = [settings["cleanup.policy"]]
    return {
        "address": topic,
        "title": name,
        "description": description,
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {message: {"$ref": f"#/components/messages/{message}"} for message in messages},
        "bindings": {
            "kafka": {
                "topic": topic,
                "partitions": topics.partitions(topic),
                "replicas": topics.PRODUCTION.replication,
                "topicConfiguration": configuration,
            }
            | BINDING
        },
    }


def _operations(by_channel: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    sources = ("incidents", "crossings", "notices")
    results = ("verdicts", "deadLetters")
    operations = {
        "publish": ("send", sources, "A post, an office or the gateway sends, with acks=all and an idempotent producer.", None),
        "classify": ("receive", sources, "Classify judges what an event alone says.", "classify"),
        "answer": ("send", results, "Classify answers, into the partition the event came from.", None),
        "pause": (
            "send",
            ("control",),
            "A worker whose circuit breaker opened pauses its group; `mocgioi deadletter resume` resumes it.",
            None,
        ),
        "heed": ("receive", ("control",), "A worker reads nothing while its group is paused.", None),
        "record": ("receive", results, "Record stores events, verdicts and its own positions in one transaction.", "record"),
    }
    return {
        f"{verb}{channel[0].upper()}{channel[1:]}": {
            "action": action,
            "channel": {"$ref": f"#/channels/{channel}"},
            "summary": summary,
            "messages": [{"$ref": f"#/channels/{channel}/messages/{message}"} for message in by_channel[channel]],
        }
        | ({} if stage is None else {"bindings": {"kafka": {"groupId": _exactly(topics.GROUPS[stage])} | BINDING}})
        for verb, (action, channels, summary, stage) in operations.items()
        for channel in channels
    }


_RECEIVED = {
    "type": "string",
    "pattern": r"^\d+$",
    "description": "Milliseconds since the epoch: when the door received it. Absent where it came another way.",
}


def _event_message(kind: str, ref: str, recorded: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An event as a post sends it, with up to three recorded examples of its type."""
    family = kind.removeprefix(_PREFIX).split(".", 1)[0]
    sent = [event for event in recorded if event["type"] == kind][:3]
    payload = {"$ref": ref.replace("#/$defs/", "#/components/schemas/")}
    return {
        "name": kind,
        "title": kind.removeprefix(_PREFIX),
        "summary": _SUBJECT[family],
        "contentType": CLOUDEVENT,
        "headers": _headers({"content-type": _exactly(CLOUDEVENT), "mg-received": _RECEIVED}, required=()),
        "payload": {"allOf": [payload, {"type": "object", "properties": {"type": _exactly(kind)}}]},
        "bindings": {"kafka": {"key": _key("The event's `subject`: all that is said of one keeps its order.")} | BINDING},
        "examples": [{"name": event["id"], "headers": {"content-type": CLOUDEVENT}, "payload": event} for event in sent],
    }


def _verdict_message(event: Mapping[str, Any]) -> dict[str, Any]:
    finding = Finding(
        rule_id="21.1.new_works",
        clause="21(1)",
        article39=None,
        outcome=Outcome.NEEDS_FACTS,
        side=Side.CN,
        markers=("1088/2",),
        facts={"permanent": True, "change": "new", "distance_m": 18},
        missing=("agreed",),
        limit="distance_m <= 30",
        explanation=Explanation("Điều 21(1): còn thiếu: hai bên đã thỏa thuận hay chưa.", "Article 21(1): whether the two sides agreed."),
    )
    message = VerdictMessage(
        id=verdict_id(event["source"], event["id"], "2009.1"),
        subject=event["subject"],
        time=datetime.fromisoformat(event["time"]),
        data=VerdictData(
            event=msgspec.Raw(_bytes(event)),
            verdict=GivenVerdict(finding.outcome, "2009.1", 1, msgspec.Raw(msgspec.json.encode((finding,)))),
            origin=Origin(topic=INCIDENTS, partition=3, offset=41, timestamp=1_766_919_600_000),
        ),
    )
    return {
        "name": VERDICT_TYPE,
        "title": VERDICT_TYPE.removeprefix(_PREFIX),
        "summary": "The verdict on one event under one rule pack, and the event. The id is the same whenever it is given again.",
        "contentType": CLOUDEVENT,
        "headers": _headers({"content-type": _exactly(CLOUDEVENT)}, required=("content-type",)),
        "payload": {"$ref": "#/components/schemas/verdict.VerdictMessage"},
        "bindings": {"kafka": {"key": _key("The event's `subject`.")} | BINDING},
        "examples": [
            {"name": "needs-facts", "headers": {"content-type": CLOUDEVENT}, "payload": json.loads(write_verdict(message))},
        ],
    }


_OF_THE_SENDER = ("mg-source", "mg-sequence", "mg-id", "mg-problems")
"""Headers of a dead letter that are there where the payload says so much of itself."""


def _dead_letter_message(event: Mapping[str, Any]) -> dict[str, Any]:
    refused = {**event, "specversion": "0.3"}
    code, reason = _refusal(_bytes(refused))
    headers = {
        "mg-code": code,
        "mg-reason": reason,
        "mg-topic": INCIDENTS,
        "mg-partition": "3",
        "mg-offset": "42",
        "mg-timestamp": "1766919600000",
        "mg-sha256": hashlib.sha256(_bytes(refused)).hexdigest(),
        "mg-source": event["source"],
        "mg-sequence": str(int(event["sequence"])),
        "mg-id": event["id"],
    }
    number = {"type": "string", "pattern": r"^\d+$"}
    described: dict[str, dict[str, Any]] = {
        "mg-code": {
            "type": "string",
            "description": "Why, for programs: a problem's code, or what the service failed at: `rule_crash`, `quarantined`, `crashed`, `undecodable`.",
        },
        "mg-reason": {"type": "string", "description": "Why, in one Vietnamese sentence."},
        "mg-topic": {
            "type": "string",
            "description": "The topic it was read from, where `mocgioi deadletter redrive` sends it again; or `door`, which refused it.",
        },
        "mg-partition": number,
        "mg-offset": number,
        "mg-timestamp": number | {"description": "Milliseconds since the epoch: when Kafka took it."},
        "mg-sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Of the payload."},
        "mg-source": {"type": "string", "description": "The event's source, where it could be read."},
        "mg-sequence": number | {"description": "Its number in its source's sequence, where both could be read."},
        "mg-id": {"type": "string", "description": "Its id, where it could be read. Of one that is marked secret only a UUID."},
        "mg-problems": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "Each thing wrong with it: code, message, field.",
        },
    }
    return {
        "name": "dead-letter",
        "title": "dead letter",
        "summary": "A payload as it came, byte for byte. Of one that is marked secret, or no UTF-8, nothing is kept but headers: key and value are null.",
        "contentType": "application/octet-stream",
        "headers": _headers(described, required=[name for name in described if name not in _OF_THE_SENDER]),
        "payload": {"description": "Whatever was sent: an event, half an event, or no JSON at all."},
        "bindings": {"kafka": {"key": {"type": ["string", "null"], "description": "The key it came with."}} | BINDING},
        "examples": [{"name": "another-specversion", "headers": headers, "payload": refused}],
    }


def _refusal(raw: bytes) -> tuple[str, str]:
    try:
        decode(raw)
    except InvalidEvent as refused:
        return refused.code, refused.sentence
    raise AssertionError("the example of a dead letter is a good event")


def _bytes(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


def _message_name(kind: str) -> str:
    """`vn.mocgioi.incident.reported.v1` is `incidentReported`."""
    family, act, _ = kind.removeprefix(_PREFIX).split(".")
    return family + "".join(word.capitalize() for word in act.split("_"))


def _exactly(value: str) -> dict[str, Any]:
    return {"type": "string", "enum": [value]}


def _key(description: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": 255, "description": description}


def _headers(properties: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties)} | ({"required": list(required)} if required else {})


def _schemas(schema: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The definitions of a JSON Schema as components. Their `discriminator` goes: AsyncAPI's differs, and `oneOf` is enough."""

    def as_component(value: Any) -> Any:
        match value:
            case {"$ref": str(ref)}:
                return {**value, "$ref": ref.replace("#/$defs/", f"#/components/schemas/{prefix}")}
            case dict():
                return {key: as_component(item) for key, item in value.items() if not (key == "discriminator" and isinstance(item, dict))}
            case list():
                return [as_component(item) for item in value]
        return value

    return {f"{prefix}{name}": as_component(definition) for name, definition in schema["$defs"].items()}


_PAUSE_FLAG = {
    "name": "pause-flag",
    "title": "pause flag",
    "summary": "Why a group is paused; empty once a person has resumed it. The latest of a group holds.",
    "contentType": "text/plain",
    "headers": _headers({}, required=()),
    "payload": {"type": "string", "maxLength": 2000},
    "bindings": {"kafka": {"key": {"type": "string", "enum": list(topics.GROUPS.values())} | {"description": "The group."}} | BINDING},
    "examples": [
        {"name": "paused", "headers": {}, "payload": "20 rule crashes among the last 1000 events"},
        {"name": "resumed", "headers": {}, "payload": ""},
    ],
}

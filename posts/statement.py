"""What a person states about an incident: by a sentence, by a draft, by options, by answers. All become the data of one event."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posts.answers import facts_stated, measure_of, occurred_of, place_of
from posts.mint import uuid7
from schemas.codebook import Action, Direction, Kind, Precision, Side
from schemas.problems import InvalidEvent, Problem
from texts.sentence.draft import draft, facts_in
from texts.sentence.words import MissingField, Sentence

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a sentence or a draft states, before options and answers."""

    data: Data
    text: str | None = None
    """The sentence, which is no part of the event: it may name persons."""
    post: str | None = None
    """The source of the post that it names."""
    rehearsed: bool = False
    """It speaks of an exercise, so a person must say whether it is one."""
    asks: tuple[MissingField, ...] = ()
    """What it leaves open, each with a question that quotes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a command, as typed."""

    kind: Kind | None = None
    occurred: str | None = None
    precision: Precision | None = None
    marker: str | None = None
    gate: str | None = None
    area: str | None = None
    province: str | None = None
    side: Side | None = None
    direction: Direction | None = None
    facts: Sequence[str] = ()
    measures: Sequence[str] = ()
    steps: Sequence[Action] = ()
    text: str | None = None


def from_sentence(text: str, now: datetime) -> Drafted:
    """What a sentence states that was written just now. Raises `InvalidEvent` for one marked secret, or too long."""
    read = draft(text, event_id=uuid7(), time=now, is_new=True)
    return Drafted(_stated(read.event), text, read.event.get("source"), Sentence(text).is_rehearsed, read.missing)


def from_draft(document: bytes) -> Drafted:
    """What `mocgioi draft --json` printed, or the event in it. Raises `InvalidEvent`."""
    try:
        value = json.loads(document)
        event = value.get("event", value)
        stated_in_draft = _stated(event)
        asks = tuple(MissingField(**ask) for ask in value.get("missing", ()))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidEvent([Problem("json", "không phải bản nháp: cần điều `mocgioi draft --json` in ra")]) from None
    return Drafted(stated_in_draft, None, event.get("source"), asks=asks)


def stated(drafted: Drafted, options: Options, now: datetime) -> Data:
    """The data that a draft and the options make together. Options win; steps are added. Raises `InvalidEvent`."""
    data = dict(drafted.data)
    if options.kind is not None and options.kind != data.get("kind"):
        data = with_kind(drafted, data, options.kind)
    data |= changes(options, now, kind=data.get("kind"), before=data)
    if "facts" in data:  # nothing was known before, so nothing becomes unknown
        data["facts"] = {name: value for name, value in data["facts"].items() if value is not None}
    return data


def with_kind(drafted: Drafted, data: Data, kind: Kind) -> Data:
    """The data under a kind that a person chose: facts are read again, since each kind has its own."""
    facts = facts_in(drafted.text, kind) if drafted.text else {}
    return {name: value for name, value in data.items() if name != "facts"} | {"kind": kind.value} | ({"facts": facts} if facts else {})


def changes(options: Options, now: datetime, *, kind: str | None, before: Mapping[str, Any]) -> Data:
    """Only what the options state, each field as it is after `before`. Raises `InvalidEvent`."""
    data: Data = {name: code.value for name, code in (("side", options.side), ("direction", options.direction)) if code is not None}
    occurred = options.occurred or (before.get("occurred", {}).get("start") if options.precision else None)
    if occurred is not None:
        data["occurred"] = occurred_of(occurred, now=now, precision=options.precision)
    if place := _place(options, before.get("place")):
        data["place"] = place
    if options.facts:
        data["facts"] = dict(before.get("facts", {})) | facts_stated(None if kind is None else Kind(kind), options.facts)
    if options.measures:
        counts = [measure_of(measure) for measure in options.measures]
        counted = {count["what"] for count in counts}
        data["measures"] = [count for count in before.get("measures", ()) if count["what"] not in counted] + counts
    if options.steps:
        data["handling"] = [*before.get("handling", ()), *({"action": step.value} for step in options.steps)]
    if options.text is not None:
        data["text"] = options.text
    return data


def _place(options: Options, before: Mapping[str, Any] | None) -> Data | None:
    spots = [spot for spot in (options.marker, options.gate, options.area) if spot is not None]
    if len(spots) > 1:
        raise InvalidEvent([Problem("value", "data.place: chọn một trong mốc, cửa khẩu, khu vực", "data.place")])
    if not spots and options.province is None:
        return None
    place = place_of(marker=options.marker, gate=options.gate, area=options.area, province=options.province)
    return place if spots or before is None else dict(before) | {"province": place["province"]}


def _stated(event: Mapping[str, Any]) -> Data:
    return {name: value for name, value in event["data"].items() if name != "status"}

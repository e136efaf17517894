"""What happened to an incident, in words: its events in the order of the fold, and the conclusions of the machine between them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from schemas.codebook import OUTCOME_LABELS, Label, Outcome
from schemas.codebook_entries import fact_words, facts
from sinks.query.shown import Shown
from web.duty.rendering import unit_name

_EVENTS = {
    "incident.reported": "Báo tin",
    "incident.updated": "Bổ sung, đính chính",
    "incident.retracted": "Rút tin",
    "incident.reinstated": "Hủy việc rút",
    "incident.assessed": "Kết luận của cán bộ",
    "conflict.settled": "Xử lý mâu thuẫn",
    "duty.acknowledged": "Tiếp nhận",
    "duty.assigned": "Giao việc",
    "duty.noted": "Ghi chú",
    "duty.handed_over": "Bàn giao ca",
}
_FIELDS = {
    "kind": "loại việc",
    "status": "trạng thái",
    "occurred": "lúc xảy ra",
    "known_at": "lúc đồn biết",
    "place": "nơi xảy ra",
    "side": "phía",
    "direction": "hướng",
    "measures": "số lượng",
    "handling": "xử lý",
    "confidence": "độ tin cậy",
    "text": "lời kể",
    "attachments": "tệp",
}


class Entry(NamedTuple):
    """One event, or a new conclusion."""

    at: str
    title: str
    by: str
    lines: Sequence[str]
    is_duty: bool
    without_effect: str
    """Why it changes nothing; empty where it does."""


def timeline(incident: Shown) -> list[Entry]:
    """The events of an incident, and after each the conclusion that came with it, where it is another than before."""
    new = _conclusions(incident["versions"])
    entries = []
    for event in incident["events"]:
        entries.append(_entry(event))
        if outcome := new.get((event["source"], event["id"])):
            entries.append(Entry(event["recorded_at"], f"Máy kết luận: {OUTCOME_LABELS[Outcome(outcome)].vi}", "", (), False, ""))
    return entries


def missing_facts(incident: Shown) -> list[Label]:
    """The facts that the rules asked for and nobody gave, each once."""
    findings = [finding for finding in incident["findings"] or () if not finding.get("shadow")]
    return [facts()[name].label for name in dict.fromkeys(name for finding in findings for name in finding["missing"])]


def _conclusions(versions: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """The outcomes of versions that differ from the one before, each by the last event that had arrived."""
    before = None
    changed = {}
    for version in reversed(versions):
        if version["outcome"] != before and version["events"]:
            last = version["events"][-1]
            changed[last["source"], last["id"]] = before = version["outcome"]
    return changed


def _entry(event: Mapping[str, Any]) -> Entry:
    kind = event["type"].removeprefix("vn.mocgioi.").removesuffix(".v1")
    data = json.loads(event["body"])["data"]
    why = event["without_effect"]
    is_duty = kind.startswith("duty.")
    by = data.get("by", "") if is_duty else ""
    title = _EVENTS.get(kind, kind)
    return Entry(
        event["time"],
        title,
        f"{by}, {unit_name(event['source'])}" if by else unit_name(event["source"]),
        list(_lines(kind, data)),
        is_duty,
        why["vi"] if why else "",
    )


def _lines(kind: str, data: Mapping[str, Any]) -> Iterator[str]:
    """What an event says, a line for each thing."""
    if kind == "incident.updated":
        stated = [_FIELDS[name] for name in data if name in _FIELDS]
        stated += [_fact(name, value) for name, value in data.get("facts", {}).items()]
        yield ", ".join(stated)
    if outcome := data.get("outcome"):
        yield OUTCOME_LABELS[Outcome(outcome)].vi
    if to := data.get("to") or data.get("to_office"):
        yield f"giao cho {to}"
    if due := data.get("due"):
        yield f"hạn {due[:16].replace('T', ' ')}"
    for name in ("text", "reason", "note"):
        if words := data.get(name):
            yield words


def _fact(name: str, value: Any) -> str:
    entry = facts().get(name)
    label = entry.label.vi if entry else name
    return f"{label}: {'chưa rõ' if value is None else fact_words(name, value)}"

"""Traffic with everything in it that happens at posts, and what the record must hold afterwards, worked out by the pure functions."""

import json
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from agreement.incident import fold
from agreement.judge import judge
from agreement.packs import in_force
from schemas.events import IncidentEvent
from schemas.validation import decode
from tests.builders import NOON

KINDS = {
    "works": {"purpose": "other", "permanent": True, "change": "new", "agreed": False},
    "crossing": {"subject": "person"},
    "burning": {"land_clearing": True},
    "smuggling": {"goods": "pháo nổ"},
    "mining": {"agreed": False},
    "letter": {},
}
POISON = (
    b"",
    b"{bad",
    b"[]",
    b'{"id": "no envelope"}',
    b"\xff\xfe not utf-8",
    b'{"text": "\xc4\x90\xe1\xbb\x99 m\xe1\xba\xadt: T\xe1\xbb\x91i m\xe1\xba\xadt"}',
    b'{"a": 1, "a": 2}',
    b'{"a": "\\u0000"}',
    b'{"a": NaN}',
    b"{" + b" " * (300 * 1024) + b"}",
)


@dataclass
class Traffic:
    """Payloads in the order they are sent, each with its key, and what they come to."""

    sent: list[tuple[bytes, bytes]] = field(default_factory=list)
    accepted: dict[tuple[str, str], bytes] = field(default_factory=dict)
    conflicts: int = 0
    poison: int = 0

    def and_then(self, later: "Traffic") -> "Traffic":
        """Both, one after the other."""
        return Traffic(self.sent + later.sent, self.accepted | later.accepted, self.conflicts + later.conflicts, self.poison + later.poison)

    def incidents(self) -> dict[str, tuple[Any, ...]]:
        """For each subject: complete, retracted, kind, outcome."""
        by_subject: dict[str, list[Any]] = {}
        for raw in self.accepted.values():
            event = decode(raw)
            if isinstance(event, IncidentEvent):
                by_subject.setdefault(event.subject, []).append(event)
        states = {}
        for subject, events in by_subject.items():
            incident = fold(events)
            outcome = None
            if incident.complete:
                assert incident.occurred is not None
                outcome = str(judge(incident, in_force(incident.occurred.start.date())).outcome)
            states[subject] = (incident.complete, incident.retracted, None if incident.kind is None else str(incident.kind), outcome)
        return states


def traffic(count: int, *, seed: int, poison: float = 0.01) -> Traffic:
    """About `count` payloads: reports, a third of them followed up, some sent twice, a few with another body, `poison` of them unusable."""
    chance = random.Random(seed)
    generated = Traffic()
    sequences: dict[str, int] = {}
    reporters: dict[str, str] = {}
    subjects: list[str] = []

    def event(kind: str, subject: str, data: dict[str, Any], minutes: int) -> dict[str, Any]:
        # The reporter of an incident sends its other events too; those of other posts would have no effect.
        source = reporters.setdefault(subject, f"/posts/p{chance.randrange(20)}/d{seed}")
        number = sequences[source] = sequences.get(source, 0) + 1
        return {
            "specversion": "1.0",
            "id": f"s{seed}-{source.split('/')[2]}-{number}",
            "type": f"vn.mocgioi.{kind}.v1",
            "source": source,
            "subject": subject,
            "time": (NOON + timedelta(minutes=minutes)).isoformat(),
            "sequence": f"{number:08d}",
            "datacontenttype": "application/json",
            "data": data,
        }

    def send(sent: dict[str, Any]) -> None:
        raw = json.dumps(sent, ensure_ascii=False).encode()
        key = sent["subject"].encode()
        generated.sent.append((key, raw))
        generated.accepted.setdefault((sent["source"], sent["id"]), raw)
        if chance.random() < 0.03:
            generated.sent.append((key, raw))
        if chance.random() < 0.003:
            generated.sent.append((key, raw.replace(b'"sequence"', b'"another": "body", "sequence"')))
            generated.conflicts += 1

    while len(generated.sent) < count:
        if chance.random() < poison:
            generated.poison += 1
            generated.sent.append((f"poison-{generated.poison}".encode(), chance.choice(POISON)))
        elif subjects and chance.random() < 0.3:
            subject = chance.choice(subjects[-300:])
            what = chance.random()
            if what < 0.8:
                facts = (
                    {"facts": {"distance_m": chance.randrange(0, 1200)}}
                    if what < 0.4
                    else {"side": chance.choice(["VN", "CN", "contested"])}
                )
                send(event("incident.updated", subject, {"reason": "bổ sung"} | facts, chance.randrange(1, 10_000)))
            else:
                send(event("incident.retracted", subject, {"reason": "báo nhầm"}, chance.randrange(1, 10_000)))
        else:
            kind = chance.choice(list(KINDS))
            subjects.append(f"inc-{seed}-{len(subjects)}")
            data = {
                "kind": kind,
                "status": "actual",
                "occurred": {"start": (NOON - timedelta(hours=chance.randrange(1, 5000))).isoformat(), "precision": "hour"},
                "place": {"scheme": "marker", "line": "VN-CN", "marker": f"{chance.randrange(962, 1300)}/{chance.randrange(1, 3)}"},
                "side": chance.choice(["VN", "CN", "undetermined"]),
                "facts": KINDS[kind],
                "text": "Tổ tuần tra phát hiện, lập biên bản, báo cáo theo quy định.",
            }
            send(event("incident.reported", subjects[-1], data, 0))
    return generated

"""A report before it is minted: what is still missing, what the rules say of it, and what it does to the device's own incident."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agreement.effective import effective
from agreement.incident import Incident, fold
from agreement.judge import judge
from agreement.state import pack_of
from posts.mint import NewEvent, moment_after, written
from posts.post_spool import EventState, PostSpool
from schemas.codebook import Kind, Outcome
from schemas.events import AnyEvent, IncidentEvent
from schemas.validation import decode, read
from schemas.verdicts import Verdict
from texts.sentence.words import MissingField

_REQUIRED = {
    "status": "Việc thật hay diễn tập?",
    "kind": "Loại việc gì?",
    "occurred": "Xảy ra khi nào: ngày, tháng, năm (và giờ nếu biết)?",
    "place": "Ở đâu: mốc số mấy, cửa khẩu nào, hoặc tỉnh nào?",
    "side": "Hành vi của phía nào?",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What an incident comes to, as far as this machine knows it."""

    incident: Incident
    verdict: Verdict

    @property
    def outcome(self) -> Outcome:
        """The outcome that counts."""
        return self.verdict.outcome

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses it rests on."""
        return effective(self.incident, self.verdict).clauses

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would settle a `needs_facts`."""
        return tuple(dict.fromkeys(name for finding in self.verdict.findings if not finding.shadow for name in finding.missing))


def missing_fields(data: Mapping[str, Any], asks: Iterable[MissingField] = ()) -> list[MissingField]:
    """What a first report must state and does not, each with the question for it: that of `asks`, which quotes the sentence, where there is one."""
    missing = [MissingField(f"data.{name}", ask) for name, ask in _REQUIRED.items() if name not in data]
    if data.get("kind") == Kind.OTHER and not data.get("text"):
        missing.append(MissingField("data.text", "Việc gì đã xảy ra, không ghi họ tên người?"))
    quoting = {ask.field: ask for ask in asks}
    return [quoting.get(ask.field, ask) for ask in missing]


def preview(spool: PostSpool, source: str, event: NewEvent) -> AnyEvent:
    """The event as it would be minted now, under no number. Raises `InvalidEvent` with the problems that the centre would name."""
    return decode(written(event, source, number=0, time=moment_after(spool.last_time(event.subject))))


def own_events(spool: PostSpool, subject: str) -> list[AnyEvent]:
    """The events of an incident that this machine minted."""
    return [read(row.value) for row in spool.events_of(subject)]


def judged(events: Iterable[AnyEvent]) -> Judged:
    """The incident that these events make, under the rules in force when it occurred."""
    incident = fold([event for event in events if isinstance(event, IncidentEvent)])
    return Judged(incident, judge(incident, pack_of(incident)))


def is_otherwise_at_centre(states: Sequence[EventState], own: Judged) -> bool:
    """Whether the centre's last receipt says something else of an incident than its events here: others have spoken of it, too.

    False while an event here has no receipt, or did not count: then the two differ anyway. What others add without changing outcome or missing
    facts no receipt shows.
    """
    receipts = [state.receipt for state in states if state.receipt is not None and state.receipt.status == "recorded"]
    if not receipts or len(receipts) < len(states):
        return False
    return (receipts[-1].outcome, set(receipts[-1].missing)) != (own.outcome, set(own.missing))

"""Sending: what waits goes to the centre in order, and what the centre says of it comes back.

A batch counts as sent when the door has answered for it. A batch whose answer was lost is sent again: an event that the centre has is nothing new.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from posts.centre import PAGE, Centre, refusal
from posts.device import Device
from posts.post_spool import PostSpool
from posts.receipts import Receipt
from posts.spool import SpoolRow

MAX_EVENTS = 1_000
MAX_BYTES = 8 * 1024 * 1024
"""What the door takes in one request, unpacked."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did."""

    events: int
    refused: int


def send(spool: PostSpool, device: Device, centre: Centre, *, on_progress: Callable[[int], None] = lambda _: None) -> Sent:
    """Send all that waits. Raises `Unreachable`, `DoorRefused`, `Copied`, `SpoolProblem`; what was not sent then waits on."""
    spool.refuse_copied(device.source)
    # Asked before anything is sent: a spool that was put back from a backup would give numbers a second time.
    fetch_receipts(spool, device, centre)
    spool.mint_anew(device)
    events = refused = 0
    for batch in batches(spool):
        answers = centre.send([row.value for row in batch])
        refusals = [
            refusal(event.id, int(event.sequence), answer)
            for event, answer in zip(map(_IDS.decode, (row.value for row in batch)), answers, strict=True)
            if answer.status == "refused"
        ]
        spool.keep_receipts(device.source, refusals)
        spool.mark_sent(batch[-1].offset + 1)
        events += len(batch) - len(refusals)
        refused += len(refusals)
        on_progress(len(batch))
    spool.contacted(device.source, centre.skew_s)
    return Sent(events, refused)


def fetch_receipts(spool: PostSpool, device: Device, centre: Centre) -> list[Receipt]:
    """Ask for the receipts that are not here yet. Raises as `send`."""
    fresh: list[Receipt] = []
    after = spool.unanswered_from(device.source) - 1
    while True:
        page = centre.receipts(after=after)
        spool.contacted(device.source, centre.skew_s)
        spool.compare(page)
        spool.keep_receipts(device.source, page.receipts)
        fresh += page.receipts
        if len(page.receipts) < PAGE:
            return fresh
        after = page.receipts[-1].sequence


def batches(spool: PostSpool) -> Iterator[Sequence[SpoolRow]]:
    """What waits, in order, in pieces that the door takes. The next piece follows what was marked as sent meanwhile."""
    while rows := spool.read(spool.sent, MAX_EVENTS):
        size = 0
        for count, row in enumerate(rows):
            size += len(row.value) + 1
            if size > MAX_BYTES:
                rows = rows[:count]
                break
        yield rows


class _Ids(msgspec.Struct, frozen=True):
    id: str
    sequence: str


_IDS = msgspec.json.Decoder(_Ids)

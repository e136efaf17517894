"""Receipts: what the centre says became of each event of a device."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

Answered = Literal["recorded", "refused", "conflict", "without_effect"]
"""What a receipt says. An event without one is waiting here, or sent and not recorded yet."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of `GET /v1/receipts`."""

    sequence: int
    id: str | None
    """None of a refused event whose id could not be read."""
    status: Answered
    recorded_at: str | None = None
    incident: str | None = None
    outcome: str | None = None
    clauses: list[str] = []
    missing: list[str] = []
    problem: dict[str, Any] | None = None


class ReceiptPage(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to `GET /v1/receipts`."""

    source: str
    highest: int
    """The highest sequence that the centre recorded of this device; 0 where there is none."""
    gaps: list[tuple[int, int]]
    receipts: list[Receipt]


_FIRST = ("recorded", "without_effect", "refused", "conflict")


def standing(receipts: Iterable[Receipt]) -> Receipt:
    """The receipt that says what an event is now: one that was refused may have been redriven, and a conflict has its row beside the first's."""
    return min(receipts, key=lambda receipt: _FIRST.index(receipt.status))

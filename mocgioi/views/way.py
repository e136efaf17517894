"""The way on which an event came from a post: by a command unless its CloudEvents extensions say otherwise."""

import json
from collections.abc import Mapping
from typing import Any

_WAYS = {"phone": "điện thoại", "import": "bảng nhập", "form": "biểu mẫu"}


def way_of(body: str) -> dict[str, str | None]:
    """`via` and `takenby` of an event's body; None for what it does not state."""
    event = json.loads(body)
    return {name: value if isinstance(value := event.get(name), str) else None for name in ("via", "takenby")}


def way_words(way: Mapping[str, Any]) -> str:
    """The same for people; empty for a command."""
    via, taken_by = way["via"], way["takenby"]
    words = "" if via is None else _WAYS.get(via, via)
    return f"{words}, {taken_by} ghi" if taken_by else words

"""How the sentences of checks name posts, gates, moments and the first few of many things."""

from collections.abc import Sequence
from datetime import datetime

from border.gates import gates
from border.places import posts
from border.vietnam import HANOI


def some(names: Sequence[str], *, most: int = 5, between: str = ", ") -> str:
    """The first few names; all of them stand beside the sentence."""
    return between.join(names[:most]) + (f"{between}…" if len(names) > most else "")


def post_name(slug: str) -> str:
    """As people call it."""
    return posts()[slug].name if slug in posts() else slug


def source_name(source: str) -> str:
    """The post of a source as people call it, or an office's slug."""
    _, family, slug, *_ = source.split("/")
    return f"đồn {post_name(slug)}" if family == "posts" else slug


def gate_name(slug: str) -> str:
    """The names of both sides."""
    return gates()[slug].label if slug in gates() else slug


def moment(at: datetime) -> str:
    """Vietnam's time, to the minute."""
    return f"{at.astimezone(HANOI):%H:%M %d/%m/%Y}"

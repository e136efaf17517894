"""A simulated border: its posts, what they mint, and in which order it leaves them. The same seed gives the same bytes."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from border.places import gates, posts
from posts.simulation.days import Act, PlannedIncident, Post, PostPlan, plan
from posts.simulation.device import Device, Minted
from posts.simulation.incidents import Published
from posts.simulation.line_down import Line

_SENT_TWICE = 0.03
"""How often the answer to what was sent is lost, so that the post sends it again."""
_WRONG_CLOCK = 0.1
"""How many posts have a clock that is wrong."""
WRONG_BY = timedelta(hours=36)
"""At most."""


class Sent(NamedTuple):
    """One event on its way, for the first time or again."""

    at: datetime
    event: Minted


@dataclass(frozen=True, slots=True)
class Simulation:
    """All that the posts of a border do in some days."""

    sent: list[Sent]
    """In the order in which it leaves the posts."""
    minted: list[Minted]
    """Each event once."""
    incidents: list[PlannedIncident]
    crossings: Counter[tuple[str, str, str]]


def slugs_of(count: int) -> list[str]:
    """The posts of a simulation: those of the register, then invented ones."""
    registered = list(posts())
    return registered[:count] + [f"mo-phong-{number}" for number in range(len(registered) + 1, count + 1)]


def sources_of(seed: int, count: int) -> list[str]:
    """A device of each post. Another seed has other devices, so that several simulations fit into one record."""
    return [f"/posts/{slug}/d{1000 + seed % 9000}" for slug in slugs_of(count)]


def simulate(*, seed: int, sources: Sequence[str], days: int, start: datetime, published: Published) -> Simulation:
    """Simulate the posts of these devices from `start`, a midnight, on."""
    end = start + timedelta(days=days)
    sent: list[Sent] = []
    minted: list[Minted] = []
    incidents: list[PlannedIncident] = []
    crossings: Counter[tuple[str, str, str]] = Counter()
    for post in _posts(sources):
        chance = random.Random(f"{seed} {post.source}")  # noqa: S311  # of its own, so that one post more changes no other
        planned = plan(chance, post, published, start, end)
        events = list(_minted(chance, post, planned, start, days))
        sent += _sending(chance, events, Line(chance, start, end))
        minted += [event for _, event in events]
        incidents += planned.incidents
        crossings += planned.crossings
    sent.sort(key=lambda each: each.at)  # stable: what one post sends in one moment keeps its order
    return Simulation(sent, minted, incidents, crossings)


def _posts(sources: Sequence[str]) -> Iterator[Post]:
    """The posts of the devices; each gate is counted by one post of its province, at most."""
    free = defaultdict(list)
    for slug, gate in gates().items():
        free[gate.province].append(slug)
    provinces = sorted({post.province for post in posts().values()})
    for number, source in enumerate(sources):
        slug = source.split("/")[2]
        province = posts()[slug].province if slug in posts() else provinces[number % len(provinces)]
        yield Post(slug, source, province, free[province].pop(0) if free[province] else None)


def _minted(chance: random.Random, post: Post, planned: PostPlan, start: datetime, days: int) -> Iterator[tuple[datetime, Minted]]:
    """The events of a post, each with the true moment at which it was made."""
    wrong_until = start + timedelta(days=days) * chance.random() if chance.random() < _WRONG_CLOCK else start
    device = Device(post.source, chance, wrong_until, WRONG_BY * chance.uniform(-1, 1))
    by_act: dict[int, Minted] = {}
    for act in planned.acts:
        event = device.mint(act.kind, act.subject, _data(act, by_act), at=act.at, not_before=act.not_before)
        by_act[id(act)] = event
        yield act.at, event


def _data(act: Act, by_act: dict[int, Minted]) -> dict[str, object]:
    if act.corrects is None:
        return act.data
    corrected = by_act[id(act.corrects)]
    return act.data | {"corrects": {"source": corrected.source, "id": corrected.id}}


def _sending(chance: random.Random, events: Sequence[tuple[datetime, Minted]], line: Line) -> Iterator[Sent]:
    """What leaves a post and when: once its line is up, in the order in which it was made; now and then twice."""
    for made_at, event in events:
        at = line.up_from(made_at) + timedelta(seconds=5)
        yield Sent(at, event)
        if chance.random() < _SENT_TWICE:
            yield Sent(line.up_from(at + timedelta(seconds=chance.randrange(10, 7200))), event)

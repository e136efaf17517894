"""A simulation on disk, on its way to the centre, and in the record."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from border.vietnam import HANOI
from posts.simulation.border import Sent, Simulation, simulate, slugs_of
from posts.simulation.comparing import Receipt, Recorded
from posts.simulation.expected import Expected, expected
from posts.simulation.incidents import Published
from posts.simulation.pace import Pace, paced
from schemas.failures import Failure

if TYPE_CHECKING:  # simulating needs no database
    from sqlalchemy import Engine

    from posts.centre import Patience

_EXPECTED = "expected.json"
_PAGE = 1000
_BATCH = 200
"""Events in one request: a post that was offline for days has about as many."""


class NoSimulation(Failure):
    """A folder holds no simulation."""

    code = "no_simulation"


def simulated(*, seed: int, sources: Sequence[str], days: int, start: datetime) -> Simulation:
    """A simulation after the published incidents that ship with the program."""
    return simulate(seed=seed, sources=sources, days=days, start=start, published=published())


def published() -> Published:
    """The published incidents that ship with the program, as patterns."""
    lines = (files("mocgioi") / "data" / "published.jsonl").read_text(encoding="utf-8").splitlines()
    return Published.of([json.loads(line) for line in lines])


def write(simulation: Simulation, folder: Path, about: Mapping[str, Any]) -> list[Path]:
    """Write a file for each day on which something was sent, and what the record must hold afterwards. Returns the files of events."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / _EXPECTED).exists():  # days of an earlier simulation would be taken for days of this one
        for earlier in folder.glob("????-??-??.jsonl"):
            earlier.unlink()
    written = []
    for day, sent in groupby(simulation.sent, lambda each: each.at.astimezone(HANOI).date()):
        written.append(folder / f"{day}.jsonl")
        written[-1].write_bytes(b"".join(each.event.raw + b"\n" for each in sent))
    text = json.dumps({**about, **expected(simulation)}, ensure_ascii=False, indent=1)
    (folder / _EXPECTED).write_text(text + "\n", encoding="utf-8")
    return written


def expectation(folder: Path) -> Expected:
    """What a simulation's folder expects. Raises `NoSimulation`."""
    try:
        read: Expected = json.loads((folder / _EXPECTED).read_bytes())
    except (OSError, ValueError):
        raise NoSimulation(
            f"{folder}: không có expected.json đọc được · no readable expected.json: `mocgioi simulate --out {folder}`"
        ) from None
    return read


def enrol(engine: "Engine", posts: int) -> dict[str, str]:
    """Register a device of each simulated post. Returns their keys, by source."""
    from sinks.record.devices import add

    return {issued.source: issued.key for issued in (add(engine, slug) for slug in slugs_of(posts))}


def send(
    sent: Sequence[Sent],
    server: str,
    keys: Mapping[str, str],
    *,
    patience: "Patience",
    pace: Pace | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Send to the door, each device under its own key, at a pace or day by day. Raises as `posts.centre.Centre`."""
    from posts.centre import Centre

    centres = {source: Centre(server, key, patience) for source, key in keys.items()}
    try:
        for group in [sent] if pace is None else paced(sent, pace):
            for source, batch in _batches(group):
                centres[source].send(batch)
                on_progress(len(batch))
    finally:
        for centre in centres.values():
            centre.close()


def _batches(sent: Iterable[Sent]) -> Iterable[tuple[str, list[bytes]]]:
    """What each device sends on a day, in its order; between devices the order is nobody's."""
    by_device = sorted(sent, key=lambda each: (each.at.date(), each.event.source))
    for (_, source), run in groupby(by_device, lambda each: (each.at.date(), each.event.source)):
        events = [each.event.raw for each in run]
        for start in range(0, len(events), _BATCH):
            yield source, events[start : start + _BATCH]


def recorded(engine: "Engine", sources: Sequence[str]) -> Recorded:
    """What the record holds of these devices."""
    from sinks.query.crossings import crossing_sums
    from sinks.query.incidents import incidents

    return Recorded(
        incidents={row["incident"]: row for row in incidents(engine)},
        receipts={source: _receipts(engine, source) for source in sources},
        crossings=crossing_sums(engine, sources),
    )


def _receipts(engine: "Engine", source: str) -> list[Receipt]:
    from sinks.query.receipts import receipts

    kept: list[Receipt] = []
    after = 0
    while page := receipts(engine, source, after=after, limit=_PAGE).receipts:
        kept += [Receipt(each.sequence, each.id, each.status, each.incident) for each in page]
        after = page[-1].sequence
    return kept

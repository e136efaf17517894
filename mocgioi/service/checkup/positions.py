"""Positions: whether the logs are still those that the stages have read."""

import asyncio
from collections.abc import Iterator

from mocgioi.service.checkup.part_state import PartState
from mocgioi.service.cluster import cluster_of
from mocgioi.service.positions import held, recorded
from mocgioi.service.settings import Settings
from schemas.failures import Failure


def look_at_positions(settings: Settings) -> Iterator[PartState]:
    """Look at them, where Kafka and database answer: of either that does not, its own check says so."""
    if settings.kafka is None:
        return
    try:
        standings = asyncio.run(held(cluster_of(settings), recorded(settings)))
    except Failure:
        return
    part = "vị trí đọc · positions"
    differing = [standing for standing in standings if standing.difference is not None]
    for standing in differing:
        topic, number = standing.partition
        shown = f"{standing.stage}: {topic}[{number}] {standing.position.offset}: {standing.difference}"
        yield PartState(part, "unwell", shown, "deploy/runbooks/positions.md")
    if not differing:
        yield PartState(part, "well", str(len(standings)))

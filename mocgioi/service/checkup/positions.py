"""Positions: whether the logs are still those that the stages have read."""

import asyncio
from collections.abc import Iterator

from mocgioi.service.checkup.part_state import PartState
from mocgioi.service.cluster import cluster_of
from mocgioi.service.positions import compared, recorded
from mocgioi.service.settings import Settings
from schemas.failures import Failure


def look_at_positions(settings: Settings) -> Iterator[PartState]:
    """Check them where both Kafka and the database answer; the checks of those two say where one does not."""
    if settings.kafka is None:
        return
    try:
        standings = asyncio.run(compared(cluster_of(settings), recorded(settings)))
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

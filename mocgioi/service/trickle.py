"""A trial that comes alive: every few seconds some post reports something, as an exercise. No count changes, and nobody is woken."""

import asyncio
import random
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from mode import Service

from border.places import marker_ranges, posts
from border.vietnam import HANOI
from mocgioi.service.simulating import published
from posts.mint import NewEvent, mint, uuid7
from posts.simulation.incidents import report
from posts.spool import Spool
from schemas.codebook import Status

_DEVICE = "demo"


class Trickle(Service):
    """Appends a simulated report to the spool of the embedded pipeline now and then."""

    mundane_level = "debug"

    def __init__(self, path: Path, wake: Callable[[], None], *, every_s: float = 10.0, **options: Any) -> None:
        super().__init__(**options)
        self._path = path
        self._wake = wake
        self._every_s = every_s
        self._chance = random.Random()  # noqa: S311  # a simulation
        self._published = published()
        provinces = {stretch.province for stretch in marker_ranges()}
        self._posts = [post for post in posts().values() if post.province in provinces]

    @Service.task
    async def _trickle(self) -> None:
        while not self.should_stop:
            await asyncio.to_thread(self._append)
            self._wake()
            await self.sleep(self._every_s)

    def _append(self) -> None:
        post = self._chance.choice(self._posts)
        data = report(self._chance, self._published, post.province, datetime.now(HANOI)) | {"status": Status.EXERCISE.value}
        with closing(Spool(self._path)) as spool:
            mint(spool, f"/posts/{post.slug}/{_DEVICE}", [NewEvent("incident.reported", f"inc-{uuid7()}", data)])

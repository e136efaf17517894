"""A post that mints as fast as it can, killed or with its disk full; and what must hold of its spool then."""

import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from posts.post_spool import PostSpool

SOURCE = "/posts/tan-thanh/d1"
MINT = f"""
import sys
from pathlib import Path
from posts.mint import NewEvent, uuid7
from posts.post_spool import PostSpool
from tests.builders import incident
spool = PostSpool(Path(sys.argv[1]))
while True:
    event, = spool.mint({SOURCE!r}, [NewEvent("incident.reported", "inc-" + uuid7(), incident())])
    print(event.number, flush=True)
"""


def kill_while_minting(path: Path, *, within_s: float) -> int:
    """Start it, kill it at a random moment after its first event; gives the last number that it said was accepted."""
    with subprocess.Popen([sys.executable, "-c", MINT, path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(random.uniform(0, within_s))
        process.kill()
        return int([first, *process.stdout.read().splitlines()][-1])


def mint_until_the_disk_is_full(path: Path, *, limit: int) -> tuple[list[int], str]:
    """The numbers accepted before no file may grow any more, and what was said then."""
    ended = subprocess.run(
        [sys.executable, "-c", MINT, path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    return [int(line) for line in ended.stdout.splitlines()], ended.stderr


def numbers_of(path: Path) -> list[int]:
    """The sequence of the events in a spool, read from the events themselves, in their order there."""
    spool = PostSpool(path)
    numbers: list[int] = []
    position = 0
    while rows := spool.read(position, 1000):
        numbers += [int(json.loads(row.value)["sequence"]) for row in rows]
        position = rows[-1].offset + 1
    assert len(numbers) == spool.last_number(SOURCE)
    assert [state.sequence for state in reversed(spool.states())] == numbers
    spool.close()
    return numbers

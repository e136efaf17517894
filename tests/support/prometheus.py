"""A real Prometheus that asks processes of this machine."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from tests.support.debian import program
from tests.support.kafka import free_port
from tests.support.workers import wait_until


@contextmanager
def prometheus(folder: Path, targets: Mapping[str, str]) -> Iterator[httpx.Client]:
    """A client of its API, for as long as the context lasts. It asks each job's `host:port` every second; the first answers are there."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [{"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in targets.items()]
    config, port = folder / "prometheus.yml", free_port()
    config.write_text(yaml.safe_dump({"global": {"scrape_interval": "1s"}, "scrape_configs": jobs}))
    command = [program("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=30) as client:
            wait_until(lambda: _up(client) == len(targets) or process.poll() is not None, "every job has answered")
            assert process.poll() is None, (folder / "log").read_text()[-4000:]
            yield client
    finally:
        process.terminate()
        process.wait(20)


def _up(client: httpx.Client) -> int:
    """How many targets have answered."""
    try:
        return len(client.get("/query", params={"query": "up == 1"}).json()["data"]["result"])
    except (httpx.HTTPError, ValueError):
        return 0

"""How soon a person learns of a shot: from a device's HTTPS post to the message of Alertmanager, with the intervals that are shipped.

    python -m bench.alerts [--shots 20]

The door is embedded: it takes the event, records it and notifies, all in one process beside PostgreSQL. Alertmanager runs with the configuration
of `deploy/alertmanager`. The bar: every shot within 10 s. Most of it is the notifier's look every two seconds.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from tests import builders
from tests.support.alerting import notifying, shipped_config, shooting
from tests.support.alertmanager import Hook, alertmanager, hook
from tests.support.door import RunningDoor, door
from tests.support.door_in_process import ONE
from tests.support.kafka import free_port
from tests.support.postgres import open_folder
from tests.support.workers import wait_until

BAR_S = 10.0
_LOOKS_S = 2.0
_STEP_S = 0.37
"""Each shot is fired so much later after the message about the last one, so that they meet the notifier at all times between two looks."""


def main() -> None:
    """Measure, and print what came of it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shots", type=int, default=20)
    given = options.parse_args()
    port, home = free_port(), open_folder()
    with tempfile.TemporaryDirectory(prefix="mocgioi-bench-") as folder, door(home, **notifying(port)) as centre, hook() as person:
        config = shipped_config(Path(folder), door=f"127.0.0.1:{centre.port}", webhook=person.url)
        with alertmanager(Path(folder), port, config):
            print(json.dumps(measure(centre, person, given.shots)))


def measure(centre: RunningDoor, person: Hook, shots: int) -> dict[str, object]:
    """Post one shot after the other, and wait for each."""
    device = centre.enrol()
    seconds = []
    with centre.client(device) as client:
        for sequence in range(1, shots + 1):
            event = shooting(device, sequence)
            began = time.monotonic()
            client.post("/v1/events", content=builders.payload(event), headers={"content-type": ONE}).raise_for_status()
            wait_until(lambda: event["subject"] in subjects(person), "the message about the shot")  # noqa: B023  # waited for here
            seconds.append(time.monotonic() - began)
            time.sleep(sequence * _STEP_S % _LOOKS_S)
    ordered = sorted(seconds)
    return {
        "shots": shots,
        "median_s": round(ordered[shots // 2], 2),
        "slowest_s": round(ordered[-1], 2),
        "bar_s": BAR_S,
        "within_bar": ordered[-1] < BAR_S,
    }


def subjects(person: Hook) -> set[str]:
    """The incidents of which the person has had a message."""
    return {alert["labels"]["incident"] for alert in person.alerts("firing")}


if __name__ == "__main__":
    main()

"""The door as it is served, embedded: events in over HTTP, receipts out."""

import pytest

from tests import builders
from tests.support.door import RunningDoor, door
from tests.support.workers import wait_until

ONE, LINES = {"content-type": "application/cloudevents+json"}, {"content-type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory):
    with door(tmp_path_factory.mktemp("door")) as running:
        yield running


def test_an_event_is_accepted_recorded_and_has_a_receipt(embedded: RunningDoor):
    device = embedded.enrol()
    event = builders.reported(source=device.source, sequence="00000001")
    with embedded.client(device) as client:
        accepted = client.post("/v1/events", content=builders.payload(event), headers=ONE)
        assert (accepted.status_code, accepted.json()) == (
            202,
            {"id": event["id"], "source": device.source, "sequence": "00000001", "status": "accepted"},
        )
        wait_until(lambda: client.get("/v1/receipts").json()["highest"], "the receipt")
        answer = client.get("/v1/receipts").json()
    (receipt,) = answer.pop("receipts")
    assert answer == {"source": device.source, "highest": 1, "gaps": []}
    assert receipt.pop("recorded_at").endswith("+07:00")
    assert receipt == {
        "sequence": 1,
        "id": event["id"],
        "status": "recorded",
        "incident": event["subject"],
        "outcome": "breach",
        "clauses": ["21(1)"],
        "missing": [],
        "problem": None,
    }

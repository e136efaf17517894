"""The probe: an event that says nothing, which the door sends through the whole path every minute. Where it stays away, so does all else."""

import json
import uuid
from datetime import datetime

from schemas.fields import Strict

PROBE_TYPE = "vn.mocgioi.probe.sent.v1"
PROBE_SOURCE = "/mocgioi/probe"
PROBE_SUBJECT = "probe"
"""The same for all, so that probes keep their order. They tell of one partition of the topic; the lag tells of all."""


class ProbeSent(Strict):
    """Nothing: type, source and time of the envelope say it all."""


def probe(now: datetime) -> bytes:
    """A probe sent now. Its sequence is the second at which it was sent: nobody counts probes, and a missing one is no gap."""
    envelope = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "type": PROBE_TYPE,
        "source": PROBE_SOURCE,
        "subject": PROBE_SUBJECT,
        "time": now.isoformat(timespec="milliseconds"),
        "sequence": str(int(now.timestamp())),
        "datacontenttype": "application/json",
        "data": {},
    }
    return json.dumps(envelope).encode()

"""The nil report, and counts at a gate."""

from posts.answers import moment_of
from posts.device import Device
from posts.mint import NewEvent
from posts.post_spool import PostSpool


def nil_report(spool: PostSpool, device: Device, since: str, until: str, *, text: str | None, exercise: bool) -> NewEvent:
    """That nothing happened in an interval. Raises `InvalidEvent`, also where this machine reported an incident of the interval."""
    start, end = moment_of("data.interval.start", since), moment_of("data.interval.end", until, is_end=True)
    data = {
        "status": "exercise" if exercise else "actual",
        "interval": {"start": start.isoformat(), "end": end.isoformat()},
        "incidents": 0,
        "crossings": 0,
        "waiting": spool.waiting(spool.sent),
        "last_sequence": f"{spool.last_number(device.source):08d}",
    }
    return NewEvent("post.reported", device.post, data | ({"text": text} if text else {}))

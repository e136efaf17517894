"""What runs beside the stream in every process that records."""

from datetime import timedelta

from mode import Service

from mocgioi.service.payload_removal import PayloadRemoval
from mocgioi.service.post_watch import PostWatch
from mocgioi.service.record_gauges import RecordGaugesWatch
from mocgioi.service.recount import Recount
from mocgioi.service.report_gauges import ReportWatch
from mocgioi.service.settings import Settings
from sinks.metrics import Metrics
from sinks.query.gauges import WakeConfig


def watches(settings: Settings, url: str, metrics: Metrics, *, recount_after_s: float = 300.0) -> list[Service]:
    """The watches over the record at a URL. The first recount waits: a process that starts has a backlog to take in."""
    wake = WakeConfig(timedelta(hours=settings.duty_wake_hours), timedelta(days=settings.duty_known_days))
    return [
        RecordGaugesWatch(url, metrics, wake=wake),
        PostWatch(url, metrics),
        ReportWatch(url, metrics),
        Recount(url, metrics, first_s=recount_after_s),
        PayloadRemoval(url, metrics, days=settings.deadletter_days),
    ]

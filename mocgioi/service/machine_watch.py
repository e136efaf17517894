"""What a process sees of its machine: the disk, the certificates and the backups it depends on, as gauges."""

import asyncio
import shutil
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from mode import Service

from mocgioi.service.settings import Settings
from sinks.metrics import Metrics

log = structlog.get_logger(__name__)

Place = TypeVar("Place")

_TIMEOUT_S = 5.0
_HTTPS = 443
_OVER = 1.0
"""The end of a served certificate that is over: only one that holds can be read."""


class MachineWatch(Service):
    """Looks every five minutes, on a thread."""

    mundane_level = "debug"

    def __init__(self, settings: Settings, metrics: Metrics, *, every_s: float = 300.0, **options: Any) -> None:
        super().__init__(**options)
        self._settings = settings
        self._metrics = metrics
        self._every_s = every_s

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            await asyncio.to_thread(self.look)
            await self.sleep(self._every_s)

    def look(self) -> None:
        """Set the gauges. What cannot be seen stays as it was."""
        settings, certificate = self._settings, "border_certificate_expiry_timestamp_seconds"
        self._show(disk_free, settings.home, "border_disk_free_ratio")
        if settings.backup_folder is not None:
            self._show(newest_file, settings.backup_folder, "border_backup_timestamp_seconds")
        if settings.kafka_ca_file is not None:
            self._show(file_until, settings.kafka_ca_file, certificate, "kafka_ca")
        if settings.public_url is not None and settings.public_url.startswith("https://"):
            self._show(served_until, settings.public_url, certificate, "door")

    def _show(self, see: Callable[[Place], float], place: Place, metric: str, *labels: str) -> None:
        try:
            self._metrics.set(metric, see(place), *labels)
        except (OSError, ValueError) as error:
            log.warning("not_seen", metric=metric, place=str(place), error=str(error))


def disk_free(folder: Path) -> float:
    """The free share of the disk that a folder is on, or will be."""
    usage = shutil.disk_usage(next(path for path in (folder, *folder.absolute().parents) if path.exists()))
    return usage.free / usage.total


def newest_file(folder: Path) -> float:
    """When the newest file in a folder, or below it, was written; 0 where there is none."""
    return max((path.stat().st_mtime for path in folder.rglob("*") if path.is_file()), default=0.0)


def file_until(certificates: Path) -> float:
    """When the first of the authorities' certificates in a file ends. Raises `OSError`."""
    authorities = ssl.create_default_context(cafile=certificates).get_ca_certs()
    return min(map(_end, authorities), default=0.0)


def served_until(url: str) -> float:
    """When the certificate ends that an address is served with. Raises `OSError`."""
    address = urlsplit(url)
    place = address.hostname or "", address.port or _HTTPS
    # Only a certificate that is verified is read, so it vouches for itself: whether others trust it is not asked here.
    context = ssl.create_default_context(cadata=ssl.get_server_certificate(place, timeout=_TIMEOUT_S))
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        with socket.create_connection(place, timeout=_TIMEOUT_S) as plain, context.wrap_socket(plain, server_hostname=place[0]) as served:
            return _end(served.getpeercert() or {})
    except ssl.SSLCertVerificationError:
        return _OVER


def _end(certificate: Any) -> float:
    return float(ssl.cert_time_to_seconds(certificate["notAfter"]))

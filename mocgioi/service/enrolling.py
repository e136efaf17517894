"""Enrolment: the centre says which device a key belongs to, and this data folder becomes it."""

from contextlib import suppress
from urllib.parse import urlsplit

from mocgioi.service import logs
from mocgioi.service.settings import Settings
from mocgioi.service.spools import alone_with, post_spool_of
from mocgioi.views.output import USAGE, fail, note
from posts.centre import AT_ONCE, Centre
from posts.device import Device, NotEnrolled, enrolled_or_none, save
from posts.post_spool import PATIENCE_S

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def enrol(settings: Settings, server: str, key: str) -> Device:
    """Make this data folder the device of a key. Raises `Unreachable` and `DoorRefused`; leaves with a problem where it may not be it.

    Nothing is changed before the centre has answered.
    """
    server = server.strip().rstrip("/")
    _check(server)
    key = key.strip()
    if not key.isascii() or not key.isprintable() or not key:
        fail("usage", "--key: mã bắt đầu bằng mgk_, chép nguyên văn · the key as the centre gave it, mgk_…", USAGE)
    logs.at_prompt(settings)
    centre = Centre(server, key, AT_ONCE)
    try:
        page = centre.receipts(after=0, limit=1)
        skew_s = centre.skew_s
    finally:
        centre.close()
    device, former = Device(page.source, server, key), None
    with suppress(NotEnrolled):  # a damaged file is what this mends
        former = enrolled_or_none(settings.home)
    with post_spool_of(settings) as spool, alone_with(spool.path, patience_s=PATIENCE_S):
        spool.refuse_copied(device.source)
        if page.highest > spool.last_number(device.source):
            fail(
                "device_used",
                f"{device.source} đã gửi đến số {page.highest} từ máy khác hoặc lần cài trước: xin thiết bị mới ở trung tâm · this device sent "
                "events from another machine or installation: ask for a new one: `mocgioi devices add`",
            )
        if former is not None and former.post != device.post and (count := spool.waiting(spool.sent)):
            fail(
                "still_waiting",
                f"còn {count} tin của {former.source} chưa gửi, không thể thành thiết bị của đồn khác · events of another post still wait: "
                "`mocgioi post send`",
            )
        save(settings.home, device)
        spool.contacted(device.source, skew_s)
    return device


def _check(server: str) -> None:
    parts = urlsplit(server)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        fail("usage", f"--server {server!r}: cần dạng · needs the form https://trung-tam.example", USAGE)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        note("insecure", f"{server}: không mã hóa, khóa và tin đi trần trên mạng; dùng https · not encrypted, use https")

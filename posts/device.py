"""The device that this machine is: its name, its key, and where the centre is. It lives in the data folder, readable by its owner alone."""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from schemas.failures import Failure

_FILE = "device.json"


@dataclass(frozen=True, slots=True)
class Device:
    """One enrolled device of a post."""

    source: str
    """`/posts/tan-thanh/d1`."""
    server: str
    """The address of the centre's door, without a slash at its end."""
    key: str
    """Proves to the door that an event comes from this device."""

    @property
    def post(self) -> str:
        """The slug of its post."""
        return self.source.split("/")[2]

    def __repr__(self) -> str:  # a key in a log would be everybody's
        return f"Device({self.source!r}, {self.server!r})"


class NotEnrolled(Failure):
    """Nobody has made this machine a device of a post."""

    code = "not_enrolled"


def enrolled(home: Path) -> Device:
    """The device of a data folder. Raises `NotEnrolled`."""
    if (device := enrolled_or_none(home)) is None:
        raise NotEnrolled(
            "máy này chưa ghi danh là thiết bị của đồn: xin mã ở trung tâm rồi chạy · this machine is no device of a post yet: "
            "`mocgioi post enrol --server URL --key KEY`"
        )
    return device


def enrolled_or_none(home: Path) -> Device | None:
    """The device of a data folder; None before the first enrolment. Raises `NotEnrolled` where its file is damaged."""
    path = home / _FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Device)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        raise NotEnrolled(
            f"{path}: tệp ghi danh bị hỏng, ghi danh lại bằng thiết bị mới · the file is damaged, enrol again as a new device"
        ) from None


def save(home: Path, device: Device) -> None:
    """Make a data folder that device: on disk whole, or as before."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, part = home / _FILE, home / f"{_FILE}.part"
    part.unlink(missing_ok=True)  # what a kill left
    part.touch(mode=0o600)
    with part.open("wb") as file:
        file.write(msgspec.json.encode(device))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(home, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

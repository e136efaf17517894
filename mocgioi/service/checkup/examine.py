"""The check-up of `mocgioi doctor`."""

import os
import platform
from collections.abc import Iterator

from mocgioi.service.checkup.database import look_at_database
from mocgioi.service.checkup.kafka import look_at_kafka
from mocgioi.service.checkup.part_state import PartState, first_line
from mocgioi.service.checkup.positions import look_at_positions
from mocgioi.service.checkup.spools import look_at_spools
from mocgioi.service.settings import Settings


def examine(settings: Settings) -> Iterator[PartState]:
    """Check every part, in the order in which they depend on each other."""
    yield PartState("Python", "well", platform.python_version())
    yield _home(settings)
    yield from _guarded("spool", look_at_spools(settings))
    yield from _guarded("PostgreSQL", look_at_database(settings))
    yield from _guarded("Kafka", look_at_kafka(settings))
    yield from _guarded("positions", look_at_positions(settings))


def _guarded(part: str, states: Iterator[PartState]) -> Iterator[PartState]:
    """The states of a part. An error that nobody foresaw becomes a state too, so that the other parts are still checked."""
    try:
        yield from states
    except Exception as error:  # noqa: BLE001  # the check-up goes on
        yield PartState(
            part, "unwell", f"{type(error).__name__}: {first_line(error)}", "xem cấu hình của phần này · look at this part's configuration"
        )


def _home(settings: Settings) -> PartState:
    existing = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    if os.access(existing, os.W_OK):
        return PartState("thư mục dữ liệu · data folder", "well", str(settings.home))
    remedy = "đặt MOCGIOI_HOME vào thư mục ghi được · set MOCGIOI_HOME to a folder that can be written"
    return PartState("thư mục dữ liệu · data folder", "unwell", f"{existing}: không ghi được · not writable", remedy)

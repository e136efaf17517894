"""Files into a spool: what an import refuses by its clock."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mocgioi.service.spooling import spool_files
from posts.spool import Spool
from tests.builders import NOON, payload, reported

QUARTER_HOUR = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("time", "answer"),
    [
        (NOON, (1, 0)),
        (NOON + QUARTER_HOUR - timedelta(milliseconds=1), (1, 0)),
        (NOON + QUARTER_HOUR, (1, 0)),
        (NOON + QUARTER_HOUR + timedelta(milliseconds=1), (0, 1)),
        (NOON + timedelta(days=1), (0, 1)),
    ],
)
def test_a_time_is_held_to_the_clock(tmp_path: Path, capsys: pytest.CaptureFixture[str], time: datetime, answer: tuple[int, int]) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(payload(reported(time=time.isoformat())))
    spool = Spool(tmp_path / "spool.db")
    assert spool_files([file], spool, clock=lambda: int(NOON.timestamp() * 1000)) == (*answer, True)
    assert len(spool.read(0, 10)) == answer[0]
    assert ("problem: ahead: " in capsys.readouterr().err) == bool(answer[1])
    spool.close()

"""A post's machine killed two hundred times while it mints: nothing accepted is lost, and no number is missing."""

from pathlib import Path

import pytest

from tests.support.post_kills import kill_while_minting, numbers_of


@pytest.mark.timeout(1800)
def test_two_hundred_kills_leave_no_gap_and_lose_nothing_accepted(tmp_path: Path) -> None:
    path = tmp_path / "post.db"
    for _ in range(200):
        accepted = kill_while_minting(path, within_s=0.2)
        numbers = numbers_of(path)
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= accepted

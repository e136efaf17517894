"""`mocgioi demo`: what a newcomer sees first, and what it leaves behind."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.commands import Command, Ended, cpu_seconds
from tests.support.door import RunningDoor
from tests.support.postgres import open_folder
from tests.support.workers import wait_until

AGAIN_IN_HELPS = 16
"""What the second run may cost, in times `mocgioi --help`: about 3 s of a machine that shows the help in 0.2 s."""
S4 = {"exempt", "no_breach", "not_applicable", "needs_facts"}


class Seen:
    """The demo run twice."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.first: Ended = command("demo")
        began = cpu_seconds()
        self.again: Ended = command.from_its_file("demo")
        self.again_s = cpu_seconds() - began
        began = cpu_seconds()
        command.from_its_file("--help")
        self.help_s = cpu_seconds() - began
        self.rows = command("incidents", "list", "--json").document


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    home = open_folder()
    yield Seen(Command(home))
    shutil.rmtree(home)


def test_the_first_run_shows_the_published_incidents_and_their_totals(seen: Seen) -> None:
    assert (seen.first.code, seen.first.err) == (0, "")
    shown = [line.split()[0] for line in seen.first.out.splitlines() if line.strip().startswith("inc-pub-")]
    assert len(shown) == len(set(shown)) == len(seen.rows) >= 35
    assert set(shown) == {row["incident"] for row in seen.rows}
    counted = [row for row in seen.rows if row["status"] == "actual"]
    assert f"{len(counted)} vụ việc" in seen.first.out
    for label in ("Kết luận · outcome", "Phía · side", "Việc · kind", "Điều khoản · clause", "Cộng · total", "Xem tiếp · next"):
        assert label in seen.first.out
    assert f"{len(shown)} events recorded" in seen.first.out


def test_its_totals_are_those_of_the_record(seen: Seen) -> None:
    counted = [row for row in seen.rows if row["status"] == "actual"]
    (outcomes,) = [line for line in seen.first.out.splitlines() if line.startswith("Kết luận · outcome")]
    assert sum(int(part.rpartition(": ")[2]) for part in outcomes.split("; ")) == len(counted)


def test_incidents_stand_from_west_to_east(seen: Seen) -> None:
    places = {row["incident"]: row["markers"] for row in seen.rows}
    shown = [line.split()[0] for line in seen.first.out.splitlines() if line.strip().startswith("inc-pub-")]
    mains = [
        int("".join(c for c in places[name][0].split("/")[0].split("(")[0].split("-")[0].split("+")[0])) for name in shown if places[name]
    ]
    assert mains == sorted(mains)
    assert len(mains) >= 15


def test_a_second_run_adds_nothing_and_says_so(seen: Seen) -> None:
    assert (seen.again.code, seen.again.err) == (0, "")
    assert "Không có gì mới" in seen.again.out
    assert f"all {len(seen.rows)} events are in the record" in seen.again.out
    events = "events recorded"
    assert events not in seen.again.out
    before, after = (out.partition("Đã ghi")[0].partition("Không có gì mới")[0] for out in (seen.first.out, seen.again.out))
    assert before == after, "the same incidents and totals"


def test_a_second_run_is_quick(seen: Seen) -> None:
    # The CPU time of the command and of all that it starts, since the wall clock measures what else the machine is doing.
    assert seen.again_s < AGAIN_IN_HELPS * seen.help_s


def test_works_the_other_side_announced_are_not_called_breaches(seen: Seen) -> None:
    works = {row["incident"]: row["outcome"] for row in seen.rows if row["kind"] in ("works", "works_notice", "survey")}
    assert len(works) >= 8
    assert set(works.values()) <= S4
    assert {"exempt", "needs_facts", "not_applicable"} <= set(works.values())
    assert "breach" not in {row["outcome"] for row in seen.rows}


def test_what_it_tells_to_look_at_next_can_be_looked_at(seen: Seen) -> None:
    (line,) = [line for line in seen.first.out.splitlines() if "mocgioi incidents show" in line]
    named = line.split("mocgioi incidents show")[1].split()[0]
    shown = seen.command("incidents", "show", named)
    assert shown.code == 0
    assert "21(2)" in shown.out


def test_served_it_comes_alive_and_no_count_changes(seen: Seen, tmp_path: Path) -> None:
    door = RunningDoor(seen.command.home, tmp_path / "door.log", command=("demo", "--serve"), MOCGIOI_LOG="json")
    try:
        door.wait_listening()
        wait_until(lambda: len(seen.command("incidents", "list", "--json").document) > len(seen.rows), "a post reports")
        assert httpx.get(f"{door.url}/readyz").status_code == 200
        login, password = re.findall(r"pages: ([\w-]+), (\S+)", door.log.read_text())[0]
        with httpx.Client(base_url=door.url, follow_redirects=True) as visitor:
            (token,) = re.findall(r'name="csrf" value="([^"]+)"', visitor.get("/duty").text)
            entered = visitor.post("/duty/login", data={"login": login, "password": password, "csrf": token})
            assert "Đường biên" in entered.text
            assert entered.url.path == "/duty"
        rows = seen.command("incidents", "list", "--json").document
    finally:
        assert door.stop() == 0
    assert {row["status"] for row in rows if row["incident"] not in {row["incident"] for row in seen.rows}} == {"exercise"}


def test_nothing_of_it_keeps_running(seen: Seen) -> None:
    assert not (seen.command.home / "postgres" / "pg" / "postmaster.pid").exists()

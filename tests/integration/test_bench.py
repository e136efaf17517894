"""The benchmark still runs, and measures what it says."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from bench.events import events
from bench.pipeline import Bar
from schemas.doorway import decode
from tests.support.kafka import ROOT


def test_the_events_measured_with_are_valid_repeatable_and_of_the_size_stated():
    made = list(events(3000))
    assert made == list(events(3000))
    assert 800 < sum(len(one.value) for one in made) / len(made) < 1000
    told = [decode(one.value) for one in made]
    assert len({(one.source, one.id) for one in told}) == len({(one.source, one.number) for one in told}) == 3000
    kinds = Counter(one.type.split(".")[3] for one in told)
    assert kinds["reported"] > 2500
    assert min(kinds[kind] for kind in ("updated", "retracted", "assessed", "recorded")) > 10


@pytest.mark.parametrize(
    ("bar", "kept"), [(Bar("a", 0.74, 0.75, at_least=True), False), (Bar("a", 12.1, 12), False), (Bar("a", 12, 12), True)]
)
def test_a_bar_says_whether_it_is_kept(bar: Bar, kept: bool):
    assert bar.kept is kept


def test_a_quick_run_prints_every_stage_and_every_bar():
    environment = os.environ | {"COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.pipeline", "--quick"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for said in (
        "publish",
        "classify",
        "record",
        "classify + record",
        "all three",
        "by hand",
        "bare",
        "p99",
        "peak MB of a worker",
        "--help",
    ):
        assert said in done.stdout
    assert done.stdout.count("kept") + done.stdout.count("MISSED") == 9

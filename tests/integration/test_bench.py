"""The benchmarks still run, and measure what they say."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from bench.events import events
from bench.pipeline import Bar
from bench.reports import Timed
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


@pytest.mark.parametrize(
    ("seconds", "most", "said"), [(2.01, 2, "MISSED, at most 2"), (2, 2, "kept, at most 2"), (1.9, 2, "kept, at most 2"), (9, None, "")]
)
def test_a_time_says_how_it_stands_to_its_bar(seconds: float, most: float | None, said: str):
    assert Timed("a", seconds, most, load=1).said == said


def quick(bench: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", bench, "--quick"],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_quick_run_prints_every_stage_and_every_bar():
    told = quick("bench.pipeline")
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
        assert said in told
    assert told.count("kept") + told.count("MISSED") == 9


def test_a_quick_run_of_reports_prints_every_time_and_the_bars_of_all_but_the_ten_years():
    told = quick("bench.reports")
    for period in ("all 2024", "lang-son 2024", "all 2024-10", "all 2024H1", "all 2015..2024"):
        assert f"report {period} " in told
        assert f"audit {period} " in told
    for said in (
        "8,000 crossings, 200 incidents; bare pass",
        "figures of 120 months",
        "write json",
        "write md",
        "write docx",
        "write xlsx",
    ):
        assert said in told
    judged = [line for line in told.splitlines() if "kept" in line or "MISSED" in line]
    assert len(judged) == 9
    assert not any("2015..2024" in line for line in judged)

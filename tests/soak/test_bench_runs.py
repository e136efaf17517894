"""The benchmarks of the pipeline and of the history run to their end. Minutes, so they are not among the tests of every change."""

import pytest

from tests.integration.test_bench import quick


@pytest.mark.timeout(600)  # some thirty processes
def test_a_quick_run_prints_every_stage_and_every_bar():
    printed = quick("bench.pipeline", "--million")
    for word in ("publish", "classify", "record", "classify + record", "ours", "afternoon", "bare", "p99", "PostgreSQL's", "2,000 events"):
        assert word in printed
    assert printed.count("kept") + printed.count("MISSED") == (10 if "left out" in printed else 11)


def test_a_quick_run_of_the_history_prints_every_step():
    printed = quick("bench.history")
    for step in ("rejudge, preview", "rejudge, append", "rebuild", "recount of ten years"):
        assert step in printed

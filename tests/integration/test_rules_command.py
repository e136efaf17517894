"""`mocgioi rules`: list, show and test."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agreement.rules.table import RULES
from tests.support.commands import Command

ROOT = Path(__file__).parents[2]


def test_the_list_names_every_rule_with_its_pack(embedded: Command) -> None:
    rows = embedded("rules", "list", "--json").document
    assert [row["id"] for row in rows] == [rule.id for rule in RULES]
    assert all(row["packs"] == [{"id": "2009.1", "shadow": False}] for row in rows)
    assert "21.1.new_works" in embedded("rules", "list").out


def test_show_tells_everything_in_both_languages(embedded: Command) -> None:
    page = embedded("rules", "show", "21.1.new_works", "--json").document
    assert set(page) >= {"id", "clause", "kinds", "title", "limit", "asks", "exceptions", "runbook", "fixtures", "packs"}
    assert all(set(step) == {"vi", "en"} for step in page["runbook"])
    assert all(fixture["passed"] for fixture in page["fixtures"])
    paper = embedded("rules", "show", "15.4.blasting").out
    for part in (
        "nổ mìn",
        "blasting",
        "distance_m <= 2000, notice_hours >= 48",
        "{facts.harm}",
        "ok   15.4.blasting #1",
        "Điều 15(4): nổ mìn",
    ):
        assert part in paper
    assert all(embedded("rules", "show", rule.id).code == 0 for rule in RULES[-2:])


def test_an_unknown_rule_names_the_nearest(embedded: Command) -> None:
    refused = embedded("rules", "show", "21.1.new_work")
    assert refused.code == 1
    assert "21.1.new_works" in refused.err


def test_the_fixtures_run_a_line_each(embedded: Command) -> None:
    done = embedded("rules", "test")
    assert done.code == 0
    *lines, total = done.out.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert len(lines) == sum(len(rule.fixtures) for rule in RULES)
    assert str(len(lines)) in total
    some = embedded("rules", "test", "22.permit", "10.fishing", "--json").lines
    assert {line["rule_id"] for line in some} == {"22.permit", "10.fishing"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program's own packages, to be written into."""
    for package in ("agreement", "border", "schemas", "mocgioi", "sinks"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from mocgioi.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(copy), "MOCGIOI_HOME": str(copy / "home")}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_a_rule_that_breaks_its_fixtures_fails(copy: Path) -> None:
    page = copy / "agreement/rules/life/mining.py"
    page.write_text(page.read_text(encoding="utf-8").replace("ZONE_M = 500", "ZONE_M = 300"), encoding="utf-8")
    failing = run(copy, "rules", "test", "15.6.mining")
    assert failing.returncode == 1
    assert "FAIL" in failing.stdout
    rows = [json.loads(line) for line in run(copy, "rules", "test", "15.6.mining", "--json").stdout.splitlines()]
    assert 0 < sum(not row["passed"] for row in rows) < len(rows)

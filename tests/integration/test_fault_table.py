"""`docs/faults.md` has a line for each test that shows a fault, with the words of its marker, and none besides."""

import json
import subprocess
import sys

from tests.support.faults import ROOT, TABLE, cells_of


def test_the_table_has_a_line_for_each_fault() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "tests.support.faults", "--list"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    marked = [tuple(json.loads(line)) for line in listed.stdout.splitlines() if line.startswith("[")]
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert marked
    assert sorted(map(cells_of, lines[1:])) == sorted(marked), "run `make faults`"

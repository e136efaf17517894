"""`docs/README.md` is the index of `docs/`: it has every file, and each test that it says holds one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
INDEX = (DOCS / "README.md").read_text()


def test_every_file_is_in_the_index_and_every_line_has_its_file() -> None:
    files = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert set(re.findall(r"^\| \[[\w./-]+\]\(([\w./-]+)\)", INDEX, re.MULTILINE)) == files - {"README.md"}


def test_a_generated_file_names_its_target_and_the_test_that_holds_it() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    generated = [line for line in INDEX.splitlines() if "| generated" in line]
    assert generated
    for line in generated:
        assert set(re.findall(r"`make ([\w-]+)`", line)) <= targets, line
        for test in re.findall(r"`(tests/[\w/.]+)`", line):
            assert (ROOT / test).exists(), line
        assert "`tests/" in line or ".png" in line, line


def test_pictures_are_small() -> None:
    assert {path.name: path.stat().st_size for path in (DOCS / "pictures").glob("*.png") if path.stat().st_size >= 150_000} == {}

"""The table of faults, `docs/faults.md`: a line for each test marked `fault`, which says what breaks, how, and what happens then.

A marked test takes the fixture `well_again` around what it waits for; the seconds it took are kept in `.cache/faults`, a file a test.
`make faults` runs the marked tests, the long ones too, and writes the table.
"""

import contextlib
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".cache" / "faults"
TABLE = ROOT / "docs" / "faults.md"
_HEAD = """# What breaks, and what happens then

Each line is shown by the test it names, with a real broker and a real database. `make faults` runs them and writes this table; the
seconds are of the machine on which it ran last, from the fault's end (or, where nothing ends, its beginning) until all is recorded.

| What breaks | How | What happens | Well again | Test |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the table."""

    what: str
    how: str
    then: str
    test: str
    seconds: float | None

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The line but for its seconds."""
        file, _, name = self.test.partition("::")
        return self.what, self.how, self.then, f"`{Path(file).stem}::{name}`"

    def line(self) -> str:
        """The line in Markdown."""
        well = "at once" if self.seconds is None or self.seconds < 0.1 else f"{self.seconds:.1f} s"
        return f"| {' | '.join((*self.cells[:3], well, self.cells[3]))} |"


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a line of the table, but for its seconds."""
    cells = line.strip("| \n").split(" | ")
    return *cells[:3], *cells[4:]


class WellAgain:
    """A stopwatch around the wait until the pipeline is well again; several waits add up."""

    def __init__(self) -> None:
        self.seconds: float | None = None

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Measure what happens inside."""
        begun = time.monotonic()
        yield
        self.seconds = (self.seconds or 0.0) + time.monotonic() - begun


def keep(item: pytest.Item, watch: WellAgain) -> None:
    """Keep the line of a test that passed."""
    fault = fault_of(item, watch.seconds)
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{re.sub(r'[^a-z0-9_]+', '-', fault.test)}.json").write_text(json.dumps(asdict(fault), ensure_ascii=False), encoding="utf-8")


def fault_of(item: pytest.Item, seconds: float | None = None) -> Fault:
    """The fault that a marked test shows."""
    marker = item.get_closest_marker("fault")
    assert marker is not None, item.nodeid
    return Fault(**marker.kwargs, test=item.nodeid.partition("[")[0], seconds=seconds)


class _Collected:
    """A pytest plugin that notes the marked tests."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Print the cells of each line, but for the seconds."""
        for cells in sorted({fault_of(item).cells for item in session.items}):
            print(json.dumps(cells, ensure_ascii=False))  # noqa: T201  # its output


def main() -> int:
    """Write the table from what the last runs kept; with `--list`, print what it should hold."""
    if sys.argv[1:] == ["--list"]:
        quiet = ["--collect-only", "-qqq", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-m", "fault", str(ROOT / "tests")]
        return int(pytest.main(quiet, plugins=[_Collected()]))
    faults = [Fault(**json.loads(path.read_text(encoding="utf-8"))) for path in sorted(KEPT.glob("*.json"))]
    TABLE.write_text(_HEAD + "".join(f"{fault.line()}\n" for fault in faults), encoding="utf-8")
    print(f"{TABLE.relative_to(ROOT)}: {len(faults)} faults")  # noqa: T201  # its output
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

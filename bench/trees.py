"""The checkouts that are measured: this one, and the commit before the path was rewritten."""

import filecmp
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.postgres import Databases

ROOT = Path(__file__).parents[1]
BEFORE = "79882b9"
"""The last commit of the path as it was: state in five modules, 190 µs of CPU an event."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A checkout and the interpreter that has its dependencies. Processes started in `folder` import its modules first."""

    folder: Path
    python: str

    def migrated(self, databases: Databases) -> str:
        """The URL of a new database with the tree's own newest schema and nothing in it."""
        if self == HERE:
            return databases.fresh()
        url = databases.empty()
        command = [self.python, "-c", "from mocgioi.cli import main; main()", "db", "upgrade"]
        subprocess.run(command, cwd=self.folder, env=os.environ | {"MOCGIOI_DATABASE_URL": url}, stdout=subprocess.DEVNULL, check=True)
        return url


HERE = Tree(ROOT, sys.executable)


def left_out() -> str:
    """The sentence for a clone that does not hold the commit."""
    return f"left out all bars to the commit before: this clone does not hold {BEFORE} (git fetch --unshallow)"


@contextmanager
def before() -> Iterator[Tree | None]:
    """The commit `BEFORE`, in a folder that is removed afterwards. None where the clone does not hold it."""
    with TemporaryDirectory(prefix=f"mocgioi-{BEFORE}-") as name:
        folder = Path(name)
        packed = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=False)
        if packed.returncode:
            yield None
            return
        subprocess.run(["tar", "-x"], cwd=folder, input=packed.stdout, check=True)
        if filecmp.cmp(folder / "requirements.lock", ROOT / "requirements.lock", shallow=False):
            yield Tree(folder, sys.executable)
            return
        subprocess.run(["make", ".venv/runs", f"PYTHON={sys.executable}"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
        yield Tree(folder, str(folder / ".venv" / "bin" / "python"))

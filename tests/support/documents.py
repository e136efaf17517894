"""What a document tells people to type: the commands of its `sh` blocks, and a checkout as a newcomer has it to run them in."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgres import open_folder

ROOT = Path(__file__).parents[2]
OF_THE_HOST = ("cp .env.example", "docker")
"""Commands that need a container engine: tests of the compose file are about those."""


def commands(document: str) -> list[str]:
    """Every command of every `sh` block, a here-document with the command it belongs to."""
    typed: list[str] = []
    for block in re.findall(r"^```sh\n(.*?)^```", document, re.DOTALL | re.MULTILINE):
        lines = iter(block.splitlines())
        for line in lines:
            command = line
            if (marker := re.search(r"<<'(\w+)'", line)) is not None:
                for more in lines:
                    command += f"\n{more}"
                    if more == marker[1]:
                        break
            if command.strip() and not command.startswith("#"):
                typed.append(command)
    return typed


@contextmanager
def checkout() -> Iterator[Path]:
    """The files under version control, with the environment that is installed already."""
    folder = open_folder()
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in listed:
        if name and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    yield folder
    shutil.rmtree(folder)


def run_commands(document: str, folder: Path) -> None:
    """Run a document's commands one after the other in a checkout, with a data folder that is new; each must succeed and complain of nothing."""
    home = folder / "home"
    home.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")}
    path = f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = clean | {"HOME": str(home), "MOCGIOI_HOME": str(home / "data"), "PATH": path}
    for command in commands(document):
        if command.startswith(OF_THE_HOST):
            continue
        # The demo runs with what is installed; what tests and measures is only looked for.
        line = command.replace("make ", "make --old-file=.venv/runs " + ("" if command == "make demo" else "--dry-run "), 1)
        done = subprocess.run(["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert "problem:" not in done.stderr, command

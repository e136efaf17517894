"""What Kubernetes would say of a file."""

import subprocess
from pathlib import Path

from tests.support.lint import tool


def validated(file: Path) -> "subprocess.CompletedProcess[str]":
    """The strict check of a file: exit status 0 where it is valid."""
    command = [tool("kubernetes-validate"), "--strict", "--kubernetes-version", "1.34", file]
    return subprocess.run(command, capture_output=True, text=True, check=False)

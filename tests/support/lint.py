"""Lint tools in an environment of their own, `.venv-lint`, made from a hashed lock: they want a newer click than Faust allows."""

import hashlib
import shutil
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements-lint.lock"
HOME = ROOT / ".venv-lint"
CACHE = ROOT / ".cache"


def tool(name: str) -> Path:
    """The path of a lint tool. Raises `RuntimeError` with pip's output if the environment cannot be made."""
    stamp = HOME / "made-from"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lint.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            shutil.rmtree(HOME, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(HOME))
            _run(str(HOME / "bin" / "pip"), "install", "--quiet", "--no-deps", "--require-hashes", "-r", str(LOCK))
            stamp.write_text(wanted)
    return HOME / "bin" / name


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")

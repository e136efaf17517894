"""Debian's Prometheus programs, taken out of their package without installing it: an installed one would start a server."""

import shutil
import subprocess
from fcntl import LOCK_EX, flock
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache"
HOME = CACHE / "prometheus"


def program(name: str) -> Path:
    """The path of `prometheus` or `promtool`: the system's, else one fetched into the checkout. Raises `RuntimeError` with what to do."""
    if installed := shutil.which(name):
        return Path(installed)
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "prometheus.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not HOME.is_dir():
            _fetch(CACHE / "prometheus.fetching")
    return HOME / "usr" / "bin" / name


def _fetch(fetching: Path) -> None:
    shutil.rmtree(fetching, ignore_errors=True)
    fetching.mkdir()
    if shutil.which("apt-get") is None:
        raise RuntimeError("promtool is not there: install Prometheus (Debian and Ubuntu: apt-get install prometheus) and run again")
    try:
        _run("apt-get", "download", "prometheus", folder=fetching)
    except RuntimeError:  # the package lists are missing or old
        _run("apt-get", "-qq", "update", folder=fetching)
        _run("apt-get", "download", "prometheus", folder=fetching)
    (package,) = fetching.glob("prometheus_*.deb")
    _run("dpkg-deb", "--extract", package.name, ".", folder=fetching)
    package.unlink()
    fetching.rename(HOME)


def _run(*command: str, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(command)} ended with {done.returncode}, apt-get install prometheus may help:\n{done.stdout}{done.stderr}"
        )

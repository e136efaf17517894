"""Programs of Debian's packages, taken out without installing them: an installed one would start a server."""

import shutil
import subprocess
from fcntl import LOCK_EX, flock
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache"


def program(name: str, package: str = "prometheus") -> Path:
    """The path of `prometheus`, `promtool`, `amtool` or `caddy`: the system's, else one fetched into the checkout. Raises `RuntimeError` with what to do."""
    if found := shutil.which(name):
        return Path(found)
    CACHE.mkdir(exist_ok=True)
    home = CACHE / package
    with (CACHE / f"{package}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not home.is_dir():
            _fetch(package, CACHE / f"{package}.fetching")
            (CACHE / f"{package}.fetching").rename(home)
    return home / "usr" / "bin" / name


def _fetch(package: str, fetching: Path) -> None:
    shutil.rmtree(fetching, ignore_errors=True)
    fetching.mkdir()
    if shutil.which("apt-get") is None:
        raise RuntimeError(f"{package} is not there: install it (Debian and Ubuntu: apt-get install {package}) and run again")
    try:
        _run("apt-get", "download", package, folder=fetching)
    except RuntimeError:  # the package lists are missing or old
        _run("apt-get", "-qq", "update", folder=fetching)
        _run("apt-get", "download", package, folder=fetching)
    (archive,) = fetching.glob(f"{package}_*.deb")
    _run("dpkg-deb", "--extract", archive.name, ".", folder=fetching)
    archive.unlink()


def _run(*command: str, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(command)} ended with {done.returncode}, installing the package may help:\n{done.stdout}{done.stderr}"
        )

"""One file of an npm package, fetched once into `.cache`."""

import hashlib
import shutil
import subprocess
import tarfile
from fcntl import LOCK_EX, flock
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache"


def npm_file(package: str, version: str, member: str, sha256: str) -> bytes:
    """The file `member` of a package. Raises `RuntimeError` with what to do if it cannot be had, or is another one."""
    path = CACHE / f"{package.replace('/', '-').removeprefix('@')}-{version}{Path(member).suffix}"
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "npm.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not path.is_file():
            _fetch(package, version, member, path)
    body = path.read_bytes()
    if hashlib.sha256(body).hexdigest() != sha256:
        raise RuntimeError(f"{path} is not {member} of {package} {version}: delete it and run again")
    return body


def _fetch(package: str, version: str, member: str, path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError(f"{package} is fetched by npm: install it (apt-get install npm) and run again")
    folder = path.with_suffix(".fetching")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), f"{package}@{version}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"npm could not fetch {package} {version}:\n{done.stdout}{done.stderr}")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        file = archive.extractfile(f"package/{member}")
        if file is None:
            raise RuntimeError(f"{package} {version} has no {member}")
        (folder / "file").write_bytes(file.read())
    (folder / "file").rename(path)
    shutil.rmtree(folder)

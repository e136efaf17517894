"""The JSON Schema of AsyncAPI 3.0 itself, bindings included: from the npm package of its makers, fetched once into `.cache`."""

import hashlib
import json
import shutil
import subprocess
import tarfile
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
VERSION = "6.11.1"
SHA256 = "d4571a420e6ffb7fcc7066c95a6db1202f299a3c51daa103d0706bf30f95e626"
SCHEMA = ROOT / ".cache" / f"asyncapi-specs-{VERSION}.json"
MEMBER = "package/schemas/3.0.0.json"


def asyncapi_schema() -> dict[str, Any]:
    """The schema every AsyncAPI 3.0 document obeys. Raises `RuntimeError` with what to do if it cannot be had."""
    SCHEMA.parent.mkdir(exist_ok=True)
    with (SCHEMA.parent / "asyncapi.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not SCHEMA.is_file():
            _fetch()
    text = SCHEMA.read_bytes()
    if hashlib.sha256(text).hexdigest() != SHA256:
        raise RuntimeError(f"{SCHEMA} is not the schema of @asyncapi/specs {VERSION}: delete it and run again")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("The schema of AsyncAPI is fetched by npm: install it (apt-get install npm) and run again")
    folder = SCHEMA.with_suffix(".fetching")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), f"@asyncapi/specs@{VERSION}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"npm could not fetch @asyncapi/specs {VERSION}:\n{done.stdout}{done.stderr}")
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        member = package.extractfile(MEMBER)
        if member is None:
            raise RuntimeError(f"@asyncapi/specs {VERSION} has no {MEMBER}")
        (folder / "schema.json").write_bytes(member.read())
    (folder / "schema.json").rename(SCHEMA)
    shutil.rmtree(folder)

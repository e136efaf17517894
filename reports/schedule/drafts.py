"""The folder of built drafts: `<unit>/<regime>/<period>/`, replaced as a whole, and never over a person's work.

A person may open a draft, change it and save it there. So the folder holds the checksums of what we wrote (`SHA256SUMS`), and a folder that
holds anything else is kept beside the new one.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from border.vietnam import HANOI

SUMS = "SHA256SUMS"


def folder_of(root: Path, unit: str, regime: str, period: str) -> Path:
    """Where the draft of a report lies."""
    return root / unit / regime / period


def is_whole(folder: Path) -> bool:
    """Whether every file that we wrote is still there, changed by a person or not."""
    sums = _sums(folder)
    return bool(sums) and all((folder / name).is_file() for name in sums)


def replace(folder: Path, files: Mapping[str, bytes], now: datetime) -> Path | None:
    """Put new files in the place of a draft. Returns where the old folder was kept, if a person had changed something in it.

    The new folder is whole before it takes its place. Raises `OSError`.
    """
    fresh, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    for left in (fresh, old):  # by a run that was killed
        if left.exists():
            shutil.rmtree(left)
    fresh.mkdir(parents=True)
    for name, content in files.items():
        _write(fresh / name, content)
    _write(fresh / SUMS, "".join(f"{_sum(content)}  {name}\n" for name, content in sorted(files.items())).encode())
    kept = None
    if folder.exists():
        kept = None if _is_ours(folder) else _free_name(folder, now)
        folder.rename(kept or old)
    fresh.rename(folder)
    if old.exists():
        shutil.rmtree(old)
    return kept


def _is_ours(folder: Path) -> bool:
    """Whether nothing is there but what we wrote, as we wrote it."""
    sums = _sums(folder)
    present = [path for path in folder.iterdir() if path.name != SUMS]
    return all(path.name in sums and path.is_file() and _sum(path.read_bytes()) == sums[path.name] for path in present)


def _sums(folder: Path) -> dict[str, str]:
    """The checksum of each file we wrote; none where the folder does not hold them."""
    try:
        lines = (folder / SUMS).read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _free_name(folder: Path, now: datetime) -> Path:
    """A free name beside it: `2019Q4-kept-20200106T020000`."""
    name = f"{folder.name}-kept-{now.astimezone(HANOI):%Y%m%dT%H%M%S}"
    return next(path for path in (folder.with_name(name + "-again" * count) for count in range(1000)) if not path.exists())


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Flush it to the disk before anything is renamed: a power cut must not leave an empty report of the right name."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

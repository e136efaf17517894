"""Files that are never half written: each is written under another name in its folder, and renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoFile(Exception):
    """The path is a folder or a device, which no file may replace."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes `path` where the block ends well and vanishes where it does not.

    A link keeps pointing where it did: what it points to is replaced. Raises `NoFile`, `OSError`.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise NoFile(f"{path}: không phải tệp thường · is no regular file")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)

"""JSON lines as people hand them over: blank ones skipped but counted, a byte-order mark forgiven."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from mocgioi.views.output import USAGE, fail


def check(file: Path | None) -> None:
    """Leave with a problem for a file that is not there or cannot be read, before anything is done."""
    if file is None or str(file) == "-":
        return
    if not file.exists():
        fail("no_such_file", f"{file}: không có tệp này · no such file", USAGE)
    if file.is_dir():
        fail("no_such_file", f"{file}: là thư mục, không phải tệp · is a folder, not a file", USAGE)
    if not os.access(file, os.R_OK):
        fail("no_such_file", f"{file}: không được phép đọc · may not be read", USAGE)


def numbered(file: Path | None) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, or of stdin, that are not blank, counted from 1."""
    stream = sys.stdin.buffer if file is None or str(file) == "-" else file.open("rb")
    with stream:
        for number, line in enumerate(stream, start=1):
            raw = line.strip()
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if raw:
                yield number, raw

"""JSON lines as people hand them over: blank ones skipped but counted, a byte-order mark forgiven."""

import sys
from collections.abc import Iterator
from pathlib import Path


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

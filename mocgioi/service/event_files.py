"""Files of events as people hand them over: JSON lines, an array, or objects that fill several lines each."""

import codecs
import itertools
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from mocgioi.views.output import USAGE, fail
from schemas.failures import Failure
from texts.file_format import binary_format, table_format

_HEAD = 1 << 16
"""Bytes of a file that say what it is."""


class NoEvents(Failure):
    """A file, or the rest of it, holds no events. Says what it seems to be."""

    code = "no_events"


class RawEvent(NamedTuple):
    """What should be one event."""

    line: int
    """The line it begins on, counted from 1."""
    raw: bytes
    number: int | None = None
    """Its number in a file where an event is not one line."""

    @property
    def place(self) -> str:
        """The place in words: `dòng 12`, with the number of the event where one line may hold several."""
        return f"dòng {self.line}" if self.number is None else f"dòng {self.line}, sự kiện thứ {self.number}"


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


def events_in(file: Path | None) -> Iterator[RawEvent]:
    """The events of a file, or of stdin, as they are written there. Blank lines are counted, a byte-order mark is dropped.

    Raises `NoEvents` for a file of another format, an empty one, and an array that is cut off.
    """
    name, stream = ("stdin", sys.stdin.buffer) if file is None or str(file) == "-" else (str(file), file.open("rb"))
    with stream:
        head = _head(stream)
        filled = [line.strip() for line in head if line.strip()]
        if (seems := binary_format(b"".join(head)) or table_format(filled)) is not None:
            raise NoEvents(f"{name}: có vẻ là · seems to be {seems}; cần sự kiện dạng JSON · events as JSON are needed")
        is_document = bool(filled) and (filled[0].startswith(b"[") or _is_spread(filled))
        if is_document:
            items = _of_document(name, b"".join(head) + stream.read())
        else:
            lines = enumerate(itertools.chain(head, stream), start=1)
            items = (RawEvent(number, raw) for number, line in lines if (raw := line.strip()))
        if (first := next(items, None)) is None:
            raise NoEvents(f"{name}: tệp không có sự kiện nào · holds no events")
        yield first
        yield from items


def _head(stream: IO[bytes]) -> list[bytes]:
    """The lines up to the first event, or up to the second line that is not blank."""
    lines: list[bytes] = []
    filled = 0
    for line in stream:
        lines.append(line.removeprefix(codecs.BOM_UTF8) if not lines else line)
        filled += bool(line.strip())
        if filled == 2 or (filled == 1 and _is_json(lines[-1])):
            break
    if lines and lines[0].startswith(b"PK"):  # what is in a ZIP file stands further on
        lines.append(stream.read(_HEAD))
    return lines


def _is_spread(filled: list[bytes]) -> bool:
    """Whether an object begins on the first line and goes on in the next: a broken line is followed by another object."""
    return filled[0].startswith(b"{") and not _is_json(filled[0]) and len(filled) > 1 and not filled[1].startswith(b"{")


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


_FILLED = re.compile(r"[^ \t\r\n,]")


def _of_document(name: str, document: bytes) -> Iterator[RawEvent]:
    """The values of an array, or values one behind the other, each exactly as it is written.

    What is no JSON is one item with all that follows it: nobody can say where the next event begins.
    """
    text = document.decode("utf-8", "surrogateescape")  # a byte that is no UTF-8 makes one event wrong, not the file
    scan = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).raw_decode
    begin = _next_filled(text, 0)
    is_open = text[begin] == "["
    end = begin + is_open
    line, counted = 1, 0
    for number in itertools.count(1):
        begin = _next_filled(text, end)
        if is_open and text[begin : begin + 1] == "]":
            begin, is_open = _next_filled(text, begin + 1), False
        if begin == len(text):
            break
        line, counted = line + text.count("\n", counted, begin), begin
        try:
            _, end = scan(text, begin)
        except (ValueError, RecursionError):
            end, is_open = len(text), False
        yield RawEvent(line, text[begin:end].encode("utf-8", "surrogateescape").rstrip(), number)
    if is_open:
        raise NoEvents(f"{name}: danh sách bị cắt ngang, thiếu ] ở cuối · the array is cut off, its ] is missing")


def _next_filled(text: str, place: int) -> int:
    """Where the next value or bracket begins; the end of the text where nothing follows."""
    match = _FILLED.search(text, place)
    return len(text) if match is None else match.start()

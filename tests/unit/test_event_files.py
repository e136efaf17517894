"""Files of events in the shapes that people have them in, and files that are something else."""

import json
from pathlib import Path
from typing import Any

import pytest

from mocgioi.service.event_files import NoEvents, RawEvent, events_in
from tests.builders import reported

FIRST, SECOND = reported(text="một"), reported(text="hai")


def written(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "events"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def values(items: list[RawEvent]) -> list[Any]:
    return [json.loads(item.raw) for item in items]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_an_array_of_events_is_taken(tmp_path: Path, indent: int | None, start: str) -> None:
    items = list(events_in(written(tmp_path, start + json.dumps([FIRST, SECOND], indent=indent, ensure_ascii=False))))
    assert values(items) == [FIRST, SECOND]
    assert [item.number for item in items] == [1, 2]


def test_pretty_printed_objects_are_taken_with_the_lines_they_begin_on(tmp_path: Path) -> None:
    first, second = (json.dumps(event, indent=2) for event in (FIRST, SECOND))
    items = list(events_in(written(tmp_path, f"\n{first}\n{second}\n")))
    assert values(items) == [FIRST, SECOND]
    assert [item.line for item in items] == [2, 3 + first.count("\n")]
    assert items[0].raw == first.encode(), "as it was written: a key twice stays a key twice"


def test_lines_are_taken_one_by_one_with_a_broken_one_among_them(tmp_path: Path) -> None:
    lines = ['{"a": 1', '{"b": 2}', "", "not json", '{"c": 3}']
    items = list(events_in(written(tmp_path, "\n".join(lines))))
    assert items == [RawEvent(1, b'{"a": 1'), RawEvent(2, b'{"b": 2}'), RawEvent(4, b"not json"), RawEvent(5, b'{"c": 3}')]


def test_what_is_broken_in_an_array_is_one_item_with_all_behind_it(tmp_path: Path) -> None:
    assert [item.raw for item in events_in(written(tmp_path, '[{"a": 1},\n{"b": }, {"c": 3}]'))] == [b'{"a": 1}', b'{"b": }, {"c": 3}]']


def test_an_array_that_is_cut_off_is_said_so_after_its_events(tmp_path: Path) -> None:
    items = events_in(written(tmp_path, '[{"a": 1},\n{"b": 2}'))
    assert [next(items).raw, next(items).raw] == [b'{"a": 1}', b'{"b": 2}']
    with pytest.raises(NoEvents, match="bị cắt ngang"):
        next(items)


def test_a_byte_that_is_no_utf_8_makes_one_event_of_an_array_wrong(tmp_path: Path) -> None:
    assert [item.raw for item in events_in(written(tmp_path, b'[{"a": "\xe9"}, {"b": 2}]'))] == [b'{"a": "\xe9"}', b'{"b": 2}']


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (b"PK\x03\x04\n\x00\x06[Content_Types].xml\n\x00\nword/document.xml", "Word"),
        (b"PK\x03\x04\x14\x00xl/workbook.xml\n", "Excel"),
        (b"PK\x03\x04\x14\x00data.jsonl\n", "ZIP"),
        (b"%PDF-1.7\n%\xe2\xe3\n", "PDF"),
        ('{"id": "1"}\n'.encode("utf-16"), "UTF-16"),
        ('{"id": "1"}\n'.encode("utf-16-le"), "UTF-16"),
        ('{"id": "1"}\n'.encode("utf-16-be"), "UTF-16"),
        ("loại;phía;mốc\nnổ súng;CN;1088\n", "dấu chấm phẩy"),
        ("kind,side,marker\nshooting,CN,1088\n", "dấu phẩy"),
        ("<!DOCTYPE html>\n<html></html>\n", "HTML"),
        (b"\x1f\x8b\x08\x00\n\n", "gzip"),
    ],
)
def test_a_file_of_another_format_is_one_problem_that_says_what_it_seems_to_be(tmp_path: Path, content: str | bytes, seems: str) -> None:
    with pytest.raises(NoEvents, match=seems):
        list(events_in(written(tmp_path, content)))


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff", "[]", "[ ]\n"])
def test_a_file_without_events_is_said_to_hold_none(tmp_path: Path, content: str) -> None:
    with pytest.raises(NoEvents, match="không có sự kiện nào"):
        list(events_in(written(tmp_path, content)))

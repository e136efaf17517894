"""Reads one row into the data of a report, or says everything that is wrong with it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from posts import answers
from posts.importing import values
from posts.importing.columns import LABELS, REQUIRED, Column
from posts.importing.table import TableRow
from posts.mint import NewEvent, written
from schemas.code_names import code_named
from schemas.codebook import Direction, Kind, Side, Status
from schemas.problems import InvalidEvent
from schemas.validation import decode

Data = dict[str, Any]
_PLACES = (Column.MARKER, Column.GATE, Column.AREA)
_FIELDS = {
    "data.place.marker": Column.MARKER,
    "data.place.gate": Column.GATE,
    "data.place.area": Column.AREA,
    "data.place.province": Column.PROVINCE,
    "data.facts": Column.FACTS,
} | {f"data.{column}": column for column in (Column.KIND, Column.OCCURRED, Column.SIDE, Column.DIRECTION, Column.MEASURES, Column.TEXT)}
"""The columns behind the fields of an event."""


class ReadRow(NamedTuple):
    """What a row comes to."""

    number: int
    problems: list[str]
    """Vietnamese, each with the label of its column. Where there are any, the data are not whole."""
    ref: str = ""
    data: Data = {}
    is_secret: bool = False


def read(row: TableRow, *, source: str, time: datetime) -> ReadRow:
    """Read a row as a report that `source` makes at `time`; validation is that of every event."""
    if row.is_secret:
        return ReadRow(row.number, ["dòng có dấu mật: không được gửi qua hệ thống này, nội dung không được lưu"], is_secret=True)
    if row.is_longer:
        return ReadRow(row.number, ["dòng có nhiều ô hơn hàng tên cột: ô nào có dấu ngăn cột thì đặt trong ngoặc kép"])
    reading = _Reading({column: row.cells.get(column, "") for column in Column}, time)
    ref, data = reading.ref(), reading.data()
    for column, sentence in _invalid(data, source, time):
        reading.add(column, sentence)
    problems = [sentence if column is None else f"{LABELS[column]} ({column}): {sentence}" for column, sentence in reading.problems.items()]
    return ReadRow(row.number, problems, ref, data)


class _Reading:
    """The cells of a row, and what is wrong with them."""

    def __init__(self, given: dict[Column, str], now: datetime) -> None:
        self._given, self._now = given, now
        self.problems: dict[Column | None, str] = {}
        """The first problem of each column; under None what belongs to no column."""

    def add(self, column: Column | None, sentence: str) -> None:
        """Say what is wrong with a column."""
        self.problems.setdefault(column, sentence)

    def ref(self) -> str:
        """The row's own key."""
        ref = " ".join(self._given[Column.REF].split())
        if not ref:
            self.add(Column.REF, "thiếu; mỗi dòng cần một số riêng, để nhập lại không thành hai vụ")
        return ref

    def data(self) -> Data:
        """What can be read of it."""
        kind = self._read(Column.KIND, lambda text: code_named(Kind, text))
        data = {
            "kind": kind,
            "status": Status.ACTUAL,
            "occurred": self._read(Column.OCCURRED, lambda text: values.occurred(text, self._given[Column.PRECISION], now=self._now)),
            "place": self._place(),
            "side": self._read(Column.SIDE, lambda text: code_named(Side, text)),
            "direction": self._read(Column.DIRECTION, lambda text: code_named(Direction, text)),
            "facts": self._read(Column.FACTS, lambda text: values.facts(text, kind)) if kind else None,
            "measures": self._read(Column.MEASURES, values.measures),
            "text": self._given[Column.TEXT] or None,
        }
        return {name: value for name, value in data.items() if value}

    def _place(self) -> Data | None:
        """Where it was: at a marker, at a gate, or in an area or a whole province."""
        stated = {str(column): self._given[column] for column in (*_PLACES, Column.PROVINCE) if self._given[column]}
        named = [column for column in _PLACES if column in stated]
        if len(named) > 1:
            self.add(named[1], f"đã có {LABELS[named[0]]}: một dòng là một nơi, chỉ điền một cột")
        elif not stated:
            self.add(Column.MARKER, "thiếu nơi xảy ra: điền mốc, cửa khẩu, khu vực hoặc tỉnh")
        else:
            place: Data | None = self._tried(Column.PROVINCE, lambda: answers.place_of(**stated))
            return place
        return None

    def _read(self, column: Column, reader: Callable[[str], Any]) -> Any:
        text = self._given[column]
        if text:
            return self._tried(column, lambda: reader(text))
        if column in REQUIRED:
            self.add(column, "thiếu")
        return None

    def _tried(self, column: Column, reader: Callable[[], Any]) -> Any:
        try:
            return reader()
        except InvalidEvent as wrong:
            self.add(column, wrong.problems[0].message.partition(": ")[2])
        except ValueError as wrong:
            self.add(column, str(wrong))
        return None


def _invalid(data: Data, source: str, time: datetime) -> Iterator[tuple[Column | None, str]]:
    """What validation says of a report with these data, by column."""
    try:
        decode(written(NewEvent("incident.reported", "row", data), source, number=1, time=time))
    except InvalidEvent as invalid:
        for problem in invalid.problems:
            if problem.field == "data.place":  # there is none where its columns are wrong, which was said of them
                continue
            column = _column(problem.field or "")
            yield column, problem.message.partition(": ")[2] if column else problem.message


def _column(field: str) -> Column | None:
    return next((column for path, column in _FIELDS.items() if field == path or field.startswith(f"{path}.")), None)

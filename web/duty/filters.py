"""What the list of incidents is filtered by, as it stands in the address: `/duty?province=lang-son&class=flash&from=962&to=1223`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from border.marker_points import LAST_MAIN
from border.places import Province
from schemas.codebook import Kind, Outcome, Side
from sinks.query.duty_incidents import Acknowledged, DutyClass, Filters
from web.duty.strip import Stretch


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows: the incidents that pass the filters, so many pages on."""

    filters: Filters
    page: int = 1

    @property
    def stretch(self) -> Stretch:
        """The part of the line."""
        low = 0 if self.filters.first is None else self.filters.first
        high = LAST_MAIN if self.filters.last is None else self.filters.last
        return Stretch(min(low, high), max(low, high))

    def query(self, page: int = 1, **changes: Any) -> str:
        """The query of an address, beginning with `?`, with some filters changed. What changes a filter leads to the first page."""
        changed = replace(self.filters, **changes)
        stated = {_NAMES.get(field.name, field.name): getattr(changed, field.name) for field in fields(changed)}
        stated["page"] = page if page > 1 else None
        return "?" + urlencode({name: value for name, value in stated.items() if value is not None})

    def at(self, stretch: Stretch, **changes: Any) -> str:
        """The same for another stretch of the line."""
        ends = {"first": None, "last": None} if stretch.is_whole else {"first": stretch.first, "last": stretch.last}
        return self.query(**(ends | changes))


_NAMES = {"attention": "class", "first": "from", "last": "to"}
"""Names in the address, where Python has another."""


def read(parameters: Mapping[str, str]) -> tuple[View, list[str]]:
    """The view that an address asks for, and a Vietnamese sentence for each part of it that cannot be read and is left out."""
    problems: list[str] = []
    values = dict(_values(parameters, problems))
    page = values.pop("page", 1)
    filters = Filters(**values)
    if filters.since is not None and filters.until is not None and filters.since > filters.until:
        problems.append("since, until: ngày đầu sau ngày cuối, nên không có vụ nào")
    return View(filters, page), problems


def _values(parameters: Mapping[str, str], problems: list[str]) -> Iterator[tuple[str, Any]]:
    for field, (convert, wanted) in _READERS.items():
        name = _NAMES.get(field, field)
        text = parameters.get(name, "").strip()
        if text:
            try:
                yield field, convert(text)
            except ValueError:
                problems.append(f"{name}: cần {wanted}; đã bỏ qua điều kiện này")


def _marker(text: str) -> int:
    return _within(text, 0, LAST_MAIN)


def _page(text: str) -> int:
    return _within(text, 1, 100_000)


def _within(text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        raise ValueError(text)
    return int(text)


def _of(codes: type[StrEnum]) -> tuple[Callable[[str], StrEnum], str]:
    return codes, f"một trong {', '.join(codes)}"


_READERS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "province": _of(Province),
    "side": _of(Side),
    "kind": _of(Kind),
    "attention": _of(DutyClass),
    "outcome": _of(Outcome),
    "acknowledged": _of(Acknowledged),
    "since": (date.fromisoformat, "một ngày, dạng 2026-11-27"),
    "until": (date.fromisoformat, "một ngày, dạng 2026-11-27"),
    "first": (_marker, f"số mốc từ 0 đến {LAST_MAIN}"),
    "last": (_marker, f"số mốc từ 0 đến {LAST_MAIN}"),
    "page": (_page, "số trang từ 1"),
}

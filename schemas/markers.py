"""Markers as people write them, read into what they mean: never silently wrong."""

import re
from dataclasses import dataclass

_POINT = re.compile(r"M?(\d+)(?:/(\d+))?(?:\s*\((\d)\))?(?:\s*\+\s*(\d+)\s*m?|\s*-\s*(\d+)\s*m)?$")


@dataclass(frozen=True, slots=True)
class Point:
    """A mark on the line."""

    main: int
    aux: int | None = None
    post: int | None = None
    offset_m: int | None = None

    @property
    def canonical(self) -> str:
        """As `parse` reads it back."""
        aux = "" if self.aux is None else f"/{self.aux}"
        post = "" if self.post is None else f"({self.post})"
        offset = "" if self.offset_m is None else f"{self.offset_m:+d}m"
        return f"{self.main}{aux}{post}{offset}"


@dataclass(frozen=True, slots=True)
class Item:
    """A point, or a section of the line between two."""

    start: Point
    end: Point | None = None

    @property
    def canonical(self) -> str:
        """As `parse` reads it back."""
        return self.start.canonical if self.end is None else f"{self.start.canonical}-{self.end.canonical}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says of markers."""

    raw: str
    items: tuple[Item, ...]
    canonical: str
    review: str | None


def parse(text: str) -> Parsed:
    """The markers in a text."""
    items = []
    for part in re.split(r"[,;]|và", re.sub(r"(?:cột )?mốc", "", text)):
        ends = [_POINT.match(end.strip()) for end in re.split(r"-(?!\s*\d+\s*m)", part)]
        points = [Point(int(m[1]), int(m[2]) if m[2] else None, int(m[3]) if m[3] else None, int(m[4] or -int(m[5] or 0)) or None) for m in ends if m]
        if len(points) != len(ends) or len(points) > 2:
            return Parsed(text, (), "", "không đọc được mốc")
        items.append(Item(*points))
    return Parsed(text, tuple(items), ", ".join(item.canonical for item in items), None)

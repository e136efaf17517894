"""A mark on the line, and a section between two: values and their order.

Positions are ordered by main number, auxiliary number and offset. The post of a double or triple marker is an attribute of a place, never
its order, and says nothing about a side (`domain.md` section 3.2). They are `msgspec` structs because a replay makes millions.
"""

import msgspec

LAST_MAIN = 1378
MAX_AUX = 30
"""Above every auxiliary number ever seen, so that `1116/1117` and `12/2021` are no markers."""
MAX_POST = 3
MAX_OFFSET_M = 9_999

Position = tuple[int, int, int]
"""Main number, auxiliary number or 0, offset in metres or 0: the order of points."""
Span = tuple[Position, Position]


class Point(msgspec.Struct, frozen=True, gc=False):
    """A mark on the line, or a spot so many metres from one."""

    main: int
    """0 (the tripoint with Laos) to 1378 (the sea), rising from west to east."""
    aux: int | None = None
    """k-th auxiliary marker after the main one."""
    post: int | None = None
    """Post of a double or triple marker."""
    offset_m: int | None = None
    """Metres from the marker, positive towards the higher numbers."""

    @property
    def position(self) -> Position:
        """Where it lies on the line: the order of points."""
        return self.main, self.aux or 0, self.offset_m or 0

    @property
    def canonical(self) -> str:
        """As `border.markers.parse` reads it back."""
        text = str(self.main) if self.aux is None else f"{self.main}/{self.aux}"
        if self.post is not None:
            text = f"{text}({self.post})"
        return text if self.offset_m is None else f"{text}{self.offset_m:+d}m"


class Item(msgspec.Struct, frozen=True, gc=False):
    """A point, or the section of the line between two."""

    start: Point
    end: Point | None = None

    @property
    def span(self) -> Span:
        """Its ends on the line: twice the same position for a point."""
        return self.start.position, (self.end or self.start).position

    @property
    def canonical(self) -> str:
        """As `border.markers.parse` reads it back."""
        return self.start.canonical if self.end is None else f"{self.start.canonical}-{self.end.canonical}"

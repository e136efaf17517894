"""Reads references that are pure grammar, as programs and most posts write them, quickly.

It answers exactly as `border.marker_text` does, or not at all; a test reads the same texts both ways.
"""

import re

from border.marker_points import LAST_MAIN, MAX_AUX, MAX_POST, Item, Point

_MARK = rf"(0|[1-9][0-9]{{0,3}}+)(?:/([1-9][0-9]?+))?(?:\(([1-{MAX_POST}])\))?"
_OFFSET = r"(?: ?(?:\+ ?([0-9]{1,4}+)(?: ?m)?|- ?([0-9]{1,4}+) ?m))?"
_WORD = r"(?:\A(?:M|(?:khu vực |cột )?[mM]ốc ))?"
_PLAIN = re.compile(rf"{_WORD}{_MARK}(?: ?- ?{_MARK})?")
_ITEM = re.compile(rf"{_WORD}{_MARK}{_OFFSET}(?: ?- ?{_MARK}{_OFFSET})?(, |\Z)")


def read_clean(text: str) -> tuple[Item, ...] | None:
    """The marks and sections of a clean text, which rise from west to east. None where it needs a closer look."""
    if plain := _PLAIN.fullmatch(text):
        main, aux, post, to_main, to_aux, to_post = plain.groups()
        item = _item(_point(main, aux, post), _point(to_main, to_aux, to_post) if to_main else None)
        return None if item is None else (item,)
    return _list(text)


def _list(text: str) -> tuple[Item, ...] | None:
    items: list[Item] = []
    last = None
    match = _ITEM.match(text)
    while match:
        main, aux, post, up, down, to_main, to_aux, to_post, to_up, to_down, more = match.groups()
        end = _point(to_main, to_aux, to_post, to_up, to_down) if to_main else None
        item = _item(_point(main, aux, post, up, down), end)
        # A number that does not rise may be a count or a day.
        if item is None or (last is not None and item.start.main <= last):
            return None
        items.append(item)
        if not more:
            return tuple(items)
        last, match = (end or item.start).main, _ITEM.match(text, match.end())
    return None


def _point(main: str, aux: str | None, post: str | None, up: str | None = None, down: str | None = None) -> Point:
    offset = int(up) if up else -int(down) if down else None
    return Point(int(main), int(aux) if aux else None, int(post) if post else None, offset)


def _item(start: Point, end: Point | None) -> Item | None:
    """The item; None where the line has no such place."""
    if start.main > LAST_MAIN or (start.aux is not None and start.aux > MAX_AUX):
        return None
    if end is not None and (end.main > LAST_MAIN or (end.aux is not None and end.aux > MAX_AUX) or start.position >= end.position):
        return None
    return Item(start, end)

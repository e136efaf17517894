"""Tables as lines of text that fit a width: words are never broken, so an id can always be copied.

Where the columns cannot stand beside each other, the less important ones go below their row.
"""

import unicodedata
from collections.abc import Iterator, Sequence

_GAP = "  "
_NARROW = 12


def laid_out(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, below_first: Sequence[int] = ()) -> Iterator[str]:
    """The lines of a table at most `width` cells wide, unless one word is wider.

    `below_first`: columns that go below before the others, which follow from the last on. The first column always stays.
    """
    beside = list(range(len(columns)))
    for column in (*below_first, *reversed(beside[1:])):
        if _total([_readable(columns, rows, place) for place in beside]) <= width:
            break
        if column in beside:
            beside.remove(column)
    widths = _widened(columns, rows, beside, width)
    yield from _row([columns[place] for place in beside], widths)
    yield _GAP.join("─" * each for each in widths)
    below = [place for place in range(len(columns)) if place not in beside]
    for row in rows:
        yield from _row([row[place] for place in beside], widths)
        for place in below:
            if row[place]:
                label = " · ".join(columns[place].split("\n"))
                yield from (f"    {line}" for line in wrapped(f"{label}: {row[place]}".lstrip(": "), max(width - 4, 1)))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken between words only."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and cells(line) + 1 + cells(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return lines


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: two a Chinese character, none a combining mark."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _widened(columns: Sequence[str], rows: Sequence[Sequence[str]], beside: Sequence[int], width: int) -> list[int]:
    """The width of each column: its longest line where there is room, and at least its longest word."""
    least = [_longest_word(columns, rows, place) for place in beside]
    wanted = [_longest_line(columns, rows, place) for place in beside]
    widths = list(least)
    while _total(widths) < width and widths != wanted:
        narrowest = min((place for place in range(len(widths)) if widths[place] < wanted[place]), key=widths.__getitem__)
        widths[narrowest] += 1
    return widths


def _row(texts: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    columns = [wrapped(text, width) for text, width in zip(texts, widths, strict=True)]
    for number in range(max(map(len, columns))):
        parts = [lines[number] if number < len(lines) else "" for lines in columns]
        yield _GAP.join(part + " " * (width - cells(part)) for part, width in zip(parts, widths, strict=True)).rstrip()


def _readable(columns: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> int:
    """The width below which a column is a stack of single words."""
    return max(_longest_word(columns, rows, place), min(_longest_line(columns, rows, place), _NARROW))


def _longest_line(columns: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> int:
    return max(cells(line) for text in _texts(columns, rows, place) for line in text.split("\n"))


def _longest_word(columns: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> int:
    return max(cells(word) for text in _texts(columns, rows, place) for word in text.replace("\n", " ").split(" "))


def _texts(columns: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> Iterator[str]:
    yield columns[place]
    yield from (row[place] for row in rows)


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)

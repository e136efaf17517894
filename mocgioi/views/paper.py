"""A Markdown document for a terminal: tables laid out in its width, paragraphs broken between words."""

import re
from collections.abc import Iterator

from mocgioi.views.layout import laid_out, wrapped

_BETWEEN = re.compile(r"(?<!\\) \| ")
_ESCAPED = re.compile(r"\\([^\w\s])")


def fitted(markdown: str, width: int) -> Iterator[str]:
    """Its lines, at most `width` cells wide, unless one word is wider."""
    for block in markdown.rstrip("\n").split("\n\n"):
        lines = block.split("\n")
        if lines[0].startswith("| "):
            columns, _, *rows = map(_cells, lines)
            yield from laid_out(columns, rows, width)
        else:
            yield from (part for line in lines for part in wrapped(_ESCAPED.sub(r"\1", line), width))
        yield ""


def _cells(line: str) -> list[str]:
    """The texts of a table's line, as they read."""
    return [_ESCAPED.sub(r"\1", cell.replace("<br>", "\n")) for cell in _BETWEEN.split(line.removeprefix("| ").removesuffix(" |"))]

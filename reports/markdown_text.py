"""Text that others wrote, within Markdown: it reads as they wrote it, and is never a link, a picture, a tag, a heading or a cell's end."""

import re

_SIGN = re.compile(r"[\\`*\[\]<>|~]|@(?=[\w-]+\.\w)|&(?=[#\w])|(?<!\w)_|_(?!\w)|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What means something anywhere: an address would become a link where it stands, an underscore within a word means nothing."""
_AT_START = re.compile(r"(\d*)([.)](?=\s|$)|(?<!\d)[#+=-])")
_LINE_END = re.compile(r"\r\n|[\r\n]")


def escaped(text: str, *, starts: bool = True) -> str:
    """A text as it reads, on one line of the source. `starts`: whether it may begin a block, as in a cell it does not."""
    words = _SIGN.sub(r"\\\g<0>", text.strip())
    if starts and (start := _AT_START.match(words)):
        words = f"{start[1]}\\{words[start.end(1) :]}"
    return _LINE_END.sub("<br>", words)

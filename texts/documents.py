"""Opens a file as the text that its reader sees, a line each."""

from pathlib import Path

from texts import word
from texts.file_format import binary_format
from texts.files import Unreadable, checked, raw_of
from texts.old_fonts import old_font, refuse_old_fonts

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def text_of(path: Path) -> str:
    """A file's text: UTF-8 or UTF-16, or a .docx as Word shows it. Raises `Unreadable`, also where it is marked secret."""
    lines = word.read(path).lines if path.suffix.lower() == ".docx" else checked(_decoded(path)).split("\n")
    refuse_old_fonts(lines)
    return "\n".join(lines)


def _decoded(path: Path) -> str:
    raw = raw_of(path)
    is_utf_16 = raw.startswith(_UTF_16)
    seems = None if is_utf_16 else binary_format(raw[:65536])
    if seems is not None and path.suffix.lower() != ".md":
        raise Unreadable("format", f"{path.name}: không phải văn bản; có vẻ là · is no text, seems to be {seems}")
    try:
        text = raw.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        if (font := old_font(raw.decode("latin-1"))) is not None:
            raise Unreadable("old_font", f"{path.name}: viết bằng chữ của phông cũ {font} · in an old font's letters: convert it") from None
        raise Unreadable(
            "encoding", f"{path.name}: byte thứ {wrong.start + 1} không phải UTF-8; hãy lưu lại thành văn bản UTF-8 hoặc .docx · not UTF-8"
        ) from None
    if "\x00" in text:
        raise Unreadable("encoding", f"{path.name}: không phải văn bản · not a text")
    return text

"""Opens the files of Word and Excel: what is another format, locked, damaged or too large is refused in one sentence that says so."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from texts.file_format import binary_format
from texts.files import Unreadable, checked, checked_all, raw_of

WORD, EXCEL = "word/", "xl/"
"""The folders in which the two programs keep the parts of a file."""
MAX_UNPACKED = 128 * 1024 * 1024
"""Bytes of all parts together: a report with its photographs has a tenth of this."""
MAX_PART = 32 * 1024 * 1024
"""Bytes of one part that is XML: in memory it becomes thirty times as large."""
_NAMES = {WORD: "tệp Word (.docx)", EXCEL: "tệp Excel (.xlsx)"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_XML = (".xml", ".rels", ".vml")
_STRICT = b"http://purl.oclc.org/ooxml/"
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError, UnicodeError)
_CELL = frozenset({"si", "is"})
"""The text of a workbook's cell: whoever reads the cells searches them."""
_NOT_SEARCHED = frozenset({"instrText", "delInstrText", "f", "v"})
"""Codes of fields and formulas, and values of cells."""
_READ_IN_ONE = frozenset({"p", "comment", "threadedComment", *_CELL})
"""Elements whose text is read in one go, however it is divided within."""
_LETTERS = frozenset({"string", "descr", "title", "alt"})
"""Attributes: the letters of a watermark, and what a picture is said to show."""
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d{1,3}|[A-Za-z])')
"""In the header of a sheet: font, size and place of what follows."""


def opened(path: Path, folder: str) -> bytes:
    """The bytes of a file of Word or Excel. Raises `Unreadable`, also where anything in it but the cells of a sheet is marked secret."""
    raw = raw_of(path)
    if raw.startswith(_OLD_OFFICE) and _LOCKED in raw:
        raise Unreadable(
            "encrypted", f"{path.name}: tệp có mật khẩu; hãy gỡ mật khẩu rồi lưu lại · protected by a password: save it without"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            names = parts.namelist()
            if not any(name.startswith(folder) for name in names):
                raise _another_format(path, raw, folder)
            _refuse_large(path, parts)
            for name in names:
                if name.lower().endswith(_XML):
                    _refuse_part(path, name, parts.read(name))
    except _DAMAGED:
        raise _another_format(path, raw, folder) from None
    return raw


def _another_format(path: Path, raw: bytes, folder: str) -> Unreadable:
    name, seems = _NAMES[folder], binary_format(raw[:65536])
    if seems is None or seems.startswith(name):
        return Unreadable("format", f"{path.name}: không phải {name}, hoặc đã hỏng; hãy mở và lưu lại · not one, or damaged: save it again")
    return Unreadable("format", f"{path.name}: không phải {name}; có vẻ là · seems to be {seems}")


def _refuse_large(path: Path, parts: zipfile.ZipFile) -> None:
    sizes = {part.filename: part.file_size for part in parts.infolist()}
    if sum(sizes.values()) > MAX_UNPACKED or any(size > MAX_PART for name, size in sizes.items() if name.lower().endswith(_XML)):
        raise Unreadable("too_large", f"{path.name}: giải nén ra quá lớn; hãy chia nhỏ · too large when unpacked: divide it")


def _refuse_part(path: Path, name: str, part: bytes) -> None:
    if _STRICT in part[:4096]:
        sentence = f"{path.name}: lưu ở dạng “Strict Open XML”; hãy lưu lại ở dạng thường · Strict Open XML: save it in the usual form"
        raise Unreadable("format", sentence)
    try:
        checked_all(_texts(part))
    except ET.ParseError:
        if not name.lower().endswith(".vml"):
            raise Unreadable("format", f"{path.name}: phần {name} đã hỏng; hãy mở và lưu lại · damaged: save it again") from None
        checked(part.decode("utf-8", "replace"))  # drawings of old versions are not always XML


def _texts(part: bytes) -> Iterator[str]:
    """The texts of a part, shown or not: a marking that is hidden or deleted was put there for a reason."""
    read: set[ET.Element] = set()
    for element in ET.fromstring(part).iter():  # noqa: S314  # its parser bounds what entities may become, and opens no file
        if element.attrib:
            yield from (value for key, value in element.attrib.items() if key in _LETTERS or (key == "name" and _name(element) == "sheet"))
        if element in read:
            continue
        if (name := _name(element)) in _READ_IN_ONE:
            within = list(element.iter())
            read.update(within)
            if name not in _CELL:
                yield "".join(each.text for each in within if each.text and _name(each) not in _NOT_SEARCHED)
        elif element.text and not element.text.isspace() and name not in _NOT_SEARCHED:
            yield _HEADER_CODE.sub("", element.text)


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]

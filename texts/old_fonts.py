"""Recognises Vietnamese written in the letters of an old font: TCVN3 (`.VnTime`), VNI or VIQR, where `n¨m`, `naêm` and `na(m` are *năm*.

A text is read in one of these alphabets where that gives words of every report which are not there as it stands.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from texts.files import Unreadable

_WORDS = re.compile(
    r"(?<!\w)(?:năm|tháng|ngày|và|của|các|không|đã|vụ|phạm|tỉnh|báo|cáo|việc|người|tại|được|hiện|định|quản|lý|giới|số|xảy|phía|tác|tổng|kết"
    r"|quả|với|lượt|đoàn|đối|tượng|phương|tiện|đồn|phòng|mốc|khẩu|xã|huyện|cộng|hiệp|nước|nội|thực|phát|vượt|tăng|giảm|cùng|kỳ)(?!\w)"
)
"""Every report has some of these."""
_ENOUGH = 2
"""Different words that an alphabet must add."""
_TCVN3 = str.maketrans(
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
)
_TONES = {"´": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_VIQR = re.compile(r"dd|[aeiouy](?:[\^(+][´'`?~.]?|[´'`?~.])", re.IGNORECASE)
_VNI_MARKS = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_SHAPES = {
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI = re.compile(r"([aeouyôö])([ùøûõïâáàåãäêéèúüë])|[ôöñæóòî]")


def refuse_old_fonts(lines: Iterable[str]) -> None:
    """Raises `Unreadable` where a line is written in the letters of an old font."""
    for number, line in enumerate(lines, start=1):
        if (font := old_font(line)) is not None:
            raise Unreadable(
                "old_font",
                f"dòng {number}: viết bằng chữ của phông cũ {font}, không phải Unicode; hãy chuyển mã sang Unicode rồi đọc lại · "
                "written in an old font's letters: convert it to Unicode",
            )


def old_font(text: str) -> str | None:
    """The alphabet a text is written in; None for Unicode, and for a text too short to tell."""
    text = unicodedata.normalize("NFC", text)
    plain = _words(text)
    return next((font for font, unicode in _FONTS.items() if len(_words(unicode(text)) - plain) >= _ENOUGH + len(plain) // 2), None)


def _words(text: str) -> set[str]:
    return set(_WORDS.findall(text.lower()))


def _from_viqr(text: str) -> str:
    return unicodedata.normalize("NFC", _VIQR.sub(_viqr_letter, text))


def _viqr_letter(letter: re.Match[str]) -> str:
    written = letter[0].replace("'", "´")
    return "đ" if written.lower() == "dd" else written[0] + "".join((_SHAPES | _TONES)[sign] for sign in written[1:])


def _from_vni(text: str) -> str:
    return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, text.lower()))


def _vni_letter(letter: re.Match[str]) -> str:
    if letter[1] is None:
        return _VNI_LETTERS[letter[0]]
    return _VNI_LETTERS.get(letter[1], letter[1]) + (_VNI_MARKS | _VNI_SHAPES)[letter[2]]


_FONTS: dict[str, Callable[[str], str]] = {"TCVN3 (.VnTime)": lambda text: text.translate(_TCVN3), "VNI": _from_vni, "VIQR": _from_viqr}

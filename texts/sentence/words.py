"""A sentence to read, and what reading yields: values with the words they rest on, and questions for missing values."""

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from texts.numbers import with_points
from texts.sentence.diacritics import with_diacritics

Confidence = Literal["high", "medium", "low"]
"""high: the words state it; medium: the likelier of two readings; low: the text itself is vague (`khoảng`, `nghi`)."""

_EVEN = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | {0xD0: "Đ", 0x189: "Đ", 0xF0: "đ"}
"""One kind of hyphen; and the letters of Iceland and Ghana that look like Đ are it."""
_OLD_TONE = re.compile(r"([oO])([àáảãạèéẻẽẹ])(?!\w)|((?<![qQ])[uU])([ỳýỷỹỵ])(?!\w)")
_DENIALS = re.compile(
    r"""(?<!\w)(?:không\s(?:phát\shiện|xảy\sra|để\sxảy\sra|ghi\snhận|có\s(?:vụ|trường\shợp|tình\strạng|hiện\stượng)|tham\sgia|tiếp\stay|bị)
    |không(?!\s(?:người\slái|rõ|phép|giấy|có\s(?:giấy|hóa|chứng)|hóa|nguồn|xác\sđịnh|nhãn))|chưa(?:\s(?:phát\shiện|xảy\sra|ghi\snhận|có))?|chống|phòng\sngừa|tuyên\struyền|phổ\sbiến|cam\skết|nguy\scơ|(?<!tổ\s)(?<!đoàn\s)công\stác|nghiêm\scấm
    |tình\shình|kế\shoạch|quy\sđịnh|nghi\sđịnh)(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_BUT_DONE = re.compile(
    r"(?<!\w)(?:phát hiện|bắt|tiếp nhận|thu giữ|ngăn chặn|giải cứu|xử lý|tạm giữ|trao trả)(?!\w)|,\s*(?:bị|đã)\s", re.IGNORECASE
)
_UNREAL = re.compile(
    r"(?<!\w)(?:nếu|giả sử|trường hợp phát hiện|khi phát hiện|có thể|có khả năng|sẽ|dự kiến|dự báo|âm mưu)(?!\w)", re.IGNORECASE
)
REHEARSED = r"diễn tập|luyện tập|giả định|giả sử|tình huống giả|hội thao|phương án xử (?:lý|trí) tình huống"
_REHEARSED = re.compile(rf"(?<!\w)(?:{REHEARSED})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FieldReading:
    """A field's value, and the `words` it rests on, from `start` to `end` of the text in NFC."""

    field: str
    value: Any
    start: int
    end: int
    words: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class MissingField:
    """A required field that the text does not state, and the Vietnamese question to the person."""

    field: str
    ask: str


class Sentence:
    """A text in two forms: as written (NFC), and `even`: one kind of hyphen, single blanks, thousands with points, tone marks as today."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFC", text)
        kept = [at for at, letter in enumerate(self.text) if not (letter.isspace() and self.text[at - 1 : at].isspace())]
        self._written_at = kept
        letters = "".join(" " if self.text[at].isspace() else self.text[at] for at in kept)
        self.even = with_points(with_diacritics(_OLD_TONE.sub(_new_tone, letters.translate(_EVEN))))

    def reading(self, field: str, value: Any, start: int, end: int, confidence: Confidence = "high") -> FieldReading:
        """A value and the words it rests on, as written; `start` and `end` are positions in the even text."""
        first, last = self._written_at[start], self._written_at[end - 1] + 1
        return FieldReading(field, value, first, last, self.text[first:last], confidence)

    @functools.cached_property
    def bare(self) -> str:
        """The even text in lower case without diacritics, of the same length."""
        return bare(self.even)

    def before(self, at: int, length: int = 60) -> str:
        """The text before a position, within the same sentence."""
        return re.split(r"[.;!?](?:\s|$)", self.even[max(0, at - length) : at])[-1]

    @property
    def is_rehearsed(self) -> bool:
        """Whether the text speaks of an exercise."""
        return _REHEARSED.search(self.even) is not None

    def unreal(self, at: int) -> bool:
        """Whether the words at a position are of what may or will happen."""
        return _UNREAL.search(self.before(at, 100)) is not None

    def denied(self, at: int) -> bool:
        """Whether the words at a position deny that it happened, or only speak about it: `không phát hiện …`, `phòng, chống …`, an exercise."""
        if self.is_rehearsed or self.unreal(at):
            return True
        before = self.before(at)
        cues = list(_DENIALS.finditer(before))
        return bool(cues) and not _BUT_DONE.search(before, cues[-1].end())


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern over the even text: whole words, any case."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def bare(text: str) -> str:
    """Lower case without diacritics, of the same length."""
    return "".join("d" if letter in "đĐ" else unicodedata.normalize("NFD", letter.lower())[0] for letter in text)


def same_name(words: str, name: str) -> bool:
    """Whether words are a name: with its diacritics, wherever in a syllable they are set, or with none at all."""
    return words.isascii() or _marks(words) == _marks(name)


def _marks(name: str) -> list[list[str]]:
    return [sorted(unicodedata.normalize("NFD", syllable.lower())) for syllable in name.split()]


def _new_tone(match: re.Match[str]) -> str:
    """The tone mark placed as today: `hoà` becomes `hòa`, `tuý` becomes `túy`."""
    first, second = (match[1], match[2]) if match[1] else (match[3], match[4])
    apart = unicodedata.normalize("NFD", second)
    return unicodedata.normalize("NFC", first + apart[1:]) + apart[0]

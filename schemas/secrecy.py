"""State-secret markings: such a payload has no place on a wide-area Kafka and is refused unread (`domain.md` section 9).

Levels: Mật, Tối mật, Tuyệt mật (Law on protection of state secrets, 117/2025/QH15). A marking is the lowest level standing alone in
capitals, as a whole text, in quotes, after "Độ mật:" or in brackets, or one of the two higher levels anywhere. *mật phục*, *mật ong*,
*bí mật* and *mật khẩu* are words, in capitals too, and so is *tối mật phục*, an ambush in the evening; where capitals leave it open, it is
a marking: a refused event can be reworded, a leaked one cannot be called back.
"""

import re
import string
import unicodedata
from collections.abc import Iterator

_MARKING = re.compile(
    r"""
      (?i:(?<![^\W_])(?:tối|tuyệt)\ mật(?![^\W_])(?!\ phục(?!\w)))
    | (?<![^\W_])(?<!\bBÍ\ )(?<!\bBẢO\ )(?<!\bCƠ\ )(?<!\bĂN\ )(?<!\bTHÂN\ )(?<!\bTÚI\ )MẬT(?![^\W_])
      (?!\ (?:PHỤC|ONG|GẤU|MÍA|KHẨU|ĐỘ|THIẾT|MÃ|DANH(?!\ SÁCH)|ƯỚC)(?!\w))
    | (?<!\w)M\ Ậ\ T(?!\w)
    | (?i:độ\ mật)\ ?(?:[:=-]|là(?!\w))?\ ?(?i:mật)(?!\w)
    | [(\[【]\ ?(?i:mật)\ ?[)\]】]
    | ["'“‘«<{]\ ?Mật\ ?["'”’»>}]
    | ^Mật$
    """,
    re.VERBOSE,
)


_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_OTHER_BEFORE = frozenset(string.ascii_letters) - {"m", "M"}
_OTHER_AFTER = frozenset(string.ascii_letters) - {"t", "T"}
_MARKS = ("\N{COMBINING CIRCUMFLEX ACCENT}", "\N{COMBINING DOT BELOW}")


def marked_secret(text: str) -> bool:
    """Whether a text carries a state-secret marking: composed or decomposed, wide or narrow letters, whatever spaces."""
    return _MARKING.search(" ".join(unicodedata.normalize("NFKC", text).split())) is not None


def may_be_marked(text: str) -> bool:
    """Whether a text in which nothing is escaped is worth searching: quick, and never False for one that is marked.

    It is where a vowel of MẬT does not plainly belong to another word, or is put together from parts.
    """
    for vowel in "ậẬ":
        at = text.find(vowel)
        while at >= 0:
            if text[at - 1 : at] not in _OTHER_BEFORE and text[at + 1 : at + 2] not in _OTHER_AFTER:
                return True
            at = text.find(vowel, at + 1)
    return any(mark in text for mark in _MARKS)


def legible(raw: bytes) -> Iterator[str]:
    """What a payload says, as far as it can be made out: in UTF-8, and in UTF-16 where it has the look of it."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be") if b"\x00" in raw else ("utf-8",):
        text = raw.decode(encoding, "replace")
        yield _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text

"""State-secret markings: such a payload has no place on a wide-area Kafka and is refused unread (`domain.md` section 9).

Levels: Mật, Tối mật, Tuyệt mật (Law on protection of state secrets, 117/2025/QH15). A marking is the lowest level standing alone in
capitals, as a whole text, in quotes, after "Độ mật:" or in brackets, or one of the two higher levels anywhere. *mật phục*, *mật ong*,
*bí mật* and *mật khẩu* are words, in capitals too, and so is *tối mật phục*, an ambush in the evening; where capitals leave it open, it is
a marking: a refused event can be reworded, a leaked one cannot be called back.
"""

import re
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
_SUSPECT = re.compile(r"(?<![a-ln-zA-LN-Z])[ậẬ](?![a-su-zA-SU-Z])")
"""A vowel that does not plainly belong to another word."""
_UNUSUAL = ("\N{COMBINING CIRCUMFLEX ACCENT}", "\N{COMBINING DOT BELOW}", "\\u", "\x00")
"""What a MẬT has one of whose vowel is not one character: a mark of its own, an escape, UTF-16."""


def marked_secret(text: str) -> bool:
    """Whether a text carries a state-secret marking: composed or decomposed, wide or narrow letters, whatever spaces."""
    return _MARKING.search(" ".join(unicodedata.normalize("NFKC", text).split())) is not None


def may_be_marked(raw: bytes) -> bool:
    """Whether a payload is worth searching: quick, and never False for one that is marked."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return True
    return any(sign in text for sign in _UNUSUAL) or (("ậ" in text or "Ậ" in text) and _SUSPECT.search(text) is not None)


def legible(raw: bytes) -> Iterator[str]:
    """What a payload says, as far as it can be made out: in UTF-8, and in UTF-16 where it has the look of it."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be") if b"\x00" in raw else ("utf-8",):
        text = raw.decode(encoding, "replace")
        yield _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text

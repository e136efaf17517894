"""State-secret markings: such a payload has no place on a wide-area Kafka and is refused unread (`domain.md` section 9).

Levels: Mật, Tối mật, Tuyệt mật (Law on protection of state secrets, 117/2025/QH15). A marking is the lowest level standing alone in
capitals, as a whole text, in quotes, after "Độ mật:" or in brackets, or one of the two higher levels anywhere. *mật phục*, *mật ong*,
*bí mật* and *mật khẩu* are words, in capitals too, and so is *tối mật phục*, an ambush in the evening; where capitals leave it open, it is
a marking: a refused event can be reworded, a leaked one cannot be called back.
"""

import re
import unicodedata

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


def marked_secret(text: str) -> bool:
    """Whether a text carries a state-secret marking: composed or decomposed, wide or narrow letters, whatever spaces."""
    return _MARKING.search(" ".join(unicodedata.normalize("NFKC", text).split())) is not None

"""State-secret markings: such a payload has no place on a wide-area Kafka and is refused unread (`domain.md` section 9).

Levels: Mật, Tối mật, Tuyệt mật (Law on protection of state secrets, 117/2025/QH15). A marking is a level standing alone in
capitals, after "Độ mật:" or in brackets, or TỐI MẬT / TUYỆT MẬT anywhere. *mật phục*, *mật ong*, *bí mật* and *mật khẩu* are words,
in capitals too; where capitals leave it open, it is a marking: a refused event can be reworded, a leaked one cannot be called back.
"""

import re
import unicodedata

_MARKING = re.compile(
    r"""
      (?:TỐI|TUYỆT)\s+MẬT
    | (?<!\w)(?<!BÍ\ )(?<!BẢO\ )(?<!CƠ\ )(?<!ĂN\ )MẬT(?!\w)(?!\ (?:PHỤC|ONG|KHẨU|ĐỘ|THIẾT|VỤ|MÃ|DANH|LỆNH|THƯ|ƯỚC)(?!\w))
    | (?i:độ\s+mật)\s*[:：-]\s*(?i:tuyệt\s+mật|tối\s+mật|mật)(?!\w)
    | [(\[（【]\s*(?i:tuyệt\s+mật|tối\s+mật|mật)\s*[)\]）】]
    """,
    re.VERBOSE,
)


def marked_secret(text: str) -> bool:
    """Whether a text, NFC or NFD, carries a state-secret marking."""
    return _MARKING.search(unicodedata.normalize("NFC", text)) is not None
